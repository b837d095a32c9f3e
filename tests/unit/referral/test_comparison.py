"""A county's comparison finds what a child on file is due, once, and as events that anybody can follow."""

from datetime import timedelta
from typing import Any

from events.catalogue import check
from services.referral.comparison import comparison_events
from services.referral.read_service_list import packaged_services
from tests.unit.referral.clock_examples import jilin

AT = jilin("09-23 07:00")
CHILD: dict[str, Any] = {"child_categories": ["migrant"], "age_years": 5, "residence_code": "220382", "hukou_code": "220122", "family_doctor": False,
                         "rating": "good"}  # fmt: skip


def events(facts: dict[str, Any], held: frozenset[int | str] = frozenset(), cause: str = "o1") -> list[Any]:
    return list(comparison_events(packaged_services(), "c_1", facts, held, AT, cause))


def test_what_is_due_and_not_held_becomes_one_event_that_keeps_its_contract() -> None:
    (found,) = events(CHILD)
    assert found.type == "service.match.found.v1"
    assert found.data["list_items"] == [6]
    assert found.data["digest_items"] == [22, 25, 27, 31, "P13", "P14"]
    assert found.causationid == "o1"
    assert check(found) == []


def test_what_an_open_referral_holds_and_what_was_told_is_not_found_again() -> None:
    assert events({**CHILD, "digested": [22, 25, 27, 31, "P13", "P14"]}, frozenset({6})) == []


def test_the_same_comparison_gives_the_same_event_and_another_one_another() -> None:
    (first,), (again,), (later,) = events(CHILD), events(CHILD), events(CHILD, cause="o2")
    assert first == again
    assert first.id != later.id


def test_a_benefit_that_has_come_to_be_due_with_time_is_suspected() -> None:
    since = (AT - timedelta(days=200)).date().isoformat()
    facts = {
        "age_years": 9,
        "residence_code": "220382",
        "guardians": {"mother": {"deceased": {}}, "father": {"imprisoned": {"since": since}}},
    }
    (found,) = events(facts)
    assert found.type == "benefit.eligibility.suspected.v1"
    assert found.data["category"] == "quasi_orphan"
    assert check(found) == []


def test_neither_the_grown_nor_the_dead_are_compared() -> None:
    assert events({**CHILD, "age_years": 18}) == []
    assert events({**CHILD, "deceased": True}) == []
