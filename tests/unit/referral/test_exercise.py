"""Exercises are about children, households and addresses of their own."""

from events.envelope import Event
from services.referral.exercise import apart, drilled


def _event(exercise: bool) -> Event:
    data = {
        "child_refs": ["c_1", "c_2"], "children": [{"child_ref": "c_1", "age_years": 9}], "household_ref": "h1",
        "address_hash": "h:1", "residence_code": "220122",
    }  # fmt: skip
    return Event(id="e1", source="/court/220122/c1", type="guardian.imprisoned.v1", exercise=exercise, data=data)


def test_an_exercise_is_about_other_children_and_places_and_tells_the_same() -> None:
    told = apart(_event(True)).data
    assert told["child_refs"] == [drilled("c_1"), drilled("c_2")]
    assert told["children"] == [{"child_ref": drilled("c_1"), "age_years": 9}]
    assert (told["household_ref"], told["address_hash"]) == ("drill/h1", "drill/h:1")
    assert told["residence_code"] == "220122"


def test_a_real_event_stays_as_it_is() -> None:
    assert apart(_event(False)) == _event(False)


def test_apart_twice_is_apart_so_that_what_follows_from_an_exercise_stays_in_it() -> None:
    once = apart(_event(True))
    assert apart(once) == once


def test_the_subject_of_an_event_goes_with_its_child() -> None:
    event = Event(
        id="e1",
        source="/hospital/220122/h",
        type="child.missing.v1",
        subject="c_1",
        exercise=True,
        data={"child_ref": "c_1"},
    )
    assert apart(event).subject == apart(event).data["child_ref"] == drilled("c_1")
