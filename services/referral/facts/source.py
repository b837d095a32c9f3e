"""Facts about who reported."""

from services.referral.facts.core import Given, fact
from services.referral.facts.kinds import GRASSROOTS, MEDICAL, POLICE, SCHOOLS


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
    return given.reported_type == "reporting.mandatory.filed"


@fact
def found_by_village_or_township(given: Given) -> bool:
    """Village, township or a station of the township found it, not a school, a hospital or somebody else (E56, E58)."""
    return given.source_kind in GRASSROOTS


@fact
def source_is_health(given: Given) -> bool:
    """Health, disease control or a medical institution reported (E62, E64)."""
    return given.source_kind in MEDICAL | {"health", "cdc"}


@fact
def source_is_township(given: Given) -> bool:
    """A township government reported, or accepted an application itself (E75)."""
    return given.source_kind == "township_government"
