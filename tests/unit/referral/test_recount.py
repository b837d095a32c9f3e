"""A provisional due time is confirmed or put right when the year's holidays are known; what has come, and what was certain, stays."""

from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from events.agency import Agency
from events.referral import ClockFact, ReferralFact
from services.chassis.clock import SHANGHAI
from services.law.calendar import Calendar, HolidayYear
from services.referral.clock_life import pause, resume, stop
from services.referral.deadlines import Circumstances, clocks_for
from services.referral.profiles import packaged_profiles
from services.referral.read_rulebook import packaged_edition
from services.referral.recount import Recounted, recount

KNOWN = packaged_edition().calendar()
NEXT = Calendar.of([*packaged_edition().notices, HolidayYear.model_validate({
    "year": 2027, "citation": {"source": "K23", "clause": "2027", "label": "law"},
    "holidays": [{"name": "New Year", "from": "2027-01-01", "to": "2027-01-03"}, {"name": "Spring", "from": "2027-02-05", "to": "2027-02-12"}],
    "make_up_working_days": ["2027-01-23", "2027-02-14"],
})])  # fmt: skip
PROFILES = [name for name in packaged_profiles().profiles if not name.startswith("CC")]
opened = st.integers(0, 41 * 24 * 60).map(
    lambda minutes: datetime(2026, 11, 20, tzinfo=SHANGHAI) + timedelta(minutes=minutes)
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def referral(profile: str, when: datetime, calendar: Calendar = KNOWN, absent: int = 1) -> ReferralFact:
    clocks = clocks_for(profile, "MEDIUM", when, calendar, Circumstances(consecutive_school_days=absent))
    return ReferralFact(
        id="r", number="n", case="c", event_source="/s/220122/x", event_id="e", event_type="t.v1", family="education", role="co",
        agency=Agency("school", "unit", "220122"), profile=profile, ladder=packaged_profiles().ladder_class(profile), severity="MEDIUM",
        classification="C3", state="sent", version=1, opened_at=when, county="220122", clocks=clocks,
    )  # fmt: skip


def after(fact: ReferralFact, now: datetime, calendar: Calendar = NEXT) -> tuple[ClockFact, ...]:
    found = recount(fact, calendar, None, now)
    return tuple(one.clock if one else clock for one, clock in zip(found, fact.clocks, strict=True))


def clock(fact: ReferralFact, name: str) -> ClockFact:
    return next(c for c in fact.clocks if c.name == name)


@given(st.sampled_from(PROFILES), opened, st.integers(1, 4))
def test_it_becomes_what_it_would_have_been_had_the_notice_been_there(
    profile: str, when: datetime, absent: int
) -> None:
    found = after(referral(profile, when, absent=absent), when)
    assert found == referral(profile, when, NEXT, absent).clocks


@given(st.sampled_from(PROFILES), opened)
def test_without_further_years_nothing_changes(profile: str, when: datetime) -> None:
    assert not any(recount(referral(profile, when), KNOWN, None, when))
    assert not any(recount(referral(profile, when, NEXT), NEXT, None, when))


def test_a_holiday_moves_it_and_a_day_without_one_confirms_it() -> None:
    fact = referral("P3-GEN", at("2026-12-31 10:00"))
    ack, start = clock(fact, "ack"), clock(fact, "start")
    assert (ack.due_at, ack.provisional) == (at("2027-01-01 17:00"), True)
    found = recount(fact, NEXT, None, at("2026-12-31 12:00"))
    assert found[0] == Recounted(clock(referral("P3-GEN", at("2026-12-31 10:00"), NEXT), "ack"), moved=True)
    assert found[0].clock.due_at == at("2027-01-04 17:00")
    assert start.due_at == at("2027-01-05 17:00")
    quiet = Calendar.of([*packaged_edition().notices, HolidayYear.model_validate({
        "year": 2027, "citation": {"source": "K23", "clause": "2027", "label": "law"}, "holidays": [], "make_up_working_days": []})])  # fmt: skip
    confirmed = recount(fact, quiet, None, at("2026-12-31 12:00"))
    assert all(one is not None and not one.moved and not one.clock.provisional for one in confirmed)


def test_what_has_come_stays_where_it_was() -> None:
    fact = referral("P3-GEN", at("2026-12-31 10:00"))
    now = at(
        "2027-01-04 09:00"
    )  # the notice comes late; by the provisional date the acknowledgement was due on the first
    ack = after(fact, now)[0]
    assert (ack.due_at, ack.provisional) == (at("2027-01-01 17:00"), False)
    assert [level.at for level in ack.levels if level.at <= now] == [clock(fact, "ack").levels[0].at]


def test_a_clock_that_stopped_is_left_alone() -> None:
    fact = referral("P3-GEN", at("2026-12-31 10:00"))
    stopped = fact.model_copy(update={"clocks": tuple(stop(c, at("2026-12-31 11:00")) for c in fact.clocks)})
    assert after(stopped, at("2026-12-31 12:00")) == stopped.clocks


def test_a_pause_stays_added() -> None:
    fact = referral("P3-GEN", at("2026-12-30 10:00"))
    held = tuple(resume(pause(c, at("2026-12-30 11:00")), at("2026-12-30 13:00")) for c in fact.clocks)
    found = after(fact.model_copy(update={"clocks": held}), at("2026-12-30 14:00"))
    true = referral("P3-GEN", at("2026-12-30 10:00"), NEXT)
    assert found[2].due_at == clock(true, "feedback").due_at + timedelta(hours=2)


def test_the_calendar_before_a_year_knows_nothing_of_it() -> None:
    assert NEXT.before(2027) == KNOWN
    assert not NEXT.before(2027).loaded(date(2027, 1, 1))
