"""The official calendar as rosters read it: the holiday notices of the rulebook in force."""

from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

from services.law.calendar import Calendar


@cache
def working_days(rulebook: Path | None = None) -> Calendar:
    """The calendar of a rulebook's directory (the packaged one without). Raises RulebookFault for a wrong notice."""
    if rulebook is not None:
        return Calendar.load(sorted((rulebook / "calendar").glob("*.yaml")))
    with as_file(files("services.referral").joinpath("rulebook/calendar")) as packaged:
        return Calendar.load(sorted(packaged.glob("*.yaml")))
