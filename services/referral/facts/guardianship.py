"""Facts about guardians and about where a child lives (domain analysis 1.1, 1.2, 3.2)."""

from datetime import timedelta

from services.referral.facts.core import SHANGHAI, Given, any_true, as_moment, fact, known


@fact
def able_carer_known(given: Given) -> bool | None:
    """Another guardian who is able, or a carer, is known to be there (E02–E11); after a revocation only a new guardian counts (E08)."""
    if given.row == "guardian.rights.revoked":
        appointed = given.data.get("new_guardian")
        return None if known(appointed) is None else bool(appointed)
    other = known(given.data.get("other_guardian_status"))
    by_other = None if other is None else other in {"able", "capable"}
    return any_true(by_other, given.data.get("caregiver_known"))


@fact
def winter_without_heating(given: Given) -> bool | None:
    """No heating between 15 October and 15 April (PROP, E22)."""
    local = given.at.astimezone(SHANGHAI)
    winter = (local.month, local.day) >= (10, 15) or (local.month, local.day) <= (4, 15)
    if not winter:
        return False
    heating = given.data.get("heating_ok")
    return None if heating is None else not heating


@fact
def parents_unreachable_24h(given: Given) -> bool | None:
    """The parents have been unreachable for 24 hours since the stated facts began (`since`, else T; E22)."""
    if given.data.get("reachable_parent") is not False:
        return None if given.data.get("reachable_parent") is None else False
    since = as_moment(given.data.get("since")) or given.accepted_at or given.at
    return given.at - since >= timedelta(hours=24)


@fact
def search_receipt_awaited(given: Given) -> bool | None:
    """Police registered a search for the guardian and have not yet given the receipt that it had no result (E04, K28)."""
    if given.data.get("receipt_ref"):
        return False
    return True if given.data.get("police_search_registered_at") else None


# Categories that the grant of a benefit puts on file, and the items of the service list that are paid in cash (section 6).
BENEFIT_CATEGORIES = {"orphan", "quasi_orphan", "de_facto_unattended", "low_income", "registered_poor"}
CASH_ITEMS = {10, 14, 15}


@fact
def benefit_on_file(given: Given) -> bool | None:
    """The child is on file as having a benefit that hangs on its guardians' state; no word about it is unknown (E12, E13, E74)."""
    told = {*(given.data.get("child_categories") or ()), *(given.child.get("child_categories") or ())}
    if told & BENEFIT_CATEGORIES or CASH_ITEMS & set(given.child.get("enjoyed") or ()):
        return True
    return None
