"""A source's own topic, read by the same door: same decisions, T from the record, refusals as dead letters."""

import json
from datetime import UTC, datetime
from typing import Any

from services.access import sources
from services.access.registration import Registration
from services.chassis.context import Context
from services.chassis.record import StoredRecord
from services.chassis.work import transaction
from services.intake import handlers

AT = datetime(2026, 10, 2, 12, 14, 3, 250000, tzinfo=UTC)


def record(event: Any, offset: int = 0, topic: str = "in.h1", headers: Any = None) -> StoredRecord:
    value = event if isinstance(event, bytes) else json.dumps(event).encode()
    kind = (("content-type", b"application/cloudevents+json"),) if headers is None else headers
    return StoredRecord(topic, 0, offset, round(AT.timestamp() * 1000), None, value, kind)


def binary(event: dict[str, Any], offset: int = 0, topic: str = "in.h1") -> StoredRecord:
    names = {name: value for name, value in event.items() if name not in ("data", "datacontenttype")}
    headers = [(f"ce_{name}", str(value).encode()) for name, value in names.items()]
    return record(event["data"], offset, topic, [("content-type", b"application/json"), *headers])


async def handle(context: Context, *records: StoredRecord) -> None:
    async with transaction(context, "intake") as work:
        await handlers.handle(context, work, records)


async def letters(context: Context) -> list[Any]:
    return await context.pool.fetch("select * from chassis.dead_letter order by id")


async def test_t_is_the_moment_the_log_took_the_record(context: Context, callers: Any, event: Any) -> None:
    await handle(context, binary(event()))
    kept = await context.pool.fetchrow("select * from intake.event_view")
    assert (kept["accepted_at"], kept["via"], kept["registered"]) == (AT, "kafka", "h1")
    headers = dict(await context.pool.fetchval("select headers from chassis.outbox where topic = 'child-events'"))
    assert headers["ce_acceptedtime"] == "2026-10-02T12:14:03.250000Z"


async def test_a_repeat_over_either_way_is_a_duplicate(context: Context, callers: Any, event: Any, post: Any) -> None:
    await post(event())
    await handle(context, record(event()), binary(event(), 1))
    assert await context.pool.fetchval("select count(*) from intake.event") == 1
    assert await context.pool.fetchval("select duplicates from intake.tally_view where via = 'kafka'") == 2
    assert await letters(context) == []


async def test_what_is_refused_is_a_dead_letter_with_its_reason(context: Context, callers: Any, event: Any) -> None:
    await handle(
        context,
        record(event(id="good")),
        record(event(id="bad", data={"confidence": "perhaps"}), 1),
        record(event(id="foreign", source="/police/220122/p1"), 2),
        record(b"\xff not JSON", 3),
        record(b"{}", 4, headers=[("content-type", b"text/plain"), ("ce_source", b"/x/220122/1"), ("ce_id", b"i1")]),
        record(event(id="good", data={"age_years": 3}), 5),
        StoredRecord("in.h1", 0, 6, round(AT.timestamp() * 1000), b"k", None, ()),
    )
    found = [(letter["offset"], letter["event_id"], letter["rule"]) for letter in await letters(context)]
    assert found == [
        (1, "bad", "one_of"), (2, "foreign", "source_not_yours"), (3, None, "json"), (4, "i1", "required"),
        (5, "good", "id_reused"), (6, None, "tombstone"),
    ]  # fmt: skip
    assert all("expected" in letter["reason"] for letter in await letters(context))
    assert await context.pool.fetchval("select refused from intake.tally_view where via = 'kafka'") == 6


async def test_a_dead_letter_never_names_a_personal_number(context: Context, callers: Any, event: Any) -> None:
    number = "220122201705013414"
    await handle(
        context,
        record(event(id=number)),
        binary(event(id=number), 1),
        record(b"{}", 2, headers=[("content-type", b"text/plain"), ("ce_source", number.encode()), ("ce_id", b"i")]),
    )
    assert len(await letters(context)) == 3
    assert [dict(letter) for letter in await letters(context) if number in str(letter)] == []
    assert number not in str(
        await context.pool.fetch("select headers, convert_from(value, 'utf-8') from chassis.outbox")
    )


async def test_our_own_services_say_since_when_the_clocks_run(context: Context, callers: Any, event: Any) -> None:
    derived = event(
        source="/shouhu/220000/tracker", acceptedtime="2026-10-01T00:00:00Z", type="child.missing.v1",
        data={"suspect_relation": None},
    )  # fmt: skip
    del derived["data"]["suspect_relation"]
    for name in ("injury_level", "immediate_danger", "needs_medical"):
        del derived["data"][name]
    await handle(context, binary(derived, topic="in.shouhu"))
    assert await letters(context) == []
    assert await context.pool.fetchval("select accepted_at from intake.event_view") == datetime(2026, 10, 1, tzinfo=UTC)


async def test_a_topic_without_a_source_is_not_lost(context: Context, callers: Any, event: Any) -> None:
    await handle(context, record(event(), topic="in.nobody"))
    (letter,) = await letters(context)
    assert letter["rule"] == "source_unknown"


async def test_a_new_source_means_a_new_topic(context: Context) -> None:
    assert await handlers.topics(context) == ("in.shouhu",)
    await sources.add(context.pool, Registration("s1", "school", "220122", ("school.*",)), context.clock.now())
    assert await handlers.topics(context) == ("in.s1", "in.shouhu")
