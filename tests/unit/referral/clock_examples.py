"""Times as the domain's scenarios write them, and the packaged calendar and rulebook that the clock tests run on."""

from datetime import datetime
from pathlib import Path

from events.referral import ClockFact
from services.law.calendar import SHANGHAI, Calendar
from services.referral.deadlines import Circumstances, clocks_for
from services.referral.profiles import RULEBOOK

CALENDAR = Calendar.load(sorted((Path(RULEBOOK) / "calendar").glob("*.yaml")))

USUAL = Circumstances()


def jilin(text: str) -> datetime:
    """A moment of 2026 in Jilin: `10-02 20:14`, `11-17 22:31:30`; another year when it is written."""
    text = text if text.count("-") == 2 else f"2026-{text}"
    return datetime.fromisoformat(text.replace(" ", "T")).replace(tzinfo=SHANGHAI)


def clocks(profile: str, opened: str, facts: Circumstances = USUAL) -> dict[str, ClockFact]:
    """The clocks of a referral made at a moment, by name."""
    return {c.name: c for c in clocks_for(profile, "HIGH", jilin(opened), CALENDAR, facts)}
