"""The reckoning of messages: each was handed over, or its failure has a next step; twice only where a notifier died. Pure."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from infra.bench.faults.facts import Facts, Row
from infra.bench.faults.provider import Taken
from infra.bench.faults.reckoning import Difference, Differences
from infra.bench.faults.tree import Death
from services.notifier.claim import LEASE

CLOSE = 1.0  # seconds between a death and our noticing it


def reckon_messages(facts: Facts, taken: Sequence[Taken], deaths: Sequence[Death], now: datetime) -> list[Difference]:
    """Compare notices, messages and deliveries with what the provider took."""
    all_, rows = Differences(), facts.rows
    messages: dict[str, list[Row]] = defaultdict(list)
    for message in rows["messages"]:
        messages[message["notice_id"]].append(message)
    deliveries: dict[str, list[Row]] = defaultdict(list)
    for delivery in rows["deliveries"]:
        deliveries[delivery["message_id"]].append(delivery)

    known = {(d["message_id"], d["channel"]): d["state"] for d in rows["deliveries"]}
    got = {(t.message, t.channel) for t in taken}
    # Whatever the provider took before this moment was claimed, and committed, before it.
    by_then = {(t.message, t.channel) for t in taken if t.at < now.timestamp()}
    all_.none_of("handed over, though nobody asked for it", by_then - known.keys())
    sent = {place for place, state in known.items() if state == "sent"}
    all_.none_of("recorded as sent, though the provider never took it", sent - got)
    under_way = (d for d in rows["deliveries"] if d["state"] == "sending" or (d["state"] == "queued" and not d["slow"]))
    all_.none_of("still on its way", ((d["message_id"], d["channel"], d["state"]) for d in under_way))
    for notice in rows["notices"]:
        root = notice["merged_into"] or notice["id"]
        all_.none_of(*_told(notice, messages[root], deliveries, now))
    for message in rows["messages"]:
        states = {d["state"] for d in deliveries[message["id"]]}
        if not states:
            all_.none_of("a message without a channel", [message["id"]])
        if ("sent" in states) != (message["state"] == "reached"):
            all_.none_of("reached, and not sent, or the other way round", [message["id"]])
    pairs = [(m["notice_id"], m["person_id"]) for m in rows["messages"]]
    all_.same("one message for a notice and a person", set(pairs), pairs)
    all_.none_of("handed over again, though no notifier died meanwhile", unexplained(taken, deaths))
    return _gathered(all_.found)


def _told(
    notice: Row, messages: Sequence[Row], deliveries: dict[str, list[Row]], now: datetime
) -> tuple[str, list[object]]:
    """What is wrong with the end of a notice, if anything."""
    match notice["state"]:
        case "told":
            reached = [m for m in messages if m["state"] == "reached" and notice["referral_id"] in m["referral_ids"]]
            return "told, but nobody was", [] if reached else [notice["id"]]
        case "undelivered":
            # Everybody who answers for the post was tried on every channel, and no provider took it: operations are told.
            tried = [d for m in messages for d in deliveries[m["id"]]]
            silent = messages and all(d["state"] in ("refused", "unknown") for d in tried)
            return "given up before everybody was tried", [] if silent and len(messages) >= 3 else [notice["id"]]
        case "waiting":
            return "should have been told by now", [] if notice["not_before"] > now else [notice["id"]]
        case "not_needed":
            return "no longer needed, and told", []
        case _:
            return "still being told", [notice["id"]]


def again(taken: Sequence[Taken]) -> list[tuple[Taken, Taken]]:
    """A message that the provider took once more on the same channel, with the time before."""
    last: dict[tuple[str, str], Taken] = {}
    pairs = []
    for one in sorted(taken, key=lambda t: t.at):
        if (before := last.get((one.message, one.channel))) is not None:
            pairs.append((before, one))
        last[one.message, one.channel] = one
    return pairs


def unexplained(taken: Sequence[Taken], deaths: Sequence[Death]) -> list[str]:
    """Repeats without a notifier that died between the provider's taking it and the record of it.

    Its death sets its claims free at once; one that nobody saw die keeps them for the lease. The death lies between the two,
    and the second is not later than the lease allows.
    """
    lease = LEASE.total_seconds()
    died = [death.at for death in deaths if death.name == "notifier"]
    return [
        f"{second.message} on {second.channel} after {second.at - first.at:.1f} s"
        for first, second in again(taken)
        if not any(first.at - CLOSE <= at <= min(second.at, first.at + lease) + CLOSE for at in died)
    ]


def _gathered(found: list[Difference]) -> list[Difference]:
    """One line for each rule."""
    by_rule: dict[str, list[Difference]] = defaultdict(list)
    for each in found:
        by_rule[each.rule].append(each)
    return [
        Difference(rule, sum(d.count for d in of), tuple(e for d in of for e in d.examples)[:3])
        for rule, of in by_rule.items()
    ]
