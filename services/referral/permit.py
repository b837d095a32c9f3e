"""As what a caller may touch a referral: officer of its post or second endpoint (R11), co-ordinator of its county, operations. Pure."""

from datetime import date

from events.agency import Agency
from events.referral import ReferralFact
from services.access.callers import ALL, EveryPost
from services.access.roles import Caller
from services.directory.agencies import fallback_owners
from services.directory.posts import hears_sealed, wider_agencies
from services.referral.life import Who


def roles_of(caller: Caller, posts: frozenset[str] | EveryPost, fact: ReferralFact) -> frozenset[Who]:
    """The roles that a caller has for a referral; none at all means that for this caller it does not exist (404)."""
    if caller.role == "operations":
        return frozenset({"operations"})
    if caller.role != "officer":
        return frozenset()
    if posts is ALL:
        return frozenset({"officer", "co_ordinator"})
    found: set[Who] = set()
    if any(holds(_named(posts, fact), agency) for agency in (fact.agency, *fact.second_endpoints)):
        found.add("officer")
    if lead_post(fact.county) in posts or (fact.classification == "C4" and _welfare_post(fact.county) in posts):
        found.add("co_ordinator")
    return frozenset(found)


def _named(posts: frozenset[str] | EveryPost, fact: ReferralFact) -> frozenset[str] | EveryPost:
    """The posts that count for a referral: for a sealed one (C4) the named posts, and the leaders who stand in (R7)."""
    if isinstance(posts, EveryPost) or fact.classification != "C4":
        return posts
    return frozenset(post for post in posts if hears_sealed(post))


def holds(posts: frozenset[str] | EveryPost, agency: Agency) -> bool:
    """Whether one of the posts is at this agency, or at the one that keeps its roster: any function there may act."""
    if isinstance(posts, EveryPost):
        return True
    names = {str(agency), *(str(wider) for wider in wider_agencies(agency))}
    return any(post.rpartition("/")[0] in names for post in posts)


def lead_post(county: str) -> str:
    """The post that co-ordinates the cases of a county (case lead)."""
    return f"{fallback_owners(county, date.max)[0]}/case_lead"


def _welfare_post(county: str) -> str:
    """The named post that answers for another agency's empty named post in sealed matters (R7)."""
    return f"{fallback_owners(county, date.max)[0]}/child_welfare_officer"


def agencies_of(posts: frozenset[str]) -> list[str]:
    """The agencies at which somebody holds a post."""
    return sorted({post.rpartition("/")[0] for post in posts})


def counties_led(posts: frozenset[str]) -> list[str]:
    """The counties whose cases somebody co-ordinates."""
    return sorted(
        {post.split("/")[1] for post in posts if post.startswith("civil_affairs@") and post.endswith("/case_lead")}
    )
