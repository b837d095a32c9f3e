"""Who is told, and who stands in: never nobody."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.agency import Agency
from services.directory.duty import Roster
from services.directory.people import Holding, Person
from services.directory.posts import Post, every_post, parse_post
from services.directory.sample import sample_people
from services.directory.shifts import Leave, Plan
from services.directory.working_days import working_days
from services.notifier.compose import duty_record
from services.notifier.coverage import coverage
from services.notifier.roster import Holders, Seat, chain, every_post_held, needed_keys, next_person

DAY = date(2026, 10, 2)
NOW = datetime(2026, 10, 2, 12, 14, tzinfo=UTC)
EDUCATION = parse_post("education@county/220122/duty_officer")
POSTS = chain(EDUCATION, "220322", DAY)


def holders(**held: list[str]) -> Holders:
    """Holders by the short names `officer`, `leader`, `case_lead`, `committee`, told in the order written."""
    keys = {
        "officer": EDUCATION.key,
        "leader": "education@county/220122/duty_leader",
        "case_lead": "civil_affairs@county/220322/case_lead",
        "committee": "women_children_committee@county/220322/duty_officer",
        "province": "civil_affairs@province/220000/duty_officer",
    }
    return {
        keys[name]: tuple(
            Holding(parse_post(keys[name]), Person(p, p, {"sms": "10000000001"}), n) for n, p in enumerate(people)
        )
        for name, people in held.items()
    }


def everybody_in_turn(held: Holders) -> list[Seat]:
    told: list[Seat] = []
    while (seat := next_person(POSTS, held, failed={s.person.id for s in told}, at=NOW)) is not None:
        told.append(seat)
    return told


def test_people_of_the_post_are_told_in_their_order() -> None:
    seats = everybody_in_turn(holders(officer=["second-name", "a-first-name"]))
    assert [seat.person.id for seat in seats] == ["second-name", "a-first-name"]


def test_after_the_post_come_its_leader_and_then_who_cannot_refuse() -> None:
    seats = everybody_in_turn(holders(committee=["d"], case_lead=["c"], leader=["b"], officer=["a"], province=["e"]))
    assert [(seat.person.id, seat.stage) for seat in seats] == [
        ("a", "post"), ("b", "leader"), ("c", "fallback"), ("d", "fallback"), ("e", "fallback"),
    ]  # fmt: skip


def test_the_fallback_owner_is_of_the_childs_county_and_not_of_the_agencys() -> None:
    assert Post(Agency("civil_affairs", "county", "220322"), "case_lead") in dict(POSTS)


def test_an_empty_post_is_answered_by_the_next_at_once() -> None:
    seat = next_person(POSTS, holders(case_lead=["c"]), failed=(), at=NOW)
    assert seat is not None
    assert (seat.person.id, seat.post.function) == ("c", "case_lead")


def test_somebody_with_two_posts_is_told_once() -> None:
    assert len(everybody_in_turn(holders(officer=["a"], leader=["a"], case_lead=["a"]))) == 1


def test_who_has_no_contact_is_passed_over() -> None:
    held = holders(officer=["a"], leader=["b"])
    mute = tuple(replace(each, person=replace(each.person, channels={})) for each in held[EDUCATION.key])
    seat = next_person(POSTS, {**held, EDUCATION.key: mute}, failed=(), at=NOW)
    assert seat is not None
    assert seat.person.id == "b"


def test_a_leader_is_not_asked_to_stand_in_for_himself() -> None:
    leader = parse_post("education@county/220122/duty_leader")
    assert [stage for post, stage in chain(leader, "220122", DAY) if post == leader] == ["post"]


def test_a_township_without_people_is_answered_by_its_countys_list() -> None:
    posts = chain(parse_post("township_government@township/220122100/duty_officer"), "220122", DAY)
    wide = parse_post("township_government@township/220122/duty_officer")
    held = {wide.key: (Holding(wide, Person("w", "w", {"sms": "10000000001"})),)}
    seat = next_person(posts, held, failed=(), at=NOW)
    assert wide.key in needed_keys(posts)
    assert seat is not None
    assert (seat.post, seat.stage) == (wide, "post")


def test_a_contact_never_shows_in_a_printed_person() -> None:
    assert "10000000001" not in repr(holders(officer=["a"]))


@given(st.sampled_from(list(every_post(DAY))))
def test_in_a_scenario_every_post_has_exactly_one_person(post: Post) -> None:
    posts = chain(post, "220122", DAY)
    held = every_post_held(posts)
    seat = next_person(posts, held, failed=(), at=NOW)
    assert seat is not None
    assert (seat.post, seat.stage) == (post, "post")
    assert len(held[post.key]) == 1


def test_the_sample_leaves_no_post_empty_and_no_number_that_could_ring() -> None:
    made = list(sample_people(DAY))
    held = {each.post.key: bool(each.people[0].channels) for each in made}
    assert coverage(held, DAY).complete
    people = [person for each in made for person in each.people]
    assert len({person.id for person in people}) == len(people)
    assert all(person.sample and person.name.startswith("样例·") for person in people)
    assert all(
        number.startswith("100") and len(number) == 11 for person in people for number in person.channels.values()
    )


def test_coverage_names_empty_mute_and_abandoned() -> None:
    everything = {post.key: True for post in every_post(DAY)}
    gone = "education@county/220122/duty_officer"
    mute = "education@county/220122/duty_leader"
    found = coverage({key: key != mute for key in everything if key != gone}, DAY, "220122")
    assert [post.key for post in found.empty] == [gone]
    assert [post.key for post in found.unreachable] == [mute]
    assert found.abandoned == ()


def test_a_city_in_which_nobody_could_be_found_at_all_is_named_county_by_county() -> None:
    assert len(coverage({}, DAY, "220100").abandoned) == 11
    assert coverage({"civil_affairs@province/220000/duty_officer": True}, DAY, "220100").abandoned == ()


def test_an_empty_named_post_is_answered_by_its_leader_and_then_by_the_countys_child_welfare_officer() -> None:
    posts = chain(parse_post("procuratorate@county/220122/juvenile_prosecutor"), "220122", DAY)
    assert [(post.key, stage) for post, stage in posts][:3] == [
        ("procuratorate@county/220122/juvenile_prosecutor", "post"),
        ("procuratorate@county/220122/duty_leader", "leader"),
        ("civil_affairs@county/220122/child_welfare_officer", "fallback"),
    ]


NIGHT = {"name": "夜班", "from": "17:30", "to": "08:30"}


def with_plan(*leave: dict[str, str], **plan: object) -> Holders:
    """Officers a and b by a plan; a leader and a case lead without one."""
    made = Roster(Plan.model_validate(plan), tuple(Leave.model_validate(each) for each in leave), working_days())
    held = holders(officer=["a", "b"], leader=["l"], case_lead=["c"])
    return {**held, EDUCATION.key: tuple(replace(each, roster=made) for each in held[EDUCATION.key])}


def test_who_has_the_shift_is_told_and_the_message_keeps_why() -> None:
    held = with_plan(shifts=[{**NIGHT, "rotation": {"every": "day", "start": "2026-10-01", "groups": [["a"], ["b"]]}}])
    seat = next_person(POSTS, held, failed=(), at=NOW)  # 20:14 on the second day
    assert seat is not None
    assert (seat.person.id, seat.stage) == ("b", "post")
    kept = duty_record(EDUCATION, seat)
    assert (kept["because"], kept["shift"], kept["from"]) == ("rotation", "夜班", "2026-10-02T09:30:00+00:00")


def test_after_whoever_has_the_shift_comes_the_leader_and_nobody_off_duty_is_rung() -> None:
    held = with_plan(shifts=[{**NIGHT, "people": ["a"]}])
    assert [seat.person.id for seat in everybody_in_turn(held)] == ["a", "l", "c"]


@pytest.mark.parametrize(
    ("plan", "leave", "because"),
    [
        ({"shifts": [{"name": "白班", "from": "08:30", "to": "17:30", "people": ["a"]}]}, [], "nobody_on_shift"),
        ({"shifts": [{**NIGHT, "people": ["a"]}]}, [{"person": "a", "from": "2026-10-02", "to": "2026-10-04"}], "on_leave"),
        ({"shifts": [{**NIGHT, "people": ["gone"]}]}, [], "nobody_on_shift"),
    ],
)  # fmt: skip
def test_an_empty_shift_is_answered_by_the_leader_and_the_message_keeps_why(
    plan: dict[str, object], leave: list[dict[str, str]], because: str
) -> None:
    seat = next_person(POSTS, with_plan(*leave, **plan), failed=(), at=NOW)
    assert seat is not None
    assert (seat.person.id, seat.stage) == ("l", "leader")
    assert duty_record(EDUCATION, seat)["passed_over"] == [{"post": EDUCATION.key, "because": because}]


def test_leave_counts_for_a_post_without_a_plan_too() -> None:
    held = with_plan({"person": "a", "from": "2026-10-02", "to": "2026-10-04"})
    ordered = {key: tuple(replace(h, roster=replace(h.roster, plan=None) if h.roster else None) for h in people)
               for key, people in held.items()}  # fmt: skip
    assert [seat.person.id for seat in everybody_in_turn(ordered)] == ["b", "l", "c"]
