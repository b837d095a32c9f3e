"""What the sources know: which events were accepted, which were refused, and what was answered that should not have been."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from events.envelope import Event

Key = tuple[str, str]
Binding = Literal["http", "kafka"]
# good: an event; again: the same once more; reused: its id with other content; poison: nothing that may come in
What = Literal["good", "again", "reused", "poison"]


@dataclass(frozen=True, slots=True)
class Item:
    """Something a source sends. `raw` is a record that is no event at all, or that `event` does not describe."""

    what: What
    event: Event
    rule: str = ""  # why it must be refused
    raw: tuple[list[tuple[str, bytes]], bytes | None] | None = None

    @property
    def key(self) -> Key:
        """(source, id)."""
        return self.event.source, self.event.id


@dataclass
class Ledger:
    """Filled by the producers. An event is accepted with its 202 result or Kafka's acknowledgement, and not before."""

    began: datetime
    accepted: dict[Key, Binding] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def answered(self, item: Item, status: str, rules: list[str]) -> None:
        """The door's result for an item that was sent over HTTP."""
        self.counts[f"http {item.what}"] += 1
        match item.what:
            case "good" | "again" if status in ("accepted", "duplicate"):
                self.accepted.setdefault(item.key, "http")
            case "reused" | "poison" if status == "refused" and item.rule in rules:
                pass  # as it must be
            case _:
                self.wrong.append(f"{item.what} event {item.event.id}: answered {status} {rules}, {item.rule}")

    def acknowledged(self, item: Item) -> None:
        """Kafka has the record."""
        self.counts[f"kafka {item.what}"] += 1
        if item.what in ("good", "again"):
            self.accepted.setdefault(item.key, "kafka")
