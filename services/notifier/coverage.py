"""Which posts nobody holds, which agencies are missing and what stands in, and where nobody would be found at all. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from events.agency import Agency, Level
from services.directory.agencies import agency, responsible
from services.directory.kinds import FUNCTIONS, KINDS
from services.directory.local import local
from services.directory.posts import Post, every_post
from services.directory.territory import territory
from services.notifier.roster import last_resort


@dataclass(frozen=True, slots=True)
class Coverage:
    """How well the posts of an area are held: those that messages are addressed to.

    `empty`: nobody holds them, others stand in. `unreachable`: held, but without any contact. `abandoned`: county codes
    in which a message to an empty post would find nobody at all, up to the province.
    """

    posts: int
    empty: tuple[Post, ...]
    unreachable: tuple[Post, ...]
    abandoned: tuple[str, ...]

    @property
    def complete(self) -> bool:
        return not (self.empty or self.unreachable)


def coverage(held: Mapping[str, bool], on: date, area: str | None = None) -> Coverage:
    """How the posts of a day are held, given every held post's key and whether somebody there has a contact.

    `area` (a county's, city's or the province's code) limits it to that area; a city's counties belong to it.
    """
    posts = [
        post for post in every_post(on) if FUNCTIONS[post.function].must_be_held and within(post.agency.area, area, on)
    ]
    counties = [code for code in (*territory().counties, *territory().nodes) if within(code, area, on)]
    return Coverage(
        posts=len(posts),
        empty=tuple(post for post in posts if post.key not in held),
        unreachable=tuple(post for post in posts if not held.get(post.key, True)),
        abandoned=tuple(code for code in counties if not any(held.get(post.key) for post in last_resort(code, on))),
    )


class Missing(NamedTuple):
    """A kind that has no office of a level in some areas, and what answers there instead (None: nobody)."""

    kind: str
    level: Level
    areas: tuple[str, ...]
    stands_in: Agency | None  # of the first of these areas; elsewhere the same kind


def missing(on: date, area: str | None = None) -> tuple[Missing, ...]:
    """Every kind × county without an agency at a level of that kind, by what stands in; nobody is what must not be."""
    land = territory()
    found: dict[tuple[str, Level, str], tuple[list[str], Agency | None]] = {}
    for kind, about in KINDS.items():
        for level in about.levels:
            codes = land.cities if level == "city" else (*land.counties, *land.nodes)
            if level == "province":
                continue
            for code in codes:
                if not within(code, area, on) or _there(kind, level, code, on):
                    continue
                instead = responsible(kind, level, code, on)
                key = (kind, level, f"{instead.kind}@{instead.level}" if instead else "")
                found.setdefault(key, ([], instead))[0].append(code)
    return tuple(Missing(kind, level, tuple(codes), instead) for (kind, level, _), (codes, instead) in found.items())


def _there(kind: str, level: Level, code: str, on: date) -> bool:
    """Whether a kind has an office in a county; of one that exists in listed townships alone, in some of them."""
    found = agency(kind, level, code, on)
    if found is not None:
        return found.level == level or (level == "county" and found.level == "city")  # a node is its own city
    return any(listed.startswith(code) for listed in local().where(kind))


def within(code: str, area: str | None, on: date) -> bool:
    """Whether an agency's area lies in a county, city or the province; None is everywhere."""
    land = territory()
    return area is None or area in (code, land.county(code), land.city(code, on), land.province)
