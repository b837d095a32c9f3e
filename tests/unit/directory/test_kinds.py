"""The kinds of agency against the domain analysis, row by row: names of the office, levels, people's roles, named posts."""

import pytest

from services.directory.kinds import FUNCTIONS, KINDS
from services.directory.posts import may_act

BODIES = {
    "civil_affairs", "political_legal", "cyberspace", "court", "procuratorate", "development_reform", "education", "police",
    "justice", "finance", "human_resources", "housing", "transport", "health", "emergency_mgmt", "broadcast", "statistics",
    "medical_insurance", "digital_gov", "cdc", "women_children_committee", "youth_league", "womens_federation",
    "disabled_federation", "religious_affairs", "charity_federation",
}  # fmt: skip
# 2.2, with the levels of the prison row of 2.1.
INSTITUTIONS = {
    "prison": {"province", "unit"}, "police_station": {"unit"}, "police_command": {"city", "county"},
    "township_government": {"township"}, "protection_station": {"township"}, "social_work_station": {"township"},
    "village_committee": {"village"}, "rescue_protection": {"city", "county"}, "child_welfare_institution": {"city", "county"},
    "relief_station": {"city", "unit"}, "mental_welfare_institution": {"unit"}, "psych_service": {"unit"},
    "mental_health_hospital": {"unit"}, "hospital": {"unit"}, "childrens_hospital": {"unit"},
    "maternal_child_health": {"unit"}, "community_health_center": {"unit"}, "school": {"unit"}, "kindergarten": {"unit"},
    "childcare": {"unit"}, "service_site": {"unit"}, "social_org": {"unit"}, "hotline_12345": {"city", "province"},
    "hotline_12355": {"city", "province"},
}  # fmt: skip


def test_every_kind_of_the_domain_is_there_at_its_levels_and_no_other() -> None:
    expected = {name: {"province", "city", "county"} for name in BODIES} | INSTITUTIONS
    assert {name: set(kind.levels) for name, kind in KINDS.items()} == expected


# Domain analysis 2.3; a delegated caregiver has no access, so no post.
ROLES = {
    "duty_officer", "duty_leader", "bureau_head", "case_lead", "child_supervisor", "child_director", "grid_worker",
    "community_police", "law_vice_principal", "class_teacher", "school_protection_lead", "reporting_liaison",
    "psych_counsellor", "psychiatrist", "psychotherapist", "social_worker", "volunteer", "hotline_agent", "net_patrol_officer",
    "juvenile_prosecutor", "juvenile_judge", "ops_tracer",
}  # fmt: skip


def test_every_role_of_the_domain_is_a_function_that_somebody_can_hold() -> None:
    held = {name for kind in KINDS.values() for level in kind.levels for name in kind.functions_at(level)}
    assert set(FUNCTIONS) >= ROLES
    assert held == set(FUNCTIONS)


@pytest.mark.parametrize(
    ("kind", "level", "named"),
    [
        ("police", "county", "minors_case_officer"),
        ("police", "city", "minors_case_officer"),
        ("procuratorate", "county", "juvenile_prosecutor"),
        ("court", "county", "juvenile_judge"),
        ("civil_affairs", "county", "child_welfare_officer"),
        ("hospital", "unit", "treating_doctor"),
        ("mental_health_hospital", "unit", "psychiatrist"),
        ("cyberspace", "city", "named_officer"),
        ("education", "county", "named_officer"),
        ("womens_federation", "county", "named_officer"),
    ],
)
def test_who_may_hear_of_sealed_matters_has_a_named_post(kind: str, level: str, named: str) -> None:
    at = next(each for each in KINDS[kind].levels if each == level)
    assert KINDS[kind].named_post(at) == named


@pytest.mark.parametrize(
    "kind", ["township_government", "protection_station", "village_committee", "service_site", "social_org", "school"]
)
def test_no_township_village_service_site_or_social_organisation_has_a_named_post(kind: str) -> None:
    assert {KINDS[kind].named_post(level) for level in KINDS[kind].levels} == {None}


@pytest.mark.parametrize(
    ("function", "may"),
    [("duty_officer", True), ("child_director", True), ("juvenile_prosecutor", True), ("grid_worker", False),
     ("volunteer", False), ("law_vice_principal", False), ("hotline_agent", False), ("reporting_liaison", False)],
)  # fmt: skip
def test_advisers_sources_and_volunteers_answer_no_referral(function: str, may: bool) -> None:
    assert may_act(f"village_committee@village/220122/{function}") is may


@pytest.mark.parametrize(
    ("kind", "level", "code", "area", "name"),
    [
        ("cyberspace", "city", "220100", "长春市", "中共长春市委网信办"),
        ("youth_league", "province", "220000", "吉林省", "共青团吉林省委员会"),
        ("housing", "city", "220100", "长春市", "长春市住房保障和房屋管理局"),
        ("housing", "city", "220300", "四平市", "四平市住房和城乡建设局"),
        ("court", "county", "220122", "农安县", "农安县人民法院"),
    ],
)
def test_an_office_is_called_as_the_address_lines_call_it(
    kind: str, level: str, code: str, area: str, name: str
) -> None:
    at = next(each for each in KINDS[kind].levels if each == level)
    assert KINDS[kind].office_of(at, code, area) == name
