"""The official calendar as rosters read it: the holiday notices of the rulebook in force."""

from functools import cache
from pathlib import Path

from services.law import PACKAGED
from services.law.calendar import Calendar


@cache
def working_days(rulebook: Path | None = None) -> Calendar:
    """The calendar of a rulebook's directory (the packaged one without). Raises RulebookFault for a wrong notice."""
    return Calendar.load(sorted(((rulebook or PACKAGED) / "calendar").glob("*.yaml")))
