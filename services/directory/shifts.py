"""A post's shift plan as its keepers write it: patterns, rotations, dated tables, covers and swaps, leave."""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import BeforeValidator, Field, model_validator

from services.directory.strict import Strict

# every day · working days (make-up days too) · days off · statutory holidays · days off that are no statutory holiday · a weekday
DayKind = Literal["every", "working", "off", "holiday", "weekend", "mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[DayKind, ...] = get_args(DayKind)[5:]
Id = Annotated[str, Field(pattern=r"^\S{1,100}$")]
Name = Annotated[str, Field(min_length=1, max_length=40)]
People = Annotated[tuple[Id, ...], Field(min_length=1)]
DAY = timedelta(days=1)


def _clock(value: Any) -> Any:
    return "00:00" if value == "24:00" else value


def _days(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


Clock = Annotated[time, BeforeValidator(_clock)]


class Rotation(Strict):
    """Groups that take turns, the first one on `start`: by day, by week, or at each shift that there is."""

    every: Literal["day", "week", "shift"]
    start: date
    groups: Annotated[tuple[People, ...], Field(min_length=1)]


class Shift(Strict):
    """A shift of every day of these sorts, from one wall-clock time to the next other: `08:30` to `08:30` is a whole day."""

    name: Name
    days: Annotated[tuple[DayKind, ...], Field(min_length=1), BeforeValidator(_days)] = ("every",)
    begins: Clock = Field(alias="from")
    ends: Clock = Field(alias="to")
    since: date | None = None
    until: date | None = None
    people: tuple[Id, ...] = ()
    rotation: Rotation | None = None

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        if bool(self.people) == bool(self.rotation):
            raise ValueError("people_or_rotation")
        return self

    def named(self) -> set[str]:
        """Everybody who ever has this shift by itself."""
        return {*self.people, *(each for group in (self.rotation.groups if self.rotation else ()) for each in group)}


class Dated(Strict):
    """One line of a table: who has a shift that begins on a day. It takes the place of a pattern's shift of its name."""

    on: date = Field(alias="date")
    name: Name
    begins: Clock = Field(alias="from")
    ends: Clock = Field(alias="to")
    people: tuple[Id, ...]


class Cover(Strict):
    """Between two moments (local time), others have the post: for one person (`out`), or for everybody on duty."""

    begins: datetime = Field(alias="from")
    ends: datetime = Field(alias="to")
    out: Id | None = None
    people: tuple[Id, ...] = Field(alias="in")

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if _naive(self.begins) >= _naive(self.ends):
            raise ValueError("from_before_to")
        return self


class Swap(Strict):
    """Two people take each other's shift: each is named with the day on which the shift given away begins."""

    shift: Name
    one: Id
    one_on: date
    other: Id
    other_on: date


class Leave(Strict):
    """A person is away from one moment to another (local time), from every post."""

    person: Id
    begins: datetime = Field(alias="from")
    ends: datetime = Field(alias="to")

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if _naive(self.begins) >= _naive(self.ends):
            raise ValueError("from_before_to")
        return self


class Plan(Strict):
    """Who has a post when. Without any plan whoever holds a post has it day and night."""

    shifts: tuple[Shift, ...] = ()
    table: tuple[Dated, ...] = ()
    covers: tuple[Cover, ...] = ()
    swaps: tuple[Swap, ...] = ()

    def named(self) -> set[str]:
        """Everybody whom the plan names; each must hold the post."""
        swapped = {each for swap in self.swaps for each in (swap.one, swap.other)}
        covers = {each for cover in self.covers for each in (*cover.people, *((cover.out,) if cover.out else ()))}
        tabled = {each for line in self.table for each in line.people}
        return swapped | covers | tabled | {each for shift in self.shifts for each in shift.named()}


def _naive(at: datetime) -> datetime:
    """The wall-clock time that was written, for comparing two of one file; both are of Jilin."""
    return at.replace(tzinfo=None)
