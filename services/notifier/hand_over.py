"""Hands one claimed delivery to its channel; where nobody knows whether it arrived, the provider is asked first."""

import asyncio
import logging
import time
from datetime import datetime

from opentelemetry.trace import SpanKind

from services.chassis.clock import Clock
from services.chassis.telemetry import continued
from services.notifier.claim import Claimed
from services.notifier.desk import Desk
from services.notifier.metrics import HANDED_OVER, HANDOVER_SECONDS, WAITED_SECONDS
from services.notifier.outcome import Outcome, Receipt, sent, unknown
from services.notifier.parcel import Question

log = logging.getLogger(__name__)
PATIENCE = 2.0  # seconds for a question on which a message waits


async def hand_over(desk: Desk, claimed: Claimed, clock: Clock) -> Outcome:
    """Hand it over once. What a process that died may have handed over is asked for first; so is what nobody answered."""
    parcel, now = claimed.parcel, clock.now()
    started = time.monotonic()
    lane = f"drill {parcel.channel}" if parcel.exercise else parcel.channel  # drills count apart from what is real
    if claimed.due_at is not None:
        WAITED_SECONDS.labels(lane).observe(max((now - claimed.due_at).total_seconds(), 0.0))
    try:
        with continued(f"send {parcel.channel}", claimed.traceparent, SpanKind.CLIENT):
            receipt = await _ask(desk, claimed, claimed.since or now) if parcel.again else None
            outcome = known(receipt) if receipt else await desk.channels.send(parcel)
            if outcome.result == "unknown" and (receipt := await _ask(desk, claimed, now)) is not None:
                outcome = known(receipt)
    except Exception as error:  # a fault of a plugin: it may have been handed over
        log.exception("channel %s failed on message %s", parcel.channel, parcel.message_id)
        outcome = unknown(f"fault in the channel ({type(error).__name__})")
    HANDOVER_SECONDS.labels(lane).observe(time.monotonic() - started)
    HANDED_OVER.labels(lane, outcome.result, outcome.reason).inc()
    return outcome


def known(receipt: Receipt) -> Outcome:
    """What a provider's word about a message makes of its hand-over: it took it, whatever became of it."""
    return sent(receipt.provider_id, promised=True)


async def _ask(desk: Desk, claimed: Claimed, since: datetime) -> Receipt | None:
    parcel = claimed.parcel
    question = Question(parcel.message_id, parcel.channel, parcel.exercise, parcel.to, "", since)
    try:
        return await asyncio.wait_for(desk.channels.ask(question), PATIENCE)
    except TimeoutError:
        return None
