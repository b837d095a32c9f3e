"""The shape of the obligations that law asks for: files `obligations/*.yaml`, one entry per code T01–T37."""

from collections.abc import Iterable
from datetime import date, time
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from events.agency import Level
from events.referral import Basis
from services.directory.kinds import KINDS
from services.law.rulebook_file import RulebookFault, load_yaml

PACKAGED = Path(__file__).parent / "obligations"
PERIOD_MONTHS = {"year": 12, "half_year": 6, "quarter": 3, "month": 1}
CODES = tuple(f"T{number:02d}" for number in range(1, 38))
Count = Annotated[int, Field(ge=1)]
MonthDay = Annotated[str, Field(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]
Starts = Literal[
    "visit", "file", "paper_file", "key_care", "order", "letter", "placement", "institution", "delegation", "birthday"
]
"""What begins a child's obligation; services/tracker/beginnings.py says on which day."""


class Strict(BaseModel):
    """Base of the entries: frozen, unknown words are faults."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(Strict):
    """A text for people."""

    zh: str
    en: str


class Span(Strict):
    """A stretch of days, working days or months; exactly one. Months end on the corresponding day, else the month's last."""

    days: Count | None = None
    working_days: Count | None = None
    months: Count | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if len(self.model_fields_set) != 1:
            raise ValueError("exactly one of days, working_days, months is expected")
        return self


class Owner(Strict):
    """Whose duty it is: an agency kind at a level, for the child's residence or registration, and the person's function."""

    kind: str
    level: Level
    where: Literal["res", "huk"] = "res"
    role: str = "duty_officer"

    @model_validator(mode="after")
    def _exists(self) -> Self:
        known = KINDS.get(self.kind)
        if known is None or self.level not in known.offices:
            raise ValueError(f"{self.kind}@{self.level}: a kind of the directory at one of its levels is expected")
        if self.role not in known.functions_at(self.level):
            raise ValueError(f"role: one of {', '.join(known.functions_at(self.level))} is expected")
        return self


class Office(Strict):
    """An agency kind at a level, written `kind@level`."""

    kind: str
    level: Level

    @model_validator(mode="before")
    @classmethod
    def _spoken(cls, said: Any) -> Any:
        kind, _, level = said.partition("@") if isinstance(said, str) else ("", "", "")
        return {"kind": kind, "level": level} if kind else said

    @model_validator(mode="after")
    def _exists(self) -> Self:
        if self.kind not in KINDS or self.level not in KINDS[self.kind].offices:
            raise ValueError(f"{self.kind}@{self.level}: a kind of the directory at one of its levels is expected")
        return self


class Overdue(Strict):
    """What is published when the due day has passed undone, and who that concerns above the owner."""

    event: Literal["visit.overdue", "timer.obligation.overdue"] | None = None  # None: nobody is told
    severity: Literal["HIGH", "MEDIUM"] = "MEDIUM"
    of: Owner | None = None  # who is asked then, where the table names another than the owner
    above: Office | None = None  # the superior that the table names (`civil_affairs@city`); else the owner's own line
    label: Literal["policy", "law", "default", "unverified"] = "default"


class ChildDue(Strict):
    """When a child's obligation is due, counted from the day on which it began."""

    after: Span | None = None
    again: Span | None = None  # and again, counted from the day on which it was done
    then: tuple[Span, ...] = ()  # further fixed days, each counted from the first due day
    until_months: Count | None = None  # no due day lies later than this many months after the beginning
    day: Literal["expiry", "age", "next_visit"] | None = None
    age: Count | None = None
    days_before: int = 0

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.after is None) == (self.day is None):
            raise ValueError("exactly one of after, day is expected")
        if (self.day == "age") != (self.age is not None):
            raise ValueError("`day: age` and `age` belong together")
        return self


