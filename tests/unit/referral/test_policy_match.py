"""Policy finds the person: which agency is asked for what, what is only told, what is dropped and what nobody knows."""

from datetime import date
from typing import Any

import pytest

from services.referral.eligibility import Asked
from services.referral.policy_match import Due, Match, match, runs_on
from services.referral.read_service_list import packaged_services

ON = date(2026, 3, 10)
SERVICES = packaged_services()
# The boy of scenario S10.
BOY: dict[str, Any] = {
    "age_years": 5, "child_categories": ["migrant", "disabled", "low_income"], "resident_since": "2025-07-01",
    "disability": {"category": "hearing", "grade": 2}, "family_doctor": False, "insured_at_residence": False, "vaccination_gap": True,
    "enrolled": False, "housing_difficulty": False, "parents_employed": True, "mother_wants_training": False, "residence_permit": True,
}  # fmt: skip
PERMIT = "residence.permit.registered"


def ask(
    child: dict[str, Any], row: str = PERMIT, res: str = "220382", huk: str = "150500", on: date = ON, **data: Any
) -> Match:
    return match(SERVICES, Asked(child, row, on, data, {"res": res, "huk": huk, "occ": res}))


def items(found: Match) -> dict[tuple[str, str], tuple[int | str, ...]]:
    return {(due.kind, due.where): due.items for due in found.due}


def of(found: Match, kind: str, where: str = "res") -> Due | None:
    return next((due for due in found.due if (due.kind, due.where) == (kind, where)), None)


def test_the_boy_of_s10_is_found() -> None:
    found = ask(BOY)
    assert items(found) == {
        ("health", "res"): (1, 6, 20), ("cdc", "res"): (1,), ("education", "res"): (2, 13), ("medical_insurance", "res"): (7,),
        ("civil_affairs", "res"): (11, 14, 24), ("civil_affairs", "huk"): (11, 14), ("disabled_federation", "res"): (12, 13),
        ("womens_federation", "res"): ("P10", "P15"), ("youth_league", "res"): ("P15",), ("township_government", "res"): (),
    }  # fmt: skip
    assert found.digest == (22, 25, 27, 29, 31, "P13", "P14")
    assert {3, 4, 5, 8, 15, 16, 17, 18, 19, 21, 23, 30} <= found.not_known.keys()
    assert {9, 10, 26, 28, 32}.isdisjoint({*found.items, *found.not_known})


def test_what_waits_for_consent_says_so_and_with_consent_it_does_not_wait() -> None:
    women = of(ask(BOY), "womens_federation")
    assert women is not None
    assert women.consent_pending == ("P15",)
    given = of(ask({**BOY, "consent": ["charity"]}), "womens_federation")
    assert given is not None
    assert given.consent_pending == ()


def test_what_the_child_has_already_is_not_matched_again() -> None:
    found = ask({**BOY, "enjoyed": [1, 6, 14, 22, "P10"]})
    assert of(found, "cdc") is None
    assert items(found)[("health", "res")] == (20,)
    assert items(found)[("civil_affairs", "res")] == (11, 24)
    assert found.digest == (25, 27, 29, 31, "P13", "P14")
    assert found.dropped == (1, 6, 14, 22, "P10")


def test_a_fact_that_nobody_knows_is_named_and_matches_nothing() -> None:
    found = ask({"child_categories": ["migrant"], "age_years": 5})
    assert of(found, "medical_insurance") is None
    assert found.not_known[7] == ("insured_at_residence", "cross_region_bill")
    assert found.not_known[1] == ("health_gap", "vaccination_gap")


def test_a_death_asks_for_the_screening_of_the_bereaved_childs_mind_alone() -> None:
    found = ask({**BOY, "bereaved": True, "pupil_at": "/school/220382/s1"}, "guardian.deceased")
    assert items(found) == {("education", "res"): (20,)}
    assert found.digest == ()


def test_a_left_behind_child_is_due_what_the_lists_open_to_it_and_no_more() -> None:
    found = ask({"child_categories": ["left_behind"], "age_years": 9, "stage": "compulsory", "family_doctor": False, "parents_employed": False},
                "child.left_behind.identified", huk="220382")  # fmt: skip
    assert items(found) == {
        ("health", "res"): (6,),
        ("education", "res"): (20,),
        ("human_resources", "res"): (30,),
    }
    assert found.digest == (22, 26, 27, "P13", "P14")


