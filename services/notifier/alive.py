"""Whose claims are whose: a process holds a lock in PostgreSQL while it lives, and its death sets its claims free at once.

The lock lies on a connection of its own, which the kernel closes when the process dies, however it dies. A process that
only lost its connection takes the lock again within `BACK`; so a holder counts as dead when its lock was free twice,
`SURE` apart. A process that is frozen keeps its lock: its claims end with their lease.
"""

import hashlib
import os
import socket
import time
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

import asyncpg

from services.chassis.context import Context
from services.chassis.work import transaction

CLASS = 0x5348_4E4F  # of our advisory locks: SHNO
SURE = 0.9  # seconds
BACK = 0.1  # seconds until a lost connection is tried again


@dataclass
class Life:
    """This process as a holder of claims. `held`: the lock is ours at present, so claims may bear our name."""

    name: int
    held: bool = False
    free_since: dict[int, float] = field(default_factory=dict)

    @property
    def holder(self) -> int | None:
        """Whose claims ours are; None while we could be taken for dead: then only the lease counts."""
        return self.name if self.held else None

    async def take(self, connection: asyncpg.Connection) -> None:
        """Take the lock on a connection that is kept for nothing else but this and listening."""
        await connection.execute("select pg_advisory_lock($1, $2)", CLASS, self.name)
        self.held = True

    async def dead(self, context: Context) -> Collection[int]:
        """Holders of claims that are certainly gone."""
        async with transaction(context, "notifier") as work:
            rows = await work.db.fetch(
                "select claimed_by, pg_try_advisory_xact_lock($1, claimed_by::int) as free from"
                " (select distinct claimed_by from notifier.delivery where state = 'sending' and claimed_by <> $2) h",
                CLASS,
                self.name,
            )
        now = time.monotonic()
        free = {row["claimed_by"] for row in rows if row["free"]}
        self.free_since = {name: self.free_since.get(name, now) for name in free}
        return [name for name, since in self.free_since.items() if now - since >= SURE]


def life_of(started: datetime) -> Life:
    """This process, told apart from every other by machine, process number and the moment of its start."""
    told = f"{socket.gethostname()}\x1f{os.getpid()}\x1f{started.isoformat()}"
    return Life(int.from_bytes(hashlib.sha256(told.encode()).digest()[:4], "big") & 0x7FFF_FFFF)
