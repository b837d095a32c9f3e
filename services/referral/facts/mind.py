"""Facts about mind and behaviour (domain analysis 1.5, 3.4)."""

from events.child_facts import DISTRESSED
from services.referral.facts.child import categories
from services.referral.facts.core import Given, any_true, fact, known

HIGH_SCREENS = {"high", "severe", "serious", "red", "orange", "3", "level_3", "critical", "very_high"}


@fact
def screened_high(given: Given) -> bool | None:
    """The screening says high, or whoever reports sees a sign of self-harm (E56; the sign alone is an operating default)."""
    level = known(given.data.get("screen_level"))
    return any_true(None if level is None else level in HIGH_SCREENS, known(given.data.get("self_harm_flag")))


@fact
def left_behind_or_distressed(given: Given) -> bool | None:
    """The child is on file as left behind or in distress (B§2.1, B§2.2); unknown where nothing is on file."""
    return True if categories(given) & (DISTRESSED | {"left_behind"}) or given.child.get("distressed") else None
