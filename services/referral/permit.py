"""As what a caller may touch a referral: officer of its post or second endpoint (R11), co-ordinator of its county, operations. Pure."""

from collections.abc import Container

from events.referral import ReferralFact
from services.access.callers import ALL, EveryPost
from services.access.roles import Caller
from services.directory.agencies import KINDS
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
    if any(holds(posts, str(agency)) for agency in (fact.agency, *fact.second_endpoints)):
        found.add("officer")
    if lead_post(fact.county) in posts:
        found.add("co_ordinator")
    return frozenset(found)


def holds(posts: Container[str] | frozenset[str] | EveryPost, agency: str) -> bool:
    """Whether one of the posts is at this agency: any function there may act (duty officer, deputy, leader)."""
    if isinstance(posts, EveryPost):
        return True
    assert isinstance(posts, frozenset)
    return any(post.startswith(f"{agency}/") for post in posts)


def lead_post(county: str) -> str:
    """The post that co-ordinates the cases of a county (case lead)."""
    level = "county" if "county" in KINDS["civil_affairs"].offices else "city"
    return f"civil_affairs@{level}/{county}/case_lead"


def agencies_of(posts: frozenset[str]) -> list[str]:
    """The agencies at which somebody holds a post."""
    return sorted({post.rpartition("/")[0] for post in posts})


def counties_led(posts: frozenset[str]) -> list[str]:
    """The counties whose cases somebody co-ordinates."""
    return sorted({post.split("/")[1] for post in posts if post.startswith("civil_affairs@") and post.endswith("/case_lead")})
