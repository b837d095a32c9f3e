"""`shouhu rulebook check`: everything that can be proven of an edition, in one run."""

from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from events.catalogue import CATALOGUE
from services.chassis.clock import SystemClock
from services.chassis.settings import load_settings
from services.cli.clauses import clause_faults
from services.law import PACKAGED
from services.law.calendar import local_day
from services.law.rulebook_file import RulebookFault, files_in
from services.referral.check_rulebook import check, next_year_missing, sources_to_review
from services.referral.edition import Edition
from services.referral.read_rulebook import read_edition

Json = Annotated[bool, typer.Option("--json", help="Print JSON only. 只输出 JSON")]


def check_command(
    directory: Annotated[
        Path | None, typer.Argument(help="Default: SHOUHU_RULEBOOK, else the packaged one. 规则库目录")
    ] = None,
    as_json: Json = False,
) -> None:
    """Every rule cited, dated, exampled, with known words; one row for every situation; somebody in every county. 检查规则库

    Rules, sources, clocks, calendar, service list and clause map in one run. Lists every fault with its file and line; exit code 1 if
    there is one. A calendar whose next year is missing is warned of from 1 December on. A source that was amended, repealed or has
    lapsed is noted.
    """
    edition, faults = checked(directory or load_settings().rulebook)
    warnings = next_year_missing(edition, local_day(SystemClock().now())) if edition else []
    notes = sources_to_review(edition) if edition else []
    if as_json:
        told = about(edition) if edition else {}
        typer.echo(orjson.dumps({**told, "faults": faults, "warnings": warnings, "notes": notes}).decode())
    else:
        for line in (*faults, *warnings, *notes):
            typer.echo(line)
        if edition and not faults:
            typer.echo(
                f"{edition.id}: {len(edition.rulebook.rules)} 条规则 rules, {len(edition.rulebook.by_event)} 类事件 event types, 无误 no fault"
            )
    if faults:
        raise typer.Exit(1)


def checked(directory: Path | None) -> tuple[Edition | None, list[str]]:
    """The edition of a directory (the packaged one without), and everything that is wrong with it; None when it cannot be read at all."""
    try:
        edition = read_edition(files_in(directory or PACKAGED))
    except RulebookFault as fault:
        return None, fault.faults
    return edition, [*check(edition, CATALOGUE), *clause_faults(edition.rulebook, edition.profiles, directory)]


def about(edition: Edition) -> dict[str, Any]:
    """An edition in figures."""
    book = edition.rulebook
    return {"edition": edition.id, "rules": len(book.rules), "event_types": len(book.by_event)}
