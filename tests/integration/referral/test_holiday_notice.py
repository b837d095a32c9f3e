"""`shouhu calendar load`: provisional due times of open referrals are put right, told to the tracker and shown in the case's history."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from events.codec import to_kafka
from services.chassis.clock import SimulatedClock
from services.chassis.context import Context
from services.chassis.record import StoredRecord
from services.chassis.work import transaction
from services.cli.calendar import app
from services.console import store as console
from services.console.narrative import said
from services.console.texts import text_of
from services.law.published import published_calendar
from services.referral import editions, handlers
from services.referral.laws import Laws, laws_of
from services.referral.recounting import count_again
from services.referral.service import SERVICE
from services.referral.source_review import publish_reviews
from tests.unit.referral.clock_examples import jilin
from tests.unit.referral.story_desk import event

NOTICE = """year: 2027
citation: {source: K23, clause: 2027, label: law}
holidays:
  - {name: New Year, from: 2027-01-01, to: 2027-01-03}
make_up_working_days: [2027-01-09]
"""
AT = jilin("12-31 10:00")


@pytest.fixture
async def laws(context: Context) -> Laws:
    """A referral service on the last day of the loaded calendar, with one referral whose due times lie beyond it."""
    context.clock = SimulatedClock(AT)
    assert SERVICE.start is not None
    await SERVICE.start(context)
    headers, value = to_kafka(
        event("education.absence.unexplained", AT, consecutive_school_days=1, source="/school/220122/s1")
    )
    async with transaction(context, "referral") as work:
        record = StoredRecord("child-events", 0, 0, int(AT.timestamp() * 1000), None, value, tuple(headers))
        await handlers.on_child_events(context, work, [record])
    return laws_of(context)


async def test_it_is_put_right_once_told_and_shown(context: Context, laws: Laws) -> None:
    assert await count_again(context) == 0
    before = await context.pool.fetchval(
        "select fact from referral.referral where fact->'clocks' @> '[{\"provisional\": true}]'"
    )
    assert before is not None
    await editions.load_notice(context.pool, "2027.yaml", NOTICE, "test", AT)
    assert isinstance(context.clock, SimulatedClock)
    context.clock.move_to(jilin("12-31 10:02"))
    assert await count_again(context) == 1
    assert await count_again(context) == 0
    fact = await context.pool.fetchval("select fact from referral.referral where id = $1", before["id"])
    assert not any(clock["provisional"] for clock in fact["clocks"])
    assert fact["version"] == before["version"] + 1
    moved = {c["name"] for c, b in zip(fact["clocks"], before["clocks"], strict=True) if c["due_at"] != b["due_at"]}
    assert moved
    told = await context.pool.fetch(
        "select headers from chassis.outbox where topic = 'referrals' order by id desc limit 1"
    )
    assert b"referral.changed.v1" in b"".join(
        bytes(v) if isinstance(v, bytes) else str(v).encode() for v in told[0]["headers"]
    )
    lines = await context.pool.fetch("select what, detail from referral.log_view where what like 'clock.%'")
    assert {row["detail"]["clock"] for row in lines if row["what"] == "clock.moved"} == moved
    shown = next(said(row["what"], row["detail"], text_of("zh")) for row in lines if row["what"] == "clock.moved")
    assert "更正" in shown
    assert "→" in shown


async def missing(context: Context, on: str) -> int | None:
    async with context.pool.acquire() as db:
        return await console.holidays_missing(db, jilin(on).date())


async def test_operations_are_warned_while_the_next_year_is_missing(context: Context, laws: Laws) -> None:
    assert await missing(context, "11-30 12:00") is None
    await count_again(context)
    assert await missing(context, "11-30 12:00") is None
    assert await missing(context, "12-01 12:00") == 2027
    await editions.load_notice(context.pool, "2027.yaml", NOTICE, "test", AT)
    assert isinstance(context.clock, SimulatedClock)
    context.clock.move_to(jilin("12-31 10:02"))
    await count_again(context)
    assert await missing(context, "12-01 12:00") is None
    assert await published_calendar(context.pool) == laws.calendar  # what rosters and obligations count by
    assert laws.calendar.years == {2026, 2027}


def test_a_wrong_notice_is_refused_with_its_line(
    database: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SHOUHU_POSTGRES", database)
    monkeypatch.setenv("SHOUHU_DATA", str(tmp_path))
    file = tmp_path / "2027.yaml"
    file.write_text(NOTICE.replace("2027-01-09", "2027-01-08"))
    refused = CliRunner().invoke(app, ["load", str(file)])
    assert refused.exit_code == 1
    assert "2027-01-08 is a weekday" in refused.output
    file.write_text(NOTICE.replace("K23", "K99"))
    assert "2027.yaml:2: citation.source: K99 is unknown" in CliRunner().invoke(app, ["load", str(file)]).output
    file.write_text(NOTICE)
    for new in (True, False):
        done = CliRunner().invoke(app, ["load", str(file), "--json"])
        assert json.loads(done.stdout) == {"year": 2027, "new": new}


async def test_operations_see_which_sources_to_look_at_again(context: Context, laws: Laws) -> None:
    await publish_reviews(context)
    await publish_reviews(context)  # the same again changes nothing
    async with context.pool.acquire() as db:
        shown = {row["id"]: row["status"] for row in await console.sources_to_review(db)}
    assert shown == {"B": "lapse_review", "K10": "amended", "K15": "amended", "K45": "lapse_review"}
