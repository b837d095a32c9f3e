"""What is owed for a child beside its visits: files, plans, orders, letters, placements, delegated care, birthdays."""

import pytest

from services.tracker.child_file import ChildFile
from services.tracker.learning import done, put_on_file
from tests.unit.tracker.children import day, dues, on_file, owes, told, visited

STRANGER = ChildFile("c_1")


def only(code: str, child: ChildFile, on: str) -> list[str]:
    return [due for each, due in dues(child, on) if each == code]


def test_a_temporary_guardianship_is_reviewed_every_thirty_days() -> None:
    child = told(STRANGER, "placement.temporary.started", "2026-10-02", 23)
    assert only("T27", child, "2026-10-02") == ["2026-11-01"]
    child = done(child, "T27/review", day("2026-11-01"), day("2026-10-30"))
    assert only("T27", child, "2026-10-30") == ["2026-11-29"]


def test_the_last_review_lies_at_the_end_of_the_year_and_nothing_beyond_it() -> None:
    child = told(STRANGER, "placement.temporary.started", "2026-01-31")
    due = day("2026-03-02")
    for _ in range(11):
        child = done(child, "T27/review", due, due)
        [text] = only("T27", child, "2026-03-02")
        due = day(text)
    child = done(child, "T27/review", due, due)
    assert only("T27", child, "2027-01-20") == ["2027-01-31"]
    assert only("T27", done(child, "T27/review", day("2027-01-31"), day("2027-01-31")), "2027-02-01") == []


@pytest.mark.parametrize("kind", ["placement.temporary.ended", "placement.longterm.started"])
def test_a_guardianship_that_ended_is_not_reviewed(kind: str) -> None:
    child = told(told(STRANGER, "placement.temporary.started", "2026-10-02"), kind, "2026-10-20")
    assert only("T27", child, "2026-10-20") == []


def test_a_protection_order_is_due_on_its_last_day_with_two_reminders() -> None:
    child = told(
        STRANGER,
        "court.protection_order.issued",
        "2026-10-03",
        issued_at="2026-10-03T19:00:00+08:00",
        valid_until="2027-04-03",
    )
    [one] = [one for one in owes(child, "2026-10-03") if one.code == "T26"]
    assert (one.due_on, one.warn_on) == (day("2027-04-03"), (day("2027-03-04"), day("2027-03-27")))


def test_an_order_without_a_term_ends_after_six_months_and_none_lasts_longer() -> None:
    for more in ({}, {"valid_until": "2028-01-01"}):
        child = told(STRANGER, "court.protection_order.issued", "2026-08-31", also=more)
        assert only("T26", child, "2026-08-31") == ["2027-02-28"]


def test_a_new_order_takes_the_place_of_the_old_one() -> None:
    child = told(STRANGER, "court.protection_order.issued", "2026-08-01", valid_until="2026-11-01")
    child = told(child, "court.protection_order.issued", "2026-10-25", valid_until="2027-02-01")
    assert only("T26", child, "2026-10-25") == ["2027-02-01"]


def test_a_warning_letter_is_followed_by_a_visit_after_a_week_and_three_more_by_the_month() -> None:
    child = told(STRANGER, "police.warning_letter.issued", "2026-11-18")
    assert only("T26", child, "2026-11-18") == ["2026-11-25", "2026-12-25", "2027-01-25", "2027-02-25"]


def test_a_visit_stands_for_the_one_in_whose_time_it_falls() -> None:
    child = told(STRANGER, "police.warning_letter.issued", "2026-11-18")
    assert only("T26", visited(child, "2026-11-20"), "2026-11-20") == ["2026-12-25", "2027-01-25", "2027-02-25"]
    assert only("T26", visited(child, "2026-11-27"), "2026-11-27") == ["2027-01-25", "2027-02-25"]


def test_a_child_that_enters_has_a_file_within_ten_working_days_and_a_plan_within_twenty() -> None:
    child = told(STRANGER, "child.distressed.identified", "2026-09-18", also={"class": "self", "subtype": "disabled"})
    assert only("T19", child, "2026-09-18") == ["2026-10-09"]
    assert only("T36", child, "2026-09-18") == ["2026-10-22"]


def test_a_plan_is_reviewed_each_half_year_after_it_was_made() -> None:
    child = told(STRANGER, "child.distressed.identified", "2026-09-18", also={"class": "self", "subtype": "disabled"})
    child = done(child, "T36/plan", day("2026-10-22"), day("2026-10-12"))
    assert only("T36", child, "2026-10-12") == ["2027-04-12"]


