"""Which service items are new for an agency: what an open referral of the child holds there is not referred again (domain section 6). Pure."""

from dataclasses import replace

from services.referral.case import Case
from services.referral.receivers import Resolved

MATCHED = "service."  # the ids of what a match asks begin with it


def by_match_alone(recipient: Resolved) -> bool:
    """Whether only a match names this agency, no row of the rulebook."""
    return all(rule.startswith(MATCHED) for rule in recipient.rules)


def fresh(case: Case, recipient: Resolved, child: str | None) -> Resolved | None:
    """The recipient with its new items alone; None for one that only a match names and that has everything already."""
    matched = by_match_alone(recipient)
    if not recipient.list_items and not matched:
        return recipient
    there = [r for r in case.referrals.values()
             if r.open and r.fact.role != "cc" and r.fact.child == child and r.fact.agency == recipient.agency]  # fmt: skip
    held = {code for referral in there for code in referral.fact.list_items}
    items = tuple(code for code in recipient.list_items if code not in held)
    if matched and not items and (recipient.list_items or there):
        return None
    pending = tuple(code for code in recipient.consent_pending if code in items)
    waits = all_wait(items, pending) if matched else recipient.consent
    return replace(recipient, list_items=items, consent_pending=pending, consent=waits)


def all_wait(items: tuple[int | str, ...], pending: tuple[int | str, ...]) -> bool:
    """Whether there are items and every one of them waits for consent."""
    return bool(items) and set(items) == set(pending)
