"""What is wrong with an event, in words that its sender can act on and that never repeat what was sent."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pydantic import ValidationError

WITHHELD = "(name withheld)"
MAX_FAULTS = 100
_PLAIN_NAME = re.compile(r"(?!.*[0-9]{7})[A-Za-z_][A-Za-z0-9_]{0,39}")

# What pydantic calls a fault -> our rule and what was expected. `{}` places come from pydantic's context.
_RULES: dict[str, tuple[str, str]] = {
    "missing": ("required", "a value"),
    "extra_forbidden": ("unknown_field", "only the fields of this type's schema"),
    "literal_error": ("one_of", "{expected}"),
    "string_type": ("type", "a string"),
    "int_type": ("type", "an integer"),
    "float_type": ("type", "a number"),
    "bool_type": ("type", "true or false"),
    "dict_type": ("type", "an object"),
    "model_type": ("type", "an object"),
    "model_attributes_type": ("type", "an object"),
    "tuple_type": ("type", "an array"),
    "list_type": ("type", "an array"),
    "string_too_short": ("length", "at least {min_length} characters"),
    "string_too_long": ("length", "at most {max_length} characters"),
    "too_short": ("length", "at least {min_length} entries"),
    "too_long": ("length", "at most {max_length} entries"),
    "greater_than_equal": ("range", "{ge} or more"),
    "less_than_equal": ("range", "{le} or less"),
    "string_pattern_mismatch": (
        "pattern",
        "text without control characters",
    ),  # the one wordless pattern
}


class FieldError(NamedTuple):
    """One fault: where (a path like `data.children[0].age_years`), which rule, what was expected; never the value."""

    field: str
    rule: str
    expected: str


class Unreadable(ValueError):
    """These bytes are not an event of ours; `errors` says why, all faults at once."""

    def __init__(self, errors: Iterable[FieldError]) -> None:
        self.errors: tuple[FieldError, ...] = tuple(errors)
        super().__init__("; ".join(f"{e.field}: {e.rule}, expected {e.expected}" for e in self.errors))


class UnsupportedMediaType(Unreadable):
    """The content type is none that events can come in (HTTP 415)."""


def safe_name(name: object) -> str:
    """A field name as it was sent if it is plainly a name, otherwise a placeholder: a name can hide a person."""
    return name if isinstance(name, str) and _PLAIN_NAME.fullmatch(name) else WITHHELD


def path(prefix: str, location: Sequence[object]) -> str:
    """`data` + ("children", 0, "age_years") -> `data.children[0].age_years`."""
    for step in location:
        prefix += f"[{step}]" if isinstance(step, int) else f".{safe_name(step)}"
    return prefix.removeprefix(".")


def from_validation(prefix: str, error: ValidationError) -> list[FieldError]:
    """The faults that pydantic found, in our words; the first hundred of them if somebody sends nonsense."""
    found = []
    for fault in error.errors(include_url=False, include_input=False)[:MAX_FAULTS]:
        context = fault.get("ctx", {})
        if fault["type"] == "literal_error":
            context = {"expected": re.sub(r" or (?='|[0-9])", ", ", context["expected"]).replace("'", "")}
        # A fault that is not in the table is one of ours (PydanticCustomError): its type is the rule, its text is safe.
        rule, expected = _RULES.get(fault["type"], (fault["type"], fault["msg"].replace("{", "{{").replace("}", "}}")))
        location = [step for step in fault["loc"] if step != "[key]"]
        found.append(FieldError(path(prefix, location), rule, expected.format(**context)))
    return found
