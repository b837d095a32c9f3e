"""A small set of referrals in every state a page has to show, written as the referral service itself writes them."""

from datetime import datetime, timedelta
from typing import Any

from events.agency import Agency
from events.referral import Basis, ClockFact, Level, ReferralFact, Severity, State
from services.chassis.database import Db
from services.referral.case import Case, Referral
from services.referral.join import Desk
from services.referral.save import save

SOURCE = "/hospital/220122/h1"
OPENED = timedelta(minutes=2)  # before now
ABUSE = {
    "child_ref": "c_8h2k", "age_years": 9, "sex": "female", "residence_code": "220122100", "confidence": "suspected",
    "child_categories": ["left_behind"], "suspect_relation": "father", "injury_level": "multiple", "immediate_danger": True,
    "needs_medical": True,
}  # fmt: skip
# number → (kind, level, area, role, severity, state, event, classification, due minutes by clock)
_CASES: dict[str, tuple[str, Any, str, Any, Severity, State, str, Any, dict[str, int]]] = {
    "JL26-7KQ2M4XA": ("police_station", "unit", "220122", "primary", "CRITICAL", "sent", "a1", "C3",
                      {"ack": 3, "start": 13, "feedback": 1438, "close": 43198}),
    "JL26-9PAB3C5D": ("civil_affairs", "county", "220122", "co", "CRITICAL", "sent", "a1", "C3", {"ack": -12, "start": 58, "feedback": 1438}),
    "JL26-CCCC4444": ("procuratorate", "county", "220122", "cc", "CRITICAL", "sent", "a1", "C3", {"ack": 1438}),
    "JL26-SEAL7777": ("police", "county", "220122", "primary", "CRITICAL", "sent", "a2", "C4", {"ack": 4, "start": 14}),
    "JL26-EDUC2222": ("education", "county", "220122", "primary", "MEDIUM", "in_progress", "a3", "C3", {"feedback": 9000, "close": 20000}),
    "JL26-DDNE6666": ("civil_affairs", "county", "220122", "primary", "HIGH", "completed", "a4", "C3", {}),
}  # fmt: skip
_EVENTS = {
    "a1": ("abuse.domestic_violence.suspected.v1", "harm"),
    "a2": ("abuse.sexual.suspected.v1", "harm"),
    "a3": ("education.dropout.confirmed.v1", "education"),
    "a4": ("guardian.deceased.v1", "guardianship"),
}


async def load(db: Db, now: datetime) -> None:
    """Events with their decisions, one case for each, and the referrals of `_CASES`."""
    for event, (type_, _) in _EVENTS.items():
        await db.execute(
            "insert into intake.event(source, id, type, time, accepted_at, via, registered, exercise, data)"
            " values ($1, $2, $3, $4, $4, 'http', 'sample', false, $5)",
            SOURCE, event, type_, now - OPENED, ABUSE,
        )  # fmt: skip
    desk = Desk()
    decisions: list[tuple[Any, ...]] = []
    for event, (type_, _) in _EVENTS.items():
        case = _case(event, now)
        desk.add(case)
        decisions.append(
            (
                SOURCE,
                event,
                type_,
                "referred",
                [case.id],
                ["E34-CRITICAL"],
                None,
                [],
                case.edition,
                now - OPENED,
                now - OPENED,
                False,
            )
        )
    for number in _CASES:
        fact = referral(number, now)
        case = desk.cases[fact.case]
        case.referrals[fact.id] = Referral(fact=fact, rules=("E34-CRITICAL",), is_new=True)
        case.note(fact.opened_at, "referral.opened", fact.id)
    await save(db, desk, (), now, decisions)


def referral(number: str, now: datetime) -> ReferralFact:
    """One of the sample referrals as it stands at `now`."""
    kind, level, area, role, severity, state, event, classification, due = _CASES[number]
    type_, family = _EVENTS[event]
    return ReferralFact(
        id=f"r_{number[5:].lower()}", number=number, case=f"case_{event}", child="c_8h2k", event_source=SOURCE, event_id=event,
        event_type=type_, family=family, role=role, agency=Agency(kind, level, area), profile="P1-POL", ladder="P1",
        second_endpoints=(Agency("police_command", "county", area),) if kind == "police_station" else (),
        severity=severity, classification=classification, state=state, version=1, opened_at=now - OPENED, county=area,
        clocks=tuple(
            ClockFact(name=name, started_at=now - OPENED, due_at=now + timedelta(minutes=minutes), warn_at=now + timedelta(minutes=minutes / 2),
                      levels=(Level(level=1, at=now + timedelta(minutes=minutes)),))
            for name, minutes in due.items()
        ),
        basis=(Basis(source="K02", clause="第十五条", label="law"), Basis(source="A", clause="§2.2", label="policy")),
    )  # fmt: skip


def _case(event: str, now: datetime) -> Case:
    return Case(
        id=f"case_{event}",
        opened_at=now - OPENED,
        children=[f"c_{event}"],
        county="220122",
        edition="2026-01-01.3f2a",
        is_new=True,
    )
