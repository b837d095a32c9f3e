"""Every due time that the domain's end-to-end scenarios write down."""

import pytest

from services.referral.deadlines import Circumstances, legal_clock
from tests.unit.referral.clock_examples import CALENDAR, clocks, jilin

DUE = [
    # S01: National Day night
    ("P1-POL", "10-02 20:14", "10-02 20:19, 10-02 20:29, 10-03 20:14, 11-02 00:00"),
    ("P1-CIV", "10-02 20:14", "10-02 20:29, 10-02 21:14, 10-03 20:14, 10-20 17:00"),
    ("CC-URG", "10-02 20:14", "10-03 20:14"),
    ("LEG-POL-FB3", "10-02 21:40", "10-06 00:00"),
    ("LEG-CT-PPO24", "10-03 09:30", "10-04 09:30"),
    # S02: drop-out chain across two holidays
    ("P2-GEN", "09-21 17:00", "09-21 17:30, 09-21 21:00, 09-24 17:00, 10-19 17:00"),
    ("P3-GEN", "09-23 16:00", "09-24 17:00, 09-29 17:00, 10-14 17:00, 10-28 17:00"),
    ("P2-GEN", "10-12 09:00", "10-12 09:30, 10-12 13:00, 10-15 09:00, 11-02 17:00"),
    ("CC-URG", "10-12 09:00", "10-13 09:00"),
    # S04: missing, Friday evening
    ("P1-POL", "11-20 18:52", "11-20 18:57, 11-20 19:07, 11-21 18:52, 12-21 00:00"),
    ("P1-GEN", "11-20 18:52", "11-20 19:22, 11-20 20:52, 11-21 18:52, 12-11 17:00"),
    ("P2-GEN", "11-20 18:52", "11-20 19:22, 11-20 22:52, 11-23 18:52, 12-11 17:00"),
    ("CC-URG", "11-20 18:52", "11-21 18:52"),
    ("LEG-POL-MISSING", "11-20 18:52", "11-20 20:52"),
    # S08: night call
    ("P1-POL", "11-17 22:31:30", "11-17 22:36:30, 11-17 22:46:30, 11-18 22:31:30, 12-18 00:00"),
    ("P1-CIV", "11-17 22:31:30", "11-17 22:46:30, 11-17 23:31:30, 11-18 22:31:30, 12-01 17:00"),
    ("HOT-3WD", "11-17 22:31:30", "11-18 17:00, 11-20 17:00"),
    # S09: overdue visit in the holiday
    ("P3-GEN", "10-01 00:00", "10-08 17:00, 10-10 17:00, 10-20 17:00, 11-03 17:00"),
    # S10: service match
    ("P4-SVC", "03-10 11:00", "03-12 17:00, 03-17 17:00, 04-08 17:00, 04-22 17:00"),
    # the other profiles
    ("CC-STD", "09-23 16:00", "09-28 17:00"),
    ("P1-MED", "10-02 20:14", "10-02 20:24, 10-02 20:44, 10-03 20:14, 10-20 17:00"),
    ("TEMP-AID", "10-02 20:14", "10-03 00:14, 10-03 20:14, 10-06 00:00, 10-06 00:00"),
    ("SCH-BULLY", "11-17 10:00", "11-17 11:00, 11-18 00:00, 11-20 17:00, 11-28 00:00, 11-28 00:00"),
    ("LEG-1M", "01-31 10:00", "03-01 00:00"),
    ("LEG-CT-PPO-TERM", "10-03 19:00", "2027-04-04 00:00"),
    ("LEG-VAC-1231", "09-01 08:00", "2027-01-01 00:00"),
    ("LEG-BEN-STOP", "10-31 23:00", "11-01 00:00"),
]  # fmt: skip


@pytest.mark.parametrize(("profile", "opened", "due"), DUE, ids=lambda value: value if isinstance(value, str) else "")
def test_clocks_are_due_to_the_second_as_the_scenarios_say(profile: str, opened: str, due: str) -> None:
    assert [clock.due_at for clock in clocks(profile, opened).values()] == [jilin(text) for text in due.split(", ")]


LADDER = [
    ("P1-CIV", "10-02 20:14", "ack", "10-02 20:23", "10-02 20:29, 10-02 20:39, 10-02 20:59, 10-02 22:29"),
    ("P2-GEN", "11-20 18:52", "ack", "11-20 19:16", "11-20 19:22, 11-20 21:22, 11-21 19:22, 11-23 19:22"),
    ("P3-GEN", "09-23 16:00", "ack", "09-24 09:00", "09-24 17:00, 09-29 17:00, 10-09 17:00"),
    ("P1-POL", "11-17 22:31:30", "ack", "11-17 22:34:30",
     "11-17 22:36:30, 11-17 22:46:30, 11-17 23:06:30, 11-18 00:36:30"),
    ("P1-POL", "11-17 22:31:30", "start", "11-17 22:40:30",
     "11-17 22:46:30, 11-17 22:56:30, 11-17 23:16:30, 11-18 00:46:30"),
    ("P1-POL", "10-02 20:14", "feedback", "10-03 15:26", "10-03 20:14, 10-03 20:24, 10-03 20:44, 10-03 22:14"),
    ("P4-SVC", "03-10 11:00", "ack", "03-12 09:00", "03-12 17:00, 03-19 17:00"),
    ("CC-URG", "10-02 20:14", "ack", None, "10-03 20:14"),
    ("LEG-POL-FB3", "10-02 21:40", "LEG-POL-FB3", "10-05 09:00", "10-06 00:00, 10-09 17:00, 10-13 17:00"),
]  # fmt: skip


