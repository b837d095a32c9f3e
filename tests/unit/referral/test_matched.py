"""A match in the decision of its event: one referral per agency, what follows, and nothing twice."""

from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from events.catalogue import check
from events.envelope import Event
from services.referral.enjoyed import keep_answer
from services.referral.join import Desk
from services.referral.life import Act
from tests.unit.referral.clock_examples import jilin
from tests.unit.referral.story_desk import do, event, only_case, referral_of, tell

AT = jilin("03-10 11:00")
PERMIT = "residence.permit.registered"
POLICE = "/police/220122/p1"
MIGRANT: dict[str, Any] = {"child_categories": ["migrant"], "hukou_code": "220382"}


def desk_with(**facts: Any) -> Desk:
    desk = Desk()
    desk.registry["c_1"] = facts
    return desk


def permit(id_: str = "e1", **data: Any) -> Event:
    return event(PERMIT, AT, id_, source=POLICE, **(MIGRANT | data))


def asked(desk: Desk) -> dict[str, list[tuple[int | str, ...]]]:
    found: dict[str, list[tuple[int | str, ...]]] = {}
    for referral in only_case(desk).referrals.values():
        if referral.fact.list_items:
            found.setdefault(str(referral.fact.agency), []).append(referral.fact.list_items)
    return found


def derived(desk: Desk) -> list[Event]:
    return [made for made, _ in only_case(desk).derived]


def test_a_permit_derives_the_migrant_child_and_the_match_and_both_keep_their_contracts() -> None:
    desk = desk_with(family_doctor=False, insured_at_residence=False)
    tell(desk, permit())
    made = derived(desk)
    assert [one.type for one in made] == ["child.migrant.identified.v1", "service.match.found.v1"]
    assert [check(one) for one in made] == [[], []]
    assert {one.causationid for one in made} == {"e1"}
    assert made[0].data["matched_lists"] == ["residence_permit"]
    assert made[1].data["list_items"] == [6, 7]


def test_what_was_derived_comes_back_and_finds_everything_there() -> None:
    desk = desk_with(family_doctor=False, insured_at_residence=False, vaccination_gap=True)
    tell(desk, permit())
    before = dict(only_case(desk).referrals)
    for made in derived(desk):
        assert tell(desk, made.model_copy(update={"acceptedtime": AT})).outcome == "attached"
    assert only_case(desk).referrals == before
    assert len(derived(desk)) == 2


def test_a_row_that_belongs_to_a_programme_names_it() -> None:
    desk = Desk()
    tell(desk, event("child.behaviour.misconduct", AT, source="/village_committee/220122100/v1"))
    assert referral_of(only_case(desk), "youth_league").fact.list_items == ("P08",)


def test_what_rests_on_a_severe_disorder_is_sealed_and_stands_in_no_open_list() -> None:
    desk = desk_with(severe_disorder=True, at_home=True, family_doctor=False, insured_at_residence=False)
    tell(desk, permit())
    case = only_case(desk)
    assert referral_of(case, "health").fact.classification == "C4"
    (match,) = (one for one in derived(desk) if one.type.startswith("service."))
    assert match.data["list_items"] == [7]


def test_consent_for_one_item_lets_it_go_and_moves_no_clock() -> None:
    desk = desk_with(loneliness=True)
    tell(desk, permit(child_categories=["migrant", "disabled"]))
    case = only_case(desk)
    women, league = referral_of(case, "womens_federation"), referral_of(case, "youth_league")
    clocks = women.fact.clocks
    assert (women.fact.state, women.note["consent_items"]) == ("sent", ["P15"])
    assert (league.fact.state, league.fact.clocks) == ("on_hold", ())
    do(case, women, "consent", AT + timedelta(days=1))
    do(case, league, "consent", AT + timedelta(days=1))
    assert (women.fact.state, women.fact.clocks, women.note.get("consent_items")) == ("sent", clocks, None)
    assert league.fact.state == "sent"
    assert {clock.started_at for clock in league.fact.clocks} == {AT + timedelta(days=1)}


def test_what_was_given_is_enjoyed_and_what_was_unfounded_is_not() -> None:
    for reason, enjoyed in (("helped", [6]), ("unfounded", None)):
        desk = desk_with(family_doctor=False)
        tell(desk, permit())
        referral = referral_of(only_case(desk), "health")
        act = Act("complete", frozenset({"officer"}), "o", AT, "r1", {"reason": reason, "text": "x"})
        assert keep_answer(desk, referral, act) == ({"c_1"} if enjoyed else set())
        assert desk.registry["c_1"].get("enjoyed") == enjoyed


def test_a_digest_is_told_once() -> None:
    desk = Desk()
    tell(desk, permit())
    tell(
        desk,
        event(
            "child.disability.certified",
            AT,
            "e2",
            source="/disabled_federation/220122/d1",
            category="limb",
            grade=3,
            **MIGRANT,
        ),
    )
    assert [digest.list_items for digest in desk.digests] == [(22, 25, 26, 27, 29, 31, "P13", "P14")]


FACTS = st.fixed_dictionaries({}, optional={
    "family_doctor": st.booleans(), "insured_at_residence": st.booleans(), "vaccination_gap": st.booleans(), "health_gap": st.booleans(),
    "enrolled": st.booleans(), "stage": st.sampled_from(["preschool", "compulsory", "senior_high"]), "loneliness": st.booleans(),
    "rating": st.sampled_from(["good", "fair", "improper"]), "parents_employed": st.booleans(), "internet_risk": st.booleans(),
    "enjoyed": st.lists(st.integers(1, 32), unique=True), "severe_disorder": st.booleans(), "housing_difficulty": st.booleans(),
})  # fmt: skip
CATEGORIES = st.lists(
    st.sampled_from(["migrant", "left_behind", "disabled", "low_income", "single_parent", "orphan"]), unique=True
)
ROWS = st.sampled_from(
    [
        PERMIT,
        "child.left_behind.identified",
        "livelihood.difficulty",
        "child.serious_illness",
        "child.disability.certified",
    ]
)
HUKOU = st.sampled_from(["220122100", "220382", "150500"])


@settings(max_examples=60, deadline=None)
@given(FACTS, CATEGORIES, ROWS, HUKOU)
def test_no_agency_is_asked_twice_nothing_enjoyed_is_asked_and_a_repeat_changes_nothing(
    facts: dict[str, Any], categories: list[str], row: str, hukou: str
) -> None:
    desk = desk_with(**facts)
    about: dict[str, Any] = {"child_categories": categories, "hukou_code": hukou}
    tell(desk, event(row, AT, source="/village_committee/220122100/v1", **about))
    case = only_case(desk)
    agencies = [referral.fact.agency for referral in case.referrals.values()]
    assert len(agencies) == len(set(agencies))
    assert all(referral.fact.agency.area.startswith("22") for referral in case.referrals.values())
    assert not {code for lists in asked(desk).values() for codes in lists for code in codes} & set(
        facts.get("enjoyed", ())
    )
    before = set(case.referrals)
    tell(desk, event(row, AT, "e2", source="/village_committee/220122100/v1", **about))
    again = {
        str(case.referrals[new].fact.agency): case.referrals[new].fact.list_items
        for new in case.referrals.keys() - before
    }
    assert not any(again.values())
