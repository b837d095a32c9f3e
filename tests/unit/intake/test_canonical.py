"""The digest stands for the content, not for its spelling."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from events.envelope import Event
from services.intake.canonical import canonical_json, digest

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def event(**changes: Any) -> Event:
    given: dict[str, Any] = {
        "id": "a1", "source": "/school/220122/s1", "type": "child.missing.v1", "subject": "c_1",
        "time": datetime(2026, 10, 2, 12, 10, tzinfo=UTC), "data": {"child_ref": "c_1", "age_years": 9},
    }  # fmt: skip
    return Event.model_validate(given | changes)


def shuffled(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: shuffled(value[key]) for key in reversed(list(value))}
    return [shuffled(inner) for inner in value] if isinstance(value, list) else value


@given(json_values)
def test_the_order_of_names_does_not_count(value: Any) -> None:
    assert canonical_json(value) == canonical_json(shuffled(value))


def test_the_same_moment_in_another_zone_is_the_same_content() -> None:
    assert digest(event()) == digest(event(time="2026-10-02T20:10:00+08:00"))


def test_one_point_zero_is_one_and_true_is_not() -> None:
    one, point, true = ({"child_ref": "c_1", "age_years": age} for age in (1, 1.0, True))
    assert digest(event(data=one)) == digest(event(data=point)) != digest(event(data=true))


def test_type_subject_time_and_data_count_and_nothing_else() -> None:
    changes: list[dict[str, Any]] = [
        {"type": "child.found.v1"}, {"subject": None}, {"time": None}, {"data": {"child_ref": "c_2"}},
    ]  # fmt: skip
    digests = {digest(event()), *(digest(event(**change)) for change in changes)}
    assert len(digests) == 5
    assert digest(event(traceparent=f"00-{'a' * 32}-{'b' * 16}-01", dataclassification="C3")) == digest(event())
