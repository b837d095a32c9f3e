"""`shouhu directory`: load people's files, and see which posts nobody holds."""

import asyncio
import json
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Annotated

import asyncpg
import typer

from services.chassis.clock import SHANGHAI, SystemClock
from services.chassis.database import connect
from services.cli.reach import postgres_dsn
from services.directory.agencies import KINDS
from services.directory.faults import FileFaults
from services.directory.people import Assignment
from services.directory.people_files import read_people
from services.directory.posts import Post
from services.directory.territory import territory
from services.notifier.coverage import Coverage, coverage
from services.notifier.roster_store import held_posts, replace_assignments

app = typer.Typer(help="Agencies, posts and who holds them. 机构、岗位与值守人员", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Print JSON only. 只输出 JSON")]


@app.command()
def load(
    path: Annotated[Path, typer.Argument(help="A YAML or CSV file, or a directory of them. YAML/CSV 文件或目录")],
    as_json: Json = False,
) -> None:
    """Load who holds which post. 导入值守人员

    What the files name is replaced, everything else stays. A file with a fault loads nothing: every fault is printed
    with its line and column.
    """
    try:
        assignments = read_people(path)
    except FileFaults as error:
        if as_json:
            typer.echo(json.dumps({"posts": 0, "people": 0, "faults": [fault.as_json() for fault in error.faults]}))
        else:
            for fault in error.faults:
                typer.echo(fault.text, err=True)
            typer.echo(
                f"{len(error.faults)} 处错误,未导入任何内容 · {len(error.faults)} faults, nothing loaded", err=True
            )
        raise typer.Exit(1) from None
    people = asyncio.run(_replace(assignments))
    if as_json:
        typer.echo(json.dumps({"posts": len(assignments), "people": people, "faults": []}))
    else:
        typer.echo(f"已导入 {len(assignments)} 个岗位、{people} 人 · {len(assignments)} posts, {people} people loaded")


@app.command()
def check(
    area: Annotated[str | None, typer.Option(help="Only this county, city or province. 只查某地")] = None,
    as_json: Json = False,
) -> None:
    """Which posts nobody holds; exit code 1 if there are any. 检查无人值守的岗位"""
    today = SystemClock().now().astimezone(SHANGHAI).date()
    if area is not None and territory().city(area, today) is None and area != territory().province:
        raise typer.BadParameter(
            "a county, city or province code of Jilin expected, such as 220122", param_hint="--area"
        )
    found = asyncio.run(_coverage(today, area))
    typer.echo(json.dumps(_as_json(found)) if as_json else "\n".join(_lines(found)))
    raise typer.Exit(0 if found.complete else 1)


async def _replace(assignments: list[Assignment]) -> int:
    db = await connect(postgres_dsn())
    try:
        return await replace_assignments(db, assignments)
    finally:
        await db.close()


async def _coverage(on: date, area: str | None) -> Coverage:
    db: asyncpg.Connection = await connect(postgres_dsn())
    try:
        return coverage(await held_posts(db), on, area)
    finally:
        await db.close()


def _as_json(found: Coverage) -> dict[str, object]:
    return {
        "posts": found.posts,
        "held": found.posts - len(found.empty),
        "empty": [post.key for post in found.empty],
        "unreachable": [post.key for post in found.unreachable],
        "abandoned": list(found.abandoned),
    }


def _lines(found: Coverage) -> list[str]:
    held = found.posts - len(found.empty)
    lines = [f"岗位 {found.posts},有人 {held} · {found.posts} posts, {held} held"]
    for title, posts in (("无人 · nobody", found.empty), ("无联系方式 · no contact", found.unreachable)):
        lines += [f"{title}: {line}" for line in _grouped(posts)]
    for code in found.abandoned:
        lines.append(f"兜底岗位无人 · not even a fallback owner: {territory().name(code)} {code}")
    return lines


def _grouped(posts: tuple[Post, ...]) -> list[str]:
    """One line per kind, level and function, so that nine thousand empty posts stay readable."""
    groups: dict[tuple[str, str, str], list[Post]] = defaultdict(list)
    for post in posts:
        groups[post.agency.kind, post.agency.level, post.function].append(post)
    lines = []
    for (kind, level, function), held in groups.items():
        areas = "、".join(territory().name(post.agency.area) for post in held[:5])
        more = "" if len(held) <= 5 else f" … +{len(held) - 5}"
        lines.append(f"{KINDS[kind].zh}{held[0].name()} {kind}@{level} {function}: {areas}{more}")
    return lines
