"""Which conditions can hold together: every combination that facts allow, without trying each value with each. Pure.

Facts are taken one after the other; what matters of a combination is only which conditions still hold, so combinations that agree
in that are one. Facts are taken as independent of one another, but for the severity, which the rating gives.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from services.referral.fact_values import Values
from services.referral.rules import Condition, SeverityRule

Term = tuple[tuple[str, Condition], ...]
"""Conditions that must all hold; the same fact may stand in several."""
MOST = 50_000  # sets of conditions that are told apart at once; what needs more wants splitting


class TooMany(Exception):
    """More can hold together than anybody can follow."""


class Found(NamedTuple):
    """The terms that hold together (by position), the severity at which, and facts for example."""

    hold: frozenset[int]
    severity: str | None
    facts: dict[str, Any]


def term(*conditions: Mapping[str, Condition]) -> Term:
    """All of these conditions together."""
    return tuple(pair for part in conditions for pair in part.items())


def together(terms: Sequence[Term], rated: SeverityRule | None, known: Mapping[str, Values]) -> list[Found]:
    """Every set of terms that can hold together; without `rated` any severity goes with any facts. Raises TooMany."""
    cases: list[Term] = [term(case.when) for case in rated.cases] if rated else []
    every = [*terms, *cases]
    names = dict.fromkeys(name for one in every for name, _ in one if name != "severity" or rated is None)
    states: dict[frozenset[int], dict[str, Any]] = {frozenset(range(len(every))): {}}
    for name in names:
        asked = [(n, condition) for n, one in enumerate(every) for fact, condition in one if fact == name]
        values = known.get(name, Values(None, optional=True)).to_try(condition for _, condition in asked)
        fails: dict[frozenset[int], Any] = {}
        for value in values:
            fails.setdefault(frozenset(n for n, condition in asked if not condition.holds(value)), value)
        following: dict[frozenset[int], dict[str, Any]] = {}
        for alive, facts in states.items():
            for failed, value in fails.items():
                following.setdefault(alive - failed, {**facts, name: value})
        if len(following) > MOST:
            raise TooMany
        states = following
    found: dict[tuple[frozenset[int], str | None], Found] = {}
    for alive, facts in states.items():
        severity = _severity(rated, alive, len(terms), facts)
        hold = frozenset(
            n for n in alive if n < len(terms) and all(c.holds(severity) for name, c in terms[n] if name == "severity")
        )
        found.setdefault((hold, severity), Found(hold, severity, {"severity": severity, **facts}))
    return list(found.values())


def _severity(rated: SeverityRule | None, alive: frozenset[int], first: int, facts: Mapping[str, Any]) -> str | None:
    if rated is None:
        return facts.get("severity")
    return next((case.severity for n, case in enumerate(rated.cases, first) if n in alive), rated.default)
