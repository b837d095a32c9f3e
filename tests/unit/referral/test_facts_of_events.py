"""Named facts: what nobody said is unknown, never false, and what was said counts."""

from typing import Any

import pytest

from services.referral.facts import FACTS, Facts, Given, row_of
from tests.unit.referral.clock_examples import jilin


def facts(
    data: dict[str, Any] | None = None, at: str = "09-09 10:00", source: str = "village_committee", **more: Any
) -> Facts:
    """Facts of an event with these data."""
    return Facts(Given(more.pop("row", "x"), data or {}, more.pop("child", {}), source, jilin(at), **more))


# Facts about the reporter, a register or the decision itself are always known.
ALWAYS_KNOWN = {"times_reported", "source_kind", "source_is_medical", "source_is_school", "source_is_police", "key_care", "in_register",
                "hukou_outside_province", "is_mandatory_report",
                "found_by_public", "hukou_known", "law_vice_principal_office", "source_is_health", "source_is_township",
                "found_by_village_or_township", "decided_across_province", "pressing_duty"}  # fmt: skip


@pytest.mark.parametrize("name", sorted(FACTS.keys() - ALWAYS_KNOWN))
def test_what_nobody_said_is_unknown(name: str) -> None:
    assert facts(at="11-20 10:00")[name] is None


@pytest.mark.parametrize("name", sorted(FACTS))
def test_every_fact_says_what_it_means(name: str) -> None:
    assert (FACTS[name].__doc__ or "").strip().endswith((".", ")."))


@pytest.mark.parametrize(
    ("data", "danger"),
    [({"ongoing": True}, True), ({"immediate_danger": True, "injury_level": "unknown"}, True), ({"injury_level": "minor"}, True),
     ({"injury_level": "none"}, None), ({"injury_level": "none", "ongoing": False, "immediate_danger": False}, False),
     ({"injury_level": "unknown", "ongoing": False, "immediate_danger": False}, None)],
)  # fmt: skip
def test_danger_needs_one_yes_and_its_absence_three_noes(data: dict[str, Any], danger: bool | None) -> None:
    assert facts(data)["danger"] is danger


@pytest.mark.parametrize(
    ("data", "known"),
    [({"other_guardian_status": "able"}, True), ({"caregiver_known": True}, True), ({"caregiver_known": False}, None),
     ({"other_guardian_status": "unknown", "caregiver_known": False}, None),
     ({"other_guardian_status": "imprisoned", "caregiver_known": False}, False),
     ({"other_guardian_status": "imprisoned", "caregiver_known": True}, True)],
)  # fmt: skip
def test_an_able_carer_is_known_only_when_somebody_said_so(data: dict[str, Any], known: bool | None) -> None:
    assert facts(data)["able_carer_known"] is known


@pytest.mark.parametrize(
    ("at", "heating", "cold"),
    [("10-14 10:00", False, False), ("10-15 00:00", False, True), ("10-15 00:00", None, None), ("12-31 10:00", True, False),
     ("2027-04-15 23:59", False, True), ("2027-04-16 00:00", False, False)],
)  # fmt: skip
def test_winter_runs_from_15_october_to_15_april(at: str, heating: bool | None, cold: bool | None) -> None:
    assert facts({} if heating is None else {"heating_ok": heating}, at)["winter_without_heating"] is cold


@pytest.mark.parametrize(("at", "unreached"), [("09-09 16:59:59", False), ("09-09 17:00", True), ("09-09 21:00", True)])
def test_not_reached_becomes_true_at_five(at: str, unreached: bool) -> None:
    assert facts({"guardian_reachable": False}, at)["guardian_unreached_by_17"] is unreached


def test_a_day_without_parents_counts_from_when_it_began_else_from_acceptance() -> None:
    said = {"reachable_parent": False, "since": "2026-09-08T10:00:00+08:00"}
    assert facts(said)["parents_unreachable_24h"] is True
    assert facts(said, "09-09 09:59:59")["parents_unreachable_24h"] is False
    silent = facts({"reachable_parent": False}, "09-10 10:00", accepted_at=jilin("09-09 10:00"))
    assert silent["parents_unreachable_24h"] is True


def test_another_registration_is_only_another_when_both_are_known() -> None:
    assert facts(county={"res": "220122", "huk": "220182"})["hukou_elsewhere"] is True
    assert facts(county={"res": "220122", "huk": "220122"})["hukou_elsewhere"] is False
    assert facts(county={"res": "220122", "huk": None})["hukou_elsewhere"] is None
    assert facts(county={"res": "220122", "huk": None}, huk_outside=True)["hukou_elsewhere"] is True


@pytest.mark.parametrize(
    ("code", "row"),
    [(1, "abuse.sexual.suspected"), (2, "abuse.sexual.suspected"), (3, "abuse.sexual.suspected"),
     (4, "abuse.domestic_violence.suspected"), (5, "child.self_harm.risk"), (6, "child.abandoned"), (7, "child.trafficking.suspected"),
     (8, "abuse.forced_begging.suspected"), (9, "abuse.unlawful_harm.imminent"), ("unknown", "abuse.unlawful_harm.imminent")],
)  # fmt: skip
def test_a_mandatory_report_takes_the_row_of_its_situation(code: int | str, row: str) -> None:
    assert row_of("reporting.mandatory.filed.v1", {"situation_code": code}) == row


def test_registers_and_key_care_come_from_the_event_and_from_what_is_on_file() -> None:
    assert facts({"child_categories": ["migrant"]})["in_register"] is True
    assert facts(child={"child_categories": ["disabled"]})["key_care"] is True
    assert facts(child={"rating": "key_care"})["in_register"] is True
    assert facts()["in_register"] is False


def test_a_pupil_is_known_by_a_school_on_record() -> None:
    assert facts({"pupil_at": "/school/220122/s1"})["is_pupil"] is True
    assert facts(child={"pupil_at": "/school/220122/s1"})["is_pupil"] is True
    assert facts({"child_categories": ["out_of_school"]})["is_pupil"] is False
