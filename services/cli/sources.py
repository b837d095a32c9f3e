"""`shouhu source`, `shouhu token` and `shouhu login`: who may publish, and who may act."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Annotated, Any, TypeVar

import asyncpg
import typer
from aiokafka.errors import KafkaError

from events.catalogue import CATALOGUE
from services.access import accounts, sample, sources, tokens
from services.access.registration import Registration, faults_of
from services.access.roles import Role
from services.chassis.clock import SystemClock
from services.chassis.database import connect
from services.chassis.settings import SettingsFault
from services.cli.reach import kafka_address, postgres_dsn
from services.cli.topics import FILE, make_topics, wanted
from services.directory.territory import territory
from services.intake.surroundings import known_area

source_app = typer.Typer(help="Sources: systems that publish events. 事件来源系统", no_args_is_help=True)
token_app = typer.Typer(help="Bearer tokens of sources, officers and operations. 访问令牌", no_args_is_help=True)
login_app = typer.Typer(help="Accounts that sign in with a password. 登录账号", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Print JSON only. 只输出 JSON")]
T = TypeVar("T")


@source_app.command("add")
def add_source(
    name: Annotated[str, typer.Argument(help="Name; its Kafka topic is in.<name>. 名称")],
    kind: Annotated[str, typer.Option(help="Kind of body, such as hospital, school, police. 类别")],
    area: Annotated[str, typer.Option(help="GB/T 2260 code of its area, such as 220122. 行政区划代码")],
    types: Annotated[
        list[str],
        typer.Option(
            "--type", help="Event type it may send, or a family such as 'school.*', or '*'; repeat. 可发送的事件类型"
        ),
    ],
    as_json: Json = False,
) -> None:
    """Register a source, or change what a registered one may send. 登记来源

    Its events carry the `source` /<kind>/<area>/<name>, or another unit of its kind and area that is not registered
    itself. Then give it a token: shouhu token create --source NAME. Its topic in.<name> is read within seconds.
    """
    given = tuple(kind_of_type for entry in types for kind_of_type in entry.replace(",", " ").split())
    registration = Registration(name, kind, area, given)
    faults = faults_of(registration, frozenset(CATALOGUE))
    if not known_area(territory(), area):
        faults.append("area: not in the territory; expected a GB/T 2260 code such as 220122")
    if faults:
        _refuse(faults)
    try:
        _make_topic(registration.topic)
        changed = _run(lambda db: sources.add(db, registration, SystemClock().now()))
    except ValueError as error:
        _refuse([str(error)])
    _say(
        {"changed": changed, **_source_row(registration)},
        f"{name}: 事件 source 须为 · its events' source must be {registration.sources}; topic {registration.topic}",
        as_json,
    )


@source_app.command("list")
def list_sources(as_json: Json = False) -> None:
    """Every source and what it may send. 列出来源"""
    rows = [_source_row(registration) for registration in _run(sources.listed)]
    _say(rows, "\n".join(f"{r['name']}\t{r['path']}\t{r['topic']}\t{', '.join(r['types'])}" for r in rows), as_json)


@token_app.command("create")
def create_token(
    role: Annotated[str, typer.Option(help="source, officer or operations. 角色")] = "source",
    source: Annotated[str | None, typer.Option(help="For role source: the registered source. 来源")] = None,
    person: Annotated[str | None, typer.Option(help="For role officer: id of a person of the roster. 人员")] = None,
    name: Annotated[str | None, typer.Option(help="What it is for; shown in lists. 用途")] = None,
    days: Annotated[
        int | None, typer.Option(help="Valid for so many days; default: until revoked. 有效天数", min=1)
    ] = None,
    as_json: Json = False,
) -> None:
    """Make a token; its secret is printed once and kept nowhere. 创建令牌"""
    if source is not None and role != "source":
        _refuse(["--source: only with --role source"])
    wanted: dict[str, tuple[Role, str | None, str]] = {
        "source": ("source", source, "--source: expected the name of a registered source"),
        "officer": ("officer", person, "--person: expected the id of a person of the roster"),
        "operations": ("operations", name or "operations", ""),
    }
    if role not in wanted:
        _refuse(["--role: expected source, officer or operations"])
    the_role, owner, missing = wanted[role]
    if owner is None:
        _refuse([missing])
    now = SystemClock().now()
    try:
        made = _run(
            lambda db: tokens.create(
                db, role=the_role, name=name or str(owner), now=now, source=source, person_id=person,
                expires_at=None if days is None else now + timedelta(days=days),
            )
        )  # fmt: skip
    except asyncpg.ForeignKeyViolationError:
        _refuse([f"--source: {source} is not registered; see shouhu source add"])
    _say({"id": made.id, "token": made.secret, "role": role}, made.secret, as_json)


@token_app.command("list")
def list_tokens(as_json: Json = False) -> None:
    """Every token without its secret. 列出令牌"""
    _list(_run(tokens.listed), as_json)


@token_app.command("revoke")
def revoke_token(
    token_id: Annotated[str | None, typer.Argument(help="Id as listed (t_…). 令牌编号")] = None,
    all_sample: Annotated[bool, typer.Option("--sample", help="Every sample token. 全部示例令牌")] = False,
) -> None:
    """End a token, and the sessions opened with it, at once. 吊销令牌"""
    now = SystemClock().now()
    if all_sample:
        typer.echo(f"{_run(lambda db: sample.revoke_sample_tokens(db, now))} 个已吊销 · revoked")
    elif token_id is None or not _run(lambda db: tokens.revoke(db, token_id, now)):
        _refuse(["token: expected the id of a valid token; see shouhu token list"])
    else:
        typer.echo(f"{token_id} 已吊销 · revoked")


@login_app.command("add")
def add_login(
    account: Annotated[str, typer.Argument(help="Name to sign in with. 登录名")],
    role: Annotated[str, typer.Option(help="officer or operations. 角色")] = "officer",
    person: Annotated[str | None, typer.Option(help="Id of the person in the roster. 人员")] = None,
    name: Annotated[str | None, typer.Option(help="Name shown on pages. 显示名")] = None,
) -> None:
    """Make an account; the password is asked for, or read from standard input. 创建登录账号"""
    password = typer.prompt("密码 · password", hide_input=True, confirmation_prompt=True)
    the_role: Role = "operations" if role == "operations" else "officer"
    if role not in ("officer", "operations"):
        _refuse(["--role: expected officer or operations"])
    now = SystemClock().now()
    try:
        _run(
            lambda db: accounts.add(
                db, account=account, name=name or account, role=the_role, password=password, now=now, person_id=person
            )
        )
    except ValueError as error:
        _refuse([str(error)])
    typer.echo(f"{account} 已创建 · created")


@login_app.command("list")
def list_logins(as_json: Json = False) -> None:
    """Every account. 列出登录账号"""
    _list(_run(accounts.listed), as_json)


@login_app.command("close")
def close_login(account: Annotated[str, typer.Argument(help="Name to sign in with. 登录名")]) -> None:
    """Close an account and end its sessions. 关闭登录账号"""
    if not _run(lambda db: accounts.close(db, account, SystemClock().now())):
        _refuse(["account: expected the name of an open account; see shouhu login list"])
    typer.echo(f"{account} 已关闭 · closed")


def _make_topic(name: str) -> None:
    """Before the source is registered: from then on its topic is read."""
    try:
        asyncio.run(make_topics(kafka_address(), wanted(FILE.read_text(encoding="utf-8"), [name])))
    except (SettingsFault, KafkaError) as error:
        typer.echo(f"{name}: 主题尚未创建 · not made yet, Kafka cannot be asked ({type(error).__name__});", err=True)
        typer.echo("run `shouhu topics apply` when it runs; over HTTP the source may send at once", err=True)


def _source_row(registration: Registration) -> dict[str, Any]:
    return {
        "name": registration.name, "kind": registration.kind, "area": registration.area, "path": registration.path,
        "types": list(registration.types), "topic": registration.topic, "sample": registration.sample,
    }  # fmt: skip


def _run(what: Callable[[asyncpg.Connection], Awaitable[T]]) -> T:
    async def on_a_connection() -> T:
        db = await connect(postgres_dsn())
        try:
            return await what(db)
        finally:
            await db.close()

    return asyncio.run(on_a_connection())


def _list(rows: list[asyncpg.Record], as_json: bool) -> None:
    plain = [{name: value for name, value in row.items()} for row in rows]
    lines = ["\t".join(str(value) for value in row.values() if value is not None) for row in plain]
    _say(plain, "\n".join(lines), as_json)


def _say(value: Any, text: str, as_json: bool) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, default=str) if as_json else text)


def _refuse(faults: list[str]) -> Any:
    for fault in faults:
        typer.echo(fault, err=True)
    raise typer.Exit(2)
