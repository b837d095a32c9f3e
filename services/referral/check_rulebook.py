"""What `shouhu rulebook check` proves about an edition: cited, dated, exampled, known words, one row per case, every type reached. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Set
from itertools import islice, product
from typing import Any

from services.directory.agencies import KINDS
from services.referral.facts import FACTS, SITUATIONS
from services.referral.profiles import packaged_profiles
from services.referral.rules import Condition, Rule, Rulebook, holds

# Facts that are fixed by the decision itself, not computed from the event.
DECIDED = {"severity", "sides_agreed"}
REPORT = "reporting.mandatory.filed"
SPECIAL_KINDS = {"source", "superior_of_holder"}
# More combinations than this of one event's conditions are not enumerated; a row that needs them wants splitting.
MOST = 200_000


def row_fields(fields: Mapping[str, Set[str]]) -> dict[str, Set[str]]:
    """The data fields that each row may ask for: its type's own, and those of a mandatory report that can carry it (E44 has no row itself)."""
    report = fields.get(REPORT, set())
    carried = set(SITUATIONS.values())
    return {name: own | report if name in carried else own for name, own in fields.items() if name != REPORT}


def check(rulebook: Rulebook, fields: Mapping[str, Set[str]]) -> list[str]:
    """Every fault of an edition, one line each; `fields` are the data fields of each event type (without version)."""
    faults: list[str] = []
    for rule in rulebook.rules:
        faults += [f"{rule.id}: {fault}" for fault in _one(rule, rulebook, fields)]
    for name in fields:
        if not any(not r.adds for r in rulebook.by_event.get(name, ())):
            faults.append(f"{name}: an event type without a row of its own")
        if name not in rulebook.severities:
            faults.append(f"{name}: an event type without a severity")
    for name, rules in rulebook.by_event.items():
        if name != "*":
            faults += [f"{name}: {fault}" for fault in _overlaps(name, [r for r in rules if not r.adds], rulebook)]
    used = {spec.what for rule in rulebook.rules for spec in rule.timers if not spec.again}
    for what in used - rulebook.by_timer.keys():
        faults.append(f"timer {what}: no rule has on_timer: {what}")
    for what in rulebook.by_timer.keys() - used - {"r2.agreement"}:
        faults.append(f"timer {what}: nothing sets it")
    return faults


def _one(rule: Rule, rulebook: Rulebook, fields: Mapping[str, Set[str]]) -> Iterator[str]:
    known: set[str] = DECIDED | FACTS.keys()
    for name in rule.event:
        if name == "*":
            known |= set().union(*fields.values())
        elif name not in fields:
            yield f"event {name} is unknown"
        else:
            known |= fields[name]
    if bool(rule.event) == bool(rule.on_timer) and rule.id != "fallback":
        yield "exactly one of event and on_timer is expected"
    asked = [*rule.when, *(f for r in rule.to for f in r.when), *(f for t in rule.timers for f in t.when)]
    for name in dict.fromkeys(asked):
        if name not in known:
            yield f"fact {name} is unknown"
    for basis in rule.basis:
        source = rulebook.sources.get(basis.source)
        if source is None:
            yield f"basis: source {basis.source} is not in sources.yaml"
        elif basis.label != "default" and not source.in_force.covers(rule.in_force.from_):
            yield f"basis: {basis.source} is not in force on {rule.in_force.from_}"
    yield from _recipients(rule)
    yield from _examples(rule)


def _recipients(rule: Rule) -> Iterator[str]:
    if not rule.to and not rule.no_referral and not rule.derive and not rule.ends and not rule.timers:
        yield "nobody is told, and no_referral does not say why"
    if rule.adds and any(r.role == "primary" for r in rule.to):
        yield "a row that adds brings no primary"
    roles = {r.role for r in rule.to}
    if rule.event and not rule.adds and "co" in roles and "primary" not in roles:
        yield "a row with co recipients needs a primary"
    profiles = packaged_profiles()
    for recipient in rule.to:
        for kind in (recipient.kind, *recipient.instead, *recipient.second):
            if kind not in KINDS and kind not in SPECIAL_KINDS:
                yield f"kind {kind} is not in the directory"
        offices = KINDS[recipient.kind].offices if recipient.kind in KINDS else {}
        level = "unit" if recipient.level == "county" and "county" not in offices else recipient.level
        if offices and level and level not in offices:
            yield f"{recipient.kind} has no office at level {recipient.level}"
        if recipient.profile and recipient.profile not in profiles.profiles and recipient.profile not in profiles.legal:
            yield f"profile {recipient.profile} is not in profiles.yaml"


def _examples(rule: Rule) -> Iterator[str]:
    if not rule.examples:
        yield "no example"
    if not any(e.matches for e in rule.examples):
        yield "no example that must match"
    if rule.when and not any(not e.matches for e in rule.examples):
        yield "no example that must not match"
    for example in rule.examples:
        if holds(rule.when, example.given) != example.matches:
            yield f"example {example.name!r}: {'must match and does not' if example.matches else 'matches and must not'}"


def _overlaps(event: str, rules: list[Rule], rulebook: Rulebook) -> Iterator[str]:
    """Two rows for one situation, or a row that no situation reaches, found by trying every combination of the values that the rows name."""
    names = sorted({name for rule in rules for name in rule.when})
    values = [_values(event, name, rules, rulebook) for name in names]
    reached: set[str] = set()
    told: set[tuple[str, ...]] = set()
    for combination in islice(product(*values), MOST):
        facts = dict(zip(names, combination, strict=True))
        hits = [rule for rule in rules if holds(rule.when, facts)]
        reached |= {rule.id for rule in hits}
        both = tuple(rule.id for rule in hits)
        if len(hits) > 1 and both not in told and _same_days(hits):
            told.add(both)
            yield f"{' and '.join(both)} overlap, for example at {facts}"
    for rule in rules:
        if rule.id not in reached:
            yield f"{rule.id} is never reached"


def _same_days(rules: list[Rule]) -> bool:
    start = max(rule.in_force.from_ for rule in rules)
    return all(rule.in_force.covers(start) for rule in rules)


def _values(event: str, name: str, rules: Iterable[Rule], rulebook: Rulebook) -> list[Any]:
    if name == "severity":
        rated = rulebook.severities.get(event)
        return sorted({rated.default, *(c.severity for c in rated.cases)}) if rated else ["HIGH"]
    found: list[Any] = [None]
    for condition in (rule.when[name] for rule in rules if name in rule.when):
        found += _around(condition)
    return list(dict.fromkeys(found))


def _around(condition: Condition) -> list[Any]:
    if condition.equals is not None:
        return [True, False] if isinstance(condition.equals, bool) else [condition.equals, "something else"]
    if condition.any_of is not None:
        return [*condition.any_of, "something else"]
    edge = condition.below if condition.below is not None else condition.at_least
    assert edge is not None
    return [edge - 1, edge]
