"""Facts about judicial matters and placements (domain analysis 1.6, 1.7, 3.5)."""

from services.referral.facts.child import categories
from services.referral.facts.core import Given, fact, known


@fact
def criminal_matter(given: Given) -> bool | None:
    """Legal aid is needed in a criminal case, as a victim or as a suspect (E109)."""
    kind = known(given.data.get("case_kind"))
    return None if kind is None else kind in {"criminal_victim", "criminal_suspect"}


@fact
def rescued_from_trafficking(given: Given) -> bool | None:
    """The child is on file as rescued from traffickers (E27); unknown where nothing is on file."""
    return True if "trafficking_rescued" in categories(given) else None
