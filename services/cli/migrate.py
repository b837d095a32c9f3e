"""`shouhu migrate`: bring the database to the state that this version needs."""

import asyncio
import json
from typing import Annotated

import typer

from services.chassis.database import migrate
from services.cli.reach import postgres_dsn


def migrate_command(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON only. 只输出 JSON")] = False,
) -> None:
    """Apply the migrations that are not applied yet. 升级数据库结构"""
    applied = asyncio.run(migrate(postgres_dsn()))
    if as_json:
        typer.echo(json.dumps({"applied": applied}))
    else:
        typer.echo("\n".join(applied) or "无需更改 · nothing to change")
