"""Posts: a seat on duty in an agency. They follow from agency kind and territory; files only say who holds them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import get_args

from events.agency import Agency, Level
from services.directory.agencies import agency
from services.directory.faults import Words
from services.directory.kinds import FUNCTIONS, KINDS
from services.directory.local import local
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
        return tuple(Post(each, self.function) for each in wider_agencies(self.agency))

    def name(self, lang: Lang = "zh") -> str:
        """What the function is called: 值班员."""
        known = FUNCTIONS.get(self.function)
        return self.function if known is None else known.zh if lang == "zh" else known.en


def wider_agencies(of: Agency) -> tuple[Agency, ...]:
    """An agency as lists that are less precise name it: a village by its township's code, then its county's.

    Whoever is listed there answers for it, and may act for it, as long as nobody is listed for it exactly.
    """
    county = territory().county(of.area)
    areas = [of.area[:9]] if len(of.area) == 12 else []
    areas += [county] if county is not None and county != of.area else []
    return tuple(Agency(of.kind, of.level, area) for area in areas)


def may_act(key: str) -> bool:
    """Whether holding a post lets somebody answer the agency's referrals: an adviser, source or volunteer may not."""
    function = FUNCTIONS.get(key.rpartition("/")[2])
    return function is not None and function.acts


def hears_sealed(key: str) -> bool:
    """Whether a post may open sealed matters (C4): a named post, or the duty leader, who stands in for an empty one (R7)."""
    function = key.rpartition("/")[2]
    return function == "duty_leader" or (function in FUNCTIONS and FUNCTIONS[function].sealed)


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


def post_faults(kind: str, level: str, area: str, function: str) -> list[tuple[str, Words]]:
    """What is wrong with a post as somebody wrote it: (field, what was expected); empty when Jilin has it."""
    known = KINDS.get(kind)
    if known is None:
        return [
            (
                "kind",
                Words("应为名录中的机构类别,如 civil_affairs", "a kind of the directory expected: civil_affairs, …"),
            )
        ]
    at = next((each for each in known.levels if each == level), None)
    if at is None:
        levels = ", ".join(known.levels)
        return [("level", Words(f"此类机构的层级应为 {levels}", f"a level of this kind expected: {levels}"))]
    faults = [] if _lies_in(area, at) else [("area", _EXPECTED[at])]
    if not faults and known.listed and not any(area.startswith(listed) for listed in local().where(kind)):
        faults = [("area", _UNLISTED)]
    if function not in known.functions_at(at):
        functions = ", ".join(known.functions_at(at))
        faults.append(
            ("function", Words(f"此处的岗位应为 {functions}", f"a function of such an agency expected: {functions}"))
        )
    return faults


def every_post(on: date) -> Iterator[Post]:
    """Every post of Jilin on a day: kind × territory × function; units, townships and villages under their county."""
    land = territory()
    places: dict[Level, tuple[str, ...]] = {"province": (land.province,), "city": land.cities, "county": land.counties}
    for name, kind in KINDS.items():
        for level in kind.levels:
            listed = tuple(area for area in local().where(name) if area not in land.cities)
            for area in listed or places.get(level, (*land.counties, *land.nodes)):
                if agency(name, level, area, on) is not None:
                    for function in kind.functions_at(level):
                        yield Post(Agency(name, level, area), function)


_UNLISTED = Words(
    "名录未列出此处设有该机构(local.yaml)", "a place where the directory lists such an agency expected (local.yaml)"
)
_EXPECTED: dict[Level, Words] = {
    "province": Words("应为 220000", "220000 expected"),
    "city": Words("应为吉林省市(州)代码,如 220100", "a city code of Jilin expected, such as 220100"),
    "county": Words("应为吉林省县(市、区)代码,如 220122", "a county code of Jilin expected, such as 220122"),
    "unit": Words("应为所在县(市、区)代码,如 220122", "the code of the county it lies in expected, such as 220122"),
    "township": Words(
        "应为9位乡镇(街道)代码,如 220122100;或县级代码(适用于全县乡镇)",
        "a 9-digit township code expected, such as 220122100, or the county's for all its townships",
    ),
    "village": Words(
        "应为12位村(居)代码;或乡镇、县级代码(适用于其全部村居)",
        "a 12-digit village code expected, or the township's or county's for all its villages",
    ),
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
