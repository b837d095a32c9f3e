"""Where things are: codes of Jilin's cities, counties and townships, their names, and whose they were on a day."""

from collections.abc import Collection
from datetime import date
from functools import cache
from typing import Annotated, Literal

from pydantic import Field

from services.directory.strict import Strict, read_packaged

Lang = Literal["zh", "en"]
Label = Literal["policy", "law", "default", "unverified"]
Code = Annotated[str, Field(pattern=r"^\d{6}$")]

# Lengths of codes: county, township, village.
_LENGTHS = (6, 9, 12)


class Named(Strict):
    zh: str
    en: str


class Place(Named):
    code: Code


class County(Place):
    city: Code


class Node(Place):
    """An addressee of city rank without counties."""

    source: str
    label: Label


class Parent(Strict):
    """Superior of a county between two days, both included."""

    county: Code
    city: Code
    from_: date | None = Field(default=None, alias="from")
    until: date | None = None
    source: str
    label: Label
    dates: Label


class FormerCode(Strict):
    code: Code
    now: Code
    zh: str
    label: Label


class Zone(Place):
    administered_by: Code
    label: Label


class CoreDistricts(Strict):
    label: Label
    by_city: dict[Code, tuple[Code, ...]]


class TerritoryFile(Strict):
    province: Place
    cities: tuple[Place, ...]
    nodes_without_counties: tuple[Node, ...]
    counties: tuple[County, ...]
    parents: tuple[Parent, ...]
    former_codes: tuple[FormerCode, ...]
    development_zones: tuple[Zone, ...]
    core_urban_districts: CoreDistricts
    provinces: dict[Annotated[str, Field(pattern=r"^\d{2}$")], Named]


class Territory:
    """The province as lookups; every answer is a dictionary read, for it is asked per recipient of each event."""

    def __init__(self, file: TerritoryFile) -> None:
        self.file = file
        self.province = file.province.code
        self.cities = tuple(place.code for place in (*file.cities, *file.nodes_without_counties))
        self.counties = tuple(place.code for place in file.counties)
        self.nodes = tuple(node.code for node in file.nodes_without_counties)
        self._city_codes = frozenset(self.cities)
        self._county_of = {
            **{code: code for code in (*self.counties, *self.nodes)},
            **{former.code: former.now for former in file.former_codes},
            **{zone.code: zone.administered_by for zone in file.development_zones},
        }
        self._city_of = {county.code: county.city for county in file.counties} | {node: node for node in self.nodes}
        self._dated: dict[str, list[Parent]] = {}
        for parent in file.parents:
            self._dated.setdefault(parent.county, []).append(parent)
        self._names = {
            place.code: place
            for place in (
                file.province,
                *file.cities,
                *file.nodes_without_counties,
                *file.counties,
                *file.development_zones,
            )
        }

    def county(self, code: str | None) -> str | None:
        """County of a 6, 9 or 12 digit code, as its code of today; None outside Jilin or for what is no county.

        Former codes and development zones give the county that took over. A node without counties stands for its own.
        """
        if code is None or len(code) not in _LENGTHS:
            return None
        return self._county_of.get(code[:6])

    def city(self, code: str | None, on: date) -> str | None:
        """City that the county (township, village) of a code belonged to on a day; of a city, itself."""
        county = self.county(code)
        if county is None:
            return code if code in self._city_codes else None
        for parent in self._dated.get(county, ()):
            if (parent.from_ is None or parent.from_ <= on) and (parent.until is None or on <= parent.until):
                return parent.city
        return self._city_of[county]

    def inside(self, code: str | None) -> bool:
        """Whether a code lies in Jilin, known in detail or not."""
        return code is not None and self._well_formed(code) and code[:2] == self.province[:2]

    def outside(self, code: str | None) -> bool:
        """Whether a code is of another province (Hong Kong, Macao and Taiwan included)."""
        return code is not None and self._well_formed(code) and code[:2] != self.province[:2]

    def name(self, code: str | None, lang: Lang = "zh") -> str:
        """Name of a county, city or province; of a township or village its county's; elsewhere the province's.

        What is not known in detail is named by its province, so a text never shows digits; no code gives "".
        """
        if code is None or not self._well_formed(code):
            return ""
        six = code[:6]
        place: Named = (
            self._names.get(six) or self._names.get(self._county_of.get(six, "")) or self.file.provinces[six[:2]]
        )
        return place.zh if lang == "zh" else place.en

    def is_core(self, county: str, on: date) -> bool:
        """Whether a county is one of its city's core urban districts (A§2.1, B§2.1)."""
        city = self.city(county, on)
        return city is not None and self.county(county) in self.file.core_urban_districts.by_city.get(city, ())

    def lies_in(self, code: str | None, areas: Collection[str], on: date) -> bool:
        """Whether a code, its township, its county or its city on a day is one of these areas."""
        if code is None:
            return False
        return code in areas or code[:9] in areas or self.county(code) in areas or self.city(code, on) in areas

    def _well_formed(self, code: str) -> bool:
        return len(code) in _LENGTHS and code.isascii() and code.isdigit() and code[:2] in self.file.provinces


@cache
def territory() -> Territory:
    """The territory of Jilin as packaged."""
    return Territory(read_packaged("territory.yaml", TerritoryFile))
