"""Who answers in a story: the role that a step names, else somebody who may. Pure."""

from collections.abc import Sequence

from events.agency import Agency
from services.access.callers import ALL, EveryPost
from services.access.roles import Caller
from services.directory.agencies import FUNCTIONS
from services.referral.life import ACTIONS, LEADS

OFFICER = Caller("scenario:officer", "scenario officer", "officer", sample=True)
CO_ORDINATOR = Caller("scenario:case_lead", "scenario case lead", "officer", sample=True)
OPERATIONS = Caller("scenario:operations", "scenario operations", "operations", sample=True)
SECOND = Caller("scenario:operations:2", "scenario second person", "operations", sample=True)
_NAMED = {
    "operations": OPERATIONS, "ops_tracer": OPERATIONS, "case_lead": CO_ORDINATOR, "co_ordinator": CO_ORDINATOR, "officer": OFFICER,
}  # fmt: skip

Actor = tuple[Caller, frozenset[str] | EveryPost]


def actors(action: str, by: str | None, agency: Agency) -> Sequence[Actor]:
    """The caller and posts that carry out an action, one after the other where two persons are needed; none for a role that answers nothing.

    A role of domain analysis 2.3 may do what its post at the referral's agency may, no more.
    """
    if by in _NAMED:
        return [(_NAMED[by], ALL)]
    if by is not None:
        function = FUNCTIONS.get(by)
        if function is None or not function.acts:
            return []
        return [(Caller(f"scenario:{by}", f"scenario {by}", "officer", sample=True), frozenset({f"{agency}/{by}"}))]
    if action == "void":
        return [(OPERATIONS, ALL), (SECOND, ALL)]
    known = ACTIONS.get(action)
    leads_only = known is not None and not known.who & {"officer"} and bool(known.who & LEADS)
    return [(CO_ORDINATOR if leads_only else OFFICER, ALL)]
