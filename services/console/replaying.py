"""Handing a dead letter to its own service again, from a page."""

from collections.abc import Callable
from functools import partial
from typing import Literal

from services.access.problems import not_found, unavailable
from services.chassis.context import Context
from services.chassis.dead_letters import NoSuchDeadLetter, StillFails, replay, show
from services.chassis.service import Service

Replayed = Literal["done", "already", "fails"]


async def replay_once(context: Context, letter: int) -> Replayed:
    """What a replay came to; `already` when it was handled before. 404 for no such letter.

    The composition that mounts the doors says how a service is found by name (`context.extras["service"]`); 503 without it.
    """
    named: Callable[[str], Service] | None = context.extras.get("service")
    try:
        about, _ = await show(context, letter)
    except NoSuchDeadLetter:
        raise not_found() from None
    if named is None:
        raise unavailable()
    service = named(about.service)
    if service.start is not None:
        await service.start(context)

    try:
        await replay(context, about.service, partial(service.handler, context), letter)
    except NoSuchDeadLetter:
        return "already"
    except StillFails:
        return "fails"
    return "done"
