"""By what an answer or a delay counts: the calendar, and the profiles of the edition that the case keeps. Pure."""

from dataclasses import dataclass
from datetime import datetime

from events.referral import ClockFact, LadderClass, Severity
from services.law.calendar import Calendar
from services.referral.deadlines import clocks_for
from services.referral.profiles import LegalClock, Profiles, packaged_profiles


@dataclass(frozen=True)
class Terms:
    """Figures and days of one edition; the packaged profiles without any of its own."""

    calendar: Calendar
    profiles: Profiles | None = None

    def clocks(self, profile: str, severity: Severity, at: datetime) -> tuple[ClockFact, ...]:
        """Every clock of a profile, begun at `at`. KeyError names an unknown profile."""
        return clocks_for(profile, severity, at, self.calendar, profiles=self.profiles)

    def ladder(self, profile: str) -> LadderClass:
        """The ladder class of a profile."""
        return (self.profiles or packaged_profiles()).ladder_class(profile)

    def limit(self, name: str) -> LegalClock | None:
        """The limit of law behind a clock (LEG-…); None for a clock of ours."""
        return (self.profiles or packaged_profiles()).legal.get(name)