class PeriodDue(Strict):
    """When an agency's obligation is due in each period of the calendar."""

    every: Literal["year", "half_year", "quarter", "month", "festival", "holiday", "once", "event"]
    days: tuple[MonthDay, ...] = ()  # of the year; without them the last day of the period
    dates: tuple[date, ...] = ()  # `once`
    event: str | None = None  # `event`: after each event of this type in the agency's area …
    where: dict[str, str] = Field(default_factory=dict)  # … whose data say this
    within: Span | None = None  # … and until when
    days_before: int = 0
    working_days_before: int = 0
    non_working: Literal["previous", "stays"] = "stays"  # what a due day off becomes
    at: time | None = None  # by this time of the due day, else by its end
    legal_on: MonthDay | None = None  # the day that the clause itself names
    opens_days_before: Count = 30  # how long before the due day the obligation is put before its owner

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if (self.every == "once") != bool(self.dates):
            raise ValueError("`every: once` and `dates` belong together")
        if (self.every == "event") != (self.event is not None and self.within is not None):
            raise ValueError("`every: event`, `event` and `within` belong together")
        return self


class Part(Strict):
    """One timer of a code."""

    name: str
    subject: Literal["child", "agency"]
    owners: tuple[Owner, ...] = Field(min_length=1)  # the first is told; the others share the duty
    sealed_owner: Owner | None = None  # instead of them when the child's matter is sealed (C4)
    starts: Starts | None = None
    only: tuple[str, ...] = ()  # only for children of one of these categories …
    unless: tuple[str, ...] = ()  # … and of none of these
    asked_with: str | None = None  # no timer of its own: asked at each obligation of this beginning
    due: ChildDue | None = None
    period: PeriodDue | None = None
    areas: tuple[str, ...] = ()  # agencies of these areas alone; everywhere without
    exempt: tuple[str, ...] = ()  # kinds, or agencies (`police@county/220122`), that do not owe it
    warn_days: tuple[Count, ...] = (7,)  # days before the due day
    ends_by_itself: bool = False  # a moment, not a task: done when its day comes
    completed_by: tuple[Literal["visit", "list_delivered", "calendar", "hand"], ...] = ("hand",)
    needs_base_lists: bool = False  # cannot be completed while a base list of the period is missing
    overdue: Overdue = Overdue()

    @model_validator(mode="after")
    def _whole(self) -> Self:
        child = self.subject == "child"
        if child != (self.starts is not None) or child != (self.due is not None) or child == (self.period is not None):
            raise ValueError("a child's part has starts and due, an agency's has period")
        return self


class Entry(Strict):
    """One code of the table: what the obligation is, why, and its timers."""

    code: Annotated[str, Field(pattern=r"^T\d\d$")]
    title: Words
    basis: tuple[Basis, ...] = Field(min_length=1)
    parts: tuple[Part, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _names_differ(self) -> Self:
        names = [part.name for part in self.parts]
        if len(set(names)) != len(names):
            raise ValueError("parts: each name once")
        return self


class Obligations(dict[str, Entry]):
    """Every entry by its code."""

    def parts(self, subject: Literal["child", "agency"]) -> list[tuple[Entry, Part]]:
        """All timers about children, or about agencies, in the order of the codes."""
        return [(entry, part) for entry in self.values() for part in entry.parts if part.subject == subject]


def read(folder: Path = PACKAGED, expected: Iterable[str] = CODES) -> Obligations:
    """Every entry of the folder's files. Raises RulebookFault with every fault: file, entry, field, what was expected."""
    faults: list[str] = []
    found: dict[str, Entry] = {}
    for path in sorted(folder.glob("*.yaml")):
        try:
            entries: Any = load_yaml(path.name, path.read_text("utf-8"))
        except RulebookFault as fault:
            faults += fault.faults
            continue
        except (OSError, UnicodeDecodeError) as error:
            faults.append(f"{path.name}:1: cannot be read: {type(error).__name__}, expected a text in UTF-8")
            continue
        for number, raw in enumerate(entries if isinstance(entries, list) else [entries], 1):
            try:
                entry = Entry.model_validate(raw)
            except ValidationError as error:
                name = raw.get("code", f"entry {number}") if isinstance(raw, dict) else f"entry {number}"
                faults += [f"{path.name}: {name}: {'.'.join(map(str, f['loc']))}: {f['msg']}" for f in error.errors()]
                continue
            if entry.code in found:
                faults.append(f"{path.name}: {entry.code} stands twice")
            found[entry.code] = entry
    if not faults:
        faults += [f"{folder.name}: {code} is missing" for code in expected if code not in found]
    if faults:
        raise RulebookFault(faults)
    return Obligations(sorted(found.items()))


@cache
def packaged() -> Obligations:
    """The obligations that come with the product."""
    return read()
