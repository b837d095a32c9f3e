"""`shouhu calendar`: the holiday notices that working days are counted by."""

from pathlib import Path
from typing import Annotated

import orjson
import typer

from services.chassis.clock import SystemClock
from services.cli.on_database import on_database
from services.cli.rulebook_check import Json
from services.cli.which_edition import RUNNING, edition_named
from services.law.calendar import HolidayYear
from services.law.rulebook_file import RulebookFault, line_of, parse
from services.referral import editions

app = typer.Typer(help="Holidays and make-up working days, year by year. 节假日安排", no_args_is_help=True)


@app.command("load")
def load_command(
    file: Annotated[
        Path, typer.Argument(help="One year's notice, as calendar/2026.yaml of the rulebook. 年度安排文件")
    ],
    as_json: Json = False,
) -> None:
    """Load a year's holiday notice: due times that waited for it are confirmed or put right within a minute. 载入节假日安排

    Lists every fault and exits with code 1 if there is one; then nothing is loaded. It holds for every edition.
    """
    try:
        text = file.read_text("utf-8")
        notice = parse(file.name, text, HolidayYear)
        if notice.citation.source not in edition_named(RUNNING).rulebook.sources:
            place = f"{file.name}:{line_of(text, ('citation', 'source'))}"
            raise RulebookFault(
                [
                    f"{place}: citation.source: {notice.citation.source} is unknown, expected an id of the edition's sources"
                ]
            )
    except (OSError, UnicodeDecodeError):
        typer.echo(f"{file.name}:1: cannot be read, expected a YAML file in UTF-8", err=True)
        raise typer.Exit(1) from None
    except RulebookFault as fault:
        typer.echo(str(fault), err=True)
        raise typer.Exit(1) from None
    now = SystemClock().now()
    year, new = on_database(lambda db: editions.load_notice(db, file.name, text, "command", now))
    said = "已载入 loaded" if new else "早已载入 is there already"
    typer.echo(orjson.dumps({"year": year, "new": new}).decode() if as_json else f"{year}: {said}")


@app.command("list")
def list_command(as_json: Json = False) -> None:
    """The years whose holidays the running services know. 列出已知年度"""
    rows = on_database(lambda db: db.fetch("select year, known_since from referral.calendar_year_view order by year"))
    if as_json:
        typer.echo(orjson.dumps([dict(row) for row in rows]).decode())
    for row in () if as_json else rows:
        typer.echo(f"{row['year']}  {row['known_since']:%Y-%m-%d}")
