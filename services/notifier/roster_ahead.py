"""The rosters of the coming days as they stand in PostgreSQL: every stretch, every hole, and who stands in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import asyncpg

from services.directory.posts import Post
from services.directory.roster_entries import PostPlan
from services.directory.territory import territory
from services.law.calendar import Calendar, local_day
from services.notifier.coverage import within
from services.notifier.holes import Stretch, strangers, stretches
from services.notifier.plan_store import leave_of, names_held, plans_of
from services.notifier.roster import chain
from services.notifier.roster_store import held_posts


@dataclass(frozen=True, slots=True)
class PostAhead:
    """A post with a shift plan: its coming stretches, the names of its people, who is named and does not hold it."""

    made: PostPlan
    stretches: tuple[Stretch, ...]
    names: Mapping[str, str]
    strangers: tuple[str, ...]
    stands_in: Post | None  # who answers in a hole

    @property
    def holes(self) -> tuple[Stretch, ...]:
        """The holes in which somebody is expected."""
        return tuple(each for each in self.stretches if each.hole and each.expected)


async def ahead(
    db: asyncpg.Connection, now: datetime, days: int, area: str | None, calendar: Calendar, key: str | None = None
) -> tuple[PostAhead, ...]:
    """The rosters of an area (a county, a city with its counties, the province; None = all), or of one post."""
    on = local_day(now)
    asked = await plans_of(db, None if key is None else [key])
    made = [each for each in asked if within(each.post.agency.area, area, on)]
    if not made:
        return ()
    names = await names_held(db, [each.post.key for each in made])
    leave = await leave_of(db, sorted({person for each in made for person in each.plan.named()}))
    held = await held_posts(db)
    found = []
    for each in made:
        own = names.get(each.post.key, {})
        standing = [post for post, _ in chain(each.post, territory().county(each.post.agency.area), on)[1:]]
        found.append(
            PostAhead(
                each,
                tuple(stretches(each, own, leave, calendar, now, now + timedelta(days=days))),
                own,
                tuple(strangers(each, own)),
                next((post for post in standing if held.get(post.key)), None),
            )
        )
    return tuple(found)
