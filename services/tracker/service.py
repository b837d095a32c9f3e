"""tracker: measures time. Reads `referrals` and `child-events`; publishes warnings, breaches, due timers and what is owed."""

from services.chassis.service import Context, Service
from services.tracker.duties import duties_of
from services.tracker.handlers import on_referrals
from services.tracker.heart import keep_beating
from services.tracker.open_periods import open_periods
from services.tracker.registry import on_child_events
from services.tracker.routes import router
from services.tracker.said import NAME
from services.tracker.tick import tick


async def start(context: Context) -> None:
    """Read the table of obligations; a wrong one stops the start with every fault named."""
    duties_of(context)


SERVICE = Service(
    name=NAME,
    topics=("referrals", "child-events"),
    handle={"referrals": on_referrals, "child-events": on_child_events},
    tasks=(tick, open_periods, keep_beating),
    router=router,
    start=start,
)
