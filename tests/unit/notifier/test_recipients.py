"""The table of domain analysis 4.3, row by row: who hears, at which level, by what."""

from datetime import date
from typing import Any

import pytest

from events.agency import Agency
from services.notifier.ladder import LadderFault, ladder, read_ladder
from services.notifier.recipients import Notice, on_breached, on_changed, on_opened, on_warned
from tests.unit.notifier.referrals import CIVIL, COMMAND, STATION, referral

ON = date(2026, 10, 2)
TABLE = ladder()


def told(notices: tuple[Notice, ...]) -> list[tuple[str, str, int, str]]:
    return [(str(n.agency), n.function, n.level, ",".join(n.channels)) for n in notices]


@pytest.mark.parametrize(
    ("role", "severity", "channels"),
    [
        ("primary", "CRITICAL", "sms,wecom"), ("co", "CRITICAL", "sms,wecom"), ("primary", "HIGH", "sms,wecom"),
        ("co", "HIGH", "sms,wecom"), ("primary", "MEDIUM", "wecom"), ("co", "MEDIUM", "wecom"),
        ("primary", "LOW", "wecom"), ("cc", "CRITICAL", "wecom"), ("cc", "LOW", "wecom"),
    ],
)  # fmt: skip
def test_the_first_notice_goes_to_the_duty_officer_and_each_second_endpoint(
    role: str, severity: str, channels: str
) -> None:
    assert told(on_opened(referral(role=role, severity=severity), TABLE)) == [
        (str(STATION), "duty_officer", 0, channels),
        (str(COMMAND), "duty_officer", 0, channels),
    ]


def test_a_referral_that_waits_for_consent_is_told_once_consent_is_there() -> None:
    waiting = referral(state="on_hold")
    assert on_opened(waiting, TABLE) == ()
    assert {n.reason for n in on_changed(referral(), "consent", TABLE, ON)} == {"opened"}


def test_a_warning_goes_the_same_way_at_level_0() -> None:
    warned = on_warned(referral(), "ack", TABLE)
    assert told(warned) == told(on_opened(referral(), TABLE))
    assert {(n.reason, n.clock) for n in warned} == {("warned", "ack")}


@pytest.mark.parametrize("action", ["acknowledge", "accept", "start", "feedback", "complete", "hold", "resume"])
def test_an_officer_is_not_told_of_his_own_answer(action: str) -> None:
    assert on_changed(referral(), action, TABLE, ON) == ()


@pytest.mark.parametrize(("action", "reason"), [("close", "closed"), ("cancel", "closed"), ("reopen", "reopened")])
def test_the_recipient_learns_what_somebody_else_decided(action: str, reason: str) -> None:
    assert {(n.reason, n.level, n.function) for n in on_changed(referral(), action, TABLE, ON)} == {
        (reason, 0, "duty_officer")
    }


@pytest.mark.parametrize(
    ("ladder_class", "channels"),
    [("P1", "voice,sms,wecom"), ("P2", "voice,sms,wecom"), ("P3", "sms,wecom"), ("P4", "sms,wecom")],
)
def test_level_1_rings_the_leader_of_the_late_agency_and_calls_only_for_p1_and_p2(
    ladder_class: str, channels: str
) -> None:
    notices = on_breached(referral(ladder=ladder_class), "ack", 1, TABLE, ON)
    assert told(notices) == [(str(STATION), "duty_leader", 1, channels)]


P, C = "220000", "220100"
LEVELS: list[tuple[str, dict[str, Any], int, list[str]]] = [
    ("a station is late", {}, 2,
     ["civil_affairs@county/220122 case_lead", "women_children_committee@county/220122 duty_officer"]),
    ("civil affairs of that county is late", {"agency": CIVIL}, 2,
     ["civil_affairs@county/220122 bureau_head", "women_children_committee@county/220122 duty_officer"]),
    ("civil affairs of another county is late", {"agency": Agency("civil_affairs", "county", "220382")}, 2,
     ["civil_affairs@county/220122 case_lead", "women_children_committee@county/220122 duty_officer"]),
    ("a station is late", {}, 3, [f"police@city/{C} duty_officer", f"civil_affairs@city/{C} duty_officer"]),
    ("civil affairs is late: one agency, once", {"agency": CIVIL}, 3, [f"civil_affairs@city/{C} duty_officer"]),
    ("a township is led by civil affairs", {"agency": Agency("township_government", "township", "220122100")}, 3,
     [f"civil_affairs@city/{C} duty_officer"]),
    ("a hospital is led by health", {"agency": Agency("hospital", "unit", "220122")}, 3,
     [f"health@city/{C} duty_officer", f"civil_affairs@city/{C} duty_officer"]),
    ("a city's agency climbs to the province", {"agency": Agency("police", "city", C)}, 3,
     [f"police@province/{P} duty_officer", f"civil_affairs@province/{P} duty_officer"]),
    ("a station is late", {}, 4, [f"police@province/{P} duty_officer", f"civil_affairs@province/{P} duty_officer",
                                  "political_legal@county/220122 duty_officer"]),
    ("HOT-3WD", {"agency": Agency("digital_gov", "city", C), "profile": "HOT-3WD", "ladder": "P3"}, 2,
     ["civil_affairs@county/220122 case_lead", "women_children_committee@county/220122 duty_officer",
      f"civil_affairs@province/{P} duty_officer"]),
    ("P3 ends at level 3", {"ladder": "P3"}, 4, []),
    ("P4 ends at level 2", {"ladder": "P4"}, 3, []),
]  # fmt: skip


