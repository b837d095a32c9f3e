"""What is on file about a child follows from events alone."""

from datetime import date
from typing import Any

import pytest

from events.child_facts import age_of, key_care, learned, merge

LEARNED: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("child.disability.certified.v1", {"category": "hearing", "grade": 2},
     {"child_categories": ["disabled"], "disability": {"category": "hearing", "grade": 2, "certified": True, "suspected": False}}),
    ("child.disability.suspected.v1", {"screen_type": "hearing"}, {"disability": {"suspected": True}}),
    ("child.disability.suspected.v1", {"screen_type": "CHD"}, {}),
    ("child.rehab_need.v1", {}, {"disability": {"rehab_need": True}}),
    ("health.vaccination.gap.v1", {}, {"vaccination_gap": True}),
    ("health.management.gap.v1", {}, {"health_gap": True}),
    ("insurance.uninsured.v1", {}, {"insured_at_residence": False}),
    ("child.mental.severe_disorder.v1", {}, {"severe_disorder": True, "at_home": True}),
    ("child.serious_illness.v1", {}, {"child_categories": ["seriously_ill"]}),
    ("child.hiv.infected.v1", {}, {"child_categories": ["hiv"]}),
    ("housing.difficulty.v1", {}, {"housing_difficulty": True}),
    ("livelihood.emergency.v1", {}, {"emergency": True}),
    ("residence.permit.registered.v1", {}, {"residence_permit": True}),
    ("residence.permit.missing.v1", {}, {"residence_permit": False}),
    ("education.enrolment.updated.v1", {"school_ref": "/school/220122/s1", "status": "enrolled", "stage": "compulsory"},
     {"enrolled": True, "pupil_at": "/school/220122/s1", "left_categories": ["out_of_school"], "stage": "compulsory"}),
    ("service.parent_need.v1", {"need": "jobs"}, {"parent_need": "jobs"}),
    ("child.mental.abnormal.v1", {}, {"mental_abnormal": True}),
    ("online.child_victim.identified.v1", {}, {"internet_risk": True}),
    ("placement.temporary.started.v1", {}, {"in_temporary_guardianship": True}),
    ("placement.temporary.ended.v1", {}, {"in_temporary_guardianship": False}),
    ("risk.rating.changed.v1", {"from": "good", "to": "improper"}, {"rating": "improper"}),
    ("child.left_behind.identified.v1", {}, {"child_categories": ["left_behind"]}),
    ("child.unregistered.v1", {}, {"child_categories": ["unregistered"]}),
    ("education.not_enrolled.v1", {"stage": "compulsory"},
     {"child_categories": ["out_of_school"], "enrolled": False, "stage": "compulsory"}),
    ("benefit.decided.v1", {"benefit": "low_income", "result": "granted"},
     {"child_categories": ["low_income"], "low_income": True, "enjoyed": [14]}),
    ("benefit.decided.v1", {"benefit": "low_income", "result": "refused"}, {}),
    ("child.found.v1", {}, {}),
    ("no.such.type.v1", {}, {}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "data", "told"), LEARNED, ids=lambda value: value if isinstance(value, str) else "")
def test_an_event_tells_about_its_child_in_the_registrys_names(
    kind: str, data: dict[str, Any], told: dict[str, Any]
) -> None:
    assert {key: value for key, value in learned(kind, data).items() if value is not None} == told


def test_a_migrant_child_is_on_file_with_the_day_it_was_identified() -> None:
    told = learned("child.migrant.identified.v1", {"since": "2025-07-01", "occurred_at": "2026-03-10T11:00:00+08:00"})
    assert merge({}, told) == {
        "child_categories": ["migrant"],
        "migrant_identified_on": "2026-03-10",
        "resident_since": "2025-07-01",
    }


def test_a_suspected_harm_is_no_category_a_confirmed_one_is() -> None:
    assert learned("abuse.guardian_harm.suspected.v1", {"confidence": "suspected"}) == {}
    confirmed = learned("abuse.guardian_harm.suspected.v1", {"confidence": "confirmed"})
    assert confirmed == {"child_categories": ["guardianship_harmed"]}


def test_only_a_visit_that_saw_the_child_is_a_visit() -> None:
    visit = {"visit_at": "2026-03-10T10:00:00+08:00", "rating": "fair"}
    assert merge({}, learned("visit.completed.v1", {**visit, "child_seen": True})) == {
        "rating": "fair",
        "last_visit_on": "2026-03-10",
    }
    assert merge({}, learned("visit.completed.v1", visit)) == {"rating": "fair"}


def test_returning_to_school_takes_the_category_away() -> None:
    out = merge({"child_categories": ["migrant"]}, learned("education.dropout.confirmed.v1", {"stage": "compulsory"}))
    assert out["child_categories"] == ["migrant", "out_of_school"]
    back = merge(out, learned("education.returned.v1", {}))
    assert back["child_categories"] == ["migrant"]
    assert back["enrolled"] is True


