"""What the tracker reads once about obligations: the table T01–T37, the calendar, the holiday notices."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from services.chassis.context import Context
from services.law import PACKAGED
from services.law.calendar import Calendar, HolidayYear
from services.law.published import Reads, published_notices
from services.law.rulebook_file import read_file
from services.tracker.obligation_rules import Obligations, packaged


@dataclass(frozen=True)
class Duties:
    """The law of obligations as this process applies it."""

    rules: Obligations
    calendar: Calendar
    notices: Sequence[HolidayYear]
    agencies: bool = True  # whether agencies' own duties run; a story is about its children alone


@cache
def read_duties(rulebook: Path | None) -> Duties:
    """The packaged table with the calendar of a rulebook (the packaged one without). Raises RulebookFault with all faults."""
    files = sorted(((rulebook or PACKAGED) / "calendar").glob("*.yaml"))
    notices = [read_file(file, HolidayYear) for file in files]
    return Duties(packaged(), Calendar.of(notices), notices)


async def refreshed(context: Context, db: Reads) -> Duties:
    """The duties of a process by the calendar that the running system knows now: a notice may have been loaded since."""
    known, notices = duties_of(context), await published_notices(db)
    if notices and notices != list(known.notices):
        known = context.extras["duties"] = replace(known, calendar=Calendar.of(notices), notices=notices)
    return known


def duties_of(context: Context) -> Duties:
    """The duties of a process, read when first asked for."""
    found = context.extras.get("duties")
    if not isinstance(found, Duties):
        found = context.extras["duties"] = read_duties(context.settings.rulebook)
    return found
