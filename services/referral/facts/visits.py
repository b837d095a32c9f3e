"""Facts about visits and duties: whether somebody came meanwhile, and how pressing an overdue duty is (domain analysis 5)."""

from datetime import timedelta

from services.referral.facts.child import categories
from services.referral.facts.core import SHANGHAI, Given, any_true, as_moment, fact

PRESSING = {"T26"}  # a protection order that ends, visits after a warning letter: the table's P2


@fact
def visited_since_due(given: Given) -> bool | None:
    """The child was seen after the visit that was missed (E84): a visit on record later than the one that it was counted from."""
    due = as_moment(given.data.get("due_at"))
    visited = as_moment(given.child.get("last_visit_on"))
    if due is None or visited is None:
        return None
    # `due_at` is the end of its day: a visit after it has come.
    return visited.astimezone(SHANGHAI).date() > (due - timedelta(microseconds=1)).astimezone(SHANGHAI).date()


@fact
def sealed(given: Given) -> bool | None:
    """The child's visits belong to a named post: the missed visit says so (E84), or HIV or a severe disorder is on file (T03)."""
    on_file = "hiv" in categories(given) or given.child.get("severe_disorder") is True
    return any_true(given.data.get("sealed"), on_file)


@fact
def pressing_duty(given: Given) -> bool:
    """The duty that was missed protects a child from violence (T26), so its referral is pressing (E100)."""
    return given.data.get("obligation_code") in PRESSING
