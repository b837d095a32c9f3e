"""The `data` of an event from a source: what every type may carry, and what each type knows of itself."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, ClassVar, Literal, NamedTuple, TypeVar

from pydantic import BaseModel, ConfigDict, Field, Strict

from events.envelope import Classification
from events.faults import FieldError
from events.grammar import AreaCode, ChildRef, Code, Moment, Ref, SourceText, Text
from events.source import SourcePath

Family = Literal[
    "harm", "whereabouts", "guardianship", "education", "health", "care", "judicial", "services", "organisation",
]  # fmt: skip
"""Event families of the domain's R5; `guardianship` includes benefits, `organisation` opens no child's case."""

ChildCategory = Literal[
    "left_behind", "migrant", "orphan", "quasi_orphan", "de_facto_unattended", "disabled", "seriously_ill", "hiv",
    "low_income", "single_parent", "unregistered", "out_of_school", "wandering_history", "registered_poor",
    "social_orphan", "guardian_in_custody_or_detox", "privately_adopted", "guardianship_harmed", "trafficking_rescued",
    "rural", "unknown",
]  # fmt: skip

Item = TypeVar("Item")
Several = Annotated[tuple[Item, ...], Strict(False), Field(max_length=200)]
AgeYears = Annotated[int, Field(ge=0, le=18)]
Sex = Literal["female", "male", "unknown"]


class Title(NamedTuple):
    """What people call a type."""

    zh: str
    en: str


class Contract(BaseModel):
    """Closed on write: a field that the contract does not name is a fault, so a misspelt one cannot get lost."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)


class Child(Contract):
    """One of several children that an event is about."""

    child_ref: ChildRef
    age_years: AgeYears | None = None
    sex: Sex | None = None
    residence_code: AreaCode | None = None
    hukou_code: AreaCode | None = None
    child_categories: Several[ChildCategory] = ()


class Reporter(Contract):
    """Who reported, opaquely; a reporter's identity is C4 and never travels."""

    role: Code | None = None
    org_code: Ref | None = None
    ref: Ref | None = None
    wants_anonymity: bool | None = None


class EventData(Contract):
    """Base of all types. Absent means unknown, never false; every enumeration accepts `unknown`.

    NUMBER and CLAUSE: the row of the domain analysis, and what it rests on (A, B, C: the three policy texts; CONF: law).

    Codes of places are GB/T 2260 (6, 9 or 12 digits); times are RFC 3339 with their offset. Source: domain 1.0.
    """

    TYPE: ClassVar[str]
    NUMBER: ClassVar[str]
    CLAUSE: ClassVar[str]
    TITLE: ClassVar[Title]
    SOURCES: ClassVar[tuple[str, ...]]
    FAMILY: ClassVar[Family]
    CLASSIFICATION: ClassVar[Classification] = "C3"
    ABOUT_CHILD: ClassVar[bool] = True
    AHEAD: ClassVar[frozenset[str]] = frozenset()
    """Fields that tell a day or moment which may still lie ahead; every other one tells what has happened."""

    confidence: Literal["suspected", "confirmed", "unknown"]
    occurred_at: Moment
    child_ref: ChildRef | None = None
    child_refs: Several[ChildRef] = ()
    children: Several[Child] = ()
    child_known: bool | None = None
    source_mode: Literal["report", "query", "share", "unknown"] | None = None
    correlation_key: Ref | None = None
    household_ref: Ref | None = None
    age_years: AgeYears | None = None
    sex: Sex | None = None
    residence_code: AreaCode | None = None
    hukou_code: AreaCode | None = None
    occurrence_code: AreaCode | None = None
    address_hash: Ref | None = None
    child_categories: Several[ChildCategory] = ()
    severity_hint: Literal["CRITICAL", "HIGH", "MEDIUM", "LOW", "unknown"] | None = None
    detected_at: Moment | None = None
    reporter: Reporter | None = None
    evidence_refs: Several[Ref] = ()
    legal_basis: Several[Text] = ()
    pupil_at: SourceText | None = None

    def family(self) -> Family:
        """The family that decides merging (R5); a type whose row lets the data decide overrides this."""
        return self.FAMILY

    def classification(self) -> Classification:
        """The data class (domain 7.2) that these data need; whatever is about a child under 14 is sensitive (C3)."""
        if self.CLASSIFICATION == "C2" and self.ABOUT_CHILD and (self.age_years is None or self.age_years < 14):
            return "C3"
        return self.CLASSIFICATION

    @classmethod
    def wire_fields(cls) -> dict[str, str]:
        """Name of each field in an event -> its name here; they differ where the name is a word of Python (`class`)."""
        return {field.alias or name: name for name, field in cls.model_fields.items()}

    def happened(self) -> Iterator[tuple[str, date]]:
        """Every field that says when something happened, with the day or moment (a datetime) that it gives."""
        for name, value in self:
            if isinstance(value, date) and name not in self.AHEAD:
                yield name, value

    def refs(self) -> tuple[str, ...]:
        """Every child that the event names."""
        return (self.child_ref,) if self.child_ref is not None else self.child_refs

    def faults(self, source: SourcePath | None, subject: str | None) -> Iterator[FieldError]:
        """What is wrong between fields; a type with a rule of its own adds to it."""
        if self.ABOUT_CHILD and not self.refs() and self.child_known is not False:
            yield FieldError("data.child_ref", "required", "a child_ref, child_refs, or child_known: false")
        if self.refs() and self.child_known is False:
            yield FieldError("data.child_known", "contradiction", "no child reference when child_known is false")
        if self.child_ref is not None and (self.child_refs or self.children):
            yield FieldError("data.child_refs", "contradiction", "either child_ref, or child_refs with children")
        if len(set(self.child_refs)) != len(self.child_refs):
            yield FieldError("data.child_refs", "unique", "each child once")
        named = [child.child_ref for child in self.children]
        if not set(named) <= set(self.child_refs) or len(set(named)) != len(named):
            yield FieldError("data.children", "contradiction", "each child of child_refs at most once, and no other")
        if subject is not None and subject != self.child_ref:
            yield FieldError("subject", "subject", "the same as data.child_ref, or absent")


def required(field: str, value: object, why: str) -> Iterator[FieldError]:
    """The fault of a field that this event, for the reason given, may not leave out."""
    if value is None:
        yield FieldError(f"data.{field}", "required", why)
