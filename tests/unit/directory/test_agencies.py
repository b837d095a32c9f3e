"""Which agency is competent, who leads it, and who stands in for it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.agency import Agency, Level
from services.directory.agencies import KINDS, agency, agency_name, fallback_owners, reporting, responsible, same_line
from services.directory.territory import territory

DAY = date(2026, 10, 2)
LAND = territory()


@pytest.mark.parametrize(
    ("kind", "level", "code", "expected"),
    [
        ("civil_affairs", "county", "220122100", "civil_affairs@county/220122"),
        ("civil_affairs", "city", "220122100", "civil_affairs@city/220100"),
        ("civil_affairs", "province", "220122100", "civil_affairs@province/220000"),
        ("civil_affairs", "city", "220381", "civil_affairs@city/220100"),
        ("police_station", "unit", "220122", "police_station@unit/220122"),
        ("hospital", "county", "220122", "hospital@unit/220122"),
        ("rescue_protection", "unit", "220122", "rescue_protection@county/220122"),
        ("township_government", "township", "220122100", "township_government@township/220122100"),
        ("township_government", "township", "220122100201", "township_government@township/220122100"),
        ("township_government", "township", "220122", "township_government@township/220122"),
        ("village_committee", "village", "220122100201", "village_committee@village/220122100201"),
        ("civil_affairs", "county", "229900", "civil_affairs@city/229900"),
        ("childrens_hospital", "unit", "220105", "childrens_hospital@unit/220105"),
    ],
)
def test_an_area_code_gives_the_competent_agency(kind: str, level: Level, code: str, expected: str) -> None:
    assert str(agency(kind, level, code, DAY)) == expected


@pytest.mark.parametrize(
    ("kind", "level", "code"),
    [
        ("civil_affairs", "county", "210102"),
        ("civil_affairs", "county", "220100"),
        ("civil_affairs", "county", None),
        ("civil_affairs", "village", "220122"),
        ("childrens_hospital", "unit", "220322"),
        ("no_such_kind", "county", "220122"),
    ],
)
def test_there_is_no_agency_where_none_exists(kind: str, level: Level, code: str | None) -> None:
    assert agency(kind, level, code, DAY) is None


# Domain analysis 4.3, "Same line @city".
@pytest.mark.parametrize(
    ("kind", "level", "line"),
    [
        ("police_station", "unit", "police"),
        ("school", "unit", "education"),
        ("hospital", "unit", "health"),
        ("cdc", "county", "health"),
        ("relief_station", "unit", "civil_affairs"),
        ("rescue_protection", "county", "civil_affairs"),
        ("child_welfare_institution", "county", "civil_affairs"),
        ("township_government", "township", "civil_affairs"),
        ("village_committee", "village", "civil_affairs"),
        ("education", "county", "education"),
        ("civil_affairs", "county", "civil_affairs"),
    ],
)
def test_the_same_line_leads_an_agency(kind: str, level: Level, line: str) -> None:
    late = Agency(kind, level, "220322")
    assert same_line(late, "city", DAY) == Agency(line, "city", "220300")
    assert same_line(late, "province", DAY) == Agency(line, "province", "220000")


def test_a_line_without_an_office_in_the_city_is_led_from_the_province() -> None:
    assert same_line(Agency("prison", "unit", "220322"), "city", DAY) == Agency("prison", "province", "220000")


def test_what_does_not_exist_has_a_stand_in() -> None:
    assert responsible("childrens_hospital", "unit", "220322", DAY) == Agency("hospital", "unit", "220322")


@given(st.sampled_from(sorted(KINDS)), st.sampled_from([*LAND.counties, *LAND.nodes]), st.data())
def test_every_county_has_every_kind_or_who_stands_in_for_it(kind: str, county: str, data: st.DataObject) -> None:
    level = data.draw(st.sampled_from(KINDS[kind].levels))
    found = responsible(kind, level, county, DAY)
    assert found is not None
    assert found.level in KINDS[found.kind].levels
    assert same_line(found, "city", DAY).level in ("city", "province")


@given(st.one_of(st.none(), st.text(max_size=12), st.from_regex(r"[0-9]{6}|[0-9]{9}|[0-9]{12}", fullmatch=True)))
def test_any_code_at_all_has_two_fallback_owners(code: str | None) -> None:
    civil_affairs, committee = fallback_owners(code, DAY)
    assert (civil_affairs.kind, committee.kind) == ("civil_affairs", "women_children_committee")


@pytest.mark.parametrize(
    ("kind", "area", "expected"),
    [
        ("prison", "220100", "prison@unit/220100"),
        ("prison", "220122", "prison@unit/220122"),
        ("police", "220100", "police@city/220100"),
        ("moon_base", "220100", "None"),
        ("prison", "150500", "None"),
    ],
)
def test_an_institution_that_reports_under_a_citys_code_is_a_unit_of_that_city(
    kind: str, area: str, expected: str
) -> None:
    assert str(reporting(kind, area, DAY)) == expected


def test_the_fallback_owner_is_the_county_of_residence() -> None:
    assert fallback_owners("220122100", DAY) == (
        Agency("civil_affairs", "county", "220122"),
        Agency("women_children_committee", "county", "220122"),
    )


def test_an_agency_is_named_after_its_area() -> None:
    assert agency_name(Agency("civil_affairs", "county", "220122")) == "农安县民政局"
    assert agency_name(Agency("civil_affairs", "province", "220000")) == "吉林省民政厅"
    assert agency_name(Agency("civil_affairs", "county", "220122"), "en") == "Civil Affairs, Nong'an County"


# Domain analysis 2.5: police*, hospital* and the hotlines by their names; a protection station is of the township.
ROUND_THE_CLOCK = {
    "police", "police_station", "police_command", "rescue_protection", "hospital", "childrens_hospital",
    "maternal_child_health", "mental_health_hospital", "prison", "hotline_12345", "hotline_12355", "civil_affairs",
}  # fmt: skip
ON_CALL = {
    "education", "procuratorate", "court", "health", "cdc", "womens_federation", "cyberspace", "township_government",
    "protection_station",
}  # fmt: skip


def test_duty_hours_follow_the_domain_for_every_kind() -> None:
    by_duty = {duty: {name for name, kind in KINDS.items() if kind.duty == duty} for duty in ("h24", "on_call")}
    assert by_duty == {"h24": ROUND_THE_CLOCK, "on_call": ON_CALL}
