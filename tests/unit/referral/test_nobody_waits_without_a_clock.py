"""Whatever becomes of a referral, somebody's clock runs on (promise 4), and a case that waits for nobody closes."""

from datetime import datetime, timedelta

import pytest

from services.referral.answer import answer
from services.referral.case import Case
from services.referral.facts import SHANGHAI
from services.referral.join import Desk
from services.referral.life import Act
from services.referral.profiles import packaged_profiles
from services.referral.terms import Terms
from tests.unit.referral.story_desk import LAW, do, event, only_case, referral_of, tell

T = datetime(2026, 6, 2, 9, tzinfo=SHANGHAI)
HOUR = timedelta(hours=1)


def applied(desk: Desk) -> Case:
    """An application for orphans' support: the township checks, then the county of registration decides."""
    tell(desk, event("benefit.application.filed", T, source="/township_government/220122100/t1", benefit="orphan", cross_region="none",
                     accepted_at=T.isoformat()))  # fmt: skip
    return only_case(desk)


@pytest.mark.parametrize("action", ["complete", "fail", "cancel"])
def test_however_the_township_ends_its_part_the_countys_limit_begins(action: str) -> None:
    case = applied(Desk())
    township, county = referral_of(case, "township_government"), referral_of(case, "civil_affairs")
    assert county.fact.clocks == ()
    if action != "cancel":
        do(case, township, "accept", T + HOUR)
    given = {"complete": {"reason": "other", "text": "handed over"}, "fail": {"reason": "unreachable", "attempts": ["twice"]},
             "cancel": {"reason": "mistake"}}[action]  # fmt: skip
    do(case, township, action, T + 2 * HOUR, who="operations" if action == "cancel" else None, **given)
    assert [c.name for c in referral_of(case, "civil_affairs").fact.clocks] == ["LEG-DEF-CTY"]


def test_what_is_done_again_has_a_deadline_also_where_only_law_had_one() -> None:
    case = applied(Desk())
    township = referral_of(case, "township_government")
    do(case, township, "accept", T + HOUR)
    do(case, township, "complete", T + 2 * HOUR, reason="other", text="handed over")
    do(case, township, "reopen", T + 3 * HOUR, reason="papers were missing")
    assert {c.name for c in township.fact.clocks if c.stopped_at is None} == {"feedback", "close"}


def test_a_case_of_copies_alone_closes_when_what_followed_made_nothing() -> None:
    desk = Desk()
    tell(desk, event("education.returned", T, source="/school/220122/s1", returned_at=T.isoformat()))
    assert all(case.state == "closed" for case in desk.cases.values())


def test_an_answer_counts_by_the_profiles_of_the_edition_that_the_case_keeps() -> None:
    ours = packaged_profiles()
    local = ours.profiles["P3-GEN"].model_copy(update={"id": "P3-OURS"})
    terms = Terms(LAW.calendar, ours.model_copy(update={"profiles": {**ours.profiles, "P3-OURS": local}}))
    case = applied(Desk())
    township = referral_of(case, "township_government")
    township.fact = township.fact.model_copy(
        update={"profile": "P3-OURS", "clocks": terms.clocks("P3-OURS", "MEDIUM", T)}
    )
    away = Act("return", frozenset({"officer"}), "officer-1", T + HOUR, "r1", {"reason": "no_capacity"})
    answer(case, township, away, terms)
    (again,) = (r for r in case.referrals.values() if r.fact.part_of == township.id)
    assert (again.fact.profile, again.fact.ladder) == ("P3-OURS", "P3")
