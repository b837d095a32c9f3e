"""Duties of agencies: their periods, their last days, their owners."""

from datetime import date
from pathlib import Path

import pytest

from events.envelope import Event
from services.law.rulebook_file import RulebookFault
from services.tracker.agency_duties import Period, after_event, duties, opening, periods
from services.tracker.obligation_rules import CODES, Entry, Part, packaged, read
from services.tracker.obligations import Obligation
from tests.unit.tracker.children import CALENDAR, NOTICES, at, day


def timer(code: str, name: str | None = None) -> tuple[Entry, Part]:
    entry = packaged()[code]
    return entry, next(part for part in entry.parts if part.subject == "agency" and name in (None, part.name))


def last_days(code: str, name: str | None = None, year: int = 2026) -> dict[str, str]:
    """Period → last day."""
    due = timer(code, name)[1].period
    assert due is not None
    return {each.name: each.due_on.isoformat() for each in periods(due, year, CALENDAR, NOTICES)}


def owed_by(code: str, name: str | None = None, year: int = 2026) -> list[Obligation]:
    entry, part = timer(code, name)
    assert part.period is not None
    return duties(entry, part, periods(part.period, year, CALENDAR, NOTICES)[-1])


def test_every_code_of_the_table_has_its_entry_with_a_basis() -> None:
    assert tuple(packaged()) == CODES


@pytest.mark.parametrize(
    ("code", "name", "expected"),
    [("T05", None, {"2026-H1": "2026-06-30", "2026-H2": "2026-12-31"}),
     ("T07", None, {"2026-Q1": "2026-03-31", "2026-Q2": "2026-06-30", "2026-Q3": "2026-09-30", "2026-Q4": "2026-12-31"}),
     ("T10", None, {"2026": "2026-11-30"}),
     ("T15", None, {"2026": "2026-01-31"}),
     ("T18", "base_lists", {"2026-H1": "2026-06-15", "2026-H2": "2026-12-17"}),
     ("T20", None, {"2026-春节": "2026-02-14", "2026-六一": "2026-05-29", "2026-中秋节": "2026-09-24", "2026-国庆节": "2026-09-30"}),
     ("T22", "b.demonstration_projects", {"2026-12-31": "2026-12-31"}),
     ("T31", None, {"2026": "2026-12-01"}),
     ("T32", None, {"2026": "2026-06-15"})],
)  # fmt: skip
def test_the_last_day_of_each_period(code: str, name: str | None, expected: dict[str, str]) -> None:
    assert last_days(code, name) == expected


def test_the_monthly_drop_out_ledger_is_due_on_the_last_working_day() -> None:
    days = last_days("T23", "school")
    assert (days["2026-09"], days["2026-10"], days["2026-02"]) == ("2026-09-30", "2026-10-30", "2026-02-28")


def test_festivals_of_a_year_whose_notice_is_not_loaded_are_not_known() -> None:
    assert last_days("T21", "holiday", 2027) == {}


def test_the_annual_report_is_due_at_close_of_business_before_the_day_that_the_clause_names() -> None:
    reports = owed_by("T10")
    assert {one.due_at for one in reports} == {at("2026-11-30", 17)}
    assert {one.legal_due_on for one in reports} == {day("2026-12-01")}
    assert {one.agency.level for one in reports} == {"city", "county"}


def test_changchuns_meeting_is_changchuns() -> None:
    assert [str(one.agency) for one in owed_by("T12")] == ["civil_affairs@city/220100"]


def test_every_county_updates_its_migrant_data_once_per_half_year() -> None:
    updates = owed_by("T05")
    assert len({one.agency.area for one in updates}) == len(updates) >= 60
    assert len({one.id for one in updates}) == len(updates)


def test_a_period_opens_once_it_is_near_and_is_not_put_before_anybody_when_it_is_over() -> None:
    def open_on(on: str) -> set[str]:
        return {entry.code for entry, _, _ in opening(packaged(), date.fromisoformat(on), CALENDAR, NOTICES)}

    assert "T10" not in open_on("2026-09-30")
    assert "T10" in open_on("2026-10-01") & open_on("2026-11-30")
    assert "T10" not in open_on("2026-12-01")
    assert "T15" in open_on("2026-12-31") | open_on("2027-01-02")


def test_reminders_never_lie_before_the_period_opens() -> None:
    entry, part = timer("T20")
    [one, *_] = duties(entry, part, Period("2026-春节", day("2026-02-10"), day("2026-02-14")))
    assert one.warn_on == (day("2026-02-10"),)


def test_a_wrong_file_lists_every_fault_and_loads_nothing(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(
        "- {code: T01, title: {zh: a, en: b}, basis: [], parts: []}\n- {code: X, colour: red}\n"
    )
    (tmp_path / "y.yaml").write_text("- [")
    with pytest.raises(RulebookFault) as told:
        read(tmp_path)
    text = "\n".join(told.value.faults)
    assert "x.yaml: T01: basis" in text
    assert "x.yaml: X: colour" in text
    assert "y.yaml:2: cannot be read" in text


def test_a_missing_code_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(RulebookFault, match="T37 is missing"):
        read(tmp_path)


def drowning(cause: str = "drowning") -> Event:
    data = {"child_ref": "c_1", "cause": cause, "residence_code": "220122100201", "occurrence_code": "220382100"}
    return Event(id="d1", source="/hospital/220382/h1", type="injury.accidental.suspected.v1", data=data)


def test_after_a_drowning_the_township_where_it_was_looks_for_hazards() -> None:
    [one] = after_event(packaged(), drowning(), at("2026-07-03"), CALENDAR)
    assert (one.code, str(one.agency), one.due_on) == (
        "T32",
        "township_government@township/220382100",
        day("2026-08-02"),
    )
    assert after_event(packaged(), drowning("traffic"), at("2026-07-03"), CALENDAR) == []


def test_a_department_whose_data_are_shared_live_owes_no_list() -> None:
    entry, part = timer("T18", "monthly")
    shared = part.model_copy(update={"exempt": ("health", "police@county/220122")})
    period = Period("2026-11", day("2026-11-10"), day("2026-11-30"))
    owners = {str(one.agency) for one in duties(entry, shared, period)}
    assert {str(one.agency) for one in duties(entry, part, period)} - owners >= {
        "police@county/220122",
        "health@county/220122",
    }
    assert "police@county/220182" in owners