def test_a_child_that_is_in_no_register_is_due_only_what_every_child_is() -> None:
    found = ask(
        {"child_categories": [], "age_years": 9, "family_doctor": False, "stage": "compulsory"},
        "livelihood.difficulty",
        huk="220382",
    )
    assert items(found) == {("health", "res"): (6,)}
    assert found.digest == ()


def test_a_permit_of_a_child_from_elsewhere_makes_a_migrant_child_at_once() -> None:
    stranger = {"age_years": 5, "enrolled": False}
    assert items(ask(stranger))[("education", "res")] == (2,)
    assert items(ask(stranger, huk="220382")) == {}
    core = ask(stranger, res="220102", huk="220103")
    assert ("education", "res") not in items(core)


@pytest.mark.parametrize(
    ("event", "child", "data", "expected"),
    [
        ("education.aid_need", {"child_categories": ["orphan"]}, {},
         {"civil_affairs": ("P01",), "womens_federation": ("P11",), "township_government": ()}),
        ("education.aid_need", {"child_categories": ["low_income"], "entering_university": True}, {},
         {"charity_federation": ("P02",), "youth_league": ("P03",), "womens_federation": ("P11",), "township_government": ()}),
        ("child.disability.suspected", {}, {"screen_type": "CHD"}, {"charity_federation": ("P05",), "township_government": ()}),
        ("benefit.unmet_after_policy", {}, {"needs": ["health"]}, {"charity_federation": ("P06",), "township_government": ()}),
        ("service.parent_need", {"parent_need": "jobs"}, {}, {"human_resources": ("P16",)}),
    ],
)  # fmt: skip
def test_a_programme_runs_on_its_own_events(
    event: str, child: dict[str, Any], data: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert {due.kind: due.items for due in ask(child, event, huk="220382", **data).due} == expected


def test_serious_illness_of_a_poor_child_asks_three_funds_by_consent() -> None:
    found = ask({"child_categories": ["low_income", "seriously_ill"]}, "child.serious_illness", catalog_code="chd")
    charity = of(found, "charity_federation")
    assert charity is not None
    assert charity.items == charity.consent_pending == ("P04", "P05", "P07")


def test_the_social_work_programme_goes_with_the_row_of_its_event() -> None:
    found = ask({}, "child.behaviour.misconduct")
    assert found.due == ()
    assert found.row_items == (("youth_league", "P08"),)


def test_hiv_is_told_to_the_registrations_named_post_and_shows_nowhere_else() -> None:
    found = ask({"child_categories": ["hiv"], "age_years": 9}, "benefit.decided", huk="220382")
    assert items(found) == {("civil_affairs", "huk"): (10,)}
    assert found.due[0].sealed


def test_a_severe_disorder_seals_what_rests_on_it() -> None:
    found = ask({"child_categories": ["migrant"], "severe_disorder": True, "at_home": True})
    health, bureau = of(found, "health"), of(found, "civil_affairs")
    assert health is not None
    assert bureau is not None
    assert (health.items, bureau.items) == ((8,), (8, 21))
    assert health.sealed
    assert bureau.sealed


def test_a_match_that_somebody_else_found_asks_the_departments_of_its_items() -> None:
    found = ask({"child_categories": ["migrant"]}, "service.match.found", list_items=[6, 7, "P10", 22])
    assert items(found) == {
        ("health", "res"): (6,),
        ("medical_insurance", "res"): (7,),
        ("womens_federation", "res"): ("P10",),
        ("township_government", "res"): (),
    }
    assert found.digest == (22,)


@pytest.mark.parametrize(
    ("row", "runs"),
    [(PERMIT, True), ("guardian.deceased", True), ("education.aid_need", True), ("child.missing", False)],
)
def test_only_named_events_are_matched(row: str, runs: bool) -> None:
    assert runs_on(SERVICES, row) is runs


def test_every_agency_is_asked_once() -> None:
    found = ask({**BOY, "loneliness": True, "parent_need": "education", "mother_wants_training": True})
    keys = [(due.kind, due.level, due.where) for due in found.due]
    assert len(keys) == len(set(keys))
