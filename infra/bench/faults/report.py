"""The account of a run, as a table for people and as JSON."""

from collections import Counter
from typing import Any

from infra.bench.faults.messages import again
from infra.bench.faults.reckoning import repeats
from infra.bench.faults.run import Outcome


def as_json(outcome: Outcome) -> dict[str, Any]:
    """Numbers, faults and differences."""
    ledger, facts, provider = outcome.ledger, outcome.facts, outcome.provider
    bindings = Counter(ledger.accepted.values())
    deaths = Counter(f"{d.name}: {d.how}{'' if d.ours else ' (by itself)'}" for d in outcome.tree.deaths)
    return {
        "seconds": {name: round(value, 1) for name, value in outcome.seconds.items()},
        "sent": dict(sorted(ledger.counts.items())),
        "accepted": {"http": bindings["http"], "kafka": bindings["kafka"], "derived": len(facts.derived)},
        "account": outcome.account.as_json(),
        "referrals": len(facts.rows["referrals"]),
        "clocks": len(facts.rows["tracked"]),
        "timers": len(facts.rows["tracked_timers"]),
        "notices": len(facts.rows["notices"]),
        "undelivered": sum(n["state"] == "undelivered" for n in facts.rows["notices"]),
        "messages": len(facts.rows["messages"]),
        "taken_by_provider": len(provider.taken),
        "refused_by_provider": provider.refused,
        "handed_over_again": len(again(provider.taken)),
        "published_again": repeats(outcome.logs.log),
        "faults": dict(sorted(outcome.chaos.done.items())),
        "deaths": dict(sorted(deaths.items())),
        "differences": [{"rule": d.rule, "count": d.count, "examples": list(d.examples)} for d in outcome.differences],
    }


def table(outcome: Outcome) -> str:
    """The same for people."""
    told = as_json(outcome)
    account, lines = told["account"], []

    def row(name: str, value: object) -> None:
        lines.append(f"  {name:44} {value!s:>10}")

    lines.append("events")
    row(
        "accepted over HTTP / Kafka / derived",
        " / ".join(str(told["accepted"][b]) for b in ("http", "kafka", "derived")),
    )
    for name in ("referred", "attached", "no_referral", "dead_letter", "pending"):
        row(name, account[name])
    row("unaccounted", len(account["unaccounted"]))
    lines.append("effects")
    for name in ("referrals", "clocks", "timers", "notices", "undelivered", "messages"):
        row(name, told[name])
    for name, count in account["messages"].items():
        row(f"deliveries {name}", count)
    row("taken by the provider", told["taken_by_provider"])
    row("refused by the provider", told["refused_by_provider"])
    row("handed over again (a notifier had died)", told["handed_over_again"])
    row("published again (a relay had died)", told["published_again"])
    for title in ("sent", "faults", "deaths", "seconds"):
        lines.append(title)
        for name, count in told[title].items():
            row(name, count)
    lines.append(f"differences: {len(outcome.differences)}")
    for difference in outcome.differences:
        lines.append(f"  {difference.count} × {difference.rule}")
        lines += [f"      {example}" for example in difference.examples]
    return "\n".join(lines)
