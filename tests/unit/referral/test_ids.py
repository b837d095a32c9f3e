"""Ids follow from what they are about, and never collide silently."""

import re

from events.agency import Agency
from services.referral import ids
from tests.unit.referral.clock_examples import jilin

CIVIL = Agency("civil_affairs", "county", "220122")


def test_the_same_cause_gives_the_same_id_and_another_part_another() -> None:
    base = ids.referral_id("case", "cause", CIVIL, "c_1", "P2-GEN")
    assert base == ids.referral_id("case", "cause", CIVIL, "c_1", "P2-GEN")
    others = {
        ids.referral_id("case2", "cause", CIVIL, "c_1", "P2-GEN"), ids.referral_id("case", "cause2", CIVIL, "c_1", "P2-GEN"),
        ids.referral_id("case", "cause", Agency("civil_affairs", "city", "220100"), "c_1", "P2-GEN"),
        ids.referral_id("case", "cause", CIVIL, None, "P2-GEN"), ids.referral_id("case", "cause", CIVIL, "c_1", "P1-CIV"),
    }  # fmt: skip
    assert base not in others
    assert len(others) == 5


def test_parts_do_not_run_into_each_other() -> None:
    assert ids.case_id("ab", "c", None) != ids.case_id("a", "bc", None)


def test_a_number_has_its_form_and_the_year_of_jilin() -> None:
    assert re.fullmatch(r"JL26-[A-Z2-7]{8}", ids.number("ref_1", jilin("09-09 10:00")))
    assert ids.number("ref_1", jilin("2027-01-01 00:30")).startswith("JL27-")


def test_a_collision_gets_another_number() -> None:
    numbers = {ids.number("ref_1", jilin("09-09 10:00"), attempt) for attempt in range(50)}
    assert len(numbers) == 50


def test_a_lock_key_fits_postgresql() -> None:
    assert all(0 <= ids.lock_key(f"c_{n}") < 2**63 for n in range(200))
