"""The door's decisions, pure: who may say what, and what is new."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from events.envelope import Event
from events.faults import FieldError
from services.access.registration import Registration
from services.directory.territory import territory
from services.intake.door import Accepted, Duplicate, Good, Refused, aged, examine, partition_key, refused, settle_all
from services.intake.surroundings import Surroundings

NOW = datetime(2026, 10, 2, 12, 14, tzinfo=UTC)
HOSPITAL = Registration("h1", "hospital", "220122", ("abuse.*",))
DATA: dict[str, Any] = {
    "child_ref": "c_8h2k", "age_years": 9, "residence_code": "220122100", "confidence": "suspected",
    "occurred_at": "2026-10-02T19:50:00+08:00", "suspect_relation": "father",
}  # fmt: skip


def event(**changes: Any) -> Event:
    data = DATA | changes.pop("data", {})
    given = {"id": "a1", "source": "/hospital/220122/h1", "type": "abuse.domestic_violence.suspected.v1", "time": NOW}
    return Event.model_validate(given | {"data": data} | changes)


def decide(report: Event, now: datetime = NOW) -> Good | Refused:
    return examine(report, HOSPITAL, Surroundings(now, territory()))


def rules(outcome: Good | Refused) -> set[tuple[str, str]]:
    assert isinstance(outcome, Refused)
    return {(error.field, error.rule) for error in outcome.errors}


def test_a_good_event_is_good() -> None:
    assert isinstance(decide(event()), Good)


def test_every_fault_is_named_at_once() -> None:
    faults = rules(decide(event(type="child.missing.v1", data={"confidence": "perhaps", "unheard_of": 1})))
    assert {("type", "type_not_allowed"), ("data.confidence", "one_of"), ("data.unheard_of", "unknown_field")} <= faults


def test_what_is_not_the_callers_is_not_discussed() -> None:
    assert rules(decide(event(source="/school/220122/s1", data={"confidence": "perhaps"}))) == {
        ("source", "source_not_yours")
    }


@pytest.mark.parametrize("minutes", [-60 * 24 * 365, 0, 5])
def test_a_clock_that_runs_a_little_ahead_is_forgiven(minutes: int) -> None:
    assert isinstance(decide(event(time=NOW + timedelta(minutes=minutes))), Good)


def test_the_future_is_refused() -> None:
    later = NOW + timedelta(minutes=5, seconds=1)
    assert rules(decide(event(time=later))) == {("time", "in_the_future")}
    assert rules(decide(event(data={"occurred_at": later.isoformat()}))) == {("data.occurred_at", "in_the_future")}


@pytest.mark.parametrize(
    ("code", "known"),
    [
        ("220122", True), ("220122100", True), ("220122100201", True), ("220100", True), ("220000", True),
        ("110101", True), ("229900", True), ("229999", False), ("220199100", False), ("990101", False),
    ],
)  # fmt: skip
def test_an_area_must_be_somewhere(code: str, known: bool) -> None:
    found = decide(event(data={"hukou_code": code}))
    assert isinstance(found, Good) is known
    if not known:
        assert rules(found) == {("data.hukou_code", "area_unknown")}


def test_the_first_of_one_key_counts_and_order_is_kept() -> None:
    first, same, other = (Good(event(), digest) for digest in (b"1", b"1", b"2"))
    new, old = Good(event(id="a2"), b"3"), Good(event(id="a3"), b"4")
    outcomes = settle_all([first, same, other, new, old], {old.key: b"4"})
    assert [type(outcome) for outcome in outcomes] == [Accepted, Duplicate, Refused, Accepted, Duplicate]


def test_a_refusal_repeats_no_personal_number() -> None:
    error = (FieldError("id", "id_number", "none"),)
    assert refused("/hospital/220122/h1", "220122201705013414", error) == Refused("/hospital/220122/h1", None, error)
    assert refused("a\x00b", "a1", error).source is None


@pytest.mark.parametrize(
    ("data", "key"),
    [
        ({}, "c_8h2k"),
        ({"child_ref": None, "household_ref": "hh_1", "child_refs": ["c_1"]}, "hh_1"),
        ({"child_ref": None, "child_refs": ["c_1", "c_2"]}, "c_1"),
        ({"child_ref": None, "children": [{"child_ref": "c_3"}]}, "c_3"),
        ({"child_ref": None, "address_hash": "ab12"}, "ab12"),
        ({"child_ref": None}, "a1"),
    ],
)
def test_what_is_about_one_child_household_or_address_stays_in_order(data: dict[str, Any], key: str) -> None:
    assert partition_key(event(data=data)) == key


def test_the_vault_is_asked_only_about_children_of_whom_an_age_is_told() -> None:
    several = {
        "child_ref": None,
        "child_refs": ["c_1", "c_2"],
        "children": [{"child_ref": "c_1", "age_years": 3}, {"child_ref": "c_2"}],
    }
    assert aged([event()]) == {"c_8h2k"}
    assert aged([event(data={"age_years": None})]) == set()
    assert aged([event(data={**several, "age_years": None})]) == {"c_1"}
    assert aged([event(data={"age_years": 3, "child_ref": 7, "children": "nonsense"})]) == set()
