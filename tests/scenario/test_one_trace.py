"""One trace runs from the source's event to the message, the clock and the officer's answer."""

from datetime import UTC, datetime
from pathlib import Path

from events.codec import to_kafka
from events.envelope import Event
from services.access.callers import ALL
from services.chassis.database import connect_pool
from services.chassis.record import StoredRecord
from services.referral.routes import ActionBody, act_on
from services.simulate.actors import OFFICER
from services.simulate.world import World

AT = datetime(2026, 9, 9, 10, 0, tzinfo=UTC)
TRACE = "0af7651916cd43dd8448eb211c80319c"


async def test_everything_that_follows_from_an_event_belongs_to_its_trace(database: str, tmp_path: Path) -> None:
    pool = await connect_pool(database, size=4)
    try:
        world = await World.open(pool, database, tmp_path, AT)
        event = Event(
            id="t1", source="/police_command/220122/110", type="child.missing.v1", time=AT, subject="c_t1",
            traceparent=f"00-{TRACE}-b7ad6b7169203331-01",
            data={"child_ref": "c_t1", "age_years": 8, "residence_code": "220122", "occurrence_code": "220122",
                  "confidence": "suspected", "occurred_at": AT.isoformat()},
        )  # fmt: skip
        headers, value = to_kafka(event)
        await world.take_in(StoredRecord("in.sample", 0, 0, int(AT.timestamp() * 1000), None, value, tuple(headers)))
        await world.move_to(AT.replace(minute=6))  # the first clock is late by now
        referral = await pool.fetchrow("select id, version from referral.current_view where role = 'primary'")
        body = ActionBody(version=referral["version"], request_id="r1", data={})
        await act_on(world.context, OFFICER, ALL, referral["id"], "acknowledge", body)
        rows = await pool.fetch("select topic, traceparent from chassis.outbox")
        assert {row["topic"] for row in rows} >= {"child-events", "referrals", "sla", "notifications"}
        assert [row["topic"] for row in rows if TRACE not in (row["traceparent"] or "")] == []
    finally:
        await pool.close()
