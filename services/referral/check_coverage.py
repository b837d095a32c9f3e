"""Whether every situation of every event type has one row: none without, none with two, one who is responsible in each. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations
from typing import Any

from services.referral.combinations import Found, TooMany, term, together
from services.referral.fact_values import Values
from services.referral.finding import Finding
from services.referral.rules import Rule, Rulebook, SeverityRule

Known = Mapping[str, Mapping[str, Values]]
MOST_GAPS = 3  # situations without a row that are named per event type; mending one often mends the next


def days_to_check(rulebook: Rulebook) -> list[date]:
    """The day on which the sources were last checked, and each later one on which a rule begins or ends."""
    checked = max(source.last_checked for source in rulebook.sources.values())
    edges = {day for rule in rulebook.rules for day in (rule.in_force.from_, rule.in_force.to) if day and day > checked}
    return [checked, *sorted(edges)]


def coverage(rulebook: Rulebook, known: Known) -> Iterator[Finding]:
    """Event types without a row or severity, situations that no row or more than one covers, rows that none reaches."""
    days = days_to_check(rulebook)
    reached: set[str] = set()
    asked: set[str] = set()
    for name, facts in known.items():
        rows = [rule for rule in rulebook.by_event.get(name, ()) if not rule.adds]
        if not rows:
            yield Finding(
                name, (), "an event type without a row of its own, expected a rule or a rule with no_referral"
            )
        rated = rulebook.severities.get(name)
        if rated is None:
            yield Finding(name, (), "an event type without a severity, expected an entry of severity/*.yaml")
        told: set[tuple[str, ...]] = set()
        for day in days:
            now = [rule for rule in rows if rule.in_force.covers(day)]
            asked |= {rule.id for rule in now}
            yield from _situations(name, now, rated, facts, reached, told)
        adding = [rule for rule in rulebook.by_event.get(name, ()) if rule.adds]
        for rule in [*rows, *adding]:
            yield from _responsible(rule, rated, facts)
        if adding:
            asked |= {rule.id for rule in adding}
            reached |= {adding[n].id for one in _tried(adding, rated, facts) for n in one.hold}
    for rule in rulebook.rules:
        if rule.id in asked - reached:
            yield Finding(rule.id, ("when",), f"{rule.id} is never reached, expected conditions that can hold together")
    yield from _timers(rulebook, known)


def _tried(rules: Sequence[Rule], rated: SeverityRule | None, facts: Mapping[str, Values]) -> list[Found]:
    try:
        return together([term(rule.when) for rule in rules], rated, facts)
    except TooMany:
        return [Found(frozenset(range(len(rules))), None, {})]


def _situations(name: str, rows: Sequence[Rule], rated: SeverityRule | None, facts: Mapping[str, Values],
                reached: set[str], told: set[tuple[str, ...]]) -> Iterator[Finding]:  # fmt: skip
    try:
        found = together([term(rule.when) for rule in rows], rated, facts)
    except TooMany:
        reached |= {rule.id for rule in rows}
        yield Finding(
            name, (), "too many conditions to prove that each situation has one row, expected fewer rows or facts"
        )
        return
    gaps = 0
    for one in found:
        both = tuple(sorted(rows[n].id for n in one.hold))
        reached |= set(both)
        if not both and rows and gaps < MOST_GAPS:
            gaps += 1
            yield Finding(
                name, (), f"no row for the situation {spoken(one)}, expected a rule or a rule with no_referral"
            )
        elif len(both) > 1 and both not in told:
            told.add(both)
            yield Finding(
                both[0],
                ("when",),
                f"{' and '.join(both)} overlap, for example at {spoken(one)}, expected one row for each situation",
            )


def _responsible(rule: Rule, rated: SeverityRule | None, facts: Mapping[str, Values]) -> Iterator[Finding]:
    """One primary, wherever the row has somebody who acts."""
    if not rule.to:
        return
    try:
        found = together([term(rule.when, recipient.when) for recipient in rule.to], rated, facts)
    except TooMany:
        yield Finding(
            rule.id, ("to",), "too many conditions to prove who is responsible, expected fewer recipients with `if`"
        )
        return
    several = alone = False
    for one in found:
        told = [rule.to[n] for n in sorted(one.hold)]
        primaries = {(r.kind or r.kinds_from, r.level, r.where) for r in told if r.role == "primary"}
        if len(primaries) > 1 and not several:
            several = True
            yield Finding(rule.id, ("to",), f"two primaries at {spoken(one)}, expected one")
        if not primaries and not rule.adds and not alone and rule.event and any(r.role == "co" for r in told):
            alone = True
            yield Finding(rule.id, ("to",), f"a row with co recipients needs a primary, and has none at {spoken(one)}")


def _timers(rulebook: Rulebook, known: Known) -> Iterator[Finding]:
    """Two rules of one timer, or of one answer, must not both bring a primary."""
    everything = {name: values for facts in known.values() for name, values in facts.items()}
    groups = [(f"timer {name} is due", rules) for name, rules in rulebook.by_timer.items()]
    groups += [(f"{action} is answered", rules) for action, rules in rulebook.by_act.items()]
    for when, rules in groups:
        bringing = [rule for rule in rules if any(r.role == "primary" for r in rule.to)]
        for first, second in combinations(bringing, 2):
            if _same_answer(first, second) and any(
                len(one.hold) > 1 for one in _tried([first, second], None, everything)
            ):
                yield Finding(
                    first.id, ("to",), f"{first.id} and {second.id} both bring a primary when {when}, expected one"
                )


def _same_answer(first: Rule, second: Rule) -> bool:
    """Whether one officer's answer can be what both wait for; always for rules of timers."""
    one, other = first.on_act, second.on_act
    if one is None or other is None:
        return True
    pairs = ((one.event, other.event), (one.by, other.by), (one.profile, other.profile))
    shared = all(not a or not b or "*" in (*a, *b) or set(a) & set(b) for a, b in pairs)
    return shared and (one.role is None or other.role is None or one.role == other.role)


def spoken(found: Found) -> str:
    """The facts of an example, in words of the rulebook."""
    return ", ".join(f"{name}: {_word(value)}" for name, value in found.facts.items()) or "any facts"


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "unknown" if value is None else str(value)
