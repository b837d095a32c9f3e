"""Returns and redirections: whoever hands over, somebody is responsible at every moment, and nobody leaves an end."""

from datetime import timedelta

import pytest

from services.referral.case import Case, Referral
from services.referral.join import Desk
from services.referral.life import Refused
from tests.unit.referral.clock_examples import jilin
from tests.unit.referral.story_desk import DROPOUT, HARM, do, event, only_case, referral_of, tell

AT = jilin("09-09 10:00")
SOON = AT + timedelta(minutes=5)


def school_matter() -> tuple[Case, Referral]:
    """A suspected drop-out with education as its owner."""
    desk = Desk()
    tell(desk, event(DROPOUT, AT, source="/education/220122/e"))
    case = only_case(desk)
    return case, referral_of(case, "education")


def redirect(case: Case, referral: Referral, kind: str) -> Referral:
    do(case, referral, "redirect", SOON, kind=kind, area="220122", summary="theirs")
    return referral_of(case, kind)


def owners(case: Case) -> list[str]:
    return [r.fact.agency.kind for r in case.referrals.values() if r.open and r.fact.role == "primary"]


@pytest.mark.parametrize("answer", ["acknowledge", "accept", "start"])
def test_any_first_answer_of_the_new_one_lets_the_old_one_go(answer: str) -> None:
    case, education = school_matter()
    new = redirect(case, education, "youth_league")
    assert owners(case) == ["education"]
    do(case, new, answer, SOON)
    assert education.fact.state == "redirected"
    assert owners(case) == ["youth_league"]


def test_a_matter_redirected_twice_before_anybody_answers_ends_with_the_last() -> None:
    case, education = school_matter()
    league = redirect(case, education, "youth_league")
    federation = redirect(case, league, "womens_federation")
    assert owners(case) == ["education"]
    do(case, federation, "acknowledge", SOON)
    assert {education.fact.state, league.fact.state} == {"redirected"}
    assert owners(case) == ["womens_federation"]


def test_what_was_closed_meanwhile_stays_closed_and_the_new_one_owns_the_rest() -> None:
    case, education = school_matter()
    new = redirect(case, education, "youth_league")
    do(case, education, "start", SOON)
    do(case, education, "complete", SOON, reason="helped", text="done")
    do(case, education, "close", SOON, by="lead")
    do(case, new, "acknowledge", SOON)
    assert education.fact.state == "closed"
    assert owners(case) == ["youth_league"]


def test_a_cancelled_receiver_leaves_the_matter_with_the_one_who_redirected() -> None:
    case, education = school_matter()
    new = redirect(case, education, "youth_league")
    do(case, new, "cancel", SOON, reason="the wrong office")
    assert education.fact.redirecting_to is None
    assert owners(case) == ["education"]
    redirect(case, education, "womens_federation")


def test_the_new_one_does_not_become_a_second_owner() -> None:
    case, education = school_matter()
    new = redirect(case, education, "youth_league")
    do(case, education, "start", SOON)
    do(case, education, "complete", SOON, reason="helped", text="done")
    do(case, education, "close", SOON, by="lead")
    desk = Desk()
    desk.add(case)
    tell(desk, event("education.dropout.confirmed", SOON, "e2", source="/education/220122/e", report_ref="R-1"))
    assert owners(case) == ["education"]
    do(case, new, "acknowledge", SOON)
    assert owners(case) == ["education"]


@pytest.mark.parametrize(
    ("data", "field"),
    [({"kind": "wizards", "area": "220122"}, "data.kind"), ({"kind": "youth_league", "area": "110101"}, "data.area"),
     ({"kind": "education", "area": "220122"}, "data.kind")],
)  # fmt: skip
def test_a_receiver_that_does_not_exist_or_is_oneself_is_refused(data: dict[str, str], field: str) -> None:
    case, education = school_matter()
    with pytest.raises(Refused) as refused:
        do(case, education, "redirect", SOON, summary="theirs", kind=data["kind"], area=data["area"])
    assert [fault[0] for fault in refused.value.missing] == [field]
    assert len(case.referrals) == 4


def test_nobody_but_police_and_county_civil_affairs_releases_the_village() -> None:
    desk = Desk()
    tell(desk, event("guardian.duty.refused", AT, source="/court/220122/c", acts=("left_alone",)))
    case = only_case(desk)
    copy = referral_of(case, "procuratorate")
    with pytest.raises(Refused) as refused:
        do(case, copy, "acknowledge", SOON, release_village=True)
    assert refused.value.forbidden
    do(case, referral_of(case, "police_station"), "acknowledge", SOON, release_village=True)
    village = referral_of(case, "village_committee")
    assert (village.fact.opened_at, village.fact.state, case.held) == (SOON, "sent", [])


def test_a_helper_that_returns_leaves_the_owner_untouched() -> None:
    desk = Desk()
    tell(desk, event(HARM, AT))
    case = only_case(desk)
    do(
        case,
        referral_of(case, "civil_affairs"),
        "return",
        SOON,
        reason="not_our_remit",
        kind="womens_federation",
        area="220122",
    )
    assert owners(case) == ["police_station"]
    assert referral_of(case, "womens_federation", role="co").fact.profile == "P2-GEN"
