"""What becomes of parents and guardians (domain 1.1): the source names the adult's children, never the adult."""

from typing import ClassVar

from events.data import EventData, Family, Title
from events.grammar import Code, Codes, DayOrMoment
from events.source import HOSPITAL, POLICE, SCHOOL, VILLAGE


class GuardianDeceased(EventData):
    """A parent or guardian died."""

    TYPE: ClassVar[str] = "guardian.deceased.v1"
    NUMBER: ClassVar[str] = "E02"
    CLAUSE: ClassVar[str] = "A§2.3, B-T18, B§2.2"
    TITLE: ClassVar[Title] = Title("父母/监护人死亡", "Parent or guardian died")
    SOURCES: ClassVar[tuple[str, ...]] = (*POLICE, "health", *HOSPITAL, "civil_affairs", "court")
    FAMILY: ClassVar[Family] = "guardianship"

    guardian_role: Code | None = None
    death_date: DayOrMoment | None = None
    other_guardian_status: Code | None = None
    caregiver_known: bool | None = None


class GuardianImprisoned(EventData):
    """A guardian is in prison or a detention centre."""

    TYPE: ClassVar[str] = "guardian.imprisoned.v1"
    NUMBER: ClassVar[str] = "E05"
    CLAUSE: ClassVar[str] = "A§2.3, A§2.6, B-T11, B-T18, B§2.2"
    TITLE: ClassVar[Title] = Title("监护人服刑在押", "Guardian in prison or detention")
    SOURCES: ClassVar[tuple[str, ...]] = ("prison", "court", *POLICE)
    FAMILY: ClassVar[Family] = "guardianship"
    AHEAD: ClassVar[frozenset[str]] = frozenset({"expected_end"})

    guardian_role: Code | None = None
    intake_date: DayOrMoment | None = None
    expected_end: DayOrMoment | None = None
    other_guardian_status: Code | None = None
    caregiver_known: bool | None = None


class GuardianDutyRefused(EventData):
    """A guardian refuses to carry out the duty of guardianship."""

    TYPE: ClassVar[str] = "guardian.duty.refused.v1"
    NUMBER: ClassVar[str] = "E15"
    CLAUSE: ClassVar[str] = "A§2.2, A§2.7, B-T4, B-T8"
    TITLE: ClassVar[Title] = Title("拒绝履行监护责任", "Guardian refuses the duty of guardianship")
    SOURCES: ClassVar[tuple[str, ...]] = (*VILLAGE, *POLICE, "procuratorate", "court", *SCHOOL)
    FAMILY: ClassVar[Family] = "harm"

    acts: Codes = ()
    warned_before: bool | None = None
    child_in_peril: bool | None = None
    serious_consequence: bool | None = None


TYPES = (GuardianDeceased, GuardianImprisoned, GuardianDutyRefused)
