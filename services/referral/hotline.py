"""Child-related items of the 12345 line: kept when they are decided, listed for the province (domain 3.5, E90). No child is named."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from events.envelope import Event
from events.hotline import HotlineLeadReceived
from services.access.db import Db
from services.law.calendar import SHANGHAI
from services.referral.places import source_agency

LINES = ("digital_gov", "hotline_12345")  # as rule hotline.answer names them: the line that owes an answer
KEEP = (
    "insert into referral.hotline_item select * from unnest($1::text[], $2::text[], $3::text[]) on conflict do nothing"
)
LISTED = """select * from referral.hotline_item_view where $1::timestamptz is null or accepted_at >= $1
  order by accepted_at, source, item"""


def is_item(event: Event) -> bool:
    """Whether an event is an item of the list: of the 12345 line, no drill, and not sealed by what the caller told."""
    if event.type != HotlineLeadReceived.TYPE or event.exercise or source_agency(event.source)[0] not in LINES:
        return False
    return HotlineLeadReceived.model_construct(**named(event)).classification() != "C4"


def named(event: Event) -> dict[str, Any]:
    """The event's data by the names of its model, where `class` is a word of Python."""
    return {"class_" if name == "class" else name: value for name, value in event.data.items()}


async def keep_items(db: Db, events: Iterable[Event]) -> None:
    """Write those of the events that are items; the same again changes nothing."""
    items = [event for event in events if is_item(event)]
    if items:
        await db.execute(KEEP, [e.source for e in items], [e.id for e in items], [e.data.get("class") for e in items])


async def hotline_items(db: Db, since: datetime | None = None) -> list[dict[str, Any]]:
    """The items accepted since a moment, oldest first: source, item, class, county, state and outcome of the answer, accepted_at."""
    return [
        {**dict(row), "accepted_at": row["accepted_at"].astimezone(SHANGHAI).isoformat()}
        for row in await db.fetch(LISTED, since)
    ]
