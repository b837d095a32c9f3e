"""A child's birth, and what a family or an office asks about a guardian (domain 1.1)."""

from typing import ClassVar, Literal

from events.data import EventData, Family, Title
from events.grammar import Code, DayOrMoment, Ref, Refs
from events.source import HOSPITAL, POLICE, TOWNSHIP


class ChildBirthRegistered(EventData):
    """A birth was certified: the first that the register hears of a child."""

    TYPE: ClassVar[str] = "child.birth.registered.v1"
    NUMBER: ClassVar[str] = "E01"
    CLAUSE: ClassVar[str] = "A§2.3"
    TITLE: ClassVar[Title] = Title("出生医学证明信息", "Birth registered")
    SOURCES: ClassVar[tuple[str, ...]] = ("health", *HOSPITAL)
    FAMILY: ClassVar[Family] = "services"

    birth_cert_ref: Ref | None = None
    parents_ref: Refs = ()


class InfoQueryRequested(EventData):
    """A family or civil affairs asks the department that holds a fact about a guardian."""

    TYPE: ClassVar[str] = "info.query.requested.v1"
    NUMBER: ClassVar[str] = "E103"
    CLAUSE: ClassVar[str] = 'A§2.3 "为流动儿童及其家庭提供信息查询服务并反馈结果", B-T18'
    TITLE: ClassVar[Title] = Title("信息查询申请", "Information asked for")
    SOURCES: ClassVar[tuple[str, ...]] = ("portal", *TOWNSHIP, "civil_affairs")
    FAMILY: ClassVar[Family] = "services"

    subject: Literal["deported", "lost_contact", "other", "unknown"] | None = None
    asked_by: Literal["family", "civil_affairs", "unknown"] | None = None
    result_class: Code | None = None
    answered_at: DayOrMoment | None = None


class InfoQueryAnswered(InfoQueryRequested):
    """The department that holds the fact has answered: closes the question."""

    TYPE: ClassVar[str] = "info.query.answered.v1"
    NUMBER: ClassVar[str] = "E103"
    CLAUSE: ClassVar[str] = 'A§2.3 "为流动儿童及其家庭提供信息查询服务并反馈结果", B-T18'
    TITLE: ClassVar[Title] = Title("信息查询结果反馈", "Information given")
    SOURCES: ClassVar[tuple[str, ...]] = (
        "civil_affairs",
        *POLICE,
        "court",
        "prison",
        "justice",
        "health",
        "disabled_federation",
        "medical_insurance",
    )
    FAMILY: ClassVar[Family] = "services"


TYPES = (
    ChildBirthRegistered,
    InfoQueryRequested,
    InfoQueryAnswered,
)
