"""Handing a dead letter to its own service again, from a page."""

from collections.abc import Mapping
from functools import partial
from typing import Literal

from services.access.problems import not_found, unavailable
from services.chassis.context import Context
from services.chassis.dead_letters import NoSuchDeadLetter, StillFails, replay, show
from services.chassis.service import Service

Replayed = Literal["done", "already", "fails"]


async def replay_once(context: Context, letter: int) -> Replayed:
    """What a replay came to; `already` when it was handled before. 404 for no such letter.

    The composition that mounts the doors puts the services by name into `context.extras["services"]`; 503 without them.
    """
    services: Mapping[str, Service] = context.extras.get("services", {})
    try:
        about, _ = await show(context, letter)
    except NoSuchDeadLetter:
        raise not_found() from None
    service = services.get(about.service)
    if service is None:
        raise unavailable()

    try:
        await replay(context, about.service, partial(service.handler, context), letter)
    except NoSuchDeadLetter:
        return "already"
    except StillFails:
        return "fails"
    return "done"
