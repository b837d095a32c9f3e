"""What the door knows when it looks at an event: the time, the places that exist, and when children of the vault were born."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from services.directory.territory import Territory

CLOCK_SKEW = timedelta(minutes=5)  # how far a source's clock may run ahead of ours
_JILIN = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """`born`: birth dates, as the vault holds them, of those children of the events whom it knows."""

    now: datetime
    territory: Territory
    born: Mapping[str, date] = field(default_factory=dict)

    @property
    def latest(self) -> datetime:
        """The last moment that is not the future."""
        return self.now + CLOCK_SKEW

    @property
    def last_day(self) -> date:
        """The last day that is not the future, in Jilin."""
        return day_of(self.latest)

    def exists(self, code: str) -> bool:
        """Whether a code is a place: in the province one that the territory knows, or another province's."""
        return known_area(self.territory, code)


def known_area(territory: Territory, code: str) -> bool:
    """Whether a code is a place: a county, township or village of the province, a city of it, or another province's."""
    if territory.outside(code) or territory.county(code) is not None:
        return True
    return territory.inside(code) and code[:6] in (territory.province, *territory.cities)


def day_of(when: date) -> date:
    """The day of a moment in Jilin; a day stays itself."""
    return when.astimezone(_JILIN).date() if isinstance(when, datetime) else when


def age_on(born: date, day: date) -> int:
    """Full years on a day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
