"""What pupils lack (domain 1.4): risk of dropping out, a place, a hand, money."""

from typing import ClassVar

from events.data import EventData, Family, Title
from events.education import Stage
from events.envelope import Classification
from events.grammar import Code, Codes, DayOrMoment, Ref
from events.source import DERIVED, SCHOOL, VILLAGE


class EducationDropoutRisk(EventData):
    """A pupil may drop out."""

    TYPE: ClassVar[str] = "education.dropout.risk.v1"
    NUMBER: ClassVar[str] = "E47"
    CLAUSE: ClassVar[str] = "A§2.4, B-T10"
    TITLE: ClassVar[Title] = Title("辍学风险", "Risk of dropping out")
    SOURCES: ClassVar[tuple[str, ...]] = (*SCHOOL, "education", *DERIVED)
    FAMILY: ClassVar[Family] = "education"

    risk_factors: Codes = ()
    stage: Stage | None = None


class EducationNotEnrolled(EventData):
    """A child of school age is in no school."""

    TYPE: ClassVar[str] = "education.not_enrolled.v1"
    NUMBER: ClassVar[str] = "E50"
    CLAUSE: ClassVar[str] = "A§2.4; CONF K30 四查三比对"
    TITLE: ClassVar[Title] = Title("适龄未入学", "Of school age and not enrolled")
    SOURCES: ClassVar[tuple[str, ...]] = ("education", *VILLAGE)
    FAMILY: ClassVar[Family] = "education"

    since: DayOrMoment | None = None
    stage: Stage | None = None


class EducationEnrolmentUpdated(EventData):
    """A child came to, stays at or left a school or kindergarten."""

    TYPE: ClassVar[str] = "education.enrolment.updated.v1"
    NUMBER: ClassVar[str] = "E52"
    CLAUSE: ClassVar[str] = "A§2.1"
    TITLE: ClassVar[Title] = Title("入园入学/随迁子女名单更新", "Enrolment updated")
    SOURCES: ClassVar[tuple[str, ...]] = ("education", *SCHOOL)
    FAMILY: ClassVar[Family] = "education"
    CLASSIFICATION: ClassVar[Classification] = "C2"

    school_ref: Ref | None = None
    status: Code | None = None


class EducationLearningDifficulty(EventData):
    """A pupil falls behind."""

    TYPE: ClassVar[str] = "education.learning_difficulty.v1"
    NUMBER: ClassVar[str] = "E53"
    CLAUSE: ClassVar[str] = "A§2.4, B-T10"
    TITLE: ClassVar[Title] = Title("学业困难", "Learning difficulty")
    SOURCES: ClassVar[tuple[str, ...]] = SCHOOL
    FAMILY: ClassVar[Family] = "education"

    subjects: Codes = ()


class EducationAidNeed(EventData):
    """A pupil needs money to learn."""

    TYPE: ClassVar[str] = "education.aid_need.v1"
    NUMBER: ClassVar[str] = "E54"
    CLAUSE: ClassVar[str] = "A§2.4, B-T10, A-L2..L5, L13, C-L2-L5"
    TITLE: ClassVar[Title] = Title("教育资助需求", "Need of aid for education")
    SOURCES: ClassVar[tuple[str, ...]] = (*SCHOOL, "civil_affairs")
    FAMILY: ClassVar[Family] = "education"

    stage: Stage | None = None
    entering_university: bool | None = None


TYPES = (
    EducationDropoutRisk,
    EducationNotEnrolled,
    EducationEnrolmentUpdated,
    EducationLearningDifficulty,
    EducationAidNeed,
)
