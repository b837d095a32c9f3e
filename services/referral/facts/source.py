"""Facts about who reported."""

from services.referral.facts.core import Given, fact
from services.referral.facts.kinds import MEDICAL, POLICE, SCHOOLS


@fact
def source_kind(given: Given) -> str:
    """What kind of body reported: the first part of the event's source."""
    return given.source_kind


@fact
def source_is_medical(given: Given) -> bool:
    """A hospital or other medical institution reported."""
    return given.source_kind in MEDICAL


@fact
def source_is_school(given: Given) -> bool:
    """A school, kindergarten or childcare reported."""
    return given.source_kind in SCHOOLS


@fact
def source_is_police(given: Given) -> bool:
    """The police reported."""
    return given.source_kind in POLICE


@fact
def is_mandatory_report(given: Given) -> bool:
    """The event came as a mandatory report (E44)."""
    return given.reported_type is not None
