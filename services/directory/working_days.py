"""The official calendar as rosters read it: the newest holiday notice of each year, else those of the rulebook's directory."""

from functools import cache
from pathlib import Path

from services.law import PACKAGED
from services.law.calendar import Calendar
from services.law.published import Reads, published_calendar


@cache
def working_days(rulebook: Path | None = None) -> Calendar:
    """The calendar of a rulebook's directory (the packaged one without). Raises RulebookFault for a wrong notice."""
    return Calendar.load(sorted(((rulebook or PACKAGED) / "calendar").glob("*.yaml")))


async def known_days(db: Reads, rulebook: Path | None = None) -> Calendar:
    """The calendar that the running system counts by, a notice that was loaded since included; before it ever ran, the directory's."""
    return await published_calendar(db) or working_days(rulebook)
