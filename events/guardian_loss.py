"""A parent or guardian who is gone for good or out of reach (domain 1.1): missing, lost, revoked, deported."""

from collections.abc import Iterator
from typing import ClassVar, get_args

from typing_extensions import override

from events.amounts import RefOrFlag
from events.data import ChildCategory, EventData, Family, Title
from events.faults import FieldError
from events.grammar import Code, DayOrMoment, Ref
from events.source import FINDERS, POLICE, SourcePath

SHARED_FOR: frozenset[ChildCategory] = frozenset(get_args(ChildCategory)) - {"migrant", "rural", "unknown"}
"""Left-behind and distressed children, of whom B-T18 lets departments share that a guardian is lost."""


class GuardianMissingDeclared(EventData):
    """A court declared a parent or guardian missing."""

    TYPE: ClassVar[str] = "guardian.missing.declared.v1"
    NUMBER: ClassVar[str] = "E03"
    CLAUSE: ClassVar[str] = 'A§2.3; B§2.2 "人民法院宣告失踪"'
    TITLE: ClassVar[Title] = Title("监护人失踪(法院宣告)", "Guardian declared missing")
    SOURCES: ClassVar[tuple[str, ...]] = ("court",)
    FAMILY: ClassVar[Family] = "guardianship"
    AHEAD: ClassVar[frozenset[str]] = frozenset({"effective_date"})

    judgment_ref: Ref | None = None
    effective_date: DayOrMoment | None = None
    caregiver_known: bool | None = None
    other_guardian_status: Code | None = None
    guardian_role: Code | None = None


class GuardianLostContact(EventData):
    """Nobody can reach a parent or guardian; the police's search and its receipt date the loss."""

    TYPE: ClassVar[str] = "guardian.lost_contact.v1"
    NUMBER: ClassVar[str] = "E04"
    CLAUSE: ClassVar[str] = "A§2.3 (查询服务, not shared), B-T18"
    TITLE: ClassVar[Title] = Title("监护人失联", "Guardian out of contact")
    SOURCES: ClassVar[tuple[str, ...]] = (*FINDERS, *POLICE)
    FAMILY: ClassVar[Family] = "guardianship"

    last_contact: DayOrMoment | None = None
    police_search_registered_at: DayOrMoment | None = None
    receipt_ref: Ref | None = None
    caregiver_known: bool | None = None
    other_guardian_status: Code | None = None
    guardian_role: Code | None = None

    @override
    def faults(self, source: SourcePath | None, subject: str | None) -> Iterator[FieldError]:
        yield from super().faults(source, subject)
        categories = {*self.child_categories, *(one for child in self.children for one in child.child_categories)}
        if self.source_mode == "share" and "migrant" in categories and not categories & SHARED_FOR:
            expected = "query: of migrant children alone this is told in answer to a query (A§2.3)"
            yield FieldError("data.source_mode", "source_mode", expected)


class GuardianRightsRevoked(EventData):
    """A court took a guardian's rights away."""

    TYPE: ClassVar[str] = "guardian.rights.revoked.v1"
    NUMBER: ClassVar[str] = "E08"
    CLAUSE: ClassVar[str] = "A§2.3, B-T18"
    TITLE: ClassVar[Title] = Title("被撤销监护资格", "Guardianship revoked")
    SOURCES: ClassVar[tuple[str, ...]] = ("court",)
    FAMILY: ClassVar[Family] = "guardianship"

    judgment_ref: Ref | None = None
    new_guardian: RefOrFlag | None = None
    caregiver_known: bool | None = None
    other_guardian_status: Code | None = None
    guardian_role: Code | None = None


class GuardianDeported(EventData):
    """A parent or guardian had to leave the country; told in answer to a query alone."""

    TYPE: ClassVar[str] = "guardian.deported.v1"
    NUMBER: ClassVar[str] = "E09"
    CLAUSE: ClassVar[str] = "A§2.3 (查询服务), B§2.1"
    TITLE: ClassVar[Title] = Title("被遣送(驱逐)出境", "Guardian deported")
    SOURCES: ClassVar[tuple[str, ...]] = POLICE
    FAMILY: ClassVar[Family] = "guardianship"

    exit_date: DayOrMoment | None = None
    nationality_class: Code | None = None
    caregiver_known: bool | None = None
    other_guardian_status: Code | None = None
    guardian_role: Code | None = None

    @override
    def faults(self, source: SourcePath | None, subject: str | None) -> Iterator[FieldError]:
        yield from super().faults(source, subject)
        if self.source_mode in ("share", "report"):
            yield FieldError(
                "data.source_mode", "source_mode", "query: this is in no list that is shared (A§2.3, B-T18)"
            )


TYPES = (
    GuardianMissingDeclared,
    GuardianLostContact,
    GuardianRightsRevoked,
    GuardianDeported,
)
