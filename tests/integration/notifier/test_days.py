"""A holiday notice that is loaded while the notifier runs: rosters count by it within a minute."""

from datetime import date, datetime, timedelta

from services.chassis.clock import SHANGHAI, SimulatedClock
from services.chassis.context import Context
from services.notifier.days import LOOK_EVERY, days_now

AT = datetime(2026, 12, 1, 9, tzinfo=SHANGHAI)
NOTICE = {"year": 2027, "citation": {"source": "K23", "clause": "a notice for a test", "label": "unverified"},
          "holidays": [{"name": "元旦", "from": "2027-01-01", "to": "2027-01-03"}], "make_up_working_days": []}  # fmt: skip


async def test_a_notice_that_is_loaded_counts_within_a_minute(context: Context) -> None:
    clock = context.clock = SimulatedClock(AT)
    before = await days_now(context, context.pool)
    await context.pool.execute("insert into referral.calendar_year values (2027, $1, $2)", AT, NOTICE)
    assert await days_now(context, context.pool) is before  # no query for every message
    clock.move_to(AT + LOOK_EVERY - timedelta(seconds=1))
    assert not (await days_now(context, context.pool)).loaded(date(2027, 1, 4))
    clock.move_to(AT + LOOK_EVERY)
    assert not (await days_now(context, context.pool)).is_working_day(date(2027, 1, 1))
