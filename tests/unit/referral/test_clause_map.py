"""A clause map without a hole has no fault; every way to have a hole is named."""

from typing import Any

import pytest
from pydantic import ValidationError

from services.referral.clause_map import Carriers, Entry, digest, faults
from services.referral.policy_text import split

TEXT = split(
    "---\ncode: X\ntitle: t\nnumber: n\nissuer: i\nissued: 2024-01-02\nread_from: r\nnote: n\n---\n"
    "二、举措\n(一) 走访。较好的，每三个月走访一次；一般的，每个月走访一次。"
)
FIRST, SECOND = (clause.text for clause in TEXT.clauses)
THERE = Carriers({"timer": {"T01", "T02"}, "event": {"visit.overdue"}, "item": {"A-7"}}, reasons={"goal"})


def entry(number: int, **changed: Any) -> Entry:
    said = (FIRST, SECOND)[number - 1]
    given = {
        "id": f"X§2.1-0{number}",
        "begins": said[:4],
        "digest": digest(said),
        "carried_by": [{"timer": f"T0{number}"}],
    }
    return Entry.model_validate({**given, **changed})


def test_a_map_in_which_every_clause_has_its_carrier_has_no_fault() -> None:
    assert faults([TEXT], [entry(1), entry(2)], THERE) == []


def test_a_clause_without_an_entry_is_a_fault_that_says_how_it_begins() -> None:
    assert faults([TEXT], [entry(1)], THERE) == [
        "X§2.1-02: no entry in the clause map; it begins '一般的，每个月走访一次。'"
    ]


def test_an_entry_without_a_clause_is_a_fault() -> None:
    stray = entry(2, id="X§2.1-03")
    assert "X§2.1-03: the policy text has no such clause" in faults([TEXT], [entry(1), entry(2), stray], THERE)


def test_a_clause_has_one_entry() -> None:
    assert faults([TEXT], [entry(1), entry(2), entry(2)], THERE) == ["X§2.1-02: stands twice in the clause map"]


def test_a_shifted_text_is_noticed_by_its_first_words() -> None:
    shifted = entry(1, begins=SECOND[:4])
    assert [f for f in faults([TEXT], [shifted, entry(2)], THERE) if "begins" in f]


def test_one_changed_word_anywhere_asks_for_a_new_reading_and_says_the_digest() -> None:
    was = entry(1, digest=digest(FIRST.replace("三个月", "两个月")))
    assert faults([TEXT], [was, entry(2)], THERE) == [
        f"X§2.1-01: its words have changed: read it again, mend the entry, then write digest: {digest(FIRST)}"
    ]


def test_too_few_first_words_name_nothing() -> None:
    assert [f for f in faults([TEXT], [entry(1, begins="较"), entry(2)], THERE) if "4 characters" in f]


def test_a_carrier_that_does_not_exist_is_named_once_with_the_clauses_that_rest_on_it() -> None:
    both = [entry(1, carried_by=[{"timer": "T99"}]), entry(2, carried_by=[{"timer": "T99"}])]
    assert faults([TEXT], both, THERE) == ["timer T99 does not exist, and carries X§2.1-01, X§2.1-02"]


def test_a_reason_is_one_of_the_named_ones() -> None:
    assert faults([TEXT], [entry(1, carried_by=[], reason="goal"), entry(2)], THERE) == []
    assert faults([TEXT], [entry(1, carried_by=[], reason="no time"), entry(2)], THERE) == [
        "X§2.1-01: reason no time is unknown, expected one of clauses/parts.yaml"
    ]


def test_a_number_names_an_item_of_the_provinces_list() -> None:
    assert faults([TEXT], [entry(1, carried_by=[{"item": 7}]), entry(2)], THERE) == []
    assert faults([TEXT], [entry(1, carried_by=[{"item": 33}]), entry(2)], THERE)


def test_an_event_that_no_rule_reaches_carries_nothing() -> None:
    resting = entry(1, carried_by=[{"event": "visit.overdue"}])
    assert faults([TEXT], [resting, entry(2)], THERE) == []
    nowhere = Carriers(THERE.there, {"visit.overdue"})
    assert faults([TEXT], [resting, entry(2)], nowhere) == [
        "event visit.overdue has neither a row nor a no_referral in the routing, and carries X§2.1-01"
    ]


@pytest.mark.parametrize(
    "changed",
    [
        {"carried_by": []},
        {"reason": "goal"},
        {"carried_by": [], "reason": "goal", "lacks": {"zh": "定时任务", "en": "a timer"}},
        {"carried_by": [{"timer": "T01", "item": 1}]},
        {"says": ["wish"]},
        {"digest": "no"},
    ],
)
def test_an_entry_is_carried_or_says_why_not_and_knows_no_other_words(changed: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        entry(1, **changed)


def test_a_clause_that_lacks_its_carrier_says_what_is_missing() -> None:
    assert faults([TEXT], [entry(1, carried_by=[], lacks={"zh": "定时任务", "en": "a timer"}), entry(2)], THERE) == []
