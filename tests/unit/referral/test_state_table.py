"""Which action is allowed in which state and to whom: the whole table of the design, action by state by role."""

from datetime import timedelta
from typing import Any

import pytest

from events.agency import Agency
from services.referral.case import Case, Referral
from services.referral.join import Desk
from services.referral.life import ACTIONS, Refused, Who, allowed, why_not
from tests.unit.referral.clock_examples import jilin
from tests.unit.referral.story_desk import HARM, do, event, only_case, referral_of, tell

AT = jilin("09-09 10:00")
SOON = AT + timedelta(minutes=5)
STATES = ("sent", "acknowledged", "accepted", "in_progress", "on_hold", "completed", "failed", "closed", "returned", "redirected",
          "cancelled", "void")  # fmt: skip
OPEN = {"sent", "acknowledged", "accepted", "in_progress", "on_hold", "completed", "failed"}
OFFICER, CO_ORDINATOR, OPERATIONS = {"officer"}, {"co_ordinator"}, {"operations"}
LEADS = CO_ORDINATOR | OPERATIONS
# action: from, to (None: no change), who
TABLE: dict[str, tuple[set[str], str | None, set[str]]] = {
    "acknowledge": ({"sent"}, "acknowledged", OFFICER),
    "accept": ({"sent", "acknowledged"}, "accepted", OFFICER),
    "start": ({"sent", "acknowledged", "accepted"}, "in_progress", OFFICER),
    "feedback": (OPEN, None, OFFICER),
    "return": ({"sent", "acknowledged"}, "returned", OFFICER),
    "redirect": (OPEN, None, OFFICER),
    "hold": ({"accepted", "in_progress"}, "on_hold", OFFICER),
    "resume": ({"on_hold"}, "in_progress", OFFICER),
    "consent": ({"on_hold"}, "sent", OFFICER | LEADS),
    "complete": ({"acknowledged", "accepted", "in_progress"}, "completed", OFFICER),
    "fail": ({"accepted", "in_progress"}, "failed", OFFICER),
    "close": ({"completed", "failed"}, "closed", LEADS),
    "reopen": ({"completed", "failed", "closed"}, "in_progress", LEADS),
    "cancel": ({"sent"}, "cancelled", LEADS),
    "void": (OPEN, "void", OPERATIONS),
}
NEEDS: dict[str, dict[str, Any]] = {
    "feedback": {"text": "seen"},
    "return": {"reason": "no_capacity"},
    "redirect": {"kind": "education", "area": "220122", "summary": "school matter"},
    "hold": {"reason": "papers", "review_on": "2026-09-20"},
    "complete": {"reason": "helped", "text": "done"},
    "fail": {"reason": "unreachable", "attempts": ["called twice"]},
    "reopen": {"reason": "new facts"},
    "cancel": {"reason": "by mistake"},
    "void": {"reason": "a test record"},
}


def matter(state: str, action: str = "", **about: Any) -> tuple[Case, Referral]:
    """A benefit referral (P3-GEN, guardianship) that may be held and returned, put into a state."""
    desk = Desk()
    tell(desk, event("guardian.imprisoned", AT, source="/court/220122/c", caregiver_known=True))
    case = only_case(desk)
    referral = referral_of(case, "civil_affairs")
    referral.fact = referral.fact.model_copy(update={"state": state, **about})
    if action == "consent":
        referral.note["consent_pending"] = True
    return case, referral


def test_the_table_names_every_action() -> None:
    assert set(ACTIONS) == set(TABLE)


@pytest.mark.parametrize("action", TABLE)
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("role", ["officer", "co_ordinator", "operations"])
def test_an_action_is_allowed_exactly_as_the_table_says(action: str, state: str, role: Who) -> None:
    _, referral = matter(state, action)
    states, _, who = TABLE[action]
    reason = why_not(referral, ACTIONS[action], frozenset({role}), SOON)
    assert (reason is None) == (state in states and role in who), reason
    offered = {entry["action"] for entry in allowed(referral, frozenset({role}), SOON)}
    assert (action in offered) == (reason is None)


@pytest.mark.parametrize("action", [name for name in TABLE if name != "void"])
def test_an_allowed_action_leads_where_the_table_says(action: str) -> None:
    states, to, _ = TABLE[action]
    for state in states:
        case, referral = matter(state, action)
        before = referral.fact.version
        do(case, referral, action, SOON, **NEEDS.get(action, {}))
        assert referral.fact.state == (to or state)
        assert referral.fact.version > before


@pytest.mark.parametrize("action", list(NEEDS))
def test_what_is_missing_is_named_and_nothing_changes(action: str) -> None:
    states, _, _ = TABLE[action]
    case, referral = matter(min(states), action)
    before = referral.fact
    with pytest.raises(Refused) as refused:
        do(case, referral, action, SOON)
    assert {field for field, _, _ in refused.value.missing} == {f"data.{name}" for name in NEEDS[action]}
    assert referral.fact == before


