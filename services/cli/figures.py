"""`shouhu figures`: counts of a period for those who lead and supervise."""

import asyncio
from datetime import date, datetime
from typing import Annotated

import orjson
import typer

from services.account.figures import CLOCKS, SMALLEST, Figures, figures, half_year
from services.chassis.clock import SHANGHAI, SystemClock
from services.chassis.database import connect
from services.cli.reach import postgres_dsn
from services.directory.territory import territory

FAMILIES = {"harm": "侵害", "whereabouts": "去向", "guardianship": "监护与保障", "education": "教育", "health": "健康", "care": "照护走访",
            "judicial": "司法", "services": "服务", "organisation": "单位"}  # fmt: skip
NAMES = {
    "ack": "签收 ack",
    "start": "首次处置 start",
    "feedback": "反馈 feedback",
    "close": "办结 close",
    "legal": "法定 legal",
}


def figures_command(
    first: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="第一天 first day")] = None,
    last: Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="最后一天 last day")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON only. 只输出 JSON")] = False,
) -> None:
    """Children by county, family and age, and clocks kept and late: counts alone, none below ten. 统计数据

    Without dates: this half-year. For the half-yearly counts and the yearly assessment; never for publication without approval.
    """
    begin, end = half_year(SystemClock().now().astimezone(SHANGHAI).date())
    begin, end = first.date() if first else begin, last.date() if last else end
    if end < begin:
        raise typer.BadParameter("--to must not lie before --from · 结束日期早于开始日期")
    found = asyncio.run(_read(begin, end))
    typer.echo(orjson.dumps(found.as_json()).decode() if as_json else table(found))


async def _read(first: date, last: date) -> Figures:
    db = await connect(postgres_dsn())
    try:
        return await figures(db, first, last)
    finally:
        await db.close()


def table(found: Figures) -> str:
    """The figures for people."""
    told = found.as_json()
    lines = [
        f"{told['from']} – {told['to']}  （小于 {SMALLEST} 的不显示 · cells below {SMALLEST} are not shown）",
        "",
        "儿童 children",
    ]
    lines += [
        f"  {_county(c['county'])}  {FAMILIES.get(c['family'], c['family'])} {c['family']}  {c['age']}岁  {c['count']}"
        for c in told["children"]
    ]
    lines += ["", "时限 clocks （应办/超时/按时率 · owed/late/in time）"]
    for row in told["clocks"]:
        kept = [
            f"{NAMES[name]} {row[name]['owed']}/{row[name]['late']}/{_share(row[name]['in_time'])}" for name in CLOCKS
        ]
        lines.append(f"  {_county(row['county'])}  {'  '.join(kept)}")
    return "\n".join(lines if told["clocks"] else [*lines[:1], "", "这一时期没有转介 · no referral in this period"])


def _county(code: str) -> str:
    return f"{territory().name(code)} {code}"


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.1%}"
