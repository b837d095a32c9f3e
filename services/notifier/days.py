"""The calendar by which a running notifier reads rosters: looked up again every minute, because a notice may be loaded at any moment."""

from datetime import datetime, timedelta

from services.chassis.context import Context
from services.directory.working_days import known_days
from services.law.calendar import Calendar
from services.law.published import Reads

LOOK_EVERY = timedelta(minutes=1)
_KEPT = "notifier.days"


async def days_now(context: Context, db: Reads) -> Calendar:
    """What the running system knows of holidays, at most a minute old."""
    now = context.clock.now()
    kept: tuple[datetime, Calendar] | None = context.extras.get(_KEPT)
    if kept is None or not kept[0] <= now < kept[0] + LOOK_EVERY:
        kept = context.extras[_KEPT] = (now, await known_days(db, context.settings.rulebook))
    return kept[1]
