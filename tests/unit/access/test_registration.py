"""What belongs to a source, and what it may send."""

import pytest

from services.access.registration import Registration, faults_of
from services.access.sources import SAMPLE

TYPES = frozenset({"child.missing.v1", "school.dropout.v1"})
HOSPITAL = Registration("h1", "hospital", "220122", ("child.missing.v1",), reserved=frozenset({"/hospital/220122/h2"}))


@pytest.mark.parametrize(
    ("source", "owned"),
    [
        ("/hospital/220122/h1", True),
        ("/hospital/220122/unregistered", True),
        ("/hospital/220122/h2", False),
        ("/hospital/220123/h1", False),
        ("/hospital/2201220/h1", False),
        ("/school/220122/h1", False),
        ("hospital/220122/h1", False),
        ("", False),
    ],
)
def test_a_source_owns_its_units_but_nobody_elses(source: str, owned: bool) -> None:
    assert HOSPITAL.owns(source) is owned


@pytest.mark.parametrize(
    ("source", "owned"), [("/police/220322/p1", True), ("/shouhu/220000/tracker", False), ("/a", False)]
)
def test_the_sample_source_speaks_for_everybody_but_us(source: str, owned: bool) -> None:
    assert SAMPLE.owns(source) is owned


def test_types_are_exact_or_a_family_or_all() -> None:
    assert HOSPITAL.may_send("child.missing.v1")
    assert not HOSPITAL.may_send("child.missing.v2")
    family = Registration("s1", "school", "220122", ("school.*",))
    assert family.may_send("school.dropout.v1")
    assert not family.may_send("schoolyard.fight.v1")
    assert SAMPLE.may_send("anything.at_all.v1")


def test_every_fault_of_a_registration_is_named_at_once() -> None:
    faults = faults_of(Registration("H 1", "shouhu", "22", ("abuse.invented.v1",)), TYPES)
    assert [fault.partition(":")[0] for fault in faults] == ["name", "kind", "area", "types"]
    assert faults_of(HOSPITAL, TYPES) == []
