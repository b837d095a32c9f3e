"""The status test of domain section 6, row by row, and what follows when its result changes."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.child_facts import learned, merge
from services.referral.benefit_change import ELIGIBLE, EXIT, compared, suspicions
from services.referral.benefit_status import S1, S2, counts, held

ON = date(2026, 9, 9)
LONG: dict[str, Any] = {"since": "2026-01-01", "expected_end": "2028-01-01"}
PRISON: dict[str, Any] = {"imprisoned": LONG}
DEAD: dict[str, Any] = {"deceased": {}}
GONE: dict[str, Any] = {"missing": {}}
ILL: dict[str, Any] = {"seriously_ill": {}}
LOST: dict[str, Any] = {"lost_contact": {"since": "2026-01-01", "receipt_ref": "r1"}}
ABLE: dict[str, Any] = {"able": {}}


def status(father: dict[str, Any], mother: dict[str, Any]) -> str | None:
    found = held({"guardians": {"father": father, "mother": mother}}, ON)
    return found.status if found else None


@pytest.mark.parametrize(
    ("father", "mother", "expected"),
    [
        (DEAD, DEAD, "orphan"),
        (DEAD, {"cannot_be_found": {}}, "orphan"),
        (DEAD, GONE, "orphan"),
        (PRISON, PRISON, "quasi_orphan"),
        (DEAD, PRISON, "quasi_orphan"),
        (GONE, {"rights_revoked": {}}, "quasi_orphan"),
        (PRISON, {"deported": {}}, "quasi_orphan"),
        (PRISON, {"compulsory_detox": {"since": "2026-09-01", "term_months": 24}}, "quasi_orphan"),
        (DEAD, ILL, "de_facto_unattended"),
        (GONE, LOST, "de_facto_unattended"),
        (PRISON, LOST, "de_facto_unattended"),
        (ILL, {"severely_disabled": {"category": "limb", "grade": 2}}, "de_facto_unattended"),
        (ILL, {"severely_disabled": {"category": "mental", "grade": 4}}, "de_facto_unattended"),
        (ILL, {"severely_disabled": {"category": "limb", "grade": 3}}, None),
        (DEAD, ABLE, None),
        (PRISON, ABLE, None),
        (DEAD, {}, None),
        ({}, {}, None),
        (DEAD, {"imprisoned": {"since": "2026-08-01"}}, None),
        (DEAD, {"imprisoned": {"since": "2026-03-09"}}, "quasi_orphan"),
        (DEAD, {"lost_contact": {"since": "2026-01-01"}}, None),
        (DEAD, {"lost_contact": {"since": "2026-05-01", "receipt_ref": "r1"}}, None),
    ],
)
def test_the_two_parents_states_make_the_status(
    father: dict[str, Any], mother: dict[str, Any], expected: str | None
) -> None:
    assert status(father, mother) == expected
    assert status(mother, father) == expected


def test_what_was_told_without_a_role_is_the_parents_of_whom_nothing_else_is_known() -> None:
    child = merge({}, learned("guardian.imprisoned.v1", LONG | {"intake_date": "2026-01-01"}))
    assert held(child, ON) is None
    child = merge(child, learned("guardian.deceased.v1", {"guardian_role": "mother"}))
    found = held(child, ON)
    assert found is not None
    assert found.status == "quasi_orphan"
    assert set(found.matched_facts) == {"parent_deceased", "other_parent_imprisoned"}


def test_one_event_may_tell_of_both_parents() -> None:
    told = learned(
        "guardian.imprisoned.v1",
        {"intake_date": "2026-01-01", "expected_end": "2027-01-01", "other_guardian_status": "deceased"},
    )
    found = held(merge({}, told), ON)
    assert found is not None
    assert found.status == "quasi_orphan"


def test_two_states_told_without_a_role_may_be_two_peoples() -> None:
    child = merge({}, learned("guardian.imprisoned.v1", {"intake_date": "2026-01-01"}))
    child = merge(child, learned("guardian.compulsory_detox.v1", {"decision_date": "2026-01-01", "term_months": 24}))
    found = held(child, ON)
    assert found is not None
    assert found.status == "quasi_orphan"


def test_a_grandmother_is_no_parent() -> None:
    child = {"guardians": {"grandmother": DEAD, "father": DEAD}}
    assert held(child, ON) is None


ONE_STATE: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    ["deceased", "missing", "cannot_be_found", "able", *S2]
).map(lambda state: {state: {}})
PARENT = st.one_of(st.just({}), ONE_STATE, st.tuples(ONE_STATE, ONE_STATE).map(lambda pair: {**pair[0], **pair[1]}))


@given(PARENT, PARENT)
def test_the_test_agrees_with_the_formula_of_the_domain(father: dict[str, Any], mother: dict[str, Any]) -> None:
    dead_or_lost = {"deceased", "cannot_be_found", "missing"}

    def both(one: set[str], two: set[str]) -> bool:
        return bool(one & set(father) and two & set(mother)) or bool(two & set(father) and one & set(mother))

    s1, s2, gone = set(S1), set(S2), {"deceased", "missing", "cannot_be_found"}
    if both(dead_or_lost, dead_or_lost):
        expected = "orphan"
    elif both(s1, s1) or both(gone, s1):
        expected = "quasi_orphan"
    elif both(s2, s2) or both(gone, s2):
        expected = "de_facto_unattended"
    else:
        expected = None
    assert status(father, mother) == expected


@given(
    st.sampled_from(["imprisoned", "compulsory_detox", "liberty_restricted"]),
    st.dates(date(2020, 1, 1), date(2026, 9, 9)),
    st.integers(0, 400),
)
def test_once_a_term_counts_it_goes_on_counting(state: str, since: date, later: int) -> None:
    about = {"since": since.isoformat()}
    first = counts(state, about, ON)
    after = counts(state, about, date.fromordinal(ON.toordinal() + later))
    assert after or not first


def test_a_status_that_newly_holds_is_suspected_once() -> None:
    dead = {"deceased": {"since": "2025-05-05"}}
    before = {"guardians": {"mother": dead}}
    after = {"guardians": {"mother": dead, "father": PRISON}}
    found = suspicions(before, after, "guardian.imprisoned", "c_1", ON)
    assert [s.type for s in found] == [ELIGIBLE]
    assert found[0].told == {
        "category": "quasi_orphan", "matched_facts": ["parent_imprisoned", "other_parent_deceased"], "changed_at": "2026-01-01",
        "correlation_key": "c_1:quasi_orphan:2026-01-01",
    }  # fmt: skip
    assert suspicions(after, after, "guardian.imprisoned", "c_1", ON) == []
    assert suspicions(before, {**after, "child_categories": ["quasi_orphan"]}, "guardian.imprisoned", "c_1", ON) == []
    assert suspicions(before, {**after, "enjoyed": [10]}, "guardian.imprisoned", "c_1", ON) == []


def test_a_stronger_status_is_suspected_anew() -> None:
    before = {"guardians": {"mother": DEAD, "father": ILL}}
    after = {"guardians": {"mother": DEAD, "father": DEAD}}
    assert [s.told["category"] for s in suspicions(before, after, "guardian.deceased", "c_1", ON)] == ["orphan"]


def test_a_released_parent_of_a_recognised_child_may_end_the_benefit_and_nothing_stops_by_itself() -> None:
    file = {"child_categories": ["quasi_orphan"], "guardians": {"mother": DEAD, "father": PRISON}}
    after = merge(file, learned("guardian.released.v1", {"guardian_role": "father"}))
    found = suspicions(file, after, "guardian.released", "c_1", ON)
    assert [s.type for s in found] == [EXIT]
    assert found[0].told["benefit"] == "quasi_orphan"
    assert found[0].told["changed_fact"] == "guardian_released"
    assert after["child_categories"] == ["quasi_orphan"]


def test_a_benefit_whose_ground_is_still_there_is_not_suspected_of_being_over() -> None:
    file = {"child_categories": ["quasi_orphan"], "guardians": {"mother": PRISON, "father": {**PRISON, "deported": {}}}}
    after = merge(file, learned("guardian.released.v1", {"guardian_role": "father"}))
    assert suspicions(file, after, "guardian.released", "c_1", ON) == []
    sealed = {"child_categories": ["quasi_orphan", "hiv"]}
    assert suspicions(sealed, sealed, "guardian.released", "c_1", ON) == []


def test_a_comparison_finds_what_has_come_to_hold_with_time() -> None:
    child = {"guardians": {"mother": DEAD, "father": {"imprisoned": {"since": "2026-05-01"}}}}
    assert compared(child, "c_1", date(2026, 9, 30)) == []
    assert [s.told["category"] for s in compared(child, "c_1", date(2026, 11, 1))] == ["quasi_orphan"]


def test_the_same_status_is_one_matter_however_often_it_is_compared() -> None:
    child = {
        "guardians": {
            "mother": {"deceased": {"since": "2025-05-05"}},
            "father": {"imprisoned": {"since": "2026-05-01"}},
        }
    }
    keys = {compared(child, "c_1", day)[0].told["correlation_key"] for day in (date(2026, 11, 1), date(2027, 2, 1))}
    assert keys == {"c_1:quasi_orphan:2026-11-01"}
    undated = {"guardians": {"mother": DEAD, "father": DEAD}}
    assert compared(undated, "c_1", ON)[0].told["correlation_key"] == "c_1:orphan:undated"
