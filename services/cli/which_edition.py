"""The edition that a command's argument means: a directory, the id of a loaded one, or `running`."""

from datetime import date
from pathlib import Path

import asyncpg

from services.chassis.clock import SystemClock
from services.chassis.settings import SettingsFault, load_settings
from services.cli.on_database import on_database
from services.law.calendar import local_day
from services.law.rulebook_file import Files, RulebookFault, files_in
from services.referral import editions
from services.referral.activation import in_force
from services.referral.edition import Edition
from services.referral.laws import edition_at
from services.referral.read_rulebook import packaged_edition, read_edition

RUNNING = "running"


def edition_named(named: str, on: date | None = None) -> Edition:
    """The edition of a directory, of an id, or the one in force (`running`) today or on a day. Raises RulebookFault, SettingsFault.

    Where no system runs, `running` is what the settings would start with.
    """
    if Path(named).is_dir():
        return read_edition(files_in(Path(named)))
    if named == packaged_edition().id:
        return packaged_edition()
    if named == RUNNING:
        try:
            files = on_database(lambda db: _running(db, on or local_day(SystemClock().now())))
        except (SettingsFault, OSError):
            files = None  # nothing runs here: what would run
        return read_edition(files) if files else edition_at(load_settings().rulebook)
    files = on_database(lambda db: editions.files_of(db, named))
    if files is None:
        raise RulebookFault(
            [f"{named}: expected a directory, the id of a loaded edition (shouhu rulebook list), or {RUNNING}"]
        )
    return read_edition(files)


async def _running(db: asyncpg.Connection, on: date) -> Files | None:
    holding = in_force(await editions.activations(db), on)
    return await editions.files_of(db, holding.edition) if holding else None
