"""Events about children as the tracker hears them, and what it then keeps and says."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from events.catalogue import CATALOGUE
from events.codec import from_kafka, to_kafka
from events.envelope import Event
from services.chassis.context import Context
from services.chassis.record import StoredRecord
from services.chassis.work import transaction
from services.tracker.registry import on_child_events, put_children_on_file
from services.tracker.tick import fire_due
from tests.unit.tracker.children import HOME

VILLAGE = "/village_committee/220122100201/v1"


def event(kind: str, at: datetime, child: str | None = "c_1", source: str = VILLAGE, **data: Any) -> Event:
    """An accepted event."""
    about = {"child_ref": child, "residence_code": HOME, "hukou_code": HOME} if child else {}
    told = {"confidence": "confirmed", "occurred_at": at.isoformat(), **about, **data}
    return Event(
        id=f"{kind}-{child}-{at.isoformat()}",
        source=source,
        type=f"{kind}.v1",
        subject=child,
        acceptedtime=at,
        data=told,
    )


def visit(at: datetime, child: str = "c_1", *, seen: bool = True, **data: Any) -> Event:
    return event("visit.completed", at, child, visit_at=at.isoformat(), child_seen=seen, **data)


async def learn(context: Context, *events: Event) -> None:
    """The tracker handles accepted events in one transaction, as from one batch."""
    records = []
    for number, each in enumerate(events):
        headers, value = to_kafka(each)
        records.append(StoredRecord("child-events", 0, number, 0, None, value, headers))
    async with transaction(context, "tracker") as work:
        await on_child_events(context, work, records)


async def on_file(context: Context, **children: dict[str, Any]) -> None:
    """These children were known before, living in Nong'an."""
    known = {ref: {"residence_code": HOME, "hukou_code": HOME, **facts} for ref, facts in children.items()}
    async with transaction(context, "tracker") as work:
        await put_children_on_file(context, work, known)


async def fire_at(context: Context, at: datetime, limit: int = 200) -> int:
    """Say what is due at a moment."""
    async with transaction(context, "tracker") as work:
        return await fire_due(work, at, limit)


async def owed(context: Context, *, child: str = "c_1") -> list[tuple[str, str, str]]:
    """(code, last day, state) of every row of a child."""
    rows = await context.pool.fetch(
        "select * from tracker.obligation where child_ref = $1 order by due_on, code", child
    )
    return [(row["code"], row["due_on"].isoformat(), row["state"]) for row in rows]


async def derived(context: Context) -> list[Event]:
    """Everything on topic `in.shouhu`, in order; each keeps its type's contract."""
    rows: Sequence[Any] = await context.pool.fetch(
        "select headers, value from chassis.outbox where topic = 'in.shouhu' order by id"
    )
    found = [
        from_kafka([(n, r if isinstance(r, bytes) else r.encode()) for n, r in row["headers"]], row["value"])
        for row in rows
    ]
    for each in found:
        CATALOGUE[each.type].model_validate(each.data)
    return found