@pytest.mark.parametrize(("why", "given", "level", "expected"), LEVELS, ids=[f"{e[0]} L{e[2]}" for e in LEVELS])
def test_higher_levels(why: str, given: dict[str, Any], level: int, expected: list[str]) -> None:
    notices = on_breached(referral(**given), "ack", level, TABLE, ON)
    assert [f"{n.agency} {n.function}" for n in notices] == expected, why
    assert {n.level for n in notices} <= {level}
    assert {n.reason for n in notices} <= {"breached"}


def test_the_summary_for_the_political_and_legal_commission_has_its_own_text() -> None:
    texts = {n.agency.kind: n.text for n in on_breached(referral(), "ack", 4, TABLE, ON)}
    assert texts == {"police": "breached", "civil_affairs": "breached", "political_legal": "summary"}


def test_a_copy_is_reminded_once_and_climbs_no_ladder() -> None:
    copy = referral(role="cc", ladder="CC", profile="CC-URG", second_endpoints=())
    (reminder,) = on_breached(copy, "ack", 1, TABLE, ON)
    assert (reminder.level, reminder.reason, reminder.function) == (0, "reminder", "duty_officer")
    assert on_breached(copy, "ack", 2, TABLE, ON) == ()


def test_a_legal_limit_climbs_like_p3_whatever_the_referral_is() -> None:
    (notice,) = on_breached(referral(), "LEG-POL-FB3", 1, TABLE, ON)
    assert notice.channels == ("sms", "wecom")
    assert on_breached(referral(), "LEG-POL-FB3", 4, TABLE, ON) == ()


def test_a_wrong_ladder_file_is_refused_with_every_fault() -> None:
    with pytest.raises(LadderFault) as refused:
        read_ladder("edition: x\nsteps: [{level: 7}]\nfoo: 1\nchannel_order: [sms]\nlegal_overlays_as: P3\n")
    faults = "\n".join(refused.value.faults)
    for place in ("steps.0.level", "steps.0.cite", "foo", "first_notice", "reminder", "told_of"):
        assert place in faults


SEALED = [
    (Agency("police", "county", "220122"), "minors_case_officer"),
    (Agency("procuratorate", "county", "220122"), "juvenile_prosecutor"),
    (Agency("civil_affairs", "county", "220122"), "child_welfare_officer"),
    (Agency("hospital", "unit", "220122"), "treating_doctor"),
    (Agency("mental_health_hospital", "unit", "220122"), "psychiatrist"),
    (Agency("cyberspace", "city", "220100"), "named_officer"),
    (Agency("police_command", "county", "220122"), "duty_leader"),  # no named post there: never the desk
]


@pytest.mark.parametrize(("agency", "named"), SEALED, ids=[str(agency) for agency, _ in SEALED])
def test_a_sealed_matter_is_told_to_the_named_post_alone(agency: Agency, named: str) -> None:
    sealed = referral(agency=agency, second_endpoints=(), classification="C4")
    told = [*on_opened(sealed, TABLE), *on_warned(sealed, "ack", TABLE), *on_changed(sealed, "reopen", TABLE, ON)]
    assert {(notice.agency, notice.function) for notice in told} == {(agency, named)}


@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_no_desk_hears_of_a_sealed_matter_at_any_level(level: int) -> None:
    sealed = referral(agency=Agency("police", "county", "220122"), second_endpoints=(), classification="C4")
    functions = {notice.function for notice in on_breached(sealed, "ack", level, TABLE, ON)}
    assert functions
    assert "duty_officer" not in functions


def test_who_reported_learns_that_it_has_ended_and_nothing_more() -> None:
    reported = referral(
        role="primary", feedback_to=("/hospital/220122/h1", "/police_command/220122/110", "/shouhu/220000/x")
    )
    told_of_end = {
        (n.agency.kind, n.reason, n.level, n.text)
        for n in on_changed(reported, "close", TABLE, ON)
        if n.text == "feedback"
    }
    assert told_of_end == {("hospital", "closed", 0, "feedback"), ("police_command", "closed", 0, "feedback")}
    assert not any(n.text == "feedback" for n in on_changed(reported, "reopen", TABLE, ON))
