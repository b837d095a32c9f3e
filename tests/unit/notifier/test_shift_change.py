"""Whoever takes over a shift is told of what nobody acknowledged: a notice waits for the hand-over."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from services.chassis.clock import SHANGHAI
from services.directory.duty import Roster
from services.directory.shifts import Plan
from services.directory.working_days import working_days
from services.notifier.ladder import ladder
from services.notifier.need import Now, still_needed
from services.notifier.recipients import Notice, on_opened, on_warned
from services.notifier.rows import NoticeRow, notice_row
from services.notifier.shift_change import HANDOVER, at_next_change
from tests.unit.notifier.referrals import T, referral

DAYS = timedelta(days=14)
PLAN = Plan.model_validate(
    {
        "shifts": [
            {"name": "日", "from": "08:30", "to": "17:30", "people": ["a"]},
            {"name": "夜", "from": "17:30", "to": "08:30", "people": ["b"]},
        ]
    }
)
ROSTER = Roster(PLAN, (), working_days())


def _row(notice: Notice | None = None, **given: Any) -> NoticeRow:
    fact = referral(**given)
    return notice_row("cause", fact, notice or on_opened(fact, ladder())[0], now=T)


def test_a_first_notice_waits_for_the_next_hand_over() -> None:
    made = at_next_change(_row(), ROSTER, T, DAYS)
    assert made is not None
    assert made.not_before == datetime(2026, 10, 3, 8, 30, tzinfo=SHANGHAI)
    assert (made.state, made.reason, made.level, made.text, made.clock) == ("waiting", "reminder", 0, HANDOVER, None)


def test_it_goes_on_from_one_hand_over_to_the_next() -> None:
    first = at_next_change(_row(), ROSTER, T, DAYS)
    assert first is not None
    second = at_next_change(first, ROSTER, first.not_before, DAYS)
    assert second is not None
    assert second.not_before == datetime(2026, 10, 3, 17, 30, tzinfo=SHANGHAI)
    assert second.id != first.id


def test_the_same_first_notice_asks_for_the_same_hand_over() -> None:
    assert at_next_change(_row(), ROSTER, T, DAYS) == at_next_change(_row(), ROSTER, T, DAYS)


@pytest.mark.parametrize("roster", [None, Roster(None, (), working_days())])
def test_where_nothing_changes_nothing_waits(roster: Roster | None) -> None:
    assert at_next_change(_row(), roster, T, DAYS) is None


def test_a_copy_and_a_warning_wait_for_no_hand_over() -> None:
    assert at_next_change(_row(role="cc", profile="CC-URG", ladder="CC"), ROSTER, T, DAYS) is None
    assert at_next_change(_row(on_warned(referral(), "ack", ladder())[0]), ROSTER, T, DAYS) is None


def test_it_is_needed_only_while_nobody_answered() -> None:
    assert still_needed("reminder", None, [Now("sent", [])])
    assert not still_needed("reminder", None, [Now("acknowledged", [])])