def test_what_was_told_later_wins_groups_merge_and_silence_changes_nothing() -> None:
    file = {"stage": "preschool", "disability": {"suspected": True}, "enjoyed": [6], "sex": "male"}
    told = {"stage": "compulsory", "disability": {"certified": True, "suspected": False}, "enjoyed": [14], "sex": None}
    assert merge(file, told) == {
        "stage": "compulsory", "disability": {"suspected": False, "certified": True}, "enjoyed": [14, 6], "sex": "male",
    }  # fmt: skip


def test_a_released_guardian_is_in_custody_no_more_and_the_other_one_still_is() -> None:
    father = learned("guardian.imprisoned.v1", {"guardian_role": "father", "intake_date": "2026-01-01"})
    mother = learned("guardian.compulsory_detox.v1", {"guardian_role": "mother", "decision_date": "2026-02-01"})
    both = merge(merge({}, father), mother)
    assert both["guardians"] == {
        "father": {"imprisoned": {"since": "2026-01-01"}},
        "mother": {"compulsory_detox": {"since": "2026-02-01"}},
    }
    one = merge(both, learned("guardian.released.v1", {"guardian_role": "father"}))
    assert one["guardians"] == {"mother": {"compulsory_detox": {"since": "2026-02-01"}}}
    assert one["child_categories"] == ["guardian_in_custody_or_detox"]
    none = merge(one, learned("guardian.released.v1", {}))
    assert none["guardians"] == {}
    assert none["child_categories"] == []


def test_what_is_said_of_the_other_guardian_is_on_file_too() -> None:
    told = learned("guardian.deceased.v1", {"guardian_role": "mother", "other_guardian_status": "imprisoned"})
    assert merge({}, told) == {
        "bereaved": True,
        "guardians": {"mother": {"deceased": {}}, "father": {"imprisoned": {}}},
    }


@pytest.mark.parametrize(
    ("ground", "left"), [("rights_restored", {"seriously_ill": {}}), ("health", {"rights_revoked": {}}), (None, {})]
)
def test_a_restored_guardian_loses_the_state_that_the_ground_names(ground: str | None, left: dict[str, Any]) -> None:
    file: dict[str, Any] = {"guardians": {"father": {"rights_revoked": {}, "seriously_ill": {}}}}
    merged = merge(file, learned("guardian.rights.restored.v1", {"ground": ground} if ground else {}))
    assert merged["guardians"] == ({"father": left} if left else {})


@pytest.mark.parametrize(
    ("child", "listed"),
    [({"child_categories": ["disabled"]}, True), ({"rating": "improper"}, True), ({"help_requested": True}, True),
     ({"behaviour_abnormal": True}, True), ({"child_categories": ["migrant"], "rating": "fair"}, False), ({}, False)],
)  # fmt: skip
def test_category_rating_or_fact_put_a_child_on_the_key_care_list(child: dict[str, Any], listed: bool) -> None:
    assert key_care(child) is listed


def test_in_another_county_what_was_true_of_the_place_is_asked_anew_and_what_the_registration_pays_goes_along() -> None:
    file = {
        "residence_code": "220122",
        "family_doctor": True,
        "low_income": True,
        "enjoyed": [6, 7, 14, "P10"],
        "pupil_at": "/school/220122/s1",
    }
    moved = merge(
        file, learned("child.mobility.changed.v1", {"from_code": "220122", "to_code": "220382", "date": "2026-03-01"})
    )
    assert moved == {
        "residence_code": "220382",
        "resident_since": "2026-03-01",
        "low_income": True,
        "enjoyed": [14, "P10"],
    }
    near = merge(
        file,
        learned("child.mobility.changed.v1", {"from_code": "220122100", "to_code": "220122200", "date": "2026-03-01"}),
    )
    assert near["family_doctor"] is True
    assert near["enjoyed"] == [6, 7, 14, "P10"]


@pytest.mark.parametrize(
    ("on_file", "day", "age"),
    [
        ({"age_years": 13, "age_told_on": "2024-11-25"}, "2026-11-24", 14),
        ({"age_years": 13, "age_told_on": "2024-11-25"}, "2026-11-25", 15),
        ({"age_years": 13, "age_told_on": "2026-11-25"}, "2026-01-01", 13),
        ({"age_years": 13}, "2030-01-01", 13),
        ({"age_years": 3, "born_on": "2012-02-29"}, "2026-02-28", 13),
        ({}, "2026-01-01", None),
    ],
)
def test_a_child_on_file_grows_older(on_file: dict[str, object], day: str, age: int | None) -> None:
    assert age_of(on_file, date.fromisoformat(day)) == age


def test_the_day_on_which_an_age_was_told_is_kept_with_it() -> None:
    assert (
        learned("visit.completed", {"age_years": 9, "occurred_at": "2026-10-09T10:00:00+08:00"})["age_told_on"]
        == "2026-10-09"
    )
    assert "age_told_on" not in learned("visit.completed", {"occurred_at": "2026-10-09T10:00:00+08:00"})
