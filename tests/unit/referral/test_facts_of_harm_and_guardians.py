"""Facts of domain analysis 3.1 and 3.2: who found a child, what content is about, who the carer is, what a family has on file."""

from typing import Any

import pytest

from services.referral.facts import Facts, Given
from tests.unit.referral.clock_examples import jilin


def facts(data: dict[str, Any] | None = None, source: str = "police", row: str = "x", **more: Any) -> Facts:
    return Facts(Given(row, data or {}, more.pop("child", {}), source, jilin("09-09 10:00"), **more))


@pytest.mark.parametrize(
    ("appointed", "known"), [("G-1", True), (True, True), (False, False), (None, None), ("unknown", None)]
)
def test_after_a_revocation_only_a_new_guardian_is_an_able_carer(appointed: Any, known: bool | None) -> None:
    said = {"new_guardian": appointed, "caregiver_known": True, "other_guardian_status": "able"}
    assert facts(said, row="guardian.rights.revoked")["able_carer_known"] is known
    assert facts(said, row="guardian.deported")["able_carer_known"] is True


@pytest.mark.parametrize(
    ("data", "awaited"),
    [({"police_search_registered_at": "2026-09-01"}, True), ({"receipt_ref": "R-1"}, False),
     ({"police_search_registered_at": "2026-03-01", "receipt_ref": "R-1"}, False), ({}, None)],
)  # fmt: skip
def test_a_receipt_is_awaited_once_the_search_is_registered_and_until_it_is_given(
    data: dict[str, Any], awaited: bool | None
) -> None:
    assert facts(data)["search_receipt_awaited"] is awaited


@pytest.mark.parametrize(
    ("child", "exists"),
    [({"child_categories": ["orphan"]}, True), ({"child_categories": ["left_behind"]}, None), ({"enjoyed": [10]}, True),
     ({"enjoyed": [7, 12]}, None), ({}, None)],
)  # fmt: skip
def test_a_benefit_exists_where_the_file_says_so(child: dict[str, Any], exists: bool | None) -> None:
    assert facts(child=child)["benefit_on_file"] is exists


@pytest.mark.parametrize(
    ("source", "found_by", "public"),
    [("police", None, False), ("relief_station", None, False), ("urban_mgmt", None, False), ("public", None, True),
     ("hotline_12345", None, True), ("police", "public", True), ("portal", "police", False), ("police", "unknown", False)],
)  # fmt: skip
def test_a_child_is_found_by_the_public_when_the_source_says_so_or_is_the_public(
    source: str, found_by: str | None, public: bool
) -> None:
    assert facts({"found_by": found_by}, source)["found_by_public"] is public


def test_a_registration_outside_the_province_is_a_known_one() -> None:
    assert facts(county={"huk": "220122"})["hukou_known"] is True
    assert facts(county={"huk": None}, huk_outside=True)["hukou_known"] is True
    assert facts(county={"huk": None})["hukou_known"] is False


@pytest.mark.parametrize(
    ("site", "religious"),
    [("religious_site", True), ("temple", True), ("organisation", False), ("private_home", False), (None, None), ("unknown", None)],
)  # fmt: skip
def test_only_a_religious_site_is_one(site: str | None, religious: bool | None) -> None:
    assert facts({"site_type": site})["religious_site"] is religious


@pytest.mark.parametrize(
    ("data", "either"),
    [({"infants": True}, True), ({"infants": 2}, True), ({"infants": 0, "sick": False}, False), ({"infants": 0}, None),
     ({"sick": True}, True), ({}, None)],
)  # fmt: skip
def test_infants_or_sick_children_need_health(data: dict[str, Any], either: bool | None) -> None:
    assert facts(data)["infants_or_sick"] is either


@pytest.mark.parametrize(
    ("manner", "violent"),
    [("natural", False), ("illness", False), ("accident", True), ("undetermined", True), (None, None), ("unknown", None)],
)  # fmt: skip
def test_a_death_is_natural_only_when_it_is_said_to_be(manner: str | None, violent: bool | None) -> None:
    assert facts({"manner_class": manner})["death_not_natural"] is violent


@pytest.mark.parametrize(
    ("age", "sex", "filed"),
    [(8, "male", True), (13, None, True), (14, "female", True), (17, "female", True), (14, "male", False), (15, None, None),
     (None, None, None), (None, "female", True), (None, "male", None), (18, "female", False)],
)  # fmt: skip
def test_a_missing_child_under_14_or_a_girl_under_18_is_a_criminal_case_at_once(
    age: int | None, sex: str | None, filed: bool | None
) -> None:
    assert facts({"age_years": age, "sex": sex})["crime_to_be_filed"] is filed


@pytest.mark.parametrize(
    ("data", "seen"),
    [({"child_identifiable": True}, True), ({"child_identifiable": False}, False), ({"child_ref": "c_1"}, True),
     ({"child_identifiable": False, "child_refs": ["c_1"]}, True), ({}, None)],
)  # fmt: skip
def test_a_child_is_recognisable_when_said_or_named(data: dict[str, Any], seen: bool | None) -> None:
    assert facts(data)["child_recognisable"] is seen


@pytest.mark.parametrize(
    ("said", "police"),
    [("rumour", True), ("谣言线索", True), ("侵害未成年人权益的相关商品", True), ("炒作涉未成年人社会热点敏感话题", True),
     ("harmful_goods", True), ("hyped_sensitive_topic", True), ("网络欺凌", False), ("addiction", False), ("隔空猥亵", False), (None, None)],
)  # fmt: skip
def test_three_classes_of_content_are_for_the_police(said: str | None, police: bool | None) -> None:
    assert facts({"class": said})["for_online_police"] is police


@pytest.mark.parametrize(
    ("data", "wide"),
    [({"spread": "viral"}, True), ({"severity_hint": "HIGH"}, True), ({"spread": "local", "severity_hint": "LOW"}, False),
     ({"spread": "local"}, None), ({}, None)],
)  # fmt: skip
def test_an_opinion_spreads_widely_when_the_source_says_so(data: dict[str, Any], wide: bool | None) -> None:
    assert facts(data)["spreads_widely"] is wide


def test_a_schools_law_office_is_that_of_its_own_area() -> None:
    in_changchun = facts(county={"occ": "220122"})
    assert in_changchun["law_vice_principal_office"] == "court"
    assert facts({"pupil_at": "/school/220322/s1"}, county={"occ": "220122"})["law_vice_principal_office"] == "police"
    assert facts(child={"pupil_at": "/school/220122/s1"})["law_vice_principal_office"] == "court"
