"""Who sees what of an event."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.console.disclosure import Fact, age_band, category, facts, reporter

DATA: dict[str, Any] = {
    "child_ref": "c_1", "age_years": 9, "sex": "female", "suspect_relation": "father", "injury_level": "multiple", "immediate_danger": True,
    "needs_medical": False, "child_categories": ["left_behind", "hiv", "guardian_in_custody_or_detox"], "reporter": {"role": "doctor"},
    "residence_code": "220122100", "acts": "free text", "confidence": "suspected",
}  # fmt: skip
ABUSE = "abuse.domestic_violence.suspected.v1"


def names(role: str, kind: str, classification: str = "C3") -> set[str]:
    return {fact.name for fact in facts(role, kind, classification, DATA)}


def test_a_primary_sees_the_age_band_and_the_codes_but_no_child_suspect_reporter_or_text() -> None:
    seen = names("primary", "police_station")
    assert {"age_band", "injury_level", "immediate_danger", "child_categories"} <= seen
    assert seen.isdisjoint({"child_ref", "suspect_relation", "reporter", "residence_code", "acts", "age_years"})


def test_a_co_agency_sees_need_and_danger_but_not_what_was_done() -> None:
    assert names("co", "civil_affairs") == {"immediate_danger", "needs_medical", "age_band"}


def test_a_copy_shows_nothing_of_the_event() -> None:
    assert names("cc", "procuratorate") == set()


@pytest.mark.parametrize("kind", ["school", "township_government", "village_committee"])
def test_near_neighbours_learn_no_categories_even_as_primary(kind: str) -> None:
    assert "child_categories" not in names("primary", kind)
    assert category("primary", kind, "C3", "guardian.imprisoned.v1", "guardianship") == ("family", "guardianship")


def test_a_sealed_matter_shows_facts_to_its_police_primary_alone_and_its_category_to_nobody() -> None:
    assert names("primary", "police", "C4") == {"immediate_danger", "needs_medical", "age_band"}
    for role, kind in (("primary", "civil_affairs"), ("co", "police"), ("cc", "procuratorate"), ("primary", "school")):
        assert names(role, kind, "C4") == set()
    assert category("primary", "police", "C4", "abuse.sexual.suspected.v1", "harm") == ("referral", "sealed")


def test_sensitive_categories_are_left_out() -> None:
    assert Fact("child_categories", ("left_behind",)) in facts("primary", "police", "C3", DATA)


def test_only_a_primary_reads_the_events_own_name() -> None:
    assert category("primary", "police", "C3", ABUSE, "harm") == ("event", ABUSE)
    assert category("co", "police", "C3", ABUSE, "harm") == ("family", "harm")


@pytest.mark.parametrize(
    ("age", "band"),
    [(0, "under_6"), (5, "under_6"), (6, "from_6"), (11, "from_6"), (12, "from_12"), (15, "from_12"), (16, "from_16")],
)
def test_an_age_is_shown_as_its_band(age: int, band: str) -> None:
    assert age_band(age) == band


@given(
    text=st.text(min_size=1),
    role=st.sampled_from(["primary", "co", "cc"]),
    kind=st.sampled_from(["police", "school", "hospital"]),
)
def test_free_text_in_a_field_that_should_hold_a_code_is_not_shown(text: str, role: str, kind: str) -> None:
    shown = facts(role, kind, "C3", {"injury_level": text, "stage": text, "confidence": text})
    assert all(isinstance(fact.value, str) and fact.value.isascii() and " " not in fact.value for fact in shown)


@pytest.mark.parametrize(
    ("role", "kind", "classification", "source", "said"),
    [
        ("primary", "police_station", "C3", "/hospital/220122/h1", "医疗机构"), ("primary", "police_station", "C4", "/hospital/220122/h1", ""),
        ("co", "civil_affairs", "C3", "/hospital/220122/h1", ""), ("cc", "procuratorate", "C3", "/hospital/220122/h1", ""),
        ("primary", "township_government", "C3", "/hospital/220122/h1", ""), ("primary", "police_station", "C3", "/nobody/220122/h1", ""),
        ("primary", "police_station", "C3", "sample", ""),
    ],
)  # fmt: skip
def test_only_a_primary_learns_what_kind_of_body_reported_and_never_which(
    role: str, kind: str, classification: str, source: str, said: str
) -> None:
    assert reporter(role, kind, classification, source, "zh") == said
