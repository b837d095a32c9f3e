"""A service: its name, what it reads, what it does beside, its door; and the process that runs it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fastapi import APIRouter

from services.chassis.context import Context
from services.chassis.record import Record
from services.chassis.work import Work

if TYPE_CHECKING:
    from services.chassis.settings import Settings

Handler = Callable[[Context, Work, Sequence[Record]], Awaitable[None]]
Topics = tuple[str, ...] | Callable[[Context], Awaitable[tuple[str, ...]]]
Handlers = Mapping[str, Handler] | Handler
Task = Callable[[Context], Awaitable[None]]
__all__ = ["Context", "Handler", "Service", "run"]


@dataclass(frozen=True)
class Service:
    """What a service is made of; `services/<name>/service.py` holds its one instance.

    `handle`: a handler per topic, or one for all. `start` runs once before anything else (it fills `context.extras`).
    `tasks` run for ever beside the consumer. `router` makes the door.
    """

    name: str
    topics: Topics = ()
    handle: Handlers = field(default_factory=dict)
    tasks: tuple[Task, ...] = ()
    router: Callable[[Context], APIRouter] | None = None
    start: Callable[[Context], Awaitable[None]] | None = None

    def handler(self, topic: str) -> Handler:
        """The handler of a topic. Raises KeyError if the service has none."""
        return self.handle[topic] if isinstance(self.handle, Mapping) else self.handle


async def run(service: Service, settings: Settings, *, doors: bool) -> None:
    """Run a service until it is told to stop; ends the process itself when anything unexpected happens."""
    raise NotImplementedError
