"""A referral with sensible facts, for tests of the notifier's decisions."""

from datetime import UTC, datetime, timedelta
from typing import Any

from events.agency import Agency
from events.referral import ClockFact, ReferralFact

T = datetime(2026, 10, 2, 12, 14, tzinfo=UTC)  # 20:14 in Jilin
CIVIL = Agency("civil_affairs", "county", "220122")
STATION = Agency("police_station", "unit", "220122")
COMMAND = Agency("police_command", "county", "220122")


def referral(**given: Any) -> ReferralFact:
    """CRITICAL and primary, to a police station with the 110 desk as second endpoint, unless said otherwise."""
    facts: dict[str, Any] = {
        "id": "r1", "number": "JL26-AAAAAAAA", "case": "case1", "child": "c_1", "event_source": "/hospital/220122/h1",
        "event_id": "e1", "event_type": "abuse.domestic_violence.suspected.v1", "family": "harm", "role": "primary",
        "agency": STATION, "second_endpoints": (COMMAND,), "profile": "P1-POL", "ladder": "P1", "severity": "CRITICAL",
        "classification": "C3", "state": "sent", "version": 1, "opened_at": T, "county": "220122",
        "clocks": (ClockFact(name="ack", started_at=T, due_at=T + timedelta(minutes=5)),),
    }  # fmt: skip
    return ReferralFact(**facts | given)
