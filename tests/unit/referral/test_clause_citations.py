"""A citation of a policy text leads to one of its sections, and that section's entries name who cites it."""

import pytest

from services.referral.clause_citations import Cited, citation_faults
from services.referral.clause_map import Entry, digest
from services.referral.policy_text import split

TEXT = split(
    "---\ncode: X\ntitle: t\nnumber: n\nissuer: i\nissued: 2024-01-02\nread_from: r\nnote: n\n---\n"
    "二、举措\n(一) 走访。每三个月走访一次。\n(二) 其他。做好。"
)
ENTRY = Entry.model_validate(
    {
        "id": "X§2.1-01",
        "begins": "每三个月",
        "digest": digest("每三个月走访一次。"),
        "carried_by": [{"timer": "T01"}, {"event": "visit.overdue"}],
    }
)


def faults(clause: str, source: str = "X", names: str = "visit.overdue") -> list[str]:
    return citation_faults(
        [TEXT], [ENTRY], [Cited("a rule", "event", frozenset(names.split()) if names else frozenset(), source, clause)]
    )


@pytest.mark.parametrize("clause", ["2.1", "§2.1", "2(一)", "2（一）", "2", "2 2.1", "2.1 各学段"])
def test_sections_are_named_as_people_write_them(clause: str) -> None:
    assert faults(clause) == []


@pytest.mark.parametrize("clause", ["2.14", "T19", "T1–T19", "2.1 2(三)", "各学段", ""])
def test_a_citation_of_no_section_is_a_fault(clause: str) -> None:
    assert faults(clause) == [f"a rule: cites X {clause}, and the text has no such section"]


def test_other_sources_are_not_ours_to_check() -> None:
    assert faults("art 11", source="K01") == []


def test_a_section_that_does_not_name_who_cites_it_is_a_fault() -> None:
    assert faults("2.2") == ["a rule: cites X§2.2, and no entry of that section names it in the clause map"]
    assert faults("2.1", names="visit.completed") == [
        "a rule: cites X§2.1, and no entry of that section names it in the clause map"
    ]


def test_one_of_a_rules_events_is_enough_and_a_rule_for_every_event_needs_none() -> None:
    assert faults("2.1", names="visit.completed visit.overdue") == []
    assert faults("2.2", names="") == []
