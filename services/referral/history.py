"""What earlier events about a child mean for this one: how often it was said, and signals that add up (E16, E101). Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from events.envelope import Event
from services.referral.derive import SOURCE
from services.referral.receivers import Routing
from services.referral.rules import Aggregate


def remember(on_file: Mapping[str, Any], event: Event, routing: Routing, at: datetime, rules: tuple[Aggregate, ...]
             ) -> tuple[dict[str, Any], list[tuple[Aggregate, list[str]]]]:  # fmt: skip
    """The child's file with this event counted, and what now adds up: each aggregate with the ids of the events behind it.

    An event that we derived is no signal of its own. What was raised once is raised again only by new signals.
    """
    keys = [routing.facts[rule.once] for rule in routing.rules if rule.once]
    if new := [str(key) for key in keys if key is not None and key not in (on_file.get("keys") or ())]:
        on_file = {**on_file, "keys": [*(on_file.get("keys") or ()), *new]}
    if event.source == SOURCE:
        return dict(on_file), []
    times = {**(on_file.get("times") or {})}
    times[routing.row] = int(times.get(routing.row, 0)) + 1
    longest = max((rule.within for rule in rules), default=None)
    signals = [s for s in on_file.get("signals") or () if longest and at - datetime.fromisoformat(s["at"]) <= longest]
    kinds = sorted({r.agency.kind for r in routing.recipients if r.role == "primary"})
    signals.append({"at": at.isoformat(), "id": event.id, "severity": routing.severity, "kinds": kinds})
    raised = []
    for rule in rules:
        behind = [s for s in signals if s["severity"] == rule.severity and rule.derive not in s.get("raised", ())
                  and at - datetime.fromisoformat(s["at"]) <= rule.within]  # fmt: skip
        if routing.severity == rule.severity and len(behind) >= rule.at_least:
            raised.append((rule, [str(s["id"]) for s in behind]))
            for signal in behind:
                signal["raised"] = [*signal.get("raised", ()), rule.derive]
    return {**on_file, "times": times, "signals": signals}, raised
