"""A condition: one fact, one operator, and a plain word for what an absent fact means."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from services.referral.matching import first_failure, matching, severity_of
from services.referral.read_rulebook import packaged
from services.referral.rules import Condition


@pytest.mark.parametrize(
    ("condition", "value", "expected"),
    [({"equals": True}, True, True), ({"equals": True}, False, False), ({"equals": True}, 1, False), ({"equals": 1}, True, False),
     ({"equals": "a"}, "a", True), ({"any_of": ["a", "b"]}, "b", True), ({"any_of": ["a"]}, "c", False), ({"below": 8}, 7, True),
     ({"below": 8}, 8, False), ({"at_least": 3}, 3, True), ({"at_least": 3}, 2, False)],
)  # fmt: skip
def test_an_operator_compares(condition: dict[str, Any], value: Any, expected: bool) -> None:
    assert Condition.model_validate(condition).holds(value) is expected


@pytest.mark.parametrize("unknown", [None, "unknown"])
@pytest.mark.parametrize(
    "operator", [{"equals": False}, {"equals": True}, {"any_of": ["a"]}, {"below": 8}, {"at_least": 3}]
)
def test_an_unknown_fact_holds_only_where_the_rule_says_so(operator: dict[str, Any], unknown: str | None) -> None:
    assert Condition.model_validate(operator).holds(unknown) is False
    assert Condition.model_validate({**operator, "unknown": "match"}).holds(unknown) is True


@pytest.mark.parametrize("wrong", [{}, {"equals": True, "below": 3}, {"unknown": "match"}, {"like": "x"}])
def test_a_condition_has_exactly_one_operator(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Condition.model_validate(wrong)


def test_the_first_condition_that_fails_is_told() -> None:
    when = {"a": Condition(equals=True), "b": Condition(below=3)}
    assert first_failure(when, {"a": True, "b": 2}) is None
    failed = first_failure(when, {"a": True, "b": 3})
    assert failed is not None
    assert failed[0] == "b"


def test_why_a_rule_did_not_match_is_kept() -> None:
    rules = packaged().by_event["guardian.duty.refused"]
    hits, tried = matching(rules, {"severity": "HIGH"}, date(2026, 9, 9))
    assert "guardian.refuses.high" in [rule.id for rule in hits]
    missed = next(entry for entry in tried if not entry.matched)
    assert (missed.field, missed.found) == ("severity", "HIGH")


def test_a_rule_not_yet_in_force_does_not_match() -> None:
    rules = packaged().by_event["guardian.duty.refused"]
    hits, tried = matching(rules, {"severity": "HIGH"}, date(2020, 1, 1))
    assert hits == []
    assert {entry.field for entry in tried} == {"in_force"}


def test_a_type_that_nobody_rated_is_high() -> None:
    assert severity_of(packaged(), "no.such.type", {}) == "HIGH"
