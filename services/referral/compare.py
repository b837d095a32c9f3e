"""What another edition would have decided: the same events, each on an empty desk, under two laws. Pure; no timer is waited for."""

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from events.envelope import Event
from services.referral.case import Case
from services.referral.decide import Law, Outcome, decide
from services.referral.join import Desk
from services.referral.represent import local

Told = dict[str, Any]


@dataclass
class Difference:
    """One event that two editions decide differently. Receivers are `kind@level/area`, with the child where there are several."""

    event: str
    source: str
    type: str
    at: str
    outcome: tuple[str, str]
    rules: tuple[list[str], list[str]]
    only_a: dict[str, Told] = field(default_factory=dict)
    only_b: dict[str, Told] = field(default_factory=dict)
    changed: dict[str, dict[str, tuple[Any, Any]]] = field(default_factory=dict)  # receiver -> what: (under a, under b)
    beside: dict[str, tuple[Any, Any]] = field(default_factory=dict)  # timers, derived events, external notices


def compare(
    a: Law, b: Law, events: Iterable[tuple[Event, datetime]], on_file: Mapping[str, dict[str, Any]]
) -> Iterator[Difference | None]:
    """For each event in turn how the two editions differ, None where they agree; `on_file`: what is known of children before."""
    known = (deepcopy(dict(on_file)), deepcopy(dict(on_file)))
    for event, at in events:
        first, under_a = _decided(a, event, at, known[0])
        second, under_b = _decided(b, event, at, known[1])
        beside = {name: (_plain(first)[name], _plain(second)[name]) for name in _plain(first)}
        found = Difference(
            event.id, event.source, event.type, str(local(at)), (under_a.outcome, under_b.outcome), (under_a.rules, under_b.rules),
            beside={name: pair for name, pair in beside.items() if pair[0] != pair[1]},
        )  # fmt: skip
        _receivers(found, _told(first), _told(second))
        same = (
            not (found.only_a or found.only_b or found.changed or found.beside) and under_a.outcome == under_b.outcome
        )
        yield None if same else found


def _decided(law: Law, event: Event, at: datetime, known: dict[str, dict[str, Any]]) -> tuple[list[Case], Outcome]:
    desk = Desk(registry=deepcopy(known))
    outcome = decide(law, desk, event, at)
    known.update(desk.registry)
    return list(desk.cases.values()), outcome


def _told(cases: list[Case]) -> dict[str, Told]:
    found: dict[str, Told] = {}
    several = len({child for case in cases for child in case.children}) > 1
    for case in cases:
        for referral in case.referrals.values():
            fact = referral.fact
            name = f"{fact.agency} {fact.child}" if several and fact.child else str(fact.agency)
            found[name] = {
                "role": fact.role, "profile": fact.profile, "severity": fact.severity, "state": fact.state, "rules": list(referral.rules),
                "also": sorted(str(agency) for agency in fact.second_endpoints), "list_items": list(fact.list_items),
                **{f"due {clock.name}": local(clock.due_at) for clock in fact.clocks},
            }  # fmt: skip
        for entry in case.held:
            agency = entry["agency"]
            name = f"{agency['kind']}@{agency['level']}/{agency['area']} (after release)"
            found[name] = {"role": entry["role"], "profile": entry["profile"], "rules": list(entry["rules"])}
    return found


def _plain(cases: list[Case]) -> dict[str, Any]:
    return {
        "timers": sorted(
            f"{t.what} {local(t.due_at)}" for case in cases for t in case.timers.values() if t.state == "set"
        ),
        "derived": sorted(event.type for case in cases for event, _ in case.derived),
        "external_notices": sorted(str(notice["to_area"]) for case in cases for notice in case.external),
        "cases": len(cases),
    }


def _receivers(found: Difference, a: dict[str, Told], b: dict[str, Told]) -> None:
    found.only_a = {name: told for name, told in a.items() if name not in b}
    found.only_b = {name: told for name, told in b.items() if name not in a}
    for name in a.keys() & b.keys():
        fields = [what for what in dict.fromkeys([*a[name], *b[name]]) if a[name].get(what) != b[name].get(what)]
        if fields:
            found.changed[name] = {what: (a[name].get(what), b[name].get(what)) for what in fields}
