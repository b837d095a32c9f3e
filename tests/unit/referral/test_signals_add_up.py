"""What earlier events about a child mean for the next: three middling signals in a month are one high one (E101)."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from events.envelope import Event
from services.referral.facts import SHANGHAI
from services.referral.join import Desk
from tests.unit.referral.story_desk import event, tell

T = datetime(2026, 6, 1, 9, tzinfo=SHANGHAI)
DAY = timedelta(days=1)


def signal(n: int, at: datetime) -> Event:
    return event(
        "livelihood.difficulty", at, f"e{n}", source="/village_committee/220122100201/v1", indicators=[f"i{n}"]
    )


def raised(desk: Desk) -> list[Event]:
    return [made for case in desk.cases.values() for made, _ in case.derived if made.type.startswith("risk.aggregate")]


def test_three_within_thirty_days_are_raised_with_what_is_behind_them() -> None:
    desk = Desk()
    for n, day in enumerate((0, 10, 30), 1):
        tell(desk, signal(n, T + day * DAY))
    (made,) = raised(desk)
    assert made.data["contributing_events"] == ["e1", "e2", "e3"]
    assert made.causationid == "e3"


def test_a_signal_older_than_thirty_days_counts_no_more() -> None:
    desk = Desk()
    for n, day in enumerate((0, 10, 31), 1):
        tell(desk, signal(n, T + day * DAY))
    assert raised(desk) == []


def test_what_was_raised_once_is_not_raised_by_the_next_signal_alone() -> None:
    desk = Desk()
    for n in range(1, 6):
        tell(desk, signal(n, T + n * DAY))
    assert len(raised(desk)) == 1


@given(st.lists(st.integers(0, 120), min_size=0, max_size=12))
def test_no_signal_is_behind_two_raises(days: list[int]) -> None:
    desk = Desk()
    for n, day in enumerate(sorted(days), 1):
        tell(desk, signal(n, T + day * DAY))
    behind = [name for made in raised(desk) for name in made.data["contributing_events"]]
    assert len(behind) == len(set(behind)) == 3 * len(raised(desk))
