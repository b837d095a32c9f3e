"""Who is told: the people of a post in their order, then whoever stands in for them, never nobody. Pure."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from events.agency import Agency
from services.directory.agencies import fallback_owners, responsible
from services.directory.duty import Roster, Turn, on_leave, on_shift
from services.directory.kinds import FUNCTIONS
from services.directory.people import Holding, Person
from services.directory.posts import Post
from services.directory.sample import scenario_people
from services.directory.territory import territory

Stage = Literal["post", "leader", "fallback"]
# Nobody holds it; nobody has a shift now; whoever has one is on leave; nobody there has a contact.
Empty = Literal["nobody_listed", "nobody_on_shift", "on_leave", "no_contact"]
# Holders of posts by post key. A post that nobody holds may be absent.
Holders = Mapping[str, tuple[Holding, ...]]


@dataclass(frozen=True, slots=True)
class Why:
    """Why a person has a post now: as its holder day and night, or by a turn; and which posts were passed over for it."""

    turn: Turn | None = None
    passed: tuple[tuple[str, Empty], ...] = ()


@dataclass(frozen=True, slots=True)
class Seat:
    """The person to tell, the post held, and why that post: the one meant, its leader, or the fallback owner.

    `roster`: of the post that was meant, if it has shifts or leave.
    """

    person: Person
    post: Post
    stage: Stage
    why: Why
    roster: Roster | None = None


def chain(post: Post, county: str | None, on: date) -> tuple[tuple[Post, Stage], ...]:
    """The posts that answer for a post, first to last.

    The post itself, its agency's duty leader, the fallback owner of the child's county (civil affairs' case lead, then
    the women's and children's committee office); should all of those be empty, civil affairs of city and province.
    A named post's sealed matters come to the county's child-welfare officer before anybody else outside the agency (R7).
    """
    first: dict[Post, Stage] = {post: "post"}
    first.setdefault(Post(post.agency, "duty_leader"), "leader")
    function = FUNCTIONS.get(post.function)
    sealed = function is not None and function.sealed
    named = (Post(fallback_owners(county, on)[0], "child_welfare_officer"),) if sealed else ()
    for each in (*named, *last_resort(county, on)):
        first.setdefault(each, "fallback")
    return tuple(first.items())


def last_resort(county: str | None, on: date) -> tuple[Post, ...]:
    """The posts of those who cannot refuse for a county, first to last."""
    owner, co_ordinator = fallback_owners(county, on)
    city = responsible("civil_affairs", "city", county, on) or owner
    return (
        Post(owner, "case_lead"),
        Post(co_ordinator, "duty_officer"),
        Post(co_ordinator, "duty_leader"),
        Post(owner, "duty_leader"),
        Post(city, "duty_officer"),
        Post(Agency("civil_affairs", "province", territory().province), "duty_officer"),
    )


def needed_keys(posts: Iterable[tuple[Post, Stage]]) -> set[str]:
    """Keys of every post whose holders `next_person` may look at, wider posts included: load them in one query."""
    return {each.key for post, _ in posts for each in (post, *post.wider)}


def on_duty(holdings: Iterable[Holding], at: datetime) -> tuple[list[tuple[Holding, Turn | None]], Empty | None]:
    """Those of a post's holders who have it at a moment, in their order, each with the turn; or why there is nobody.

    Without a shift plan whoever holds a post has it day and night, but for leave. Of a plan's people those count who
    hold the post.
    """
    ordered = sorted(holdings, key=lambda holding: (holding.position, holding.person.id))
    if not ordered:
        return [], "nobody_listed"
    roster = ordered[0].roster
    if roster is None:
        return [(holding, None) for holding in ordered], None
    if roster.plan is None:
        here = [(holding, None) for holding in ordered if not on_leave(roster, holding.person.id, at)]
        return list(here), None if here else "on_leave"
    found = on_shift(roster.plan, roster.leave, roster.calendar, at)
    by_id = {holding.person.id: holding for holding in ordered}
    turns = [(by_id[turn.person], turn) for turn in found.turns if turn.person in by_id]
    return list(turns), None if turns else "on_leave" if found.away else "nobody_on_shift"


def seats(posts: Iterable[tuple[Post, Stage]], holders: Holders, at: datetime) -> Iterator[Seat]:
    """Everybody in a chain who can be reached at all, in the order in which they are told, each person once."""
    told: set[str] = set()
    passed: list[tuple[str, Empty]] = []
    for post, stage in posts:
        found, empty = _held(post, holders, at)
        reachable = [(holding, turn) for holding, turn in found if holding.person.channels]
        for holding, turn in reachable:
            if holding.person.id not in told:
                told.add(holding.person.id)
                yield Seat(holding.person, holding.post, stage, Why(turn, tuple(passed)))
        if not reachable:
            passed.append((post.key, empty or "no_contact"))


def next_person(
    posts: Iterable[tuple[Post, Stage]], holders: Holders, *, failed: Collection[str], at: datetime
) -> Seat | None:
    """Who is told now, given the ids of those whose every channel failed; None when the whole chain is exhausted."""
    return next((seat for seat in seats(posts, holders, at) if seat.person.id not in failed), None)


def every_post_held(posts: Iterable[tuple[Post, Stage]]) -> Holders:
    """Holders for a simulation: exactly one person, the scenario's, in each of these posts."""
    return {
        made.post.key: tuple(Holding(made.post, person, n) for n, person in enumerate(made.people))
        for made in scenario_people(post for post, _ in posts)
    }


def roster_of(post: Post, holders: Holders) -> Roster | None:
    """The roster of a post, or of the wider one whose people answer for it; None where they hold it day and night."""
    held = next((found for each in (post, *post.wider) if (found := holders.get(each.key))), ())
    return held[0].roster if held else None


def _held(post: Post, holders: Holders, at: datetime) -> tuple[list[tuple[Holding, Turn | None]], Empty | None]:
    """Who has the post; where nobody is listed for it, the nearest wider one (a township's: then its county's list)."""
    listed = next((each for each in (post, *post.wider) if holders.get(each.key)), post)
    return on_duty(holders.get(listed.key, ()), at)
