"""`shouhu hotline-items`: child-related items of the 12345 line, for the province's monitoring and supervised handling."""

from datetime import datetime
from typing import Annotated

import orjson
import typer

from services.chassis.clock import SHANGHAI
from services.cli.on_database import on_database
from services.directory.territory import territory
from services.referral.hotline import hotline_items


def hotline_items_command(
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="自哪一天起 from this day on")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON only. 只输出 JSON")] = False,
) -> None:
    """Child-related items of the 12345 line: source, item, class, county, state; no child, nothing sealed. 热线涉未成年人事项清单"""
    begin = since.replace(tzinfo=SHANGHAI) if since else None
    items = on_database(lambda db: hotline_items(db, begin))
    if as_json:
        typer.echo(orjson.dumps({"items": items}).decode())
        return
    for item in items:
        county = f"{territory().name(item['county'])} {item['county']}" if item["county"] else "–"
        parts = (item["accepted_at"][:16].replace("T", " "), item["source"], item["item"], item["class"] or "–", county,
                 item["state"], item["outcome"] or "")  # fmt: skip
        typer.echo("  ".join(parts).rstrip())
    if not items:
        typer.echo("没有事项 · no item")
