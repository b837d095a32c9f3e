"""The referral service: who must be told, as what, by when, on what legal basis; what an answer changes."""

from pathlib import Path

from events.catalogue import CATALOGUE
from services.chassis.service import Context, Service
from services.law.calendar import Calendar
from services.law import PACKAGED
from services.referral import handlers, read_rulebook, routes
from services.referral.decide import Law
from services.referral.profiles import Profiles


def law_of(rulebook: Path | None) -> Law:
    """The law as this process applies it; raises RulebookFault with all faults."""
    book = read_rulebook.read(rulebook) if rulebook else read_rulebook.packaged()
    calendars = sorted(((rulebook or PACKAGED) / "calendar").glob("*.yaml"))
    profiles = Profiles.load(rulebook) if rulebook else None
    return Law(book, Calendar.load(calendars), lambda row: CATALOGUE[f"{row}.v1"], profiles)


async def start(context: Context) -> None:
    """Read the law; a wrong rulebook stops the start with every fault named."""
    context.extras.setdefault("law", law_of(context.settings.rulebook))


SERVICE = Service(
    name="referral",
    topics=("child-events", "sla"),
    handle={"child-events": handlers.on_child_events, "sla": handlers.on_sla},
    router=routes.router,
    start=start,
)
