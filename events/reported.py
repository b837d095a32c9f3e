"""What a report carries of the child event that it reports (domain 1, E44 and E90): a base, no type of its own."""

from typing import Literal

from events.abuse import (
    AbuseForcedBeggingSuspected,
    AbuseGuardianHarmSuspected,
    AbuseSexualSuspected,
    AbuseUnlawfulHarmImminent,
    AbuseUnlawfulHarmSuspected,
)
from events.child import ChildAbandoned, ChildLivingAlone, ChildMissing, ChildTraffickingSuspected
from events.grammar import Code, Codes, DayOrMoment
from events.health import ChildSelfHarmRisk


class ReportedEvent(
    AbuseGuardianHarmSuspected,
    AbuseSexualSuspected,
    AbuseUnlawfulHarmSuspected,
    AbuseUnlawfulHarmImminent,
    AbuseForcedBeggingSuspected,
    ChildLivingAlone,
    ChildMissing,
    ChildTraffickingSuspected,
    ChildAbandoned,
    ChildSelfHarmRisk,
):
    """The fields of every child event that somebody may report; those of E30, E32, E39 and E40 stand here themselves."""

    cause: Code | None = None
    severity: Literal["minor", "serious", "life_threatening", "unknown"] | None = None
    caregiver_absent: bool | None = None
    public_hazard_site: bool | None = None
    means: Codes = ()
    manner_class: Code | None = None
    date: DayOrMoment | None = None
    origin_known: bool | None = None
