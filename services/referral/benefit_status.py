"""The status test (domain section 6; K28): orphan, quasi-orphan, de facto unattended; what newly holds, and what may have ended. Pure.

Never a decision: what holds is only suspected (E73, E74), and a person decides (R10).
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from events.guardian_facts import PARENTS
from services.referral.eligibility import months_between

Status = Literal["orphan", "quasi_orphan", "de_facto_unattended"]
States = Mapping[str, Mapping[str, Any]]
STATUSES: tuple[Status, ...] = ("orphan", "quasi_orphan", "de_facto_unattended")  # the stronger one first
MONTHS = 6  # custody, other restrictions and lost contact count from here (K28)
DEAD = "deceased"
DECLARED = "missing"  # by a court
NOT_FOUND = "cannot_be_found"
FOR_A_TERM = ("imprisoned", "compulsory_detox", "liberty_restricted")
S1 = (*FOR_A_TERM, "rights_revoked", "deported")
S2 = (*S1, "severely_disabled", "seriously_ill", "lost_contact")
MIND = {"intellectual", "mental", "psychiatric"}


@dataclass(frozen=True)
class Held:
    """A status that the facts on file make, with the facts that make it, as codes without a person."""

    status: Status
    matched_facts: tuple[str, ...]
    since: date | None = None  # from when the facts make it; None where they bear no days


def held(child: Mapping[str, Any], on: date) -> Held | None:
    """The strongest status that the guardians' states on file make on a day. HIV makes a quasi-orphan too, but is never told here."""
    parents = parents_of(child.get("guardians") or {})
    one, two = (counting(states, on) for states in parents)
    gone = [_first(states, (DEAD, NOT_FOUND, DECLARED)) for states in (one, two)]
    if all(gone):
        return _held("orphan", parents, gone)
    in_s1, in_s2 = ([_first(states, group) for states in (one, two)] for group in (S1, S2))
    for status, within in (("quasi_orphan", in_s1), ("de_facto_unattended", in_s2)):
        left = [g or w for g, w in zip(gone, within, strict=True)]
        if all(left) and sum(g is not None for g in gone) <= 1:
            return _held(status, parents, left)
    return None


def _held(status: str, parents: tuple[States, States], states: list[str | None]) -> Held:
    days = [counts_from(state, parents[n][state]) for n, state in enumerate(states) if state]
    since = None if None in days else max(day for day in days if day)
    return Held(next(s for s in STATUSES if s == status), (f"parent_{states[0]}", f"other_parent_{states[1]}"), since)


def _first(states: tuple[str, ...], among: tuple[str, ...]) -> str | None:
    return next((state for state in among if state in states), None)


def parents_of(guardians: Mapping[str, States]) -> tuple[States, States]:
    """The two parents' states. What was said without a role is the parent's of whom nothing else is known; two different states told
    without a role may be two people's, which counts for the child (a person checks)."""
    named = [guardians[role] for role in ("father", "mother") if guardians.get(role)]
    unnamed = [guardians[role] for role in ("parent", "other_parent") if guardians.get(role)]
    known = [*named, *unnamed][: len(PARENTS)]
    if len(known) == 1 and not named and len(known[0]) > 1:
        (state, about), *rest = known[0].items()
        return {state: about}, dict(rest)
    first, second = (*known, {}, {})[:2]
    return first, second


def counting(states: States, on: date) -> tuple[str, ...]:
    """Those of a parent's states that count on a day."""
    return tuple(state for state, about in states.items() if counts(state, about, on))


def counts(state: str, about: Mapping[str, Any], on: date) -> bool:
    """Whether a state counts: terms and lost contact from six months on, a disability by the benefit's own grades.

    A state told without its days counts, because a person checks; one whose days show less than six months does not yet.
    """
    since = _day(about.get("since"))
    if state in FOR_A_TERM:
        if about.get("term_months") is not None or _term(about) >= MONTHS:
            return _term(about) >= MONTHS
        return since is None or on >= months_later(since, MONTHS)
    if state == "lost_contact":
        receipt = bool(about.get("receipt_ref") or about.get("police_search_registered_at"))
        return since is None or (receipt and on >= months_later(since, MONTHS))
    if state == "severely_disabled":
        grade = about.get("grade")
        return grade is None or int(grade) <= 2 or about.get("category") in MIND
    return state in (DEAD, DECLARED, NOT_FOUND, *S2)


def counts_from(state: str, about: Mapping[str, Any]) -> date | None:
    """The day from which a state counts; None where its days are not known."""
    since = _day(about.get("since"))
    told_at_once = state not in (*FOR_A_TERM, "lost_contact") or _term(about) >= MONTHS
    return since if since is None or told_at_once else months_later(since, MONTHS)


def _term(about: Mapping[str, Any]) -> int:
    if about.get("term_months") is not None:
        return int(about["term_months"])
    since, until = _day(about.get("since")), _day(about.get("expected_end"))
    return months_between(since, until) if since and until else 0


def months_later(day: date, months: int) -> date:
    """The corresponding day so many months later, else the month's last day (K03 art 202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _day(value: Any) -> date | None:
    return date.fromisoformat(str(value)[:10]) if value else None
