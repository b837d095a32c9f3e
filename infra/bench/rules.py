"""What the rulebook costs: reading and checking it, and routing one event."""

import itertools
import statistics
import time

from services.chassis.clock import SystemClock
from services.referral.read_rulebook import packaged
from services.referral.route import route
from services.referral.service import law_of
from services.referral.subjects import subjects_of
from services.simulate.sample_stream import stream


def rules(events: int = 2000) -> dict[str, float]:
    """`load_s`: seconds to read and check everything; `route_us`: median microseconds to route one event of the mix."""
    packaged.cache_clear() if hasattr(packaged, "cache_clear") else None
    begin = time.perf_counter()
    law = law_of(None)
    load = time.perf_counter() - begin
    now = SystemClock().now()
    took = []
    for event in itertools.islice(stream("rules", now), events):
        for subject in subjects_of(event):
            begin = time.perf_counter()
            route(law.rulebook, event, subject.facts, now, law.catalogue)
            took.append(time.perf_counter() - begin)
    return {"load_s": load, "route_us": statistics.median(took) * 1e6}
