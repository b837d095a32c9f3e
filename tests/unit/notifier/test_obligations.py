"""A reminder that a visit or a duty is due: whom it goes to, what it says, and that several become one."""

from datetime import UTC, date, datetime
from typing import Any

from events.agency import Agency
from events.envelope import Event
from events.sla import ObligationWarned
from services.notifier.compose import wording
from services.notifier.ladder import ladder
from services.notifier.obligations import reminder_row
from services.notifier.recipients import on_opened
from services.notifier.rows import NoticeRow
from tests.unit.notifier.referrals import referral

NOW = datetime(2026, 9, 23, 0, 30, tzinfo=UTC)  # 08:30 in Jilin
VILLAGE = Agency("village_committee", "village", "220122100201")


def reminder(number: str = "V26-04411", **given: Any) -> NoticeRow:
    facts: dict[str, Any] = {
        "obligation": f"obl_{number}", "number": number, "code": "T02", "visit": True, "agency": VILLAGE, "to_role": "child_director",
        "county": "220122", "child": "c_1", "due_on": date(2026, 9, 30), "due_at": datetime(2026, 9, 30, 16, tzinfo=UTC),
        "at": NOW, "fired_at": NOW,
    }  # fmt: skip
    warned = ObligationWarned(**facts | given)
    event = Event(id=f"e-{number}", source="/shouhu/220000/tracker", type=warned.TYPE, data={})
    return reminder_row(event, warned, ladder(), NOW)


def test_the_person_whose_task_it_is_hears_of_it_on_the_working_channel() -> None:
    row = reminder()
    assert (row.post.key, row.channels, row.level) == (f"{VILLAGE}/child_director", ("wecom",), 0)


def test_a_visit_is_named_by_its_day_and_number_and_by_nothing_else() -> None:
    assert (
        wording([reminder()], "visit_due", NOW).text == "【吉林儿童保护】您有1项走访任务将于9月30日到期,编号V26-04411。"
    )
    assert (
        wording([reminder()], "visit_due", NOW, "en").text
        == "[Jilin Child Protection] 1 of your visits are due on 9/30: V26-04411."
    )


def test_visits_of_one_person_and_day_are_one_message() -> None:
    rows = [reminder(), reminder("V26-04412"), reminder("V26-04413")]
    assert len({row.gathering for row in rows}) == 1
    assert "您有3项走访任务" in wording(rows, "visit_due", NOW).text
    others = [reminder(due_on=date(2026, 10, 1)), reminder(visit=False), reminder(to_role="duty_officer")]
    assert not {row.gathering for row in others} & {row.gathering for row in rows}


def test_a_reminder_told_again_is_the_same_notice() -> None:
    assert reminder().id == reminder().id


def test_of_a_missed_visit_the_townships_supervisor_hears_first() -> None:
    township = Agency("township_government", "township", "220122100")
    missed = referral(
        event_type="visit.overdue.v1",
        agency=township,
        second_endpoints=(),
        severity="MEDIUM",
        profile="P3-GEN",
        ladder="P3",
    )
    assert [notice.function for notice in on_opened(missed, ladder())] == ["child_supervisor"]
    sealed = missed.model_copy(update={"classification": "C4", "agency": Agency("civil_affairs", "county", "220122")})
    assert [notice.function for notice in on_opened(sealed, ladder())] == ["child_welfare_officer"]
