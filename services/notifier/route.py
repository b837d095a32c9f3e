"""One channel: its own threads, its own bounded sockets, and the plugin that speaks to its provider."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from typing import Protocol

from services.notifier.outcome import Outcome, Receipt, refused_for_now, unknown
from services.notifier.parcel import Parcel, Question

OVERALL = 40.0  # seconds; shorter than the lease of a claim (claim.py), longer than any provider's own time-outs
ASKING = 2  # threads that ask what became of messages: they never take a sender's thread


class Carrier(Protocol):
    """What hands over and is asked, in a thread. Neither ever raises for what the outside does."""

    def hand_over(self, parcel: Parcel) -> Outcome: ...
    def ask(self, question: Question) -> Receipt | None: ...


class Route:
    """A channel in use."""

    def __init__(self, carrier: Carrier, connections: int) -> None:
        self._carrier = carrier
        self._threads = ThreadPoolExecutor(connections, thread_name_prefix="channel")
        self._asking = ThreadPoolExecutor(ASKING, thread_name_prefix="channel-ask")

    async def send(self, parcel: Parcel) -> Outcome:
        """Hand over on a thread of this channel: one that hangs costs this channel a place, and no other."""
        under_way = self._threads.submit(self._carrier.hand_over, parcel)
        try:
            return await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(under_way)), OVERALL)
        except TimeoutError:
            if under_way.cancel():
                return refused_for_now("no free connection", "provider_fault")
            return unknown("no answer in time")

    async def ask(self, question: Question) -> Receipt | None:
        """Ask on a thread for questions."""
        under_way = self._asking.submit(self._carrier.ask, question)
        try:
            return await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(under_way)), OVERALL)
        except TimeoutError:
            under_way.cancel()
            return None

    def close(self) -> None:
        """Let the threads go; what is under way in them ends by itself."""
        for threads in (self._threads, self._asking):
            threads.shutdown(wait=False, cancel_futures=True)


def fields_of(parcel: Parcel) -> dict[str, object]:
    """What a plain JSON receiver gets: the documented fields, and apprise's own names for text and title."""
    told = {
        name: value
        for name, value in asdict(parcel).items()
        if name not in ("template", "params", "acknowledge", "again")
    }
    return told | {"message": parcel.text, "title": "", "type": "info", "version": "1.0"}
