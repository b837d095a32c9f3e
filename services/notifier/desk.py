"""What the notifier makes once at its start: channels, the ladder, and how it finds the holders of posts."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass

import asyncpg

from services.chassis.service import Context
from services.directory.posts import parse_post
from services.notifier.ladder import Ladder, ladder
from services.notifier.parcel import Channels
from services.notifier.roster import Holders, every_post_held
from services.notifier.roster_store import load_holders

LoadHolders = Callable[[asyncpg.Connection, Collection[str]], Awaitable[Holders]]


@dataclass
class Desk:
    """`holders` answers for post keys; a simulation puts one person on every post."""

    channels: Channels
    table: Ladder
    holders: LoadHolders = load_holders


def set_desk(context: Context, channels: Channels, *, holders: LoadHolders = load_holders) -> Desk:
    """Make the desk of a process."""
    desk = Desk(channels, ladder(), holders)
    context.extras["notifier.desk"] = desk
    return desk


def desk_of(context: Context) -> Desk:
    """The desk of a process; RuntimeError before the service was started."""
    desk = context.extras.get("notifier.desk")
    if not isinstance(desk, Desk):
        raise RuntimeError("the notifier was not started: no channels are set")
    return desk


async def scenario_holders(_: asyncpg.Connection, keys: Collection[str]) -> Holders:
    """One person on every post that is asked for, as a scenario has it."""
    return every_post_held((parse_post(key), "post") for key in sorted(keys))
