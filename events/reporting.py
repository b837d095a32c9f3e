"""Mandatory reporting (domain 1.3, E44 and E45): the report itself, and the report that was not made."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError
from typing_extensions import override

from events.data import EventData, Family, Title
from events.envelope import Classification
from events.grammar import Moment, Ref
from events.reported import ReportedEvent
from events.source import DERIVED, MANDATORY_REPORTERS, POLICE


def _no_boolean(value: Any) -> Any:
    # To Python true is 1, which would make it the most serious situation.
    if isinstance(value, bool):
        raise PydanticCustomError("one_of", "1, 2, 3, 4, 5, 6, 7, 8, 9, unknown")
    return value


Situation = Annotated[Literal[1, 2, 3, 4, 5, 6, 7, 8, 9, "unknown"], BeforeValidator(_no_boolean)]


class ReportingMandatoryFiled(ReportedEvent):
    """A mandatory reporter reported to the police: carries the fields of the child event that it reports.

    `situation_code` is the number in article 4 of the mandatory reporting rules (K24).
    """

    TYPE: ClassVar[str] = "reporting.mandatory.filed.v1"
    NUMBER: ClassVar[str] = "E44"
    CLAUSE: ClassVar[str] = "B-T6, C§3; CONF K24"
    TITLE: ClassVar[Title] = Title("强制报告报案", "Mandatory report filed")
    SOURCES: ClassVar[tuple[str, ...]] = MANDATORY_REPORTERS
    FAMILY: ClassVar[Family] = "harm"
    CLASSIFICATION: ClassVar[Classification] = "C3"

    situation_code: Situation | None = None
    reported_to_police_at: Moment | None = None

    @override
    def classification(self) -> Classification:
        """Sealed when the report is of a sexual assault (article 4, situations 1 to 3)."""
        return "C4" if self.situation_code in (1, 2, 3) or self.suspect_class is not None else "C3"


class ReportingMandatoryMissed(EventData):
    """A holder of the duty to report did not, or too late: about the organisation: the child has its own event."""

    TYPE: ClassVar[str] = "reporting.mandatory.missed.v1"
    NUMBER: ClassVar[str] = "E45"
    CLAUSE: ClassVar[str] = "B-T6; CONF K01 art 117"
    TITLE: ClassVar[Title] = Title("应报未报/迟报", "Mandatory report missed or late")
    SOURCES: ClassVar[tuple[str, ...]] = (*DERIVED, "procuratorate", *POLICE)
    FAMILY: ClassVar[Family] = "organisation"
    CLASSIFICATION: ClassVar[Classification] = "C2"
    ABOUT_CHILD: ClassVar[bool] = False

    duty_holder_org: Ref | None = None
    known_at: Moment | None = None
    reported_at: Moment | None = None


TYPES = (ReportingMandatoryFiled, ReportingMandatoryMissed)
