"""Facts about what a hotline hears (domain analysis 1.7, E90)."""

from events.hotline import LEAD_CLASSES
from services.referral.facts.core import Given, fact, known


@fact
def hotline_event(given: Given) -> str | None:
    """The child event that the lead's class means; none for a class that means no event (E90)."""
    return LEAD_CLASSES.get(str(given.data.get("class")))


@fact
def lead_unclassified(given: Given) -> bool | None:
    """The lead's class means no child event (E90); unknown where the hotline named no class."""
    named = known(given.data.get("class"))
    return None if named is None else named not in LEAD_CLASSES
