"""What the rulebook costs: reading and checking it, and routing one event."""

import itertools
import statistics
import time
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import orjson

import events
from events.codec import Refusal, from_http
from events.envelope import Event
from services.chassis.clock import SystemClock
from services.cli.rulebook_check import checked
from services.referral.decide import Law
from services.referral.laws import law_from
from services.referral.read_rulebook import packaged_edition
from services.referral.route import route
from services.referral.subjects import subjects_of
from services.simulate.sample_stream import stream

EXAMPLES = Path(events.__file__).parent / "examples"


def rules(count: int = 2000) -> dict[str, float]:
    """`load_s`: seconds to read everything, `check_s` to check it, the clause map included; `route_us` and `route_all_us`: median
    microseconds to route an event of the sample mix, and one of every type.

    Raises RuntimeError for a rulebook that `shouhu rulebook check` would refuse.
    """
    packaged_edition.cache_clear()
    begin = time.perf_counter()
    law = law_from(packaged_edition())
    load = time.perf_counter() - begin
    begin = time.perf_counter()
    _, faults = checked(None)  # reads everything once more
    check = time.perf_counter() - begin - load
    if faults:
        raise RuntimeError("\n".join(faults))
    now = SystemClock().now()
    mix, every = itertools.islice(stream("rules", now), count), [*_examples()] * max(1, count // 100)
    return {
        "load_s": load,
        "check_s": check,
        "route_us": _routed(law, mix, now),
        "route_all_us": _routed(law, every, now),
    }


def _routed(law: Law, told: Iterable[Event], now: datetime) -> float:
    took = []
    for event in told:
        for subject in subjects_of(event):
            begin = time.perf_counter()
            route(law.rulebook, event, subject.facts, now, law.catalogue)
            took.append(time.perf_counter() - begin)
    return statistics.median(took) * 1e6


def _examples() -> list[Event]:
    """The fullest example of every type that a source may publish."""
    batch = [orjson.loads(file.read_bytes()) for file in sorted(EXAMPLES.glob("*/full.json"))]
    found = from_http("application/cloudevents-batch+json", {}, orjson.dumps(batch))
    return [
        event
        for event in found
        if not isinstance(event, Refusal) and event.type.rsplit(".v", 1)[0] in packaged_edition().rulebook.by_event
    ]
