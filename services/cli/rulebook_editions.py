"""`shouhu rulebook load|list|activate|withdraw`: editions in the database, and which is in force when."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn

import asyncpg
import orjson
import typer

from services.chassis.clock import SHANGHAI, SystemClock
from services.cli.on_database import NotKnown, on_database, operations_person, token_in
from services.cli.rulebook_check import Json, about, checked
from services.referral import editions
from services.referral.activation import NotAllowed, Person

Named = Annotated[str, typer.Argument(metavar="EDITION", help="Id as listed. 版本号")]
From = Annotated[str, typer.Option("--from", help="The day on which it begins, YYYY-MM-DD; from tomorrow on. 生效日期")]
TokenFile = Annotated[Path, typer.Option(help="File with your own operations token. 本人令牌文件")]
STATES = {
    "proposed": "待第二人批准 waits for a second person",
    "approved": "已批准 approved",
    "withdrawn": "已撤回 withdrawn",
}


def load_command(
    directory: Annotated[Path, typer.Argument(help="Directory of the edition. 规则库目录")], as_json: Json = False
) -> None:
    """Check an edition and keep it in the database, whole; nothing changes by that. 载入版本

    Lists every fault and exits with code 1 if there is one; then nothing is kept.
    """
    edition, faults = checked(directory)
    if edition is None or faults:
        _refuse(faults, as_json)
    now = SystemClock().now()
    new = on_database(lambda db: editions.store_edition(db, edition.id, edition.files, "command", now))
    said = "已载入 loaded" if new else "早已载入 is there already"
    _say(
        {**about(edition), "new": new}, f"{edition.id}: {said}; shouhu rulebook activate {edition.id} --from …", as_json
    )


def list_command(as_json: Json = False) -> None:
    """Editions, and which of them is in force when. 列出版本"""
    now = SystemClock().now()
    found = on_database(lambda db: editions.listed(db, now))
    lines = []
    for edition in found["editions"]:
        current = edition["id"] == found["in_force"]
        mark = "  ← 现行 in force" if current else ""
        lines.append(f"{edition['id']}  {_local(edition['loaded_at'])}  {edition['loaded_by']}{mark}")
        lines += [f"    {_told(a)}" for a in found["activations"] if a["edition"] == edition["id"]]
    if found["in_force"] is None:
        lines.append(
            "尚无启用记录，现行版本为安装时的规则库 · none was activated: the edition of the installation is in force"
        )
    _say(found, "\n".join(lines), as_json)


def activate_command(edition: Named, from_: From, token_file: TokenFile, as_json: Json = False) -> None:
    """Propose that an edition holds from 00:00 of a day; the same command by another person approves it. 启用版本

    Before the approval nothing changes. Exit code 1 when it is not allowed, with the reason.
    """
    day, token, now = _day(from_), _token(token_file, as_json), SystemClock().now()

    async def act(db: asyncpg.Connection) -> dict[str, Any]:
        who = await operations_person(db, token)
        step = await editions.activate(db, edition, day, Person(who.id, who.name, who.person_id), now)
        return {"edition": edition, "from": day.isoformat(), "state": f"{step}d", "by": who.id, "name": who.name}

    done = _tried(act, as_json)
    _say(done, f"{edition}  {day}  {STATES[done['state']]}  {done['name']}", as_json)


def withdraw_command(edition: Named, from_: From, token_file: TokenFile, as_json: Json = False) -> None:
    """Take back an activation whose day has not begun. 撤回启用"""
    day, token, now = _day(from_), _token(token_file, as_json), SystemClock().now()

    async def act(db: asyncpg.Connection) -> dict[str, Any]:
        who = await operations_person(db, token)
        await editions.withdraw(db, edition, day, Person(who.id, who.name, who.person_id), now)
        return {"edition": edition, "from": day.isoformat(), "state": "withdrawn", "by": who.id, "name": who.name}

    done = _tried(act, as_json)
    _say(done, f"{edition}  {day}  {STATES['withdrawn']}  {done['name']}", as_json)


def _tried(act: Callable[[asyncpg.Connection], Awaitable[dict[str, Any]]], as_json: bool) -> dict[str, Any]:
    try:
        return on_database(act)
    except (NotAllowed, NotKnown) as refusal:
        _refuse([str(refusal)], as_json)


def _token(file: Path, as_json: bool) -> str:
    try:
        return token_in(file)
    except NotKnown as refusal:
        _refuse([str(refusal)], as_json)


def _told(activation: dict[str, Any]) -> str:
    told = f"自 from {activation['from_date']}  {STATES[activation['state']]}  {activation['proposed_name']}"
    for act in ("approved", "withdrawn"):
        if activation[f"{act}_at"]:
            told += f" · {act} {activation[f'{act}_name']} {_local(activation[f'{act}_at'])}"
    return told


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("expected a day such as 2027-01-01", param_hint="--from") from None


def _local(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def _say(value: Any, text: str, as_json: bool) -> None:
    typer.echo(orjson.dumps(value).decode() if as_json else text)


def _refuse(faults: list[str], as_json: bool) -> NoReturn:
    if as_json:
        typer.echo(orjson.dumps({"faults": faults}).decode())
    for fault in () if as_json else faults:
        typer.echo(fault, err=True)
    raise typer.Exit(1)
