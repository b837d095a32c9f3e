"""The calendar by which the referral service counts working days, for services beside it: its published view, read as it stands."""

from typing import Any, Protocol

from services.law.calendar import HolidayYear

NOTICES = "select notice from referral.calendar_year_view where notice <> '{}' order by year"


class Reads(Protocol):
    """A connection or a pool."""

    async def fetch(self, query: str, /) -> Any: ...


async def published_notices(db: Reads) -> list[HolidayYear]:
    """The notice of every year that is known to the running system, one that was loaded since included; none before the referral service ever ran."""
    return [HolidayYear.model_validate(row["notice"]) for row in await db.fetch(NOTICES)]
