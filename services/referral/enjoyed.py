"""What an answer leaves on the child's file: a service that was given is enjoyed, and is not matched again (domain section 6). Pure."""

from services.referral.case import Referral
from services.referral.join import Desk
from services.referral.life import Act

# Outcomes that mean the child has it now; what was unfounded, or only closed, may be matched again.
SERVED = frozenset({
    "benefit_granted", "counselling", "treated", "helped", "placement", "carer_found", "followed_up", "family_education_order",
    "returned_to_school",
})  # fmt: skip


def keep_answer(desk: Desk, referral: Referral, deed: Act) -> set[str]:
    """Note the items of a completed referral as enjoyed; the children whose file changed."""
    fact = referral.fact
    given = set(fact.list_items) - set(referral.note.get("consent_items") or ())
    if fact.child is None or not given or deed.action != "complete" or deed.data.get("reason") not in SERVED:
        return set()
    on_file = desk.registry.get(fact.child, {})
    desk.registry[fact.child] = {**on_file, "enjoyed": sorted({*(on_file.get("enjoyed") or ()), *given}, key=str)}
    return {fact.child}
