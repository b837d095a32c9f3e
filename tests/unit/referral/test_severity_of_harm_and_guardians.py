"""How urgent an event is: the column "default" of domain analysis 1.1–1.3 and 1.7, row by row, with what changes it."""

from typing import Any

import pytest

from services.referral.facts import Facts, Given
from services.referral.matching import severity_of
from services.referral.read_rulebook import packaged
from tests.unit.referral.clock_examples import jilin

ROWS: list[tuple[str, dict[str, Any], str]] = [
    ("guardian.deceased", {}, "HIGH"),
    ("guardian.deceased", {"other_guardian_status": "able"}, "MEDIUM"),
    ("guardian.missing.declared", {"caregiver_known": False}, "MEDIUM"),
    ("guardian.lost_contact", {}, "HIGH"),
    ("guardian.lost_contact", {"caregiver_known": True}, "MEDIUM"),
    ("guardian.imprisoned", {"caregiver_known": False}, "HIGH"),
    ("guardian.imprisoned", {"caregiver_known": True}, "MEDIUM"),
    ("guardian.compulsory_detox", {}, "HIGH"),
    ("guardian.compulsory_detox", {"caregiver_known": True}, "MEDIUM"),
    ("guardian.liberty_restricted", {"child_alone": True}, "HIGH"),
    ("guardian.liberty_restricted", {"caregiver_known": True}, "MEDIUM"),
    ("guardian.rights.revoked", {"new_guardian": "G-1"}, "HIGH"),
    ("guardian.deported", {}, "MEDIUM"),
    ("guardian.severely_disabled", {}, "MEDIUM"),
    ("guardian.seriously_ill", {}, "MEDIUM"),
    ("guardian.released", {}, "MEDIUM"),
    ("guardian.rights.restored", {}, "LOW"),
    ("guardian.capacity.lost", {}, "HIGH"),
    ("guardian.capacity.lost", {"child_alone": True, "age_years": 8}, "HIGH"),
    ("guardian.capacity.lost", {"child_alone": True, "age_years": 7}, "CRITICAL"),
    ("guardian.capacity.lost", {"child_alone": False, "age_years": 2}, "HIGH"),
    ("guardian.capacity.lost", {"child_alone": True}, "CRITICAL"),
    ("guardian.duty.refused", {}, "HIGH"),
    ("guardian.duty.refused", {"child_in_peril": True}, "CRITICAL"),
    ("guardian.duty.refused", {"serious_consequence": True}, "CRITICAL"),
    ("guardian.duty.neglected", {}, "MEDIUM"),
    ("guardian.duty.neglected", {"repeated": True}, "HIGH"),
    ("guardian.duty.neglected", {"child_in_peril": True, "repeated": True}, "CRITICAL"),
    ("guardian.duty.neglected", {"serious_consequence": True}, "CRITICAL"),
    ("guardian.unavailable.emergency", {}, "HIGH"),
    ("guardian.unavailable.emergency", {"child_alone": True}, "CRITICAL"),
    ("guardian.breach.found_in_case", {}, "HIGH"),
    ("child.living_alone", {"age_years": 12, "heating_ok": True, "reachable_parent": True}, "HIGH"),
    ("child.living_alone", {"age_years": 7}, "CRITICAL"),
    ("child.missing", {}, "CRITICAL"),
    ("child.found", {}, "MEDIUM"),
    ("child.wandering", {}, "HIGH"),
    ("child.trafficking.suspected", {}, "CRITICAL"),
    ("child.trafficking.rescued", {}, "CRITICAL"),
    ("child.abandoned", {}, "CRITICAL"),
    ("child.private_custody.found", {}, "HIGH"),
    ("child.private_custody.found", {"harm": True}, "CRITICAL"),
    ("child.private_adoption.found", {}, "MEDIUM"),
    ("child.unregistered", {}, "MEDIUM"),
    ("child.deceased", {}, "HIGH"),
    ("abuse.domestic_violence.suspected", {}, "HIGH"),
    ("abuse.domestic_violence.suspected", {"ongoing": True}, "CRITICAL"),
    ("abuse.domestic_violence.suspected", {"injury_level": "minor"}, "CRITICAL"),
    ("abuse.guardian_harm.suspected", {"immediate_danger": True}, "CRITICAL"),
    ("abuse.sexual.suspected", {}, "CRITICAL"),
    ("abuse.unlawful_harm.suspected", {}, "HIGH"),
    ("abuse.unlawful_harm.suspected", {"immediate_danger": True}, "CRITICAL"),
    ("abuse.unlawful_harm.suspected", {"injury_level": "multiple", "immediate_danger": False}, "HIGH"),
    ("abuse.unlawful_harm.imminent", {}, "CRITICAL"),
    ("injury.accidental.suspected", {"severity": "minor"}, "HIGH"),
    ("injury.accidental.suspected", {"severity": "life_threatening"}, "CRITICAL"),
    ("abuse.bullying.reported", {}, "MEDIUM"),
    ("abuse.bullying.reported", {"severity": "minor", "injury_level": "multiple"}, "MEDIUM"),
    ("abuse.bullying.reported", {"severity": "serious"}, "HIGH"),
    ("abuse.bullying.reported", {"severity": "unknown", "injury_level": "serious"}, "HIGH"),
    ("abuse.forced_begging.suspected", {}, "CRITICAL"),
    ("abuse.child_labour.suspected", {"coercion": True}, "MEDIUM"),
    ("child.drug_involvement", {}, "HIGH"),
    ("reporting.mandatory.missed", {}, "MEDIUM"),
    ("care.delegation.improper", {}, "MEDIUM"),
    ("care.delegation.uncorrected", {}, "HIGH"),
    ("risk.rating.changed", {"to": "good"}, "LOW"),
    ("risk.rating.changed", {"to": "improper"}, "LOW"),
    ("risk.rating.changed", {"to": "absent"}, "HIGH"),
    ("online.harmful_content.found", {}, "MEDIUM"),
    ("online.harmful_content.found", {"child_identifiable": True}, "HIGH"),
    ("online.child_victim.identified", {}, "HIGH"),
    ("opinion.alert", {}, "MEDIUM"),
    ("risk.aggregate.raised", {}, "HIGH"),
]


@pytest.mark.parametrize(("row", "data", "severity"), ROWS)
def test_an_event_is_as_urgent_as_its_row_says(row: str, data: dict[str, Any], severity: str) -> None:
    given = Given(row, data, {}, "village_committee", jilin("09-09 10:00"))
    assert severity_of(packaged(), row, Facts(given)) == severity


@pytest.mark.parametrize(("before", "severity"), [(0, "MEDIUM"), (1, "MEDIUM"), (2, "HIGH"), (3, "HIGH")])
def test_the_third_report_of_neglect_is_high(before: int, severity: str) -> None:
    on_file = {"times": {"guardian.duty.neglected": before}}
    given = Given("guardian.duty.neglected", {}, on_file, "village_committee", jilin("09-09 10:00"))
    assert severity_of(packaged(), given.row, Facts(given)) == severity
