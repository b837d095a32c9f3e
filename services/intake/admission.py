"""The one way in, for HTTP and Kafka alike: examine, claim the keys, keep, publish, count; all in one transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from events.codec import Refusal
from events.envelope import Event
from events.identity import identity_in
from services.access.registration import Registration
from services.chassis.seal import Seal
from services.chassis.telemetry import continued, current_traceparent
from services.chassis.work import Work
from services.directory.territory import Territory
from services.intake import door, store, vault
from services.intake.door import Accepted, Good, Outcome
from services.intake.surroundings import Surroundings

CHILD_EVENTS = "child-events"


class Report(NamedTuple):
    """What came in, and when: T, from which every deadline will run."""

    content: Event | Refusal
    at: datetime
    traceparent: str | None = None  # of the transport, for an event that carries none


async def admit(
    work: Work, reports: Sequence[Report], registration: Registration, via: store.Via, territory: Territory, seal: Seal
) -> list[Outcome]:
    """Decide about each report of a registered source; the outcomes are in the order of the reports.

    Our own sign of life passes on and leaves nothing behind.
    """
    passed: dict[int, Outcome] = {}
    for n, report in enumerate(reports):
        if isinstance(report.content, Event) and door.is_heartbeat(report.content, registration):
            work.publish(CHILD_EVENTS, report.content.id, report.content)
            passed[n] = Accepted(report.content, b"")
    rest = [report for n, report in enumerate(reports) if n not in passed]
    settled = iter(await _admit(work, rest, registration, via, territory, seal) if rest else ())
    return [passed.get(n) or next(settled) for n in range(len(reports))]


async def _admit(
    work: Work, reports: Sequence[Report], registration: Registration, via: store.Via, territory: Territory, seal: Seal
) -> list[Outcome]:
    born = await vault.birth_dates(work.db, seal, door.aged(report.content for report in reports))
    world = Surroundings(work.now, territory, born)
    examined = [door.examine(report.content, registration, world) for report in reports]
    goods = [outcome for outcome in examined if isinstance(outcome, Good)]
    settled = iter(door.settle_all(goods, await store.claim(work.db, goods)))
    outcomes: list[Outcome] = [next(settled) if isinstance(outcome, Good) else outcome for outcome in examined]
    kept = [
        _publish(work, outcome, report, registration)
        for outcome, report in zip(outcomes, reports, strict=True)
        if isinstance(outcome, Accepted)
    ]
    await store.keep(work.db, kept, via, registration.name)
    await store.tally(work.db, outcomes, via, registration.name)
    return outcomes


def _harmless(traceparent: str | None) -> str | None:
    # The transport's header is no part of the event, so the identity filter of its contract has not seen it.
    return None if traceparent is None or identity_in(traceparent) else traceparent


def _publish(work: Work, accepted: Accepted, report: Report, registration: Registration) -> store.Kept:
    event = accepted.event
    # Only our own services may say since when the clocks run: an event derived at once keeps its origin's T.
    ours = door.is_ours(registration)
    accepted_at = (event.acceptedtime if ours else None) or report.at
    with continued("accept", event.traceparent or _harmless(report.traceparent)):
        trace = current_traceparent() or event.traceparent
        changes = {"acceptedtime": accepted_at, "traceparent": trace}
        work.publish(CHILD_EVENTS, door.partition_key(event), event.model_copy(update=changes))
    return store.Kept(accepted, accepted_at, trace)
