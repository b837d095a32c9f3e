"""Facts about schooling, mind, benefits, needs, offices and hotlines: what a source's word means, and what its silence does not."""

from typing import Any

import pytest

from events.catalogue import CATALOGUE
from events.hotline import LEAD_CLASSES
from services.directory.kinds import KINDS
from services.referral.facts import Facts, Given
from services.referral.facts.benefits import CHECKED_BY
from services.referral.facts.needs import ANSWERS_FOR, BY_CONSENT
from services.referral.facts.organisation import LISTS
from tests.unit.referral.clock_examples import jilin


def fact(name: str, data: dict[str, Any] | None = None, *, source: str = "village_committee", child: dict[str, Any] | None = None,
         outside: bool = False) -> Any:  # fmt: skip
    """One fact of an event with these data."""
    given = Given("x", data or {}, child or {}, source, jilin("09-09 10:00"), huk_outside=outside)
    return Facts(given)[name]


@pytest.mark.parametrize(("age", "told"), [(2, False), (3, True), (18, True), (19, False), (None, None)])
def test_education_is_told_of_children_from_three_to_eighteen(age: int | None, told: bool | None) -> None:
    assert fact("school_age_3_to_18", {"age_years": age}) is told


@pytest.mark.parametrize(
    ("status", "enrolled"),
    [("enrolled", True), ("transferred", True), ("left", False), ("graduated", False), ("unknown", None)],
)  # fmt: skip
def test_a_pupil_who_left_is_not_enrolled(status: str, enrolled: bool | None) -> None:
    assert fact("now_enrolled", {"status": status}) is enrolled


@pytest.mark.parametrize(
    ("data", "high"),
    [({"screen_level": "high"}, True), ({"screen_level": "medium"}, None), ({"self_harm_flag": True}, True),
     ({"screen_level": "medium", "self_harm_flag": False}, False), ({"screen_level": "unknown", "self_harm_flag": False}, None)],
)  # fmt: skip
def test_a_sign_of_self_harm_counts_like_a_high_screening(data: dict[str, Any], high: bool | None) -> None:
    assert fact("screened_high", data) is high


@pytest.mark.parametrize(
    ("child", "is_one"),
    [({"child_categories": ["left_behind"]}, True), ({"child_categories": ["low_income"]}, True), ({"distressed": True}, True),
     ({"child_categories": ["migrant"]}, None), ({}, None)],
)  # fmt: skip
def test_left_behind_or_distressed_is_what_is_on_file(child: dict[str, Any], is_one: bool | None) -> None:
    assert fact("left_behind_or_distressed", child=child) is is_one


@pytest.mark.parametrize(
    ("data", "name"),
    [({"benefit": "orphan"}, "upbringing"), ({"category": "quasi_orphan"}, "upbringing"), ({"benefit": "dibao"}, "minimum_living"),
     ({"benefit": "tekun"}, "extreme_poverty"), ({"benefit": "rent_subsidy"}, "other"), ({"benefit": "unknown"}, None)],
)  # fmt: skip
def test_a_benefit_belongs_to_the_class_that_has_a_limit_in_law(data: dict[str, Any], name: str | None) -> None:
    assert fact("benefit_class", data) == name


@pytest.mark.parametrize(
    ("codes", "asked", "prison"),
    [(["father_deceased", "mother_rights_revoked"], ("court", "police"), False), (["father_imprisoned"], None, True),
     (["mother_severely_disabled", "father_seriously_ill"], ("disabled_federation", "health"), False), (["hiv"], None, False),
     ([], None, None)],
)  # fmt: skip
def test_who_holds_a_fact_is_asked_about_it(
    codes: list[str], asked: tuple[str, ...] | None, prison: bool | None
) -> None:
    assert fact("fact_checkers", {"matched_facts": codes}) == asked
    assert fact("matched_imprisonment", {"matched_facts": codes}) is prison


@pytest.mark.parametrize(("result", "granted"), [("granted", True), ("refused", False), ("unknown", None)])
def test_only_a_word_for_yes_grants(result: str, granted: bool | None) -> None:
    assert fact("benefit_granted", {"result": result}) is granted


@pytest.mark.parametrize(("code", "outside"), [("220122", False), ("150500", True), (None, None)])
def test_who_lives_in_another_province_is_outside(code: str | None, outside: bool | None) -> None:
    assert fact("residence_outside_province", child={"residence_code": code}) is outside


@pytest.mark.parametrize(
    ("benefit", "outside", "told"), [("orphan", True, True), ("orphan", False, False), ("dibao", True, False)]
)
def test_only_another_provinces_decision_has_to_be_told_here(benefit: str, outside: bool, told: bool) -> None:
    assert fact("decided_across_province", {"benefit": benefit}, outside=outside) is told


