"""What the tracker says of obligations: reminders, events with their contract, and care that was handed over badly."""

from typing import Any

import pytest

from events.catalogue import CATALOGUE
from events.envelope import Event
from services.tracker.child_file import ChildFile
from services.tracker.delegation import improper_delegation, rating_lowered
from services.tracker.obligation_events import overdue
from services.tracker.obligation_rows import Row, reconciled, row_of
from services.tracker.obligation_rules import packaged
from tests.unit.tracker.children import at, on_file, owes, told


def registered(**data: Any) -> Event:
    about = {
        "child_ref": "c_1",
        "confidence": "confirmed",
        "occurred_at": at("2026-09-03").isoformat(),
        "reason": "work",
        "full_capacity": True,
    }
    return Event(
        id="d1", source="/village_committee/220122100201/v1", type="care.delegation.registered.v1", data=about | data
    )


@pytest.mark.parametrize(
    ("data", "ground"),
    [({}, None), ({"child_heard": True}, None), ({"child_heard": False}, "other"), ({"child_heard": False, "age_years": 9}, "other"),
     ({"child_heard": False, "age_years": 1}, None), ({"full_capacity": False}, "delegate_without_capacity"),
     ({"full_capacity": None}, None), ({"reason": "no_reason"}, "no_valid_reason"), ({"reason": None}, "no_valid_reason")],
)  # fmt: skip
def test_care_that_was_handed_over_badly_is_said_to_be(data: dict[str, Any], ground: str | None) -> None:
    made = improper_delegation(registered(**data), {}, at("2026-09-03"))
    assert (made.data["ground"] if made else None) == ground
    if made:
        CATALOGUE[made.type].model_validate(made.data)
        assert (made.acceptedtime, made.causationid) == (at("2026-09-03"), "d1")


def row_for(child: ChildFile, on: str, code: str) -> Row:
    return next(row_of(one, at(on)) for one in owes(child, on) if one.code == code)


def test_a_missed_visit_of_a_sealed_matter_is_sealed_itself() -> None:
    child = told(on_file("2026-09-01", rating="fair", last_visit_on="2026-08-31"), "child.hiv.infected", "2026-09-02")
    made = overdue(row_for(child, "2026-09-02", "T03"), child, packaged(), at("2026-09-15", 0))
    assert made is not None
    assert made.data["sealed"] is True
    assert CATALOGUE[made.type].model_validate(made.data).classification() == "C4"


def test_the_same_obligation_gives_the_same_event() -> None:
    child = on_file("2026-09-01", rating="fair", last_visit_on="2026-08-31")
    row = row_for(child, "2026-09-01", "T02")
    assert overdue(row, child, packaged(), at("2026-10-01", 0)) == overdue(row, child, packaged(), at("2026-10-01", 0))


def test_a_missed_contact_is_asked_of_the_township() -> None:
    child = told(on_file("2026-09-01", rating="fair"), "care.delegation.registered", "2026-09-15")
    made = overdue(row_for(child, "2026-09-15", "T35"), child, packaged(), at("2026-10-16", 0))
    assert made is not None
    assert made.data["owner"] == {"kind": "township_government", "level": "township", "area": "220122100"}


def test_nobody_is_told_that_a_question_was_not_asked() -> None:
    child = told(on_file("2026-09-01", rating="fair"), "care.delegation.registered", "2026-09-15")
    assert overdue(row_for(child, "2026-09-15", "T28"), child, packaged(), at("2026-10-16", 0)) is None


def test_a_missed_visit_stays_missed_when_another_rating_changes_the_next_one() -> None:
    child = on_file("2026-09-01", rating="fair", last_visit_on="2026-08-31")
    row = row_for(child, "2026-09-01", "T02")
    missed = Row(
        **{**{name: getattr(row, name) for name in Row.__slots__}, "state": "overdue", "overdue_at": row.due_at}
    )
    later = told(child, "risk.rating.changed", "2026-10-05", to="insufficient")
    changed = reconciled(later, packaged(), owes(later, "2026-10-05"), [missed], at("2026-10-05"))
    assert {(one.code, one.state) for one in changed} == {("T03", "open"), ("T19", "open"), ("T36", "open")}


def test_who_leaves_the_register_is_owed_nothing_more() -> None:
    child = on_file("2026-09-01", rating="fair", last_visit_on="2026-08-31")
    row = row_for(child, "2026-09-01", "T02")
    gone = told(child, "child.deceased", "2026-09-10")
    [ended] = reconciled(gone, packaged(), owes(gone, "2026-09-10"), [row], at("2026-09-10"))
    assert (ended.state, ended.next_at) == ("cancelled", None)


def test_when_nothing_changed_no_row_changes() -> None:
    child = on_file("2026-09-01", rating="fair", last_visit_on="2026-08-31")
    rows = [row_of(one, at("2026-09-01")) for one in owes(child, "2026-09-01")]
    assert reconciled(child, packaged(), owes(child, "2026-09-01"), rows, at("2026-09-02")) == []


@pytest.mark.parametrize(
    ("data", "to"),
    [({"rating": "good"}, "fair"), ({"rating": "fair"}, "insufficient"), ({"rating": "absent"}, None), ({}, "insufficient"),
     ({"rating": "good", "weekly_contact": True}, None), ({"rating": "good", "weekly_contact": None}, None),
     ({"rating": "good", "child_seen": False}, None)],
)  # fmt: skip
def test_parents_who_do_not_keep_in_touch_lower_the_rating_by_one(data: dict[str, Any], to: str | None) -> None:
    child = told(on_file("2026-09-01", rating="fair"), "care.delegation.registered", "2026-09-03")
    about = {
        "child_ref": "c_1",
        "confidence": "confirmed",
        "occurred_at": at("2026-09-20").isoformat(),
        "child_seen": True,
        "weekly_contact": False,
    }
    event = Event(id="v1", source="/village_committee/220122100201/v1", type="visit.completed.v1", data=about | data)
    made = rating_lowered(event, child, at("2026-09-20"))
    assert (made.data["to"] if made else None) == to
    assert made is None or CATALOGUE[made.type].model_validate(made.data)
    assert rating_lowered(event, on_file("2026-09-01", rating="fair"), at("2026-09-20")) is None
