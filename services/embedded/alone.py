"""One embedded part for as long as a block lasts: for tests, tools and `simulate`, without a supervisor."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, TypeVar

from services.chassis import process
from services.chassis.process import Command


class Part(Protocol):
    """What can be started by itself: the embedded PostgreSQL and Kafka."""

    def prepare(self) -> None: ...
    def command(self) -> Command: ...
    def ready(self) -> bool: ...
    def after_stop(self) -> None: ...


P = TypeVar("P", bound=Part)


@contextmanager
def alone(part: P) -> Iterator[P]:
    """Start it, wait until it can work, and stop it when the block ends for whatever reason."""
    part.prepare()
    command = part.command()
    child = process.launch(command)
    try:
        process.await_ready(child, part.ready, command)
        yield part
    finally:
        process.stop(child, command)
        part.after_stop()