def test_a_migrant_child_alone_needs_no_such_file() -> None:
    assert only("T19", told(STRANGER, "child.migrant.identified", "2026-09-18"), "2026-09-18") == []


def test_what_was_on_file_before_begins_no_entry_obligation_and_what_is_new_does() -> None:
    child = on_file("2026-09-01", child_categories=["left_behind"], rating="fair")
    assert only("T19", child, "2026-09-01") == []
    changed = told(child, "risk.rating.changed", "2026-09-10", to="insufficient")
    assert only("T36", changed, "2026-09-10") == ["2026-10-14"]


def test_contact_with_a_delegate_is_monthly_and_parents_contact_is_asked_at_each_visit() -> None:
    child = told(on_file("2026-09-01", rating="fair"), "care.delegation.registered", "2026-09-15")
    assert only("T35", child, "2026-09-15") == ["2026-10-15"]
    assert only("T28", child, "2026-09-15") == only("T02", child, "2026-09-15") == ["2026-10-01"]
    assert only("T28", visited(child, "2026-09-20"), "2026-09-20") == ["2026-10-20"]


def test_an_institution_assesses_whom_it_takes_in_within_ten_working_days() -> None:
    [one] = [
        x for x in owes(told(STRANGER, "placement.temporary.started", "2026-10-02"), "2026-10-02") if x.code == "T16"
    ]
    assert (one.agency.kind, one.due_on) == ("rescue_protection", day("2026-10-20"))
    [one] = [
        x
        for x in owes(told(STRANGER, "placement.longterm.started", "2026-10-12", form="institution"), "2026-10-12")
        if x.code == "T16"
    ]
    assert one.agency.kind == "child_welfare_institution"


def test_the_next_birthday_is_a_day_and_the_eighteenth_a_task() -> None:
    child = on_file("2026-09-01", rating="good", born_on="2012-11-30")
    assert only("T30", child, "2026-09-01") == ["2026-11-30"]
    assert only("T30", child, "2026-11-30") == ["2028-11-30"]
    assert only("T30", child, "2028-11-30") == ["2030-11-30"]
    assert only("T30", child, "2030-12-05") == ["2030-11-30"]


def test_an_orphan_has_a_settlement_plan_half_a_year_before_majority() -> None:
    child = on_file("2026-09-01", child_categories=["orphan"], born_on="2009-03-01")
    one = next(x for x in owes(child, "2026-08-01") if x.code == "T30")
    assert (one.part, one.due_on) == ("settlement", day("2026-09-02"))


def test_a_child_born_on_29_february_has_its_birthday_on_the_last_day_of_that_month() -> None:
    child = on_file("2025-09-01", rating="good", born_on="2012-02-29")
    assert only("T30", child, "2025-09-01") == ["2026-02-28"]


def test_without_a_birth_date_no_birthday_is_known() -> None:
    assert only("T30", on_file("2026-09-01", rating="good", age_years=13), "2026-09-01") == []


def test_at_sixteen_a_left_behind_child_leaves_the_register_and_a_distressed_one_stays() -> None:
    left = on_file("2026-09-01", child_categories=["left_behind"], born_on="2010-10-01")
    assert [code for code, _ in dues(left, "2026-10-01") if code != "T30"] == []
    assert [code for code, _ in dues(left, "2026-09-30") if code != "T30"] == ["T01"]
    stays = on_file("2026-09-01", child_categories=["left_behind", "disabled"], born_on="2010-10-01")
    assert [code for code, _ in dues(stays, "2026-10-01") if code != "T30"] == ["T03"]


def test_nobody_owes_anything_for_a_child_that_has_died() -> None:
    child = told(on_file("2026-09-01", rating="fair"), "child.deceased", "2026-09-10")
    assert dues(child, "2026-09-10") == []


def test_a_child_of_eighteen_is_not_visited() -> None:
    assert (
        dues(
            put_on_file("c_1", {"rating": "fair", "age_years": 18, "residence_code": "220122"}, day("2026-09-01")),
            "2026-09-01",
        )
        == []
    )


def test_a_review_ends_with_the_child() -> None:
    child = told(told(STRANGER, "placement.temporary.started", "2026-10-02"), "child.deceased", "2026-10-10")
    assert dues(child, "2026-10-10") == []
