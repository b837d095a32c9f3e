"""Facts about what a child's parents and benefits are on file as (domain analysis 0, 6)."""

from typing import Any

from services.referral.benefit_status import parents_of
from services.referral.facts.core import Given, fact

# B§2.2: sight and limbs grades 1–2, mind grades 1–3. The benefit's own test is another one (S2 in benefit_status.py); never mixed.
DISTRESS_GRADES = {"visual": 2, "limb": 2, "physical": 2, "intellectual": 3, "mental": 3, "psychiatric": 3}
MINIMUM_LIVING_ITEM = 14


@fact
def severe_disability_distress(given: Given) -> bool | None:
    """Both parents are severely disabled by the test of family distress (B§2.2): sight, limbs grade 1–2; intellect, mind grade 1–3."""
    told: list[bool | None] = []
    for states in parents_of(given.child.get("guardians") or {}):
        about = states.get("severely_disabled")
        grade = (about or {}).get("grade")
        told.append(
            None if about is None or grade is None else int(grade) <= DISTRESS_GRADES.get(str(about.get("category")), 0)
        )
    if False in told:
        return False
    return None if None in told else True


@fact
def payee(given: Given) -> Any:
    """To whose account a benefit is paid, as on file (item 14, C-L14); while the guardian is in doubt a person reviews it (R10)."""
    return given.child.get("payee")


@fact
def paid_to_guardian(given: Given) -> bool | None:
    """A minimum living allowance is paid for the child, and no other payee than a guardian is on file (item 14, C-L14)."""
    if MINIMUM_LIVING_ITEM not in (given.child.get("enjoyed") or ()):
        return None
    return given.child.get("payee") in (None, "guardian", "father", "mother", "parent", "other_parent", "grandparent")


@fact
def guardian_in_doubt(given: Given) -> bool | None:
    """The guardian refused or neglected the duty, or somebody else looks after the child meanwhile, as far as on file (E15, E16, E96)."""
    told = [given.child.get(name) for name in ("guardian_duty_failed", "in_temporary_guardianship")]
    return True if True in told else False if False in told else None
