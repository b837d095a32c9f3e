"""When a child's next visit is due: by its rating, from its last visit, the shortest period first (T01–T04)."""

from datetime import timedelta

import pytest

from services.tracker.child_file import ChildFile
from services.tracker.learning import harm_closed
from tests.unit.tracker.children import at, day, dues, on_file, owes, told, visited


@pytest.mark.parametrize(
    ("rating", "code", "due"),
    [("good", "T01", "2026-11-30"), ("fair", "T02", "2026-09-30"), ("key_care", "T03", "2026-09-14"),
     ("insufficient", "T03", "2026-09-14"), ("absent", "T03", "2026-09-14")],
)  # fmt: skip
def test_a_rating_has_its_period_and_a_short_month_its_last_day(rating: str, code: str, due: str) -> None:
    assert dues(on_file("2026-09-01", rating=rating, last_visit_on="2026-08-31"), "2026-09-01") == [(code, due)]


def test_of_several_timers_the_shortest_wins() -> None:
    child = on_file(
        "2026-09-01", rating="good", child_categories=["left_behind", "disabled"], last_visit_on="2026-08-31"
    )
    assert dues(child, "2026-09-01") == [("T03", "2026-09-14")]


def test_a_visit_begins_every_visit_timer_anew() -> None:
    child = on_file("2026-09-20", rating="fair", last_visit_on="2026-08-31")
    assert dues(visited(child, "2026-10-09", rating="fair"), "2026-10-09") == [("T02", "2026-11-09")]


def test_a_visit_at_which_the_child_was_not_seen_changes_nothing() -> None:
    child = on_file("2026-09-20", rating="fair", last_visit_on="2026-08-31")
    assert dues(visited(child, "2026-09-25", seen=False), "2026-09-25") == [("T02", "2026-09-30")]


def test_a_visit_that_nobody_says_saw_the_child_changes_nothing() -> None:
    child = on_file("2026-09-20", rating="fair", last_visit_on="2026-08-31")
    child = told(child, "visit.completed", "2026-09-25", visit_at=at("2026-09-25").isoformat())
    assert dues(child, "2026-09-25") == [("T02", "2026-09-30")]


def test_without_a_visit_on_record_the_first_is_due_one_period_after_the_entry() -> None:
    assert dues(on_file("2026-03-10", child_categories=["migrant", "disabled"]), "2026-03-10") == [
        ("T03", "2026-03-24")
    ]
    assert dues(on_file("2026-09-20", rating="fair"), "2026-09-20") == [("T02", "2026-10-20")]


def test_a_child_without_a_rating_goes_unseen_no_longer_than_any_other() -> None:
    assert dues(on_file("2026-09-20", child_categories=["migrant"]), "2026-09-20") == [("T01", "2026-12-20")]


def test_a_child_of_no_register_is_not_visited() -> None:
    assert dues(on_file("2026-09-20", child_categories=["rural"]), "2026-09-20") == []


def test_a_stricter_rating_counts_from_the_last_visit_if_that_is_still_to_come() -> None:
    child = on_file("2026-09-01", rating="fair", last_visit_on="2026-08-31")
    child = told(child, "risk.rating.changed", "2026-09-10", also={"from": "fair", "to": "insufficient"})
    assert ("T03", "2026-09-14") in dues(child, "2026-09-10")


def test_a_stricter_rating_after_that_day_counts_from_now() -> None:
    child = on_file("2026-09-01", rating="fair", last_visit_on="2026-09-01")
    child = told(child, "risk.rating.changed", "2026-09-16", also={"from": "fair", "to": "insufficient"})
    assert ("T03", "2026-09-30") in dues(child, "2026-09-16")


def test_a_stricter_rating_never_makes_the_next_visit_later_than_it_was() -> None:
    child = on_file("2026-09-01", rating="fair", last_visit_on="2026-08-25")
    child = told(child, "risk.rating.changed", "2026-09-20", also={"from": "fair", "to": "insufficient"})
    assert ("T03", "2026-09-25") in dues(child, "2026-09-20")


