"""What is owed for children, on a real PostgreSQL: learned from events, reminded once, missed once, ended by what ends it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest_asyncio

from events.envelope import Event
from services.chassis.clock import SimulatedClock
from services.chassis.context import Context
from services.chassis.record import StoredRecord
from services.chassis.work import transaction
from services.law.calendar import Calendar, HolidayYear
from services.tracker.duties import Duties, duties_of, refreshed
from services.tracker.obligation_represent import obligation_out
from services.tracker.obligation_rows import row_from
from services.tracker.open_periods import calendar_loaded, open_due, recount
from services.tracker.registry import on_child_events
from services.tracker.store import next_moment
from services.tracker.tick import fire_due
from tests import real_parts
from tests.integration.tracker.children import derived, event, fire_at, learn, on_file, owed, visit
from tests.integration.tracker.messages import published
from tests.unit.tracker.children import at, day

START = at("2026-09-20", 9)


@pytest_asyncio.fixture
async def world(database: str, tmp_path: Path) -> AsyncIterator[Context]:
    """A process whose clock stands at the start of the story."""
    async with real_parts.fresh_context(database, tmp_path, clock=SimulatedClock(START)) as made:
        yield made


def move_to(world: Context, moment: datetime) -> None:
    assert isinstance(world.clock, SimulatedClock)
    world.clock.move_to(moment)


async def test_a_missed_visit_is_reminded_of_and_said_once(world: Context) -> None:
    await on_file(world, c_1={"rating": "fair", "last_visit_on": "2026-08-31"})
    async with world.pool.acquire() as db:
        assert await next_moment(db) == at("2026-09-23", 8).replace(minute=30)
    assert await fire_at(world, at("2026-09-23", 8).replace(minute=30)) == 1
    [reminder] = await published(world)
    assert (reminder.type, reminder.data["due_on"], reminder.data["to_role"]) == (
        "obligation.warned.v1",
        "2026-09-30",
        "child_director",
    )
    assert await fire_at(world, at("2026-10-01", 0)) == 1
    assert await fire_at(world, at("2026-10-02", 0)) == 0
    [missed] = await derived(world)
    assert (missed.type, missed.acceptedtime, missed.subject) == ("visit.overdue.v1", at("2026-10-01", 0), "c_1")
    assert {k: missed.data[k] for k in ("rating", "obligation_code", "due_at")} == {
        "rating": "fair", "obligation_code": "T02", "due_at": "2026-10-01T00:00:00+08:00"}  # fmt: skip
    assert await owed(world) == [("T02", "2026-09-30", "overdue")]


async def test_what_fell_due_in_an_outage_is_said_once_with_its_own_moment(world: Context) -> None:
    await on_file(world, c_1={"rating": "fair", "last_visit_on": "2026-08-31"})
    await fire_at(world, at("2026-10-05"))
    assert [e.type for e in await published(world)] == []  # a reminder after the day would only confuse
    [missed] = await derived(world)
    assert missed.acceptedtime == at("2026-10-01", 0)


async def test_a_visit_ends_what_was_missed_and_begins_the_next(world: Context) -> None:
    await on_file(world, c_1={"rating": "fair", "last_visit_on": "2026-08-31"})
    await fire_at(world, at("2026-10-01", 0))
    move_to(world, at("2026-10-09"))
    await learn(world, visit(at("2026-10-09")))
    assert await owed(world) == [("T02", "2026-09-30", "done"), ("T02", "2026-11-09", "open")]


async def test_two_visits_in_either_order_or_twice_leave_the_same(world: Context) -> None:
    await on_file(
        world,
        c_1={"rating": "fair", "last_visit_on": "2026-08-31"},
        c_2={"rating": "fair", "last_visit_on": "2026-08-31"},
    )
    early, late = at("2026-09-22"), at("2026-09-25")
    move_to(world, at("2026-09-26"))
    await learn(world, visit(early), visit(late))
    await learn(world, visit(late, "c_2"))
    await learn(world, visit(early, "c_2"), visit(late, "c_2"))
    ahead = [[row for row in await owed(world, child=c) if row[2] == "open"] for c in ("c_1", "c_2")]
    assert ahead == [[("T02", "2026-10-25", "open")]] * 2


async def test_a_drill_changes_nothing(world: Context) -> None:
    drill = event("child.left_behind.identified", START).model_copy(update={"exercise": True})
    await learn(world, drill)
    assert await world.pool.fetchval("select count(*) from tracker.child") == 0


async def test_a_rating_that_went_and_came_back_is_owed_again(world: Context) -> None:
    await on_file(world, c_1={"rating": "fair", "last_visit_on": "2026-09-15"})
    await learn(world, event("risk.rating.changed", at("2026-09-20", 10), to="good"))
    await learn(world, event("risk.rating.changed", at("2026-09-20", 11), to="fair"))
    rows = await owed(world)
    assert ("T02", "2026-10-15", "open") in rows
    assert ("T01", "2026-12-15", "cancelled") in rows


async def test_whoever_moves_takes_the_visits_to_another_village(world: Context) -> None:
    await on_file(world, c_1={"rating": "fair", "last_visit_on": "2026-09-15"})
    await learn(world, event("child.mobility.changed", START, to_code="220382100", residence_code=None))
    assert await world.pool.fetchval("select area from tracker.obligation") == "220382100"


async def test_a_record_that_is_no_event_is_put_aside(world: Context) -> None:
    async with transaction(world, "tracker") as work:
        await on_child_events(world, work, [StoredRecord("child-events", 0, 0, 0, None, b"{", [])])
    assert await world.pool.fetchval("select count(*) from chassis.dead_letter") == 1


async def test_nothing_is_said_when_the_transaction_fails(world: Context) -> None:
    await on_file(world, c_1={"rating": "fair", "last_visit_on": "2026-08-31"})
    try:
        async with transaction(world, "tracker") as work:
            await fire_due(work, at("2026-10-01", 0))
            raise ConnectionAbortedError
    except ConnectionError:
        pass
    assert await derived(world) == []
    assert await fire_at(world, at("2026-10-01", 0)) == 1


async def test_two_trackers_share_what_is_due_and_say_it_once(world: Context) -> None:
    await on_file(world, **{f"c_{n}": {"rating": "fair", "last_visit_on": "2026-08-31"} for n in range(40)})
    while sum(await asyncio.gather(*(fire_at(world, at("2026-10-01", 0), 7) for _ in range(2)))):
        pass
    told = [e.id for e in await derived(world)]
    assert len(told) == len(set(told)) == 40


async def open_periods_on(context: Context, now: datetime) -> int:
    async with transaction(context, "tracker") as work:
        return await open_due(work, duties_of(context), now)


async def test_periods_of_agencies_open_once_and_say_nothing_of_the_past(world: Context) -> None:
    now = at("2026-11-25")
    assert await open_periods_on(world, now) > 500
    assert await open_periods_on(world, now) == 0
    assert await fire_at(world, now) == 0
    assert await world.pool.fetchval("select count(*) from tracker.obligation where code = 'T10'") == 70


OF_POLICE = "select part, state from tracker.obligation where code = 'T18' and kind = 'police' and area = '220122'"


async def test_a_delivered_list_does_the_departments_duty(world: Context) -> None:
    async def states() -> dict[str, str]:
        return {row["part"]: row["state"] for row in await world.pool.fetch(OF_POLICE)}

    def delivery(day: str, kind: str, period: str) -> Event:
        return event("data.list.delivered", at(day), None, "/police/220122/p1", list_kind=kind, period=period)

    await open_periods_on(world, at("2026-11-25"))
    await learn(world, delivery("2026-11-26", "deaths", "2026-11"))
    assert await states() == {"monthly": "done", "base_lists": "open"}
    await learn(world, delivery("2026-11-27", "residence_permit", "2026-H2"))
    assert await states() == {"monthly": "done", "base_lists": "done"}


async def test_an_overdue_duty_is_an_event_about_its_agency(world: Context) -> None:
    await open_periods_on(world, at("2026-11-25"))
    await world.pool.execute("delete from tracker.obligation where code <> 'T10' or area <> '220100'")
    await fire_at(world, at("2026-11-30", 17))
    [missed] = await derived(world)
    assert missed.type == "timer.obligation.overdue.v1"
    assert missed.acceptedtime == at("2026-11-30", 17)
    assert missed.data["owner"] == {"kind": "civil_affairs", "level": "city", "area": "220100"}
    assert "child_ref" not in missed.data


async def test_what_was_counted_before_the_holidays_were_known_is_counted_again(world: Context) -> None:
    move_to(world, at("2026-12-30"))
    await learn(
        world, event("child.left_behind.identified", at("2026-12-30"))
    )  # T19: ten working days, by then of 2027
    [guessed] = [due for code, due, _ in await owed(world) if code == "T19"]
    before = duties_of(world)
    notice = HolidayYear.model_validate({
        "year": 2027, "citation": {"source": "K23", "clause": "a notice for a test", "label": "unverified"},
        "holidays": [{"name": "元旦", "from": "2027-01-01", "to": "2027-01-03"}], "make_up_working_days": [],
    })  # fmt: skip
    notices = [*before.notices, notice]
    async with transaction(world, "tracker") as work:
        await recount(work, Duties(before.rules, Calendar.of(notices), notices))
    rows = {(due, state) for code, due, state in await owed(world) if code == "T19"}
    assert rows == {(guessed, "cancelled"), ("2027-01-14", "open")}
    shown = "select ended_by, note from tracker.obligation where code = 'T19' and state = 'cancelled'"
    assert [tuple(row) for row in await world.pool.fetch(shown)] == [
        ("calendar", f"holidays known: {guessed} → 2027-01-14")
    ]
    assert (
        await world.pool.fetchval("select count(*) from tracker.obligation where provisional and state = 'open'") == 0
    )


async def test_a_notice_that_is_loaded_is_no_duty_any_more(world: Context) -> None:
    await open_periods_on(world, at("2026-11-25"))
    law = duties_of(world)
    notice = HolidayYear.model_validate({
        "year": 2027, "citation": {"source": "K23", "clause": "a notice for a test", "label": "unverified"}, "holidays": [],
        "make_up_working_days": [],
    })  # fmt: skip
    state = "select state from tracker.obligation where code = 'T31'"
    async with transaction(world, "tracker") as work:
        await calendar_loaded(work, law)
    assert await world.pool.fetchval(state) == "open"
    async with transaction(world, "tracker") as work:
        await calendar_loaded(work, Duties(law.rules, Calendar.of([*law.notices, notice]), [*law.notices, notice]))
    assert await world.pool.fetchval(state) == "done"


async def test_an_agencys_duty_is_counted_again_too(world: Context) -> None:
    before = duties_of(world)
    await open_periods_on(world, at("2027-01-20"))
    school = "select due_on, provisional from tracker.obligation where code = 'T23' and part = 'school' limit 1"
    assert [tuple(row) for row in await world.pool.fetch(school)] == [(day("2027-01-29"), True)]
    notice = HolidayYear.model_validate({
        "year": 2027, "citation": {"source": "K23", "clause": "a notice for a test", "label": "unverified"},
        "holidays": [{"name": "春节", "from": "2027-01-28", "to": "2027-02-05"}], "make_up_working_days": [],
    })  # fmt: skip
    notices = [*before.notices, notice]
    async with transaction(world, "tracker") as work:
        await recount(work, Duties(before.rules, Calendar.of(notices), notices))
    assert [tuple(row) for row in await world.pool.fetch(school)] == [(day("2027-01-27"), False)]
    row = row_from(
        await world.pool.fetchrow("select * from tracker.obligation where code = 'T23' and part = 'school' limit 1")
    )
    assert obligation_out(row, before.rules)["moved"] == {"from": "2027-01-29", "to": "2027-01-27"}


async def test_what_an_agency_did_while_its_day_was_counted_again_stays_done(world: Context) -> None:
    before = duties_of(world)
    await open_periods_on(world, at("2027-01-20"))
    notice = HolidayYear.model_validate({
        "year": 2027, "citation": {"source": "K23", "clause": "a notice for a test", "label": "unverified"}, "holidays": [],
        "make_up_working_days": [],
    })  # fmt: skip
    notices = [*before.notices, notice]

    async def count_again() -> None:
        async with transaction(world, "tracker") as work:
            await recount(work, Duties(before.rules, Calendar.of(notices), notices))

    async with transaction(world, "tracker") as work:
        await work.db.execute("update tracker.obligation set state = 'done', next_at = null where code = 'T23'")
        counting = asyncio.create_task(count_again())
        await asyncio.sleep(0.3)
    await counting
    states = await world.pool.fetch("select distinct state from tracker.obligation where code = 'T23'")
    assert [row["state"] for row in states] == ["done"]


async def test_a_notice_that_was_loaded_is_counted_by(world: Context) -> None:
    law = duties_of(world)
    assert await refreshed(world, world.pool) is law  # nothing is published yet
    notice = {"year": 2027, "citation": {"source": "K23", "clause": "a notice for a test", "label": "unverified"}, "holidays": [],
              "make_up_working_days": []}  # fmt: skip
    rows = [*(one.model_dump(mode="json", by_alias=True) for one in law.notices), notice]
    for row in rows:
        await world.pool.execute("insert into referral.calendar_year values ($1, $2, $3)", row["year"], START, row)
    again = await refreshed(world, world.pool)
    assert again.calendar.loaded(day("2027-06-01"))
    assert duties_of(world) is again
