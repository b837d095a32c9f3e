"""The catalogue against the rows of the domain analysis: 109 numbers, 117 names, with their fields, clauses and classes."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from events.catalogue import CATALOGUE, check
from events.envelope import Event
from events.messages import MESSAGES
from events.source import parse_source
from services.directory.kinds import KINDS
from tests.contract.events.event_examples import EXAMPLES

ROWS: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("domain_rows.yaml").read_text("utf-8"))
TYPES = [(number, f"{name}.v1") for number, row in ROWS.items() for name in row["types"]]
OURS = "referral.sla.breached.v1"
ONLY_PUBLISH = {
    "shouhu", "portal", "public", "platform", "opinion_monitoring", "supervisory_organ", "urban_mgmt", "hotel", "training_site",
}  # fmt: skip

# R5, by number; E86 and E90 take another family when their data say so.
FAMILIES = {
    "harm": [*range(14, 19), 22, *range(34, 45), 88, 90, 101],
    "whereabouts": [*range(23, 33)],
    "guardianship": [*range(2, 14), 33, *range(68, 71), *range(73, 78)],
    "education": [*range(46, 55)],
    "health": [*range(56, 68)],
    "care": [*range(80, 87)],
    "judicial": [*range(91, 95), *range(96, 99), 106],
    "services": [1, *range(19, 22), 71, 72, 78, 79, 102, 103, 108, 109],
    "organisation": [45, 55, 87, 89, 95, 100, 104, 105, 107],
}
FAMILY_OF = {f"E{number:02}": family for family, numbers in FAMILIES.items() for number in numbers}


def test_there_are_109_numbers_and_117_names_and_no_type_beside_them() -> None:
    assert [int(number[1:]) for number in ROWS] == list(range(1, 110))
    assert len(TYPES) == 117
    assert {name for _, name in TYPES} - {OURS} == set(CATALOGUE)


@pytest.mark.parametrize(("number", "name"), [pair for pair in TYPES if pair[1] != OURS])
def test_a_type_has_its_rows_number_clause_family_and_fields(number: str, name: str) -> None:
    kind = CATALOGUE[name]
    assert (number, ROWS[number]["clause"]) == (kind.NUMBER, kind.CLAUSE)
    assert set(ROWS[number]["fields"]) <= kind.wire_fields().keys()
    if number not in ("E44", "E45"):
        assert FAMILY_OF[number] == kind.FAMILY


@pytest.mark.parametrize("name", CATALOGUE)
def test_who_publishes_is_a_kind_that_the_directory_knows_or_one_that_only_publishes(name: str) -> None:
    sources = CATALOGUE[name].SOURCES
    assert sources
    assert len(set(sources)) == len(sources)
    assert set(sources) <= set(KINDS) | ONLY_PUBLISH


def test_what_is_sealed_from_birth_and_what_is_about_no_child() -> None:
    assert {kind.NUMBER for kind in CATALOGUE.values() if kind.CLASSIFICATION == "C4"} == {"E36", "E59", "E61"}
    no_child = {"E45", "E55", "E87", "E89", "E95", "E100", "E104", "E105", "E107"}
    assert {kind.NUMBER for kind in CATALOGUE.values() if not kind.ABOUT_CHILD} == no_child


def test_a_breached_clock_is_the_trackers_word_and_nobody_may_send_it() -> None:
    assert set(ROWS["E99"]["fields"]) <= MESSAGES[OURS].model_fields.keys()
    data = {"confidence": "confirmed", "occurred_at": "2026-10-02T19:50:00+08:00"}
    for source in ("/school/220322/s1", "/shouhu/220000/tracker"):
        found = check(Event(id="a1", source=source, type=OURS, data=data))
        assert [(fault.field, fault.rule) for fault in found] == [("type", "unknown_type")]


@pytest.mark.parametrize("name", [name for name in EXAMPLES if name.split("/")[0] in CATALOGUE])
def test_an_example_comes_from_somebody_who_publishes_that_type(name: str) -> None:
    source = parse_source(EXAMPLES[name]["source"])
    assert source is not None
    assert source.kind in CATALOGUE[EXAMPLES[name]["type"]].SOURCES
