"""The reckoning: does what the sources know agree with what the system holds? Pure; every difference is named."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

from infra.bench.faults.facts import Facts
from infra.bench.faults.ledger import Key, Ledger

OUTCOMES = ("referred", "attached", "no_referral")


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that does not add up: which rule, how often, and a few examples."""

    rule: str
    count: int
    examples: tuple[str, ...]


class Differences:
    """Collects them."""

    def __init__(self) -> None:
        self.found: list[Difference] = []

    def none_of(self, rule: str, wrong: Iterable[object]) -> None:
        """There must be none of these."""
        listed = sorted(map(str, wrong))
        if listed:
            self.found.append(Difference(rule, len(listed), tuple(listed[:3])))

    def same(self, rule: str, expected: Iterable[Hashable], found: Iterable[Hashable]) -> None:
        """Both must hold the same, each as often."""
        want, have = Counter(expected), Counter(found)
        self.none_of(f"{rule}: missing", (want - have).elements())
        self.none_of(f"{rule}: too many", (have - want).elements())


def reckon_events(ledger: Ledger, facts: Facts) -> list[Difference]:
    """Every accepted event ended exactly once, nothing else did, and dead letters are exactly the poison."""
    all_, rows = Differences(), facts.rows
    all_.none_of("answers that should not have been given", ledger.wrong)
    all_.none_of("read to the end", facts.behind)
    all_.none_of("records lost before they were handled", (dict(row) for row in rows["not_consumed"]))
    all_.none_of("failures that were never brought to an end", (dict(row) for row in rows["attempts"]))
    expected = set(ledger.accepted) | facts.derived
    logged = {(said[1], said[2]) for said in facts.received.values() if said[0] in ("good", "again")}
    all_.none_of("on the source's topic, but not known as accepted", logged - expected)
    all_.same("accepted events are kept", expected, ((e["source"], e["id"]) for e in rows["events"]))
    all_.same("accepted events are known again", expected, ((e["source"], e["id"]) for e in rows["keys"]))
    all_.same("accepted events are decided, once", expected, ((d["source"], d["event_id"]) for d in rows["decisions"]))
    all_.none_of(
        "a decision without its outcome", (d["event_id"] for d in rows["decisions"] if d["outcome"] not in OUTCOMES)
    )
    all_.none_of("T is not the moment of acceptance", _wrong_moments(ledger, facts))
    all_.same("accepted events are passed on, once", expected, (s.key for s in facts.sent if s.topic == "child-events"))
    poison = {(*place, said[3]) for place, said in facts.received.items() if said[0] in ("poison", "reused")}
    letters = ((x["topic"], x["part"], x["offset"], x["rule"]) for x in rows["letters"])
    all_.same("dead letters are the poison", poison, letters)
    return all_.found


def _wrong_moments(ledger: Ledger, facts: Facts) -> list[Key]:
    """Over Kafka T is the moment at which the log took the event, over HTTP one of this run; the decision has the same."""
    decided = {(d["source"], d["event_id"]): d["accepted_at"] for d in facts.rows["decisions"]}
    wrong = []
    for event in facts.rows["events"]:
        key, at = (event["source"], event["id"]), event["accepted_at"]
        if event["via"] == "kafka" and event["registered"] == "sample":
            right = round(at.timestamp() * 1000) in facts.written.get(key, ())
        else:
            right = at >= ledger.began
        if not right or decided.get(key, at) != at:
            wrong.append(key)
    return wrong


def reckon_effects(facts: Facts) -> list[Difference]:
    """Each effect exists once, and the services agree."""
    all_, rows = Differences(), facts.rows
    by_event: Counter[Key] = Counter((r["event_source"], r["event_id"]) for r in rows["referrals"])
    for decision in rows["decisions"]:
        key, outcome = (decision["source"], decision["event_id"]), decision["outcome"]
        if outcome == "referred" and not by_event[key]:
            all_.none_of("referred without a referral", [key])
        if outcome == "attached" and not decision["cases"]:
            all_.none_of("attached to no case", [key])
        if outcome == "no_referral" and (by_event[key] or not (decision["rules"] or decision["why"])):
            all_.none_of("no referral, without a rule that says so", [key])
    cause = Counter(
        (r["case_id"], r["caused_by"], r["kind"], r["level"], r["area"], r["child"], r["profile"])
        for r in rows["referrals"]
    )
    all_.none_of("two referrals for one cause, agency and child", (what for what, n in cause.items() if n > 1))
    all_.none_of("more than one open case of a child", (dict(row) for row in rows["open_cases"] if row["n"] > 1))
    all_.none_of("history that happened twice", (dict(row) for row in rows["history"]))
    all_.same("every referral has its clocks, at its version", ((r["id"], r["version"]) for r in rows["referrals"]),
              ((t["id"], t["version"]) for t in rows["tracked"]))  # fmt: skip
    told = {t["id"]: t["state"] for t in rows["tracked_timers"]}
    all_.none_of(
        "timers that the tracker lacks",
        (t["id"] for t in rows["timers"] if t["state"] == "set" and t["id"] not in told),
    )
    all_.none_of("timers that nobody set", told.keys() - {t["id"] for t in rows["timers"]})
    all_.none_of("timers cancelled for one and set for the other", (
        t["id"] for t in rows["timers"] if t["state"] == "cancelled" and told.get(t["id"]) == "set"))  # fmt: skip
    said = Counter((s.topic, *s.key) for s in facts.sent)
    all_.none_of("said twice", (what for what, n in said.items() if n > 1))
    all_.none_of("never published", (s.key for s in facts.sent if not s.published))
    for topic in sorted({s.topic for s in facts.sent} | (facts.log.keys() - {"in.sample"})):
        all_.same(
            f"what was said is what lies on {topic}",
            {s.key for s in facts.sent if s.topic == topic},
            set(facts.log.get(topic, ())),
        )
    all_.same(
        "every referral and breach has its notices, once", facts.expected_notices, (n["id"] for n in rows["notices"])
    )
    return all_.found


def repeats(log: Mapping[str, Counter[Key]]) -> int:
    """Records that the relay sent more than once: allowed, and every reader drops them."""
    return sum(n - 1 for of in log.values() for n in of.values() if n > 1)
