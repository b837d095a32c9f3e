"""How the clocks of a row's recipients are fixed: by its profile, what the event says of an absence or of bullying, and the law. Pure."""

from datetime import datetime

from events.referral import ClockFact
from services.law.calendar import Calendar
from services.referral.deadlines import Circumstances, clocks_for
from services.referral.join import Clocks
from services.referral.overlays import legal_clocks
from services.referral.profiles import Profiles
from services.referral.receivers import Resolved, Routing

# Quiet hours 21:00–07:00 apply to these alone (domain analysis 4.1, PROP).
VISIT_ROWS = {"visit.overdue", "visit.refused"}


def clock_maker(calendar: Calendar, profiles: Profiles | None) -> Clocks:
    """How a recipient's clocks are fixed at a moment: its profile's, and the legal ones that its row adds."""

    def clocks(recipient: Resolved, routing: Routing, at: datetime) -> tuple[ClockFact, ...]:
        days = routing.facts["consecutive_school_days"]
        legal_from = recipient.legal_since or at
        about = Circumstances(
            consecutive_school_days=days if isinstance(days, int) and days > 0 else 1,
            serious=routing.facts["stated_severity"] == "serious",  # bullying (SCH-BULLY)
            visit=routing.row in VISIT_ROWS,
            legal_start={recipient.profile: legal_from} if recipient.profile.startswith("LEG-") else {},
        )
        own = clocks_for(recipient.profile, routing.severity, at, calendar, about, profiles)
        also = [name for name in recipient.legal if all(c.name != name for c in own)]
        return (*own, *legal_clocks(also, legal_from, calendar, profiles))

    return clocks