@pytest.mark.parametrize(("profile", "opened", "name", "warn", "levels"), LADDER)
def test_warnings_and_levels_follow_the_ladder_of_the_class(
    profile: str, opened: str, name: str, warn: str | None, levels: str
) -> None:
    clock = clocks(profile, opened)[name]
    assert clock.warn_at == (jilin(warn) if warn else None)
    assert [(level.level, level.at) for level in clock.levels] == list(enumerate(map(jilin, levels.split(", ")), 1))


def test_a_legal_limit_in_days_rolls_over_the_holiday_and_the_operational_due_time_does_not() -> None:
    clock = clocks("LEG-POL-FB3", "10-02 21:40")["LEG-POL-FB3"]
    assert (clock.kind, clock.due_at, clock.legal_due_at) == ("legal", jilin("10-06 00:00"), jilin("10-09 00:00"))


def test_a_legal_limit_in_hours_ignores_the_holiday() -> None:
    assert clocks("LEG-CT-PPO72", "10-02 21:40")["LEG-CT-PPO72"].legal_due_at is None


def test_a_legal_limit_without_a_figure_starts_no_clock() -> None:
    assert legal_clock("LEG-PRO-INFORM", jilin("10-02 21:40"), CALENDAR) is None
    assert clocks("LEG-HOTLINE", "10-02 21:40") == {}


def test_a_legal_clock_starts_at_its_legal_event_when_that_is_known() -> None:
    facts = Circumstances(legal_start={"LEG-CT-PPO24": jilin("10-03 08:00")})
    assert clocks("LEG-CT-PPO24", "10-03 09:30", facts)["LEG-CT-PPO24"].due_at == jilin("10-04 08:00")


def test_a_key_care_visit_overdue_at_midnight_begins_at_seven() -> None:
    visit = clocks("P2-GEN", "09-15 00:00", Circumstances(visit=True))
    assert (visit["ack"].due_at, visit["start"].due_at) == (jilin("09-15 07:30"), jilin("09-15 11:00"))
    assert visit["ack"].levels[1].at == jilin("09-15 09:30")
    assert visit["feedback"].due_at == jilin("09-18 00:00")
    assert clocks("P2-GEN", "09-15 00:00")["ack"].due_at == jilin("09-15 00:30")


def test_serious_bullying_is_reported_within_two_hours_but_never_later_than_the_same_day() -> None:
    assert clocks("SCH-BULLY", "11-17 10:00", Circumstances(serious=True))["start"].due_at == jilin("11-17 12:00")
    assert clocks("SCH-BULLY", "11-17 23:00", Circumstances(serious=True))["start"].due_at == jilin("11-18 00:00")


@pytest.mark.parametrize(
    ("opened", "absent", "due"),
    [
        ("09-21 10:00", 1, ["09-22 00:00", "09-21 17:00", "09-22 17:00", "09-23 17:00"]),
        ("09-21 17:00", 1, ["09-22 00:00", "09-22 17:00", "09-22 17:00", "09-23 17:00"]),
        ("09-22 10:00", 2, ["09-23 00:00", "09-22 17:00", "09-22 17:00", "09-23 17:00"]),
        ("09-23 18:00", 3, ["09-24 00:00", "09-24 17:00", "09-24 17:00", "09-24 17:00"]),
        ("09-26 10:00", 1, ["09-29 00:00", "09-28 17:00", "09-28 17:00", "09-29 17:00"]),  # within the holiday
    ],
)
def test_an_absence_counts_its_own_school_days(opened: str, absent: int, due: list[str]) -> None:
    found = clocks("SCH-ABS", opened, Circumstances(consecutive_school_days=absent))
    assert [found[name].due_at for name in ("ack", "start", "feedback", "close")] == [jilin(text) for text in due]


def test_a_due_time_beyond_the_loaded_calendar_is_provisional() -> None:
    found = clocks("P3-GEN", "12-28 10:00")
    assert not found["ack"].provisional or found["ack"].levels[-1].at > jilin("2027-01-01 00:00")
    assert found["close"].provisional
    assert not clocks("P1-POL", "12-28 10:00")["close"].provisional  # natural days need no calendar
