from typing import Any

import pytest
from pydantic import ValidationError

from events.envelope import ATTRIBUTES, Event
from events.faults import from_validation

WHOLE: dict[str, Any] = {"id": "a1", "source": "/school/220322/s1", "type": "child.missing.v1", "data": {}}


def rules(**changes: object) -> dict[str, str]:
    with pytest.raises(ValidationError) as invalid:
        Event.model_validate(WHOLE | changes)
    return {fault.field: fault.rule for fault in from_validation("", invalid.value)}


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("specversion", "0.3", "one_of"),
        ("id", "", "length"),
        ("id", "a" * 256, "length"),
        ("id", "a\x00", "pattern"),
        ("id", "a\x85", "pattern"),
        ("source", 3, "type"),
        ("time", "2026-10-02T20:10:00", "rfc3339"),
        ("time", "2026-10-02", "rfc3339"),
        ("time", "2026-13-02T20:10:00Z", "rfc3339"),
        ("time", 1790000000, "rfc3339"),
        ("time", "0001-01-01T00:00:00+08:00", "rfc3339"),
        ("time", "9999-12-31T23:59:59-08:00", "rfc3339"),
        ("datacontenttype", "text/plain", "media_type"),
        ("datacontenttype", "application/json; charset=gbk", "media_type"),
        ("traceparent", "00-00000000000000000000000000000000-b7ad6b7169203331-01", "traceparent"),
        ("dataclassification", "C5", "one_of"),
        ("exercise", "TRUE", "one_of"),
        ("exercise", 1, "one_of"),
        ("extensions", {"Upper": "x"}, "name"),
        ("extensions", {"data": "x"}, "name"),
        ("extensions", {"subject": "x"}, "name"),
        ("extensions", {f"n{number}": "x" for number in range(33)}, "length"),
        ("data", [], "type"),
        ("data", None, "type"),
    ],
)
def test_an_attribute_that_breaks_its_rule_is_named(name: str, value: object, rule: str) -> None:
    assert rules(**{name: value}) == {name: rule}


def test_a_fault_never_repeats_the_value() -> None:
    with pytest.raises(ValidationError) as invalid:
        Event.model_validate(WHOLE | {"time": "Li Lei", "dataclassification": "Li Lei", "exercise": "Li Lei"})
    assert "Li Lei" not in str(invalid.value)
    assert "Li Lei" not in str(from_validation("", invalid.value))


def test_an_exercise_is_the_string_true_and_no_exercise_is_not_said() -> None:
    assert Event.model_validate(WHOLE | {"exercise": "true"}).attributes()["exercise"] == "true"
    assert "exercise" not in Event.model_validate(WHOLE | {"exercise": "false"}).attributes()


def test_the_attributes_are_those_of_cloudevents_and_our_extensions() -> None:
    assert set(ATTRIBUTES) == {
        "specversion", "id", "source", "type", "time", "subject", "datacontenttype", "dataschema", "correlationid",
        "causationid", "traceparent", "tracestate", "dataclassification", "exercise", "acceptedtime",
    }  # fmt: skip
