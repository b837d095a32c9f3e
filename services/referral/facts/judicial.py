"""Facts about judicial matters (domain analysis 1.6, 1.7, 3.5)."""

from services.referral.facts.core import Given, fact, known


@fact
def criminal_matter(given: Given) -> bool | None:
    """Legal aid is needed in a criminal case, as a victim or as a suspect (E109)."""
    kind = known(given.data.get("case_kind"))
    return None if kind is None else kind in {"criminal_victim", "criminal_suspect"}