def test_a_better_rating_gives_the_longer_period() -> None:
    child = on_file("2026-09-01", rating="fair", last_visit_on="2026-08-31")
    child = told(child, "risk.rating.changed", "2026-09-10", also={"from": "fair", "to": "good"})
    assert dues(child, "2026-09-10") == [("T01", "2026-11-30")]


def after_harm() -> ChildFile:
    child = on_file("2026-09-01", rating="fair", last_visit_on="2026-08-31")
    return harm_closed(child, day("2026-09-05"))


def test_after_a_harm_case_visits_are_weekly_four_times_and_then_as_for_key_care() -> None:
    child = after_harm()
    assert dues(child, "2026-09-05") == [("T04", "2026-09-12")]
    for number in range(1, 5):
        assert dues(child, "2026-09-05")[0][0] == "T04"
        child = visited(child, (day("2026-09-05") + timedelta(days=6 * number)).isoformat(), rating="fair")
    assert dues(child, "2026-09-29") == [("T03", "2026-10-13")]


def test_the_rating_of_a_later_visit_ends_the_watch_after_a_harm_case() -> None:
    child = after_harm()
    for number in range(1, 6):
        child = visited(child, (day("2026-09-05") + timedelta(days=6 * number)).isoformat(), rating="fair")
    assert dues(child, "2026-10-05") == [("T02", "2026-11-05")]


def test_two_failed_weeks_do_not_count_as_visits() -> None:
    child = visited(after_harm(), "2026-09-10", seen=False)
    assert dues(child, "2026-09-20") == [("T04", "2026-09-12")]


def test_visits_belong_to_the_child_director_of_the_village() -> None:
    [one] = owes(on_file("2026-09-01", rating="fair"), "2026-09-01")
    assert (str(one.agency), one.role) == ("village_committee@village/220122100201", "child_director")


def test_visits_of_a_child_whose_matter_is_sealed_belong_to_the_named_post_of_the_county() -> None:
    child = on_file("2026-09-01", rating="fair", last_visit_on="2026-08-31")
    for kind in ("abuse.sexual.suspected", "child.mental.severe_disorder", "child.hiv.infected"):
        visits = [one for one in owes(told(child, kind, "2026-09-02"), "2026-09-02") if one.part == "visit"]
        assert [(str(one.agency), one.role) for one in visits] == [
            ("civil_affairs@county/220122", "child_welfare_officer")
        ]


def test_a_reminder_comes_seven_days_before() -> None:
    [one] = owes(on_file("2026-09-20", rating="fair", last_visit_on="2026-08-31"), "2026-09-20")
    assert one.warn_on == (day("2026-09-23"),)
    assert one.due_at == at("2026-10-01", hour=0)


def test_the_newest_rating_counts_whichever_arrives_last() -> None:
    child = on_file("2026-09-01", rating="good", last_visit_on="2026-08-31")
    later = told(child, "risk.rating.changed", "2026-09-10", to="fair")
    late = told(later, "risk.rating.changed", "2026-09-12", to="insufficient", occurred_at=at("2026-09-08").isoformat())
    assert dues(late, "2026-09-12") == dues(later, "2026-09-12") == [("T02", "2026-09-30")]


def test_a_child_outside_the_province_is_nobody_of_ours() -> None:
    assert owes(on_file("2026-09-01", rating="fair", residence_code="150500", hukou_code="150500"), "2026-09-01") == []


def test_our_own_reminder_that_a_visit_was_missed_is_no_rating() -> None:
    child = on_file("2026-09-01", rating="fair", last_visit_on="2026-08-31")
    child = told(child, "visit.overdue", "2026-10-01", 0, rating="key_care")
    child = visited(child, "2026-09-29", rating="good")
    assert dues(child, "2026-10-02") == [("T01", "2026-12-29")]
