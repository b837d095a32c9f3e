"""A status that time alone brings: on which day it is looked at again, and that the newest facts count."""

from datetime import date, datetime
from typing import Any

from events.envelope import Event
from services.law.calendar import SHANGHAI
from services.referral.case import Case
from services.referral.status_in_time import came_true, coming, look_again

AT = datetime(2026, 3, 2, 10, tzinfo=SHANGHAI)
DEAD = {"deceased": {"since": "2020-01-01"}}


def child(**father: dict[str, Any]) -> dict[str, Any]:
    return {"guardians": {"mother": DEAD, "father": father}}


def told(id_: str) -> Event:
    return Event(
        id=id_,
        source="/court/220122/c1",
        type="guardian.imprisoned.v1",
        time=AT,
        subject="c_1",
        data={"child_ref": "c_1"},
    )


def test_a_term_of_unknown_length_counts_six_months_after_it_began() -> None:
    assert coming(child(imprisoned={"since": "2026-03-01"}), date(2026, 3, 2)) == date(2026, 9, 1)
    assert coming(child(imprisoned={"since": "2026-08-31"}), date(2026, 9, 1)) == date(2027, 2, 28)  # K03 art 202


def test_what_holds_already_or_is_not_enough_is_not_waited_for() -> None:
    assert coming(child(imprisoned={"since": "2026-03-01", "expected_end": "2029-03-01"}), date(2026, 3, 2)) is None
    assert coming(child(imprisoned={"since": "2026-03-01", "expected_end": "2026-05-01"}), date(2026, 3, 2)) == date(
        2026, 9, 1
    )  # nobody said that he came back
    assert coming({}, date(2026, 3, 2)) is None
    assert (
        coming({"guardians": {"father": {"imprisoned": {"since": "2026-03-01"}}}}, date(2026, 3, 2)) is None
    )  # the mother cares


def test_lost_contact_counts_once_police_have_the_search_on_record() -> None:
    lost = {"since": "2026-03-01", "police_search_registered_at": "2026-03-05"}
    assert coming(child(lost_contact=lost), date(2026, 3, 6)) == date(2026, 9, 1)
    assert coming(child(lost_contact={"since": "2026-03-01"}), date(2026, 3, 6)) is None


def test_the_newest_facts_count_and_the_same_again_changes_nothing() -> None:
    case = Case(id="case_1", opened_at=AT, children=["c_1"], county="220122")
    look_again(case, "c_1", child(imprisoned={"since": "2026-03-01"}), told("a1"), AT)
    look_again(case, "c_1", child(imprisoned={"since": "2026-03-01"}), told("a1"), AT)
    assert [(t.due_at, t.state) for t in case.timers.values()] == [
        (datetime(2026, 9, 1, 8, 30, tzinfo=SHANGHAI), "set")
    ]
    look_again(case, "c_1", child(imprisoned={"since": "2026-02-01"}), told("a2"), AT)
    assert sorted((t.due_at.month, t.state) for t in case.timers.values()) == [(8, "set"), (9, "cancelled")]
    look_again(case, "c_1", {"guardians": {"mother": DEAD}}, told("a3"), AT)  # released
    assert {t.state for t in case.timers.values()} == {"cancelled"}


def test_a_day_that_was_given_up_and_is_waited_for_again_has_a_timer_of_another_name() -> None:
    case = Case(id="case_1", opened_at=AT, children=["c_1"], county="220122")
    held, released = child(imprisoned={"since": "2026-03-01"}), {"guardians": {"mother": DEAD}}
    for id_, facts in (("a1", held), ("a2", released), ("a3", held), ("a4", held)):
        look_again(case, "c_1", facts, told(id_), AT)
    first, again = case.timers.values()  # the tracker never sets again what was cancelled
    assert (first.state, again.state, first.due_at) == ("cancelled", "set", again.due_at)
    assert first.id != again.id


def test_on_the_day_the_file_decides() -> None:
    case = Case(id="case_1", opened_at=AT, children=["c_1"], county="220122")
    facts = child(imprisoned={"since": "2026-03-01"})
    look_again(case, "c_1", facts, told("a1"), AT)
    (timer,) = case.timers.values()
    (event,) = came_true(timer, facts, timer.due_at)
    assert (event.type, event.data["category"]) == ("benefit.eligibility.suspected.v1", "quasi_orphan")
    assert came_true(timer, {**facts, "deceased": True}, timer.due_at) == []
    assert came_true(timer, {**facts, "child_categories": ["quasi_orphan"]}, timer.due_at) == []  # recognised meanwhile
    assert came_true(timer, {**facts, "born_on": "2008-01-01"}, timer.due_at) == []  # of age
