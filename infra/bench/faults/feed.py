"""What the sources send: the sample mix with repeats, reused ids and poison among it. Deterministic by its seed."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

import orjson

from events.codec import STRUCTURED, to_kafka, to_structured
from events.envelope import Event
from infra.bench.faults.ledger import Binding, Item
from services.simulate.sample_stream import stream

POISON = 0.03  # of all events, this many more that must not come in
AGAIN_SAME, AGAIN_OTHER, REUSED = 0.06, 0.06, 0.02


class Feed:
    """`first()` gives what is sent once; `after(item)` what follows when it was accepted."""

    def __init__(self, seed: int, events: int, now: datetime) -> None:
        self._dice = random.Random(seed)
        self._events = events
        # Reported within the last hours: nothing may lie in the future, and every clock runs from the acceptance anyway.
        self._stream = stream(f"f{seed}x{int(now.timestamp())}", now - timedelta(hours=3), timedelta(milliseconds=500))

    def first(self) -> Iterator[tuple[Binding, Item]]:
        """Every event once, over the binding that fell to it, with poison in between."""
        for number in range(self._events):
            event = next(self._stream)
            yield self._binding(), Item("good", event)
            if self._dice.random() < POISON:
                binding = self._binding()
                yield binding, poison(event, number, binding)

    def after(self, item: Item, binding: Binding) -> Iterator[tuple[Binding, Item]]:
        """Repeats of an event that was accepted: the same bytes over either binding, or its id with other content."""
        other: Binding = "kafka" if binding == "http" else "http"
        if item.what != "good":
            return
        if self._dice.random() < AGAIN_SAME:
            yield binding, Item("again", item.event)
        if self._dice.random() < AGAIN_OTHER:
            yield other, Item("again", item.event)
        if self._dice.random() < REUSED:
            # Over Kafka by the event's own partition, so that it cannot overtake the event; over HTTP only after a 202.
            yield binding, Item("reused", changed(item.event), "id_reused")

    def _binding(self) -> Binding:
        return "http" if self._dice.random() < 0.5 else "kafka"


def changed(event: Event) -> Event:
    """The same id with other content."""
    return event.model_copy(update={"data": {**event.data, "confidence": "confirmed"}})


def poison(event: Event, number: int, binding: Binding) -> Item:
    """Something under a name of its own that must not come in; over Kafka also what is no event at all."""
    bad = event.model_copy(update={"id": f"{event.id}-poison"})
    data = {name: value for name, value in bad.data.items() if name != "confidence"}
    phone = {**bad.data, "evidence_refs": [f"138{number:08d}"]}
    kinds = [
        Item("poison", bad.model_copy(update={"data": data}), "required"),
        Item("poison", bad.model_copy(update={"type": "child.flew.v1"}), "unknown_type"),
        Item("poison", bad.model_copy(update={"data": phone}), "mobile_number"),
        Item("poison", bad.model_copy(update={"source": "/shouhu/220000/referral"}), "source_not_yours"),
    ]
    if binding == "kafka":
        headers, value = to_kafka(bad)
        kinds += [
            Item("poison", bad, "json", raw=([], b"\x00\xff\x01 no event")),
            Item("poison", bad, "tombstone", raw=(headers, None)),
            Item("poison", bad, "json", raw=([("content-type", STRUCTURED.encode())], to_structured(bad)[:-9])),
            Item("poison", bad, "duplicate_header", raw=([*headers, ("ce_id", b"x")], value)),
        ]
    return kinds[number % len(kinds)]


def batch(items: list[Item]) -> bytes:
    """The body of a batch request."""
    return b"[" + b",".join(to_structured(item.event) for item in items) + b"]"


def named(item: Item) -> bytes:
    """A record's key that says what it is, so that Kafka's own log tells poison from events."""
    return orjson.dumps([item.what, *item.key, item.rule])
