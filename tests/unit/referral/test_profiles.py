"""The clock part of the rulebook: whole, cited, ordered."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from services.law.calendar import Calendar
from services.law.rulebook_file import RulebookFault
from services.referral.deadlines import Circumstances, ladder_class, stricter, strictness
from services.referral.profiles import RULEBOOK, Limit, Profiles, packaged_profiles

DOMAIN_PROFILES = {
    "P1-POL", "P1-CIV", "P1-MED", "P1-GEN", "P2-GEN", "P3-GEN", "P4-SVC", "CC-URG", "CC-STD",
    "SCH-ABS", "SCH-BULLY", "TEMP-AID", "HOT-3WD",
}  # fmt: skip


def test_every_profile_of_the_domain_is_there_and_its_figures_are_called_defaults() -> None:
    profiles = packaged_profiles().profiles
    assert profiles.keys() == DOMAIN_PROFILES
    assert all("default" in {c.label for c in p.citations} for p in profiles.values() if p.id != "P1-POL")


def test_every_legal_limit_is_cited_as_law_or_as_unverified() -> None:
    assert all(
        {c.label for c in clock.citations} & {"law", "unverified"} for clock in packaged_profiles().legal.values()
    )


@pytest.mark.parametrize(
    ("stricter_one", "milder_one"),
    [("P1-MED", "P2-GEN"), ("P2-GEN", "P3-GEN"), ("P3-GEN", "P4-SVC"), ("P4-SVC", "CC-URG"), ("SCH-ABS", "P3-GEN"),
     ("TEMP-AID", "HOT-3WD"), ("LEG-CT-PPO24", "P4-SVC"), ("P1-POL", "SCH-BULLY")],
)  # fmt: skip
def test_the_stricter_profile_is_told_apart(stricter_one: str, milder_one: str) -> None:
    assert stricter(stricter_one, milder_one)
    assert not stricter(milder_one, stricter_one)


def test_profiles_of_one_class_are_equally_strict() -> None:
    assert strictness("P1-POL") == strictness("P1-GEN")
    assert strictness("SCH-BULLY") == strictness("P2-GEN")
    assert ladder_class("HOT-3WD") == ladder_class("LEG-1M") == "P3"


def test_an_unknown_profile_is_named() -> None:
    with pytest.raises(KeyError, match="P9-NONE"):
        ladder_class("P9-NONE")


def test_a_limit_of_two_forms_or_of_an_unknown_form_is_refused() -> None:
    with pytest.raises(ValidationError, match="exactly one form"):
        Limit.model_validate({"elapsed": "PT5M", "working_days": 1})
    with pytest.raises(ValidationError, match="workingdays"):
        Limit.model_validate({"workingdays": 1})


def test_a_profile_with_a_legal_limit_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    for name in ("profiles.yaml", "profiles_legal.yaml", "clock_ladder.yaml"):
        text = (RULEBOOK / name).read_text("utf-8").replace("[LEG-TEMPAID-3D]", "[LEG-TEMPAID-9D]")
        (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(RulebookFault, match=r"profiles\.yaml:\d+: TEMP-AID: legal: LEG-TEMPAID-9D"):
        Profiles.load(tmp_path)


def test_facts_by_name_are_taken_and_unknown_ones_are_defaults() -> None:
    assert Circumstances.of({"consecutive_school_days": 3, "severity": "serious"}) == Circumstances(3, serious=True)
    assert Circumstances.of({"consecutive_school_days": None, "visit": None}) == Circumstances()


def test_a_wrong_file_is_named_with_every_fault_in_it(tmp_path: Path) -> None:
    notice = tmp_path / "2027.yaml"
    notice.write_text(
        "year: 2027\nholidays: []\nmake_up: []\ncitation: {source: K23, clause: x, label: perhaps}\n", "utf-8"
    )
    with pytest.raises(RulebookFault) as refused:
        Calendar.load([notice])
    places = {fault.rpartition(": ")[0] for fault in refused.value.faults}
    assert places == {"2027.yaml:4: citation.label", "2027.yaml:1: make_up_working_days", "2027.yaml:3: make_up"}