@pytest.mark.parametrize(
    ("data", "kinds"),
    [({"needs": ["education", "treatment"]}, ("education", "health")), ({"need_codes": ["jobs"]}, ("human_resources",)),
     ({"needs": ["charity_federation", "social_org"]}, None), ({"needs": ["disabled_federation"]}, ("disabled_federation",)),
     ({"needs": ["a_word_nobody_knows"]}, None)],
)  # fmt: skip
def test_a_need_names_its_department_but_nobody_who_needs_consent(
    data: dict[str, Any], kinds: tuple[str, ...] | None
) -> None:
    assert fact("departments_needed", data) == kinds


@pytest.mark.parametrize(("need", "work"), [("jobs", True), ("parenting", False), ("unknown", None)])
def test_parents_need_work_or_help_with_the_child(need: str, work: bool | None) -> None:
    assert fact("need_is_work", {"need": need}) is work


@pytest.mark.parametrize(
    ("organisation", "kind", "rank", "superior"),
    [("/school/220122/s1", "school", "unit", "education"), ("/hospital/220122/h1", "hospital", "unit", "health"),
     ("/police/220122/b1", "police", "county", "police"), ("/education/220100/b1", "education", "city", "education"),
     ("/health/220000/b1", "health", "province", "health"), ("/township_government/220122100/t1", "township_government", "unit", "civil_affairs")],
)  # fmt: skip
def test_a_suggestions_addressee_has_a_rank_and_a_superior(
    organisation: str, kind: str, rank: str, superior: str
) -> None:
    told = {"addressee_org": organisation}
    assert (fact("addressee_kind", told), fact("addressee_rank", told), fact("superior_of_addressee", told)) == (
        kind,
        rank,
        superior,
    )


def test_the_owner_of_a_duty_is_what_the_event_says() -> None:
    assert fact("owner_kind", {"owner": {"kind": "cdc", "level": "county", "area": "220122"}}) == "cdc"


@pytest.mark.parametrize(
    ("data", "holder"),
    [({"list_kind": "deaths"}, "police"), ({"list_kind": "other"}, None), ({"holder_org": "/court/220122/c1", "list_kind": "deaths"}, "court")],
)  # fmt: skip
def test_a_list_is_handed_over_by_its_department(data: dict[str, Any], holder: str | None) -> None:
    assert fact("list_holder", data) == holder


@pytest.mark.parametrize(("subject", "holder"), [("lost_contact", "police"), ("deported", "police"), ("other", None)])
def test_police_hold_who_cannot_be_reached(subject: str, holder: str | None) -> None:
    assert fact("holder_department", {"subject": subject}) == holder


@pytest.mark.parametrize(
    ("kind", "institution"),
    [("welfare_institution", True), ("activity_site", True), ("water", False), ("unknown", None)],
)  # fmt: skip
def test_a_site_for_children_is_an_institution(kind: str, institution: bool | None) -> None:
    assert fact("site_is_institution", {"site_kind": kind}) is institution


@pytest.mark.parametrize(
    ("kind", "criminal"),
    [("criminal_victim", True), ("criminal_suspect", True), ("civil", False), ("unknown", None)],
)  # fmt: skip
def test_a_victim_and_a_suspect_are_in_a_criminal_matter(kind: str, criminal: bool | None) -> None:
    assert fact("criminal_matter", {"case_kind": kind}) is criminal


def test_a_rescued_child_is_known_by_its_file() -> None:
    assert fact("rescued_from_trafficking", child={"child_categories": ["trafficking_rescued"]}) is True


def test_a_lead_means_the_event_of_its_class() -> None:
    assert fact("hotline_event", {"class": "domestic_violence"}) == "abuse.domestic_violence.suspected"
    assert fact("lead_unclassified", {"class": "domestic_violence"}) is False
    assert fact("hotline_event", {"class": "noise"}) is None
    assert fact("lead_unclassified", {"class": "noise"}) is True


@pytest.mark.parametrize(
    ("source", "grassroots", "health", "township"),
    [("village_committee", True, False, False), ("township_government", True, False, True), ("cdc", False, True, False),
     ("hospital", False, True, False), ("school", False, False, False)],
)  # fmt: skip
def test_who_reported_is_known_by_its_kind(source: str, grassroots: bool, health: bool, township: bool) -> None:
    found = tuple(
        fact(name, source=source) for name in ("found_by_village_or_township", "source_is_health", "source_is_township")
    )
    assert found == (grassroots, health, township)


def test_every_department_that_a_word_means_exists() -> None:
    assert {*ANSWERS_FOR.values(), *LISTS.values(), *CHECKED_BY.values(), *BY_CONSENT} <= KINDS.keys()


def test_every_class_of_a_lead_means_a_type_of_the_catalogue() -> None:
    assert {f"{name}.v1" for name in LEAD_CLASSES.values()} <= CATALOGUE.keys()
