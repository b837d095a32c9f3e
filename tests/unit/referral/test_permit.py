"""Who may touch a referral: the posts of its agency, and for a sealed one its named posts alone (R7)."""

from datetime import UTC, datetime

import pytest

from events.agency import Agency
from events.referral import Classification, ReferralFact
from services.access.callers import ALL
from services.access.roles import Caller
from services.referral.permit import roles_of

OFFICER = Caller("t", "王一", "officer", person_id="p1")
AT = "police@county/220122"


def fact(classification: Classification) -> ReferralFact:
    return ReferralFact(
        id="r1", number="JL26-AAAAAAAA", case="c", event_source="/hospital/220122/h1", event_id="e", event_type="x.v1",
        family="harm", role="primary", agency=Agency("police", "county", "220122"), profile="P1-POL", ladder="P1",
        severity="CRITICAL", classification=classification, state="sent", version=1,
        opened_at=datetime(2026, 10, 2, tzinfo=UTC), county="220122",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("function", "open_matter", "sealed_matter"),
    [
        ("duty_officer", True, False),
        ("minors_case_officer", True, True),
        ("duty_leader", True, True),  # who is told where the named post is empty
        ("net_patrol_officer", True, False),
    ],
)
def test_a_sealed_referral_is_open_to_named_posts_and_to_the_leader_who_stands_in(
    function: str, open_matter: bool, sealed_matter: bool
) -> None:
    posts = frozenset({f"{AT}/{function}"})
    assert ("officer" in roles_of(OFFICER, posts, fact("C3"))) is open_matter
    assert ("officer" in roles_of(OFFICER, posts, fact("C4"))) is sealed_matter


def test_the_county_co_ordinates_a_sealed_matter_and_the_sample_officer_may_act_for_every_post() -> None:
    lead = frozenset({"civil_affairs@county/220122/case_lead"})
    welfare = frozenset({"civil_affairs@county/220122/child_welfare_officer"})
    assert roles_of(OFFICER, lead, fact("C4")) == {"co_ordinator"}
    assert roles_of(OFFICER, welfare, fact("C4")) == {"co_ordinator"}
    assert roles_of(OFFICER, welfare, fact("C3")) == set()
    assert roles_of(OFFICER, ALL, fact("C4")) == {"officer", "co_ordinator"}
