"""`shouhu directory roster`: the coming shifts with their holes, and rosters as files."""

import asyncio
import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from services.chassis.clock import SystemClock
from services.chassis.database import connect
from services.chassis.settings import load_settings
from services.cli.directory_report import named, span
from services.cli.reach import postgres_dsn
from services.directory.agencies import agency_name
from services.directory.duty import Span
from services.directory.ics import OwnShift, calendar_of
from services.directory.posts import parse_post
from services.directory.roster_export import as_csv, as_xlsx, as_yaml, rows_of
from services.directory.working_days import known_days
from services.notifier.holes import Stretch
from services.notifier.plan_store import leave_of, posts_of
from services.notifier.roster_ahead import PostAhead, ahead

app = typer.Typer(help="Shifts ahead, and rosters as files. 班表预览与导出", no_args_is_help=True)

Area = Annotated[str | None, typer.Option(help="Only this county, city or province. 只看某地")]
OnePost = Annotated[str | None, typer.Option("--post", help="Only this post. 只看某岗位")]
Days = Annotated[int, typer.Option(min=1, max=366, help="How many days. 天数")]


class Form(StrEnum):
    """What a roster can be written as."""

    yaml = "yaml"
    csv = "csv"
    xlsx = "xlsx"


@app.command()
def preview(
    days: Days = 30, area: Area = None, post: OnePost = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON only. 只输出 JSON")] = False,
) -> None:  # fmt: skip
    """Who has which shift in the coming days, holes marked; exit code 1 if there is a hole. 预览班表,标出空班

    Posts without a shift plan are held day and night and not shown.
    """
    found = asyncio.run(_ahead(days, area, post))
    if as_json:
        typer.echo(json.dumps([_as_json(each) for each in found], ensure_ascii=False))
    else:
        for each in found:
            typer.echo(named(each.made.post))
            for stretch in each.stretches:
                typer.echo(f"  {_line(stretch, each)}")
        if any(stretch.provisional for each in found for stretch in each.stretches):
            typer.echo(
                "~ 该年放假通知尚未载入,工作日暂按周一至周五计算 · no holiday notice of that year yet: Monday to Friday"
            )
        if not found:
            typer.echo("没有班表:各岗位人员全天在岗 · no shift plans: whoever holds a post has it day and night")
    raise typer.Exit(1 if any(each.holes for each in found) else 0)


@app.command()
def export(
    out: Annotated[Path, typer.Argument(help="The file to write; it must not exist. 输出文件")],
    days: Days = 30, area: Area = None, post: OnePost = None,
) -> None:  # fmt: skip
    """Write rosters to a file: plans as .yaml, or the coming shifts as a duty table, .csv or .xlsx. 导出班表"""
    if out.suffix[1:] not in [*Form]:
        raise typer.BadParameter("a .yaml, .csv or .xlsx file expected", param_hint="OUT")
    found = asyncio.run(_ahead(days, area, post))
    with out.open("xb") as file:
        file.write(asyncio.run(_written(found, Form(out.suffix[1:]))))
    typer.echo(f"{out}: {len(found)} 份班表 · {len(found)} rosters")


@app.command()
def ics(
    person: Annotated[str, typer.Argument(help="Id of a person. 人员编号")],
    days: Days = 60,
    out: Annotated[Path | None, typer.Option(help="Default: standard output. 输出文件")] = None,
) -> None:
    """One person's own shifts as iCalendar. 导出本人班次日历"""
    now = SystemClock().now()
    text = calendar_of(asyncio.run(_own(person, days)), now)
    if out is None:
        typer.echo(text, nl=False)
    else:
        out.write_text(text, encoding="utf-8", newline="")


async def _ahead(days: int, area: str | None, post: str | None) -> tuple[PostAhead, ...]:
    try:
        key = None if post is None else parse_post(post).key
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--post") from None
    db = await connect(postgres_dsn())
    try:
        return await ahead(db, SystemClock().now(), days, area, await known_days(db, load_settings().rulebook), key)
    finally:
        await db.close()


async def _written(found: tuple[PostAhead, ...], form: Form) -> bytes:
    if form is Form.yaml:
        db = await connect(postgres_dsn())
        try:
            leave = await leave_of(db, sorted({person for each in found for person in each.names}))
        finally:
            await db.close()
        return as_yaml([each.made for each in found], leave).encode()
    rows = []
    for each in found:
        rows += rows_of(each.made.post, (Span(s.begins, s.ends, s.duty) for s in each.stretches))
    return as_xlsx(rows) if form is Form.xlsx else as_csv(rows).encode("utf-8-sig")


async def _own(person: str, days: int) -> list[OwnShift]:
    db = await connect(postgres_dsn())
    try:
        keys = await posts_of(db, person)
        now, calendar = SystemClock().now(), await known_days(db, load_settings().rulebook)
        found = [each for key in keys for each in await ahead(db, now, days, None, calendar, key)]
    finally:
        await db.close()
    return sorted((shift for each in found for shift in own_shifts(each, person)), key=lambda shift: shift.begins)


def own_shifts(about: PostAhead, person: str) -> list[OwnShift]:
    """A person's shifts at a post, without what others cover; the one that runs begins where it began."""
    post, found = about.made.post, list[OwnShift]()
    for number, stretch in enumerate(about.stretches):
        for turn in (turn for turn in stretch.duty.turns if turn.person == person):
            title = f"{agency_name(post.agency)}{post.name()} {turn.shift}".rstrip()
            begins = turn.begins if number == 0 else stretch.begins
            ends = turn.ends if number == len(about.stretches) - 1 else stretch.ends
            if found and (found[-1].title, found[-1].ends) == (title, begins) and turn.begins < begins:
                begins = found.pop().begins  # others joined or left meanwhile
            found.append(OwnShift(title, post.key, begins, ends))
    return found


def _line(stretch: Stretch, about: PostAhead) -> str:
    when = f"{span(stretch.begins, stretch.ends)}{' ~' if stretch.provisional else ''}"
    if not stretch.hole:
        people = "、".join(f"{about.names.get(turn.person, turn.person)}({turn.person})" for turn in stretch.duty.turns)
        shifts = "/".join(dict.fromkeys(turn.shift or "顶班" for turn in stretch.duty.turns))
        return f"   {when} {shifts} {people}"
    away = f" 请假 on leave: {'、'.join(stretch.duty.away)}" if stretch.duty.away else ""
    instead = named(about.stands_in) if about.stands_in else "无人 nobody"
    mark = "!!" if stretch.expected else "  "
    return f"{mark} {when} 空班 hole{away} → {instead}"


def _as_json(each: PostAhead) -> dict[str, Any]:
    return {
        "post": each.made.post.key,
        "stands_in": each.stands_in.key if each.stands_in else None,
        "strangers": list(each.strangers),
        "stretches": [
            {"from": s.begins.isoformat(), "to": s.ends.isoformat(), "hole": s.hole, "expected": s.expected, "provisional": s.provisional,
             "people": [{"person": t.person, "shift": t.shift, "because": t.because, "instead_of": t.instead_of}
                        for t in s.duty.turns], "away": list(s.duty.away)}
            for s in each.stretches
        ],
    }  # fmt: skip
