"""Who tells the relay that something waits: an event in this process, NOTIFY to any other."""

import asyncio

import asyncpg

CHANNEL = "shouhu_outbox"  # the payload is the service


class OutboxWake:
    """One event per service; `here` holds the services whose relay is the active one and lives in this process."""

    def __init__(self) -> None:
        self._events: dict[str, asyncio.Event] = {}
        self.here: set[str] = set()

    def event(self, service: str) -> asyncio.Event:
        """The event that the service's relay waits for."""
        return self._events.setdefault(service, asyncio.Event())

    async def before_commit(self, service: str, db: asyncpg.Connection) -> None:
        """Let the relay of another process hear of the commit; costs nothing where the relay is ours."""
        if service not in self.here:
            await db.execute("select pg_notify($1, $2)", CHANNEL, service)

    def after_commit(self, service: str) -> None:
        """Wake the relay of this process."""
        self.event(service).set()
