"""The referral service: who must be told, as what, by when, on what legal basis; what an answer changes."""

from pathlib import Path

from services.chassis.service import Context, Service
from services.referral import handlers, routes
from services.referral.decide import Law
from services.referral.laws import Laws, edition_at, law_from
from services.referral.recounting import keep_counting


def law_of(rulebook: Path | None) -> Law:
    """The law of a rulebook's directory, the packaged one without; raises RulebookFault with all faults."""
    return law_from(edition_at(rulebook))


async def start(context: Context) -> None:
    """Read the law that is in force; a wrong rulebook stops the start with every fault named."""
    if "law" not in context.extras:
        laws = Laws(edition_at(context.settings.rulebook))
        await laws.open(context.pool, context.clock.now())
        context.extras["laws"] = laws


SERVICE = Service(
    name="referral",
    topics=("child-events", "sla"),
    handle={"child-events": handlers.on_child_events, "sla": handlers.on_sla},
    tasks=(keep_counting,),
    router=routes.router,
    start=start,
)
