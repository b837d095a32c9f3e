"""What the rulebook costs: reading and checking it, and routing one event."""

import itertools
import statistics
import time

from events.catalogue import CATALOGUE
from services.chassis.clock import SystemClock
from services.referral.check_rulebook import check
from services.referral.read_rulebook import packaged_edition
from services.referral.route import route
from services.referral.service import law_of
from services.referral.subjects import subjects_of
from services.simulate.sample_stream import stream


def rules(events: int = 2000) -> dict[str, float]:
    """`load_s`: seconds to read everything, `check_s` to check it; `route_us`: median microseconds to route one event.

    Raises RuntimeError for a rulebook that `shouhu rulebook check` would refuse.
    """
    packaged_edition.cache_clear()
    begin = time.perf_counter()
    law = law_of(None)
    load = time.perf_counter() - begin
    begin = time.perf_counter()
    if faults := check(packaged_edition(), CATALOGUE):
        raise RuntimeError("\n".join(faults))
    checked = time.perf_counter() - begin
    now = SystemClock().now()
    took = []
    for event in itertools.islice(stream("rules", now), events):
        for subject in subjects_of(event):
            begin = time.perf_counter()
            route(law.rulebook, event, subject.facts, now, law.catalogue)
            took.append(time.perf_counter() - begin)
    return {"load_s": load, "check_s": checked, "route_us": statistics.median(took) * 1e6}
