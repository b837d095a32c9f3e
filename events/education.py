"""Schooling (domain 1.4)."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field
from typing_extensions import override

from events.data import EventData, Family, Title, required
from events.faults import FieldError
from events.grammar import DayOrMoment, Ref, Refs
from events.source import DERIVED, SCHOOL, SourcePath

Stage = Literal["preschool", "compulsory", "senior_high", "vocational", "unknown"]
SchoolDays = Annotated[int, Field(ge=0, le=400)]


class EducationAbsenceUnexplained(EventData):
    """A pupil is absent and nobody has said why."""

    TYPE: ClassVar[str] = "education.absence.unexplained.v1"
    NUMBER: ClassVar[str] = "E46"
    CLAUSE: ClassVar[str] = "A§2.4 (辍学风险); CONF K05 art 34, K30"
    TITLE: ClassVar[Title] = Title("无故缺勤/旷课", "Unexplained absence from school")
    SOURCES: ClassVar[tuple[str, ...]] = SCHOOL
    FAMILY: ClassVar[Family] = "education"

    consecutive_school_days: SchoolDays | None = None
    guardian_contacted: bool | None = None
    guardian_reachable: bool | None = None
    stage: Stage | None = None


class EducationDropoutSuspected(EventData):
    """A pupil may have dropped out."""

    TYPE: ClassVar[str] = "education.dropout.suspected.v1"
    NUMBER: ClassVar[str] = "E48"
    CLAUSE: ClassVar[str] = "A§2.4, B-T10"
    TITLE: ClassVar[Title] = Title("疑似辍学", "Suspected drop-out")
    SOURCES: ClassVar[tuple[str, ...]] = (*SCHOOL, "education", *DERIVED)
    FAMILY: ClassVar[Family] = "education"

    days_absent: SchoolDays | None = None
    contacts_log: Refs = ()
    stage: Stage | None = None


class EducationDropoutConfirmed(EventData):
    """A pupil has dropped out: persuasion failed, and the school has reported it in writing."""

    TYPE: ClassVar[str] = "education.dropout.confirmed.v1"
    NUMBER: ClassVar[str] = "E49"
    CLAUSE: ClassVar[str] = "A§2.4, B-T10; CONF K01 art 28"
    TITLE: ClassVar[Title] = Title("辍学(失学)", "Drop-out confirmed")
    SOURCES: ClassVar[tuple[str, ...]] = (*SCHOOL, "education")
    FAMILY: ClassVar[Family] = "education"

    confirmed_at: DayOrMoment | None = None
    report_ref: Ref | None = None
    persuasion_log: Refs = ()
    guardian_refuses: bool | None = None
    stage: Stage | None = None

    @override
    def faults(self, source: SourcePath | None, subject: str | None) -> Iterator[FieldError]:
        yield from super().faults(source, subject)
        if source is not None and source.kind in SCHOOL:
            yield from required("report_ref", self.report_ref, "the school's written report: a school is the source")


class EducationReturned(EventData):
    """A pupil is back at school."""

    TYPE: ClassVar[str] = "education.returned.v1"
    NUMBER: ClassVar[str] = "E51"
    CLAUSE: ClassVar[str] = "A§2.4"
    TITLE: ClassVar[Title] = Title("已劝返复学", "Back at school")
    SOURCES: ClassVar[tuple[str, ...]] = SCHOOL
    FAMILY: ClassVar[Family] = "education"

    returned_at: DayOrMoment | None = None


TYPES = (
    EducationAbsenceUnexplained,
    EducationDropoutSuspected,
    EducationDropoutConfirmed,
    EducationReturned,
)
