"""Which agency is meant: a kind, a level and somebody's area code give the one that is competent on a day."""

from datetime import date

from events.agency import Agency, Level
from services.directory.kinds import FUNCTIONS, KINDS, Kind
from services.directory.local import local
from services.directory.territory import Lang, territory

__all__ = [
    "FUNCTIONS",
    "KINDS",
    "Kind",
    "agency",
    "agency_at",
    "agency_name",
    "fallback_owners",
    "reporting",
    "responsible",
    "same_line",
]

_LAND = territory()
_HERE = local()  # read at once: a wrong list stops the start, not an event
_ABOVE: dict[Level, Level] = {
    "village": "county",
    "township": "county",
    "unit": "county",
    "county": "city",
    "city": "province",
}


def agency(kind: str, level: Level, code: str | None, on: date) -> Agency | None:
    """The agency of a kind and level for an area code (6, 9 or 12 digits) on a day; None where there is none.

    County bodies and units carry the county's code, townships 9 digits and villages 12 when the code has them. A kind
    that exists at one of county and unit only is found by the other name too. A city-rank node without counties has its
    city-level agencies where a county's are asked for.
    """
    known = KINDS.get(kind)
    if known is None:
        return None
    level = _own_level(known, level)
    if level not in known.offices:
        return None
    if level == "province":
        return Agency(kind, level, _LAND.province) if _LAND.inside(code) else None
    county = _LAND.county(code)
    city = _LAND.city(code, on)
    if city is None or not _exists(kind, known, level, code, on):
        return None
    if level == "city":
        return Agency(kind, level, city)
    if code is None or county is None:
        return None
    if county in _LAND.nodes and level == "county":
        return Agency(kind, "city", county) if "city" in known.offices else None
    if level in ("township", "village"):
        return Agency(kind, level, _precise(code, county, 9 if level == "township" else 12))
    return Agency(kind, level, county)


def agency_at(kind: str, area: str, on: date) -> Agency | None:
    """The agency of a kind for an area, at the level the kind has there: a city's code means the city's."""
    levels: tuple[Level, ...] = (
        ("province",)
        if area == _LAND.province
        else ("city",)
        if area.endswith("00") and len(area) == 6
        else ("county", "unit", "township", "village")
    )
    return next((a for a in (agency(kind, level, area, on) for level in levels) if a is not None), None)


def reporting(kind: str, area: str, on: date) -> Agency | None:
    """The agency that a source's path names; a prison or hospital that gives a city's code is a unit of that city, whatever its county."""
    found = agency_at(kind, area, on)
    if found is None and kind in KINDS and "unit" in KINDS[kind].offices and _LAND.city(area, on) == area:
        return Agency(kind, "unit", area)
    return found


def responsible(kind: str, level: Level, code: str | None, on: date) -> Agency | None:
    """The agency, or where it does not exist the one that stands in for it; None only for codes Jilin does not have."""
    seen: set[str] = set()
    while kind not in seen:
        seen.add(kind)
        for at in (level, *_higher(level)):
            found = agency(kind, at, code, on)
            if found is not None:
                return found
        kind = KINDS[kind].stands_in if kind in KINDS else "civil_affairs"
    return None


def same_line(late: Agency, level: Level, on: date) -> Agency:
    """Who leads an agency in its own line at the city or the province (domain analysis 4.3, "Same line @city").

    Where the line has no office at that level the next higher one answers, at last the province's.
    """
    kind = (KINDS[late.kind].line if late.kind in KINDS else None) or late.kind
    for leader in (kind, "civil_affairs"):
        for at in (level, *_higher(level)):
            found = agency(leader, at, late.area, on)
            if found is not None:
                return found
    return Agency("civil_affairs", "province", _LAND.province)


def fallback_owners(code: str | None, on: date) -> tuple[Agency, ...]:
    """Who cannot refuse (R4): civil affairs of the county, then its women's and children's committee office.

    A code that is no county's of Jilin falls to the same two kinds at its city, at last at the province.
    """
    owners = (responsible(kind, "county", code, on) for kind in ("civil_affairs", "women_children_committee"))
    return tuple(
        owner or Agency(kind, "province", _LAND.province)
        for owner, kind in zip(owners, ("civil_affairs", "women_children_committee"), strict=True)
    )


def agency_name(of: Agency, lang: Lang = "zh") -> str:
    """What an agency is called: 农安县民政局; Civil Affairs, Nong'an County."""
    known = KINDS.get(of.kind)
    if known is None:
        return str(of)
    area = _LAND.name(of.area, lang)
    return known.office_of(of.level, of.area, area) if lang == "zh" else f"{known.en}, {area}"


def _own_level(kind: Kind, level: Level) -> Level:
    if level == "unit" and "unit" not in kind.offices:
        return "county"
    if level == "county" and "county" not in kind.offices and "unit" in kind.offices:
        return "unit"
    return level


def _exists(name: str, kind: Kind, level: Level, code: str | None, on: date) -> bool:
    """Whether an agency stands there: its kind's areas, then what the province's own lists say (local.yaml)."""
    if kind.areas is not None and not _LAND.lies_in(code, kind.areas.codes, on):
        return False
    if kind.listed and not _LAND.lies_in(code, _HERE.where(name), on):
        return False
    return not any(_LAND.lies_in(code, gone.areas, on) for gone in _HERE.gone(name, level))


def _precise(code: str, county: str, digits: int) -> str:
    """A code shortened to what the level needs; a township only where the county part of the code is today's."""
    return code[: min(len(code), digits)] if code[:6] == county else county


def _higher(level: Level) -> tuple[Level, ...]:
    above = _ABOVE.get(level)
    return () if above is None else (above, *_higher(above))