def test_a_code_that_asks_for_more_says_so() -> None:
    case, referral = matter("sent")
    with pytest.raises(Refused) as refused:
        do(case, referral, "return", SOON, reason="not_our_remit")
    assert {field for field, _, _ in refused.value.missing} == {"data.kind", "data.area"}
    with pytest.raises(Refused) as refused:
        do(case, referral, "complete", SOON, reason="other")
    assert referral.fact.state == "sent"


def test_an_unknown_action_or_code_is_refused_with_what_was_expected() -> None:
    case, referral = matter("acknowledged")
    with pytest.raises(Refused) as refused:
        do(case, referral, "dance", SOON)
    assert "acknowledge" in refused.value.missing[0][2]
    with pytest.raises(Refused) as refused:
        do(case, referral, "complete", SOON, reason="whatever", text="x")
    assert refused.value.missing[0][0] == "data.reason"


@pytest.mark.parametrize(("at", "open_"), [("10:29", True), ("10:30", False), ("10:31", False)])
def test_a_return_belongs_to_the_acknowledgement_window(at: str, open_: bool) -> None:
    desk = Desk()
    tell(desk, event(HARM, AT))
    civil = referral_of(only_case(desk), "civil_affairs")  # P2: 30 minutes
    reason = why_not(civil, ACTIONS["return"], frozenset({"officer"}), jilin(f"09-09 {at}"))
    assert (reason is None) == open_


@pytest.mark.parametrize("kind", ["police", "police_station", "police_command"])
def test_police_never_return_harm_but_may_return_other_matters(kind: str) -> None:
    _, referral = matter("sent")
    police = Agency(kind, "county", "220122")
    for family, free in (("harm", False), ("education", True)):
        referral.fact = referral.fact.model_copy(update={"agency": police, "family": family})
        assert (why_not(referral, ACTIONS["return"], frozenset({"officer"}), SOON) is None) == free


def test_only_benefit_and_service_matters_of_the_slow_profiles_may_wait() -> None:
    for profile, family, free in (
        ("P3-GEN", "guardianship", True), ("P4-SVC", "services", True), ("P3-GEN", "services", True),
        ("P2-GEN", "guardianship", False), ("P3-GEN", "education", False), ("P3-GEN", "harm", False), ("P1-CIV", "harm", False),
    ):  # fmt: skip
        _, referral = matter("accepted", profile=profile, family=family)
        assert (why_not(referral, ACTIONS["hold"], frozenset({"officer"}), SOON) is None) == free, (profile, family)


def test_a_copy_is_acknowledged_cancelled_or_voided_and_nothing_else() -> None:
    _, referral = matter("sent", role="cc")
    offered = {a["action"] for a in allowed(referral, frozenset({"officer", "co_ordinator", "operations"}), SOON)}
    assert {"acknowledge", "cancel", "void"} <= offered <= {"acknowledge", "cancel", "void", "feedback"}


def test_waiting_for_consent_is_not_waiting_for_a_review() -> None:
    _, referral = matter("on_hold", "consent")
    assert why_not(referral, ACTIONS["resume"], frozenset({"officer"}), SOON)
    _, held = matter("on_hold")
    assert why_not(held, ACTIONS["consent"], frozenset({"officer"}), SOON)


def test_the_handler_does_not_close_what_he_completed() -> None:
    case, referral = matter("accepted")
    do(case, referral, "complete", SOON, by="li", reason="helped", text="done")
    with pytest.raises(Refused) as refused:
        do(case, referral, "close", SOON, by="li", who="co_ordinator")
    assert refused.value.forbidden
    do(case, referral, "close", SOON, by="wang", who="co_ordinator")
    assert referral.fact.state == "closed"


def test_void_takes_two_persons_and_stops_at_the_first_act() -> None:
    case, referral = matter("sent")
    states = []
    for person in ("ops-1", "ops-1", "ops-2"):
        do(case, referral, "void", SOON, by=person, reason="test")
        states.append(referral.fact.state)
    assert states == ["sent", "sent", "void"]
    case, referral = matter("sent")
    do(case, referral, "acknowledge", SOON)
    with pytest.raises(Refused):
        do(case, referral, "void", SOON, by="ops-1", reason="test")


@pytest.mark.parametrize(
    ("action", "stopped"),
    [("acknowledge", {"ack"}), ("accept", {"ack"}), ("start", {"ack", "start"}), ("feedback", {"feedback"}),
     ("complete", {"start", "feedback", "close"}), ("return", {"ack", "start", "feedback", "close"}),
     ("cancel", {"ack", "start", "feedback", "close"})],
)  # fmt: skip
def test_an_action_stops_its_own_clocks(action: str, stopped: set[str]) -> None:
    case, referral = matter("acknowledged" if action == "complete" else "sent")
    do(case, referral, action, SOON, **NEEDS.get(action, {}))
    assert {c.name for c in referral.fact.clocks if c.stopped_at} == stopped
