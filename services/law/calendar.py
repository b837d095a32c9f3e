"""Counts working days, natural days and months as the law and the rulebook do. Pure: dates in, moments out.

A year whose holiday notice is not loaded still gives an answer, with Monday to Friday as working days, and says so:
every `Moment` that rests on such a day is `provisional`.
"""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Literal, NamedTuple, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from services.law.rulebook_file import read_file

SHANGHAI = ZoneInfo("Asia/Shanghai")
BUSINESS_CLOSE = time(17)
DAY = timedelta(days=1)


class Citation(BaseModel):
    """Where an entry of the rulebook comes from and what weight it has."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    source: str
    clause: Annotated[str, BeforeValidator(lambda v: str(v) if isinstance(v, int | float) else v)]
    label: Literal["policy", "law", "default", "unverified"]


class Holiday(BaseModel):
    """A run of days off, first and last day included."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    first: date = Field(alias="from")
    last: date = Field(alias="to")


class HolidayYear(BaseModel):
    """One year's holiday notice: file `rulebook/calendar/<year>.yaml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    year: int
    citation: Citation
    holidays: tuple[Holiday, ...]
    make_up_working_days: tuple[date, ...]

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        off = self.days_off()
        for holiday in self.holidays:
            if holiday.first > holiday.last:
                raise ValueError(f"holidays: {holiday.name} ends before it begins")
        for day in (*off, *self.make_up_working_days):
            if day.year != self.year:
                raise ValueError(f"{day} is not in {self.year}")
        for day in self.make_up_working_days:
            if day in off:
                raise ValueError(f"make_up_working_days: {day} is a holiday as well")
            if day.weekday() < 5:
                raise ValueError(f"make_up_working_days: {day} is a weekday, expected a Saturday or Sunday")
        return self

    def days_off(self) -> frozenset[date]:
        """Every single day of every holiday."""
        return frozenset(h.first + n * DAY for h in self.holidays for n in range((h.last - h.first).days + 1))


class Moment(NamedTuple):
    """A due time (UTC), and whether a day that it rests on lies beyond the loaded calendar."""

    at: datetime
    provisional: bool = False


def local_day(at: datetime) -> date:
    """The day in Jilin on which a moment lies."""
    return at.astimezone(SHANGHAI).date()


def last_day(due: datetime) -> date:
    """The day that a due time closes: 24:00 of a day belongs to that day, not to the next."""
    return local_day(due - timedelta(microseconds=1))


def at_local(day: date, clock_time: time) -> datetime:
    """A wall-clock time of a day in Jilin, as UTC."""
    return datetime.combine(day, clock_time, SHANGHAI).astimezone(UTC)


def end_of_day(day: date) -> datetime:
    """24:00 of a day in Jilin, as UTC."""
    return at_local(day + DAY, time(0))


@dataclass(frozen=True)
class Calendar:
    """The working days of Jilin (domain 4.1: not a holiday, and Monday to Friday or a make-up day)."""

    years: frozenset[int]
    holidays: frozenset[date]
    make_up: frozenset[date]
    business_close: time = BUSINESS_CLOSE

    @classmethod
    def load(cls, files: Iterable[Path], business_close: time = BUSINESS_CLOSE) -> Self:
        """Read holiday notices; RulebookFault names a wrong file, its fields and what was expected."""
        return cls.of([read_file(file, HolidayYear) for file in files], business_close)

    @classmethod
    def of(cls, notices: Iterable[HolidayYear], business_close: time = BUSINESS_CLOSE) -> Self:
        """A calendar of notices already read; the same year twice is refused."""
        notices = tuple(notices)
        years = [n.year for n in notices]
        if len(years) != len(set(years)):
            raise ValueError(f"year: a year is loaded twice, expected each once: {sorted(years)}")
        return cls(
            frozenset(years),
            frozenset().union(*(n.days_off() for n in notices)),
            frozenset(day for n in notices for day in n.make_up_working_days),
            business_close,
        )

    def loaded(self, day: date) -> bool:
        """Whether the holiday notice of that day's year is known; if not, `is_working_day` is only a guess."""
        return day.year in self.years

    def horizon(self) -> date | None:
        """The last day whose holiday notice is known; None when nothing is loaded."""
        return date(max(self.years), 12, 31) if self.years else None

    def before(self, year: int) -> "Calendar":
        """The calendar as it was while neither this year nor a later one was known."""
        return Calendar(
            frozenset(y for y in self.years if y < year),
            frozenset(day for day in self.holidays if day.year < year),
            frozenset(day for day in self.make_up if day.year < year),
            self.business_close,
        )

    def is_working_day(self, day: date) -> bool:
        """Whether offices work that day; beyond the loaded years Monday to Friday (see `loaded`), and schools too (domain 4.2)."""
        return day in self.make_up or (day.weekday() < 5 and day not in self.holidays)

    def working_day(self, after: date, n: int) -> tuple[date, bool]:
        """The n-th working day after a day (not counted), and whether a day used was beyond the loaded calendar."""
        day, provisional = after, False
        while n:
            day += DAY
            provisional |= not self.loaded(day)
            n -= self.is_working_day(day)
        return day, provisional

    def next_working_day(self, day: date) -> tuple[date, bool]:
        """The day itself if it is a working day, else the first one after it."""
        return self.working_day(day - DAY, 1)

    def last_working_day(self, day: date) -> tuple[date, bool]:
        """The day itself if it is a working day, else the last one before it."""
        provisional = not self.loaded(day)
        while not self.is_working_day(day):
            day -= DAY
            provisional |= not self.loaded(day)
        return day, provisional

    def add_working_days(self, start: datetime, n: int, at: time | None = None) -> Moment:
        """Close of business (or `at`) of working day n; the day of `start` is not counted."""
        day, provisional = self.working_day(local_day(start), n)
        return Moment(at_local(day, at or self.business_close), provisional)

    def add_natural_days(self, start: datetime, n: int) -> Moment:
        """24:00 of day n; the day of `start` is not counted. Holidays do not matter, so it is never provisional."""
        return Moment(end_of_day(local_day(start) + n * DAY))

    def add_months(self, start: datetime, n: int) -> Moment:
        """24:00 of the corresponding day n months on, else of that month's last day (K03 art 202)."""
        day = local_day(start)
        year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
        return Moment(end_of_day(date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))))

    def roll_forward(self, due: datetime) -> Moment:
        """24:00 of the first working day from the due day on: how law counts a last day off (K03 art 203)."""
        day, provisional = self.next_working_day(last_day(due))
        return Moment(due if day == last_day(due) else end_of_day(day), provisional)
