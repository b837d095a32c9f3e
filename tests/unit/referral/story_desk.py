"""A desk of open cases in memory, events as sources report them, and officers who answer: the pure core without a database."""

import itertools
from datetime import datetime
from typing import Any

from events.envelope import Event
from services.referral.answer import answer
from services.referral.case import Case, Referral
from services.referral.decide import Law, Outcome, decide
from services.referral.join import Desk
from services.referral.life import ACTIONS, Act, Who
from services.referral.service import law_of

LAW: Law = law_of(None)
HARM = "abuse.domestic_violence.suspected"
DROPOUT = "education.dropout.suspected"
_requests = itertools.count(1)


def event(type_: str, at: datetime, id_: str = "e1", child: str | None = "c_1", source: str = "/hospital/220122/h1",
          **data: Any) -> Event:  # fmt: skip
    """An accepted event about a child that lives in 农安县; `data` adds to it."""
    about: dict[str, Any] = {"child_known": False} if child is None else {"child_ref": child, "age_years": 10}
    if type_.startswith("guardian."):
        about = {"child_refs": [child]}
    told = {
        "residence_code": "220122100",
        "hukou_code": "220122100",
        "confidence": "suspected",
        "occurred_at": at.isoformat(),
    }
    return Event(id=id_, source=source, type=f"{type_}.v1", time=at, acceptedtime=at, data=told | about | data)


def tell(desk: Desk, told: Event) -> Outcome:
    """Decide an event at the moment of its acceptance."""
    assert told.acceptedtime is not None
    return decide(LAW, desk, told, told.acceptedtime)


def only_case(desk: Desk) -> Case:
    """The one open case of a desk."""
    (case,) = (case for case in desk.cases.values() if case.state == "open")
    return case


def referral_of(case: Case, kind: str, **wanted: Any) -> Referral:
    """The one referral to a kind of agency that has these values."""
    (found,) = (
        r for r in case.referrals.values()
        if r.fact.agency.kind == kind and all(getattr(r.fact, k) == v for k, v in wanted.items())
    )  # fmt: skip
    return found


def do(case: Case, referral: Referral, action: str, at: datetime, *, by: str = "officer-1", who: Who | None = None, **data: Any
       ) -> None:  # fmt: skip
    """Somebody who may does it; `who` says as what else."""
    known = ACTIONS.get(action)
    role: Who = who or ("officer" if known is None or "officer" in known.who else "operations")
    answer(case, referral, Act(action, frozenset({role}), by, at, f"request-{next(_requests)}", data), LAW.terms)
