"""The territory of Jilin, against the counts and names of the published list."""

from collections import Counter
from datetime import date
from itertools import pairwise

import pytest

from services.directory.territory import territory

DAY = date(2026, 10, 2)
LAND = territory()

# The published list (2023): counties of each city, development zones not counted.
COUNTIES = {
    "220100": 11, "220200": 9, "220300": 5, "220400": 4, "220500": 7, "220600": 6,
    "220700": 5, "220800": 5, "222400": 8,
}  # fmt: skip


def test_jilin_has_nine_cities_sixty_counties_and_one_node_without_counties() -> None:
    assert len(LAND.file.cities) == 9
    assert len(set(LAND.counties)) == 60
    assert LAND.cities[-1] == "229900"


def test_every_city_has_as_many_counties_as_the_published_list() -> None:
    assert Counter(LAND.city(county, DAY) for county in LAND.counties) == COUNTIES


def test_names_are_unique_within_a_language() -> None:
    for lang in ("zh", "en"):
        names = [LAND.name(code, lang) for code in (*LAND.cities, *LAND.counties)]
        assert len(set(names)) == len(names)


def test_every_chinese_name_is_chinese_and_every_english_name_is_latin() -> None:
    for code in (*LAND.cities, *LAND.counties):
        assert not LAND.name(code).isascii()
        assert LAND.name(code, "en").isascii()


@pytest.mark.parametrize(
    ("code", "county"),
    [
        ("220122", "220122"),
        ("220122100", "220122"),
        ("220122100201", "220122"),
        ("220381", "220184"),  # Gongzhuling before 2020
        ("220381101", "220184"),
        ("220171", "220105"),  # a development zone
        ("229900", "229900"),  # stands for its own county
        ("220100", None),  # a city
        ("220000", None),
        ("220199", None),
        ("210102", None),  # Liaoning
        ("22012", None),
        ("22012210", None),
        ("", None),
        (None, None),
    ],
)
def test_a_code_of_any_length_gives_its_county(code: str | None, county: str | None) -> None:
    assert LAND.county(code) == county


@pytest.mark.parametrize(
    ("code", "on", "city"),
    [
        ("220184", date(2020, 6, 18), "220300"),
        ("220184", date(2020, 6, 19), "220100"),
        ("220381", DAY, "220100"),
        ("220581", DAY, "220500"),
        ("222426100", DAY, "222400"),
        ("220300", DAY, "220300"),
        ("229900", DAY, "229900"),
        ("220000", DAY, None),
        ("210102", DAY, None),
    ],
)
def test_the_superior_is_read_from_the_dated_table_and_not_from_digits(code: str, on: date, city: str | None) -> None:
    assert LAND.city(code, on) == city


@pytest.mark.parametrize("county", sorted({parent.county for parent in LAND.file.parents}))
def test_dated_superiors_leave_no_day_out_and_none_twice(county: str) -> None:
    rows = [parent for parent in LAND.file.parents if parent.county == county]
    assert rows[0].from_ is None
    assert rows[-1].until is None
    for before, after in pairwise(rows):
        assert before.until is not None
        assert after.from_ is not None
        assert (after.from_ - before.until).days == 1


@pytest.mark.parametrize(
    ("code", "outside"),
    [("210102", True), ("110101001", True), ("710000", True), ("220122", False), ("990000", False), ("2101", False)],
)
def test_only_a_code_of_another_province_is_outside(code: str, outside: bool) -> None:
    assert LAND.outside(code) is outside


@pytest.mark.parametrize(
    ("code", "zh", "en"),
    [
        ("220122", "农安县", "Nong'an County"),
        ("220122100", "农安县", "Nong'an County"),
        ("220381", "公主岭市", "Gongzhuling City"),
        ("220300", "四平市", "Siping City"),
        ("210102", "辽宁省", "Liaoning"),
        ("220199", "吉林省", "Jilin"),
        ("99", "", ""),
    ],
)
def test_a_name_never_shows_digits_or_anything_below_the_county(code: str, zh: str, en: str) -> None:
    assert (LAND.name(code), LAND.name(code, "en")) == (zh, en)


def test_only_the_core_districts_of_a_city_are_core() -> None:
    assert LAND.is_core("220105", DAY)
    assert not LAND.is_core("220122", DAY)


def test_everything_the_file_refers_to_exists() -> None:
    known = {*LAND.cities, *LAND.counties}
    named = {county.city for county in LAND.file.counties}
    named |= {zone.administered_by for zone in LAND.file.development_zones}
    named |= {former.now for former in LAND.file.former_codes}
    named |= {code for parent in LAND.file.parents for code in (parent.county, parent.city)}
    named |= {code for districts in LAND.file.core_urban_districts.by_city.values() for code in districts}
    assert named <= known
