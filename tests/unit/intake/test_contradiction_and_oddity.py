"""What cannot be is refused with its reason; what only looks odd comes in with a flag."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from events.catalogue import CATALOGUE
from events.envelope import Event
from services.access.registration import Registration
from services.console.texts import text_of
from services.directory.territory import territory
from services.intake.door import Good, Refused, examine
from services.intake.oddity import FLAGS
from services.intake.surroundings import Surroundings, age_on
from tests.contract.events.event_examples import EXAMPLES

NOW = datetime(2026, 10, 2, 12, 14, tzinfo=UTC)  # 20:14 in Jilin
ANYBODY = Registration("sample", "sample", "220000", ("*",), sample=True)
BORN = {"c_1": date(2017, 5, 13), "c_2": date(2021, 12, 31)}  # nine, and four


def decide(name: str, source: str = "/village_committee/220122100201/v1", **data: Any) -> Good | Refused:
    time = data.pop("time", NOW)
    child = (
        {"child_ref": "c_1"}
        if CATALOGUE[f"{name}.v1"].ABOUT_CHILD and not {"child_refs", "child_known"} & data.keys()
        else {}
    )
    said = {"confidence": "suspected", "occurred_at": "2026-10-02T19:50:00+08:00"} | child | data
    event = Event(id="a1", source=source, type=f"{name}.v1", time=time, data=said)
    return examine(event, ANYBODY, Surroundings(NOW, territory(), BORN))


def refusals(name: str, **data: Any) -> dict[str, str]:
    outcome = decide(name, **data)
    return {fault.field: fault.rule for fault in outcome.errors} if isinstance(outcome, Refused) else {}


def odd(name: str, **data: Any) -> set[str]:
    outcome = decide(name, **data)
    assert isinstance(outcome, Good), outcome
    return set(outcome.flags)


def test_an_ordinary_event_is_neither_refused_nor_flagged() -> None:
    assert odd("visit.refused", attempts=2, age_years=9, residence_code="220122100", hukou_code="220322") == set()


@pytest.mark.parametrize(("age", "good"), [(7, False), (8, True), (9, True), (10, True), (11, False), (0, False)])
def test_an_age_is_held_against_the_birth_date_of_the_vault_give_or_take_a_year(age: int, good: bool) -> None:
    found = refusals("visit.refused", age_years=age)
    assert found == ({} if good else {"data.age_years": "age_contradicts"})


def test_an_age_off_by_a_year_is_flagged_and_a_contradiction_never_repeats_what_is_on_file() -> None:
    assert odd("visit.refused", age_years=10) == {"age_a_year_off"}
    outcome = decide("visit.refused", age_years=15)
    assert isinstance(outcome, Refused)
    assert not {"2017", "15", "9 "} & set(outcome.errors[0].expected.split())
    assert "2017" not in str(outcome)


def test_a_child_whom_the_vault_does_not_know_has_any_age() -> None:
    assert refusals("visit.refused", child_refs=["c_9"], age_years=17) == {}
    assert refusals("hotline.lead.received", child_known=False, estimated_age=3, **{"class": "begging"}) == {}


def test_each_of_several_children_is_looked_at() -> None:
    children = [{"child_ref": "c_1", "age_years": 9}, {"child_ref": "c_2", "age_years": 9}]
    found = refusals("guardian.lost_contact", child_refs=["c_1", "c_2"], children=children)
    assert found == {"data.children[1].age_years": "age_contradicts"}


def test_an_old_event_may_tell_the_age_of_then_or_of_today() -> None:
    assert odd("visit.refused", occurred_at="2023-06-01T08:00:00+08:00", age_years=6) == {"happened_long_ago"}
    assert odd("visit.refused", occurred_at="2023-06-01T08:00:00+08:00", age_years=9) == {"happened_long_ago"}
    assert refusals("visit.refused", occurred_at="2023-06-01T08:00:00+08:00", age_years=12) == {
        "data.age_years": "age_contradicts"
    }


def test_full_years_are_counted_to_the_birthday() -> None:
    assert age_on(date(2017, 5, 13), date(2026, 5, 12)) == 8
    assert age_on(date(2017, 5, 13), date(2026, 5, 13)) == 9
    assert age_on(date(2016, 2, 29), date(2026, 2, 28)) == 9


LATER = (NOW + timedelta(minutes=6)).isoformat()
SOON = (NOW + timedelta(minutes=4)).isoformat()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("visit.completed", {"visit_at": LATER}),
        ("visit.completed", {"visit_at": "2026-10-03"}),
        ("police.case.accepted", {"at": LATER}),
        ("guardian.deceased", {"death_date": "2026-10-03"}),
        ("child.living_alone", {"since": LATER}),
        ("court.protection_order.issued", {"issued_at": "2026-10-04"}),
        ("residence.permit.registered", {"issued_at": "2027-03-10"}),
    ],
)
def test_what_has_happened_cannot_lie_ahead(name: str, data: dict[str, Any]) -> None:
    assert refusals(name, **data) == {f"data.{field}": "in_the_future" for field in data}


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("visit.completed", {"visit_at": SOON, "findings": None}),
        ("guardian.deceased", {"death_date": "2026-10-02"}),
        ("guardian.imprisoned", {"expected_end": "2029-08-31"}),
        ("guardian.released", {"release_date": "2026-11-01"}),
        ("court.protection_order.issued", {"valid_until": "2027-04-03"}),
        ("timer.obligation.due", {"due_at": "2026-12-31"}),
        ("guardian.missing.declared", {"effective_date": "2026-11-01"}),
    ],
)
def test_what_may_lie_ahead_comes_in(name: str, data: dict[str, Any]) -> None:
    assert refusals(name, **data) == {}


@pytest.mark.parametrize(
    ("name", "data", "field"),
    [
        ("visit.refused", {"residence_code": "220199100"}, "data.residence_code"),
        ("child.mobility.changed", {"from_code": "220122", "to_code": "229998"}, "data.to_code"),
        ("guardian.released", {"destination_code": "220999"}, "data.destination_code"),
        ("visit.refused", {"pupil_at": "/school/220999/s1"}, "data.pupil_at"),
        ("suggestion.issued", {"addressee_org": "/education/220999/e1"}, "data.addressee_org"),
        ("visit.refused", {"source": "/village_committee/220999/v1"}, "source"),
        ("timer.obligation.due", {"owner": {"kind": "civil_affairs", "level": "county", "area": "220999"}}, "data.owner.area"),
        ("guardian.lost_contact", {"child_refs": ["c_1"], "children": [{"child_ref": "c_1", "hukou_code": "221122"}]},
         "data.children[0].hukou_code"),
    ],
)  # fmt: skip
def test_a_place_of_the_province_that_does_not_exist_is_refused_wherever_it_stands(
    name: str, data: dict[str, Any], field: str
) -> None:
    assert refusals(name, **data) == {field: "area_unknown"}


def test_every_reason_comes_at_once() -> None:
    found = refusals("visit.completed", visit_at=LATER, residence_code="220199", age_years=2, confidence="suspected")
    assert found == {
        "data.visit_at": "in_the_future",
        "data.residence_code": "area_unknown",
        "data.age_years": "age_contradicts",
    }


@pytest.mark.parametrize(
    ("flag", "name", "data"),
    [
        ("resides_outside", "visit.refused", {"residence_code": "150500"}),
        ("occurred_outside", "child.found", {"occurrence_code": "110101", "source": "/police/220122/p1"}),
        ("happened_long_ago", "visit.refused", {"occurred_at": "2025-09-30T08:00:00+08:00"}),
        ("happened_after_report", "visit.refused", {"time": datetime(2026, 10, 1, tzinfo=UTC)}),
        ("unusual_source", "education.returned", {"source": "/hospital/220122/h1"}),
        ("unusual_source", "visit.overdue", {"source": "/township_government/220122100/t1"}),
        ("no_findings", "visit.completed", {"child_seen": True}),
        ("beyond_register_age", "visit.refused", {"child_refs": ["c_9"], "age_years": 16, "child_categories": ["migrant"]}),
        ("migrant_at_home", "visit.refused",
         {"residence_code": "220122100", "hukou_code": "220122100", "child_categories": ["migrant"]}),
        ("age_a_year_off", "visit.refused", {"age_years": 8}),
    ],
)  # fmt: skip
def test_what_only_looks_odd_comes_in_with_its_flag(flag: str, name: str, data: dict[str, Any]) -> None:
    assert odd(name, **data) == {flag}


def test_another_provinces_registration_is_nothing_odd() -> None:
    assert odd("visit.refused", residence_code="220382", hukou_code="150500", child_categories=["migrant"]) == set()


def test_every_flag_has_its_words_in_both_languages() -> None:
    for lang in ("zh", "en"):
        assert set(text_of(lang).groups["flag"]) == set(FLAGS)


@pytest.mark.parametrize("name", [name for name in EXAMPLES if name.split("/")[0] in CATALOGUE])
def test_every_example_of_the_contracts_comes_in(name: str) -> None:
    event = Event.model_validate(EXAMPLES[name])
    ours = Registration("shouhu", "shouhu", "220000", ("*",))
    whose = ours if event.source.startswith("/shouhu/") else ANYBODY
    outcome = examine(event, whose, Surroundings(datetime(2026, 11, 25, tzinfo=UTC), territory()))
    assert isinstance(outcome, Good), outcome
    assert set(outcome.flags) <= {"no_findings"}
