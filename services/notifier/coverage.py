"""Which posts nobody holds, and where even the fallback owner would not be found. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from services.directory.posts import Post, every_post
from services.directory.territory import territory
from services.notifier.roster import last_resort


@dataclass(frozen=True, slots=True)
class Coverage:
    """How well the posts of an area are held.

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
    posts = [post for post in every_post(on) if area is None or _within(post.agency.area, area, on)]
    counties = [code for code in (*territory().counties, *territory().nodes) if area is None or _within(code, area, on)]
    return Coverage(
        posts=len(posts),
        empty=tuple(post for post in posts if post.key not in held),
        unreachable=tuple(post for post in posts if not held.get(post.key, True)),
        abandoned=tuple(code for code in counties if not any(held.get(post.key) for post in last_resort(code, on))),
    )


def _within(code: str, area: str, on: date) -> bool:
    return area in (code, territory().city(code, on), territory().province)
