"""The calendar by which the referral service counts working days, for services beside it: its published view, read as it stands."""

from typing import Any, Protocol

from services.law.calendar import Calendar, HolidayYear

NOTICES = "select notice from referral.calendar_year_view where notice <> '{}' order by year"


class Reads(Protocol):
    """A connection or a pool."""

    async def fetch(self, query: str, /) -> Any: ...


async def published_calendar(db: Reads) -> Calendar | None:
    """Every year that is known to the running system, a notice that was loaded since included; None before the referral service ever ran."""
    rows = await db.fetch(NOTICES)
    return Calendar.of([HolidayYear.model_validate(row["notice"]) for row in rows]) if rows else None
