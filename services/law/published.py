"""The calendar by which the referral service counts working days, for services beside it: its published view, read as it stands."""

from typing import Any, Protocol

from services.law.calendar import Calendar, HolidayYear

NOTICES = "select notice from referral.calendar_year_view where notice <> '{}' order by year"


class Reads(Protocol):
    """A connection or a pool."""

    async def fetch(self, query: str, /) -> Any: ...


async def published_calendar(db: Reads) -> Calendar | None:
    """Every year that is known to the running system, a notice that was loaded since included; None before the referral service ever ran."""
    notices = await published_notices(db)
    return Calendar.of(notices) if notices else None


async def published_notices(db: Reads) -> list[HolidayYear]:
    """The holiday notices of those years, by year; for duties that are counted from a festival."""
    return [HolidayYear.model_validate(row["notice"]) for row in await db.fetch(NOTICES)]
