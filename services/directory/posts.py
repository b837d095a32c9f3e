"""Posts: a seat on duty in an agency. They follow from agency kind and territory; files only say who holds them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import get_args

from events.agency import Agency, Level
from services.directory.agencies import agency
from services.directory.kinds import FUNCTIONS, KINDS
from services.directory.territory import Lang, territory

_LEVELS: dict[str, Level] = {level: level for level in get_args(Level)}


@dataclass(frozen=True, slots=True, order=True)
class Post:
    """A function in an agency. `key` names it everywhere: `civil_affairs@county/220122/duty_officer`."""

    agency: Agency
    function: str

    @property
    def key(self) -> str:
        return f"{self.agency}/{self.function}"

    @property
    def wider(self) -> tuple["Post", ...]:
        """Posts that answer where nobody holds this one exactly: of a village its township's, then its county's."""
        county = territory().county(self.agency.area)
        areas = [self.agency.area[:9]] if len(self.agency.area) == 12 else []
        areas += [county] if county is not None and county != self.agency.area else []
        return tuple(Post(Agency(self.agency.kind, self.agency.level, area), self.function) for area in areas)

    def name(self, lang: Lang = "zh") -> str:
        """What the function is called: 值班员."""
        known = FUNCTIONS.get(self.function)
        return self.function if known is None else known.zh if lang == "zh" else known.en


def parse_post(key: str) -> Post:
    """A post from its key; raises ValueError naming what was expected."""
    head, _, function = key.rpartition("/")
    office, _, area = head.rpartition("/")
    kind, _, level = office.partition("@")
    at = _LEVELS.get(level)
    if not (kind and area and function) or at is None:
        raise ValueError(
            "expected <kind>@<level>/<area code>/<function>, as in civil_affairs@county/220122/duty_officer"
        )
    return Post(Agency(kind, at, area), function)


def source_agency(source: str) -> tuple[str, str | None]:
    """Kind and area code of the body that an event's source names: `/hospital/220122/h1` is ("hospital", "220122").

    A source that is not written so gives what is there: its first part, and no area.
    """
    kind, _, rest = source.lstrip("/").partition("/")
    area = rest.partition("/")[0]
    return kind, area if area.isascii() and area.isdigit() and len(area) in (6, 9, 12) else None


def post_faults(kind: str, level: str, area: str, function: str) -> list[tuple[str, str]]:
    """What is wrong with a post as somebody wrote it: (field, what was expected); empty when Jilin has it."""
    known = KINDS.get(kind)
    if known is None:
        return [("kind", "a kind of agency of the directory, such as civil_affairs")]
    at = next((each for each in known.levels if each == level), None)
    if at is None:
        return [("level", f"a level of {kind}: {', '.join(known.levels)}")]
    faults = [] if _lies_in(area, at) else [("area", _EXPECTED[at])]
    if function not in known.functions_at(at):
        faults.append(("function", f"a function of {kind}@{level}: {', '.join(known.functions_at(at))}"))
    return faults


def every_post(on: date) -> Iterator[Post]:
    """Every post of Jilin on a day: kind × territory × function; units, townships and villages under their county."""
    land = territory()
    places: dict[Level, tuple[str, ...]] = {"province": (land.province,), "city": land.cities, "county": land.counties}
    for name, kind in KINDS.items():
        for level in kind.levels:
            for area in places.get(level, (*land.counties, *land.nodes)):
                if agency(name, level, area, on) is not None:
                    for function in kind.functions_at(level):
                        yield Post(Agency(name, level, area), function)


_EXPECTED: dict[Level, str] = {
    "province": "220000",
    "city": "a city code of Jilin, such as 220100",
    "county": "a county code of Jilin, such as 220122",
    "unit": "the code of the county it lies in, such as 220122",
    "township": "a 9-digit township code, such as 220122100, or the county's for all its townships",
    "village": "a 12-digit village code, or the township's or county's for all its villages",
}
_DIGITS: dict[Level, tuple[int, ...]] = {"township": (6, 9), "village": (6, 9, 12)}


def _lies_in(area: str, level: Level) -> bool:
    land = territory()
    if level == "province":
        return area == land.province
    if level == "city":
        return area in land.cities
    at = land.counties if level == "county" else (*land.counties, *land.nodes)
    return len(area) in _DIGITS.get(level, (6,)) and area.isdigit() and area[:6] in at
