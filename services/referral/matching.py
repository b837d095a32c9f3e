"""Which rules hold for an event's facts, and why the others do not. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from events.referral import Severity
from services.referral.rules import Condition, Conditions, Rule, Rulebook


@dataclass(frozen=True)
class Tried:
    """Why a rule did or did not match, for people: the first condition that failed."""

    rule: str
    matched: bool
    field: str | None = None
    found: Any = None
    wanted: str | None = None


def first_failure(when: Conditions, facts: Mapping[str, Any]) -> tuple[str, Condition] | None:
    """The first condition that does not hold, or None when all hold."""
    for name, condition in when.items():
        if not condition.holds(facts.get(name)):
            return name, condition
    return None


def holds(when: Conditions, facts: Mapping[str, Any]) -> bool:
    """Whether all conditions hold."""
    return first_failure(when, facts) is None


def matching(candidates: Sequence[Rule], facts: Mapping[str, Any], on: date) -> tuple[list[Rule], list[Tried]]:
    """The rules in force that day whose conditions hold, and what was tried."""
    hits: list[Rule] = []
    tried: list[Tried] = []
    for rule in candidates:
        if not rule.in_force.covers(on):
            tried.append(Tried(rule.id, False, "in_force", on.isoformat(), "a day on which the rule is in force"))
            continue
        failed = first_failure(rule.when, facts)
        if failed is None:
            hits.append(rule)
            tried.append(Tried(rule.id, True))
        else:
            name, condition = failed
            wanted = condition.model_dump(exclude_none=True, exclude={"unknown"})
            tried.append(Tried(rule.id, False, name, facts.get(name), str(wanted)))
    return hits, tried


def severity_of(rulebook: Rulebook, row: str, facts: Mapping[str, Any]) -> Severity:
    """How urgent an event is, by the first case of its type that holds; HIGH for a type nobody has rated."""
    rule = rulebook.severities.get(row)
    if rule is None:
        return "HIGH"
    for case in rule.cases:
        if holds(case.when, facts):
            return case.severity
    return rule.default
