"""Facts about benefits: which legal limit an application has, who can check a fact, what was decided (domain analysis 1.6, 3.5, 4.4)."""

from typing import Literal

from events.child_learned import GRANTED
from services.directory.territory import territory
from services.referral.facts.core import Given, fact, known

Benefit = Literal["upbringing", "minimum_living", "extreme_poverty", "other"]
UPBRINGING = {"orphan", "quasi_orphan", "de_facto_unattended", "hiv"}
MINIMUM_LIVING = {"low_income", "dibao", "minimum_living", "minimum_living_allowance", "subsistence_allowance"}
EXTREME_POVERTY = {"tekun", "destitute_support", "extreme_poverty", "extremely_poor", "specially_poor", "special_poor"}
# Part of the name of a matched fact -> the department that can say whether it is so. Prisons are asked through their bureau.
CHECKED_BY = {
    "deceased": "police", "dead": "police", "missing": "court", "revoked": "court", "detox": "police", "liberty": "police",
    "restricted": "police", "deported": "police", "lost_contact": "police", "cannot_be_found": "police",
    "disab": "disabled_federation", "ill": "health",
}  # fmt: skip
IMPRISONED = ("imprison", "prison", "custody")


def matched(given: Given) -> tuple[str, ...]:
    """What the comparison found, in the words of whoever compared."""
    return tuple(str(code) for code in given.data.get("matched_facts") or ())


@fact
def benefit_class(given: Given) -> Benefit | None:
    """Which benefit it is: `upbringing` (orphan, quasi-orphan, de facto unattended, HIV), `minimum_living`, `extreme_poverty`, `other`."""
    named = known(given.data.get("benefit")) or known(given.data.get("category"))
    if named is None:
        return None
    if named in UPBRINGING:
        return "upbringing"
    if named in MINIMUM_LIVING:
        return "minimum_living"
    return "extreme_poverty" if named in EXTREME_POVERTY else "other"


@fact
def fact_checkers(given: Given) -> tuple[str, ...] | None:
    """The departments that can say whether the matched facts are so (E73); prisons aside, HIV is never asked about."""
    found = {kind for code in matched(given) for part, kind in CHECKED_BY.items() if part in code}
    return tuple(sorted(found)) or None


@fact
def matched_imprisonment(given: Given) -> bool | None:
    """A matched fact is that a guardian is in prison (E73)."""
    facts = matched(given)
    return any(part in code for code in facts for part in IMPRISONED) if facts else None


@fact
def benefit_granted(given: Given) -> bool | None:
    """The authority granted the benefit (E76)."""
    result = known(given.data.get("result"))
    return None if result is None else result in GRANTED


@fact
def residence_outside_province(given: Given) -> bool | None:
    """The child lives in another province: the application was pushed to us from there (E75, K29)."""
    code = given.child.get("residence_code") or given.data.get("residence_code")
    return None if not code else territory().outside(str(code))


@fact
def decided_across_province(given: Given) -> bool:
    """The other province decided about an upbringing benefit: the applicant is to be told here (E76, K29)."""
    return given.huk_outside and benefit_class(given) == "upbringing"
