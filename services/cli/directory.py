"""`shouhu directory`: load people and rosters, see what is not covered."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from services.chassis.clock import SystemClock
from services.chassis.database import connect
from services.chassis.settings import load_settings
from services.cli.directory_report import Report, as_json, lines
from services.cli.reach import postgres_dsn
from services.cli.roster import app as roster_app
from services.cli.verify import app as verify_app
from services.directory.faults import Fault, FileFaults
from services.directory.people_files import Files, read_files
from services.directory.posts import parse_post
from services.directory.roster_names import held_after, resolve
from services.directory.territory import territory
from services.directory.working_days import known_days
from services.law.calendar import local_day
from services.notifier.coverage import coverage, missing, within
from services.notifier.plan_store import names_held, names_of, replace_leave, replace_plans
from services.notifier.roster_ahead import ahead
from services.notifier.roster_store import doubtful_contacts, held_posts, replace_assignments

app = typer.Typer(help="Agencies, posts, who holds them and when. 机构、岗位、人员与班表", no_args_is_help=True)
app.add_typer(roster_app, name="roster")
app.add_typer(verify_app, name="verify")

Json = Annotated[bool, typer.Option("--json", help="Print JSON only. 只输出 JSON")]


@app.command()
def load(
    path: Annotated[Path, typer.Argument(help="A YAML, CSV or XLSX file, or a directory of them. 文件或目录")],
    as_json: Json = False,
) -> None:
    """Load who holds which post, when, and who is on leave. 导入人员、班表与请假

    What the files name is replaced, everything else stays. A file with a fault loads nothing: every fault is printed
    with its line and column.
    """
    try:
        files = read_files(path)
        posts, people, rosters, leave = asyncio.run(_load(files))
    except FileFaults as error:
        _tell_faults(error.faults, as_json)
        raise typer.Exit(1) from None
    if as_json:
        made = {"posts": posts, "people": people, "rosters": rosters, "leave": leave}
        kept = {name: count for name, count in made.items() if count or name in ("posts", "people")}
        typer.echo(json.dumps({**kept, "faults": []}))
        return
    typer.echo(f"已导入 {posts} 个岗位、{people} 人 · {posts} posts, {people} people loaded")
    if rosters or leave:
        typer.echo(f"班表 {rosters} 份,请假 {leave} 条 · {rosters} rosters, {leave} entries of leave")


@app.command()
def check(
    area: Annotated[str | None, typer.Option(help="Only this county, city or province. 只查某地")] = None,
    days: Annotated[int, typer.Option(min=1, max=366, help="How far ahead shifts are looked at. 提前天数")] = 14,
    as_json_: Annotated[bool, typer.Option("--json", help="Print JSON only. 只输出 JSON")] = False,
) -> None:
    """What is not covered: posts nobody holds, shifts nobody has, agencies that are missing, numbers that cannot exist. 检查名录

    Exit code 1 if somebody must act; missing agencies with a stand-in, and contacts not verified yet, are only shown.
    """
    today = local_day(SystemClock().now())
    if area is not None and territory().city(area, today) is None and area != territory().province:
        raise typer.BadParameter(
            "a county, city or province code of Jilin expected, such as 220122", param_hint="--area"
        )
    found = asyncio.run(_report(area, days))
    typer.echo(json.dumps(as_json(found), ensure_ascii=False) if as_json_ else "\n".join(lines(found)))
    raise typer.Exit(0 if found.clean else 1)


def _tell_faults(faults: Sequence[Fault], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({"posts": 0, "people": 0, "faults": [fault.as_json() for fault in faults]}))
        return
    for fault in faults:
        typer.echo(fault.text, err=True)
    typer.echo(f"{len(faults)} 处错误,未导入任何内容 · {len(faults)} faults, nothing loaded", err=True)


async def _load(files: Files) -> tuple[int, int, int, int]:
    """Everything in one transaction, or nothing. Raises FileFaults."""
    now = SystemClock().now()
    db = await connect(postgres_dsn())
    try:
        async with db.transaction():
            held = held_after(files, await names_held(db, [made.post.key for _, _, made in files.plans]))
            known = await names_of(db, [each.person for _, _, each in files.leave])
            plans, leave = resolve(files, held, known, await known_days(db, load_settings().rulebook))
            people = await replace_assignments(db, [made for _, _, made in files.people]) if files.people else 0
            rosters = await replace_plans(db, plans, now)
            return len(files.people), people, rosters, await replace_leave(db, leave)
    finally:
        await db.close()


async def _report(area: str | None, days: int) -> Report:
    now = SystemClock().now()
    today = local_day(now)
    db = await connect(postgres_dsn())
    try:
        held = await held_posts(db)
        rosters = await ahead(db, now, days, area, await known_days(db, load_settings().rulebook))
        doubtful = [
            each for each in await doubtful_contacts(db) if within(parse_post(each.post).agency.area, area, today)
        ]
    finally:
        await db.close()
    return Report(coverage(held, today, area), missing(today, area), rosters, doubtful)
