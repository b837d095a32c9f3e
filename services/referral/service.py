"""The referral service: who must be told, as what, by when, on what legal basis; what an answer changes."""

import logging
from pathlib import Path

from events.catalogue import CATALOGUE
from services.chassis.service import Context, Service
from services.referral import from_phones, handlers, routes
from services.referral.check_rulebook import check
from services.referral.decide import Law
from services.referral.laws import Laws, edition_at, law_from
from services.referral.recounting import keep_counting

log = logging.getLogger(__name__)


def law_of(rulebook: Path | None) -> Law:
    """The law of a rulebook's directory, the packaged one without; raises RulebookFault with all faults."""
    return law_from(edition_at(rulebook))


async def start(context: Context) -> None:
    """Read the law that is in force; a rulebook that cannot be read stops the start with every fault named.

    What `shouhu rulebook check` would say of a rulebook of one's own is only logged: a gap in it is the fallback owner's.
    """
    if "law" not in context.extras:
        base = edition_at(context.settings.rulebook)
        for fault in check(base, CATALOGUE) if context.settings.rulebook else ():
            log.error("rulebook: %s", fault)
        laws = Laws(base)
        await laws.open(context.pool, context.clock.now())
        context.extras["laws"] = laws


SERVICE = Service(
    name="referral",
    topics=("child-events", "sla", "notifications"),
    handle={
        "child-events": handlers.on_child_events,
        "sla": handlers.on_sla,
        "notifications": from_phones.on_notifications,
    },
    tasks=(keep_counting,),
    router=routes.router,
    start=start,
)
