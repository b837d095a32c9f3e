"""Forms of fields that count, measure, or name something of ours: how many, how long, which duty, which event."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, Strict
from pydantic_core import PydanticCustomError

from events.grammar import REF, form, listed

Count = Annotated[int, Field(ge=0, le=10_000_000)]
Days = Annotated[int, Field(ge=0, le=36_600)]
Months = Annotated[int, Field(ge=0, le=1_200)]
Year = Annotated[int, Field(ge=2000, le=2099)]
Grade = Annotated[int, Field(ge=1, le=4)]
"""Grade of a disability certificate: 1 is the most severe."""
SquareMetres = Annotated[float, Field(ge=0, le=100_000)]

MONTH = r"^20[0-9]{2}-(0[1-9]|1[0-2])$"
OBLIGATION = r"^T(0[1-9]|[12][0-9]|3[0-9])$"
TYPE_NAME = r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+){1,4}$"
PROGRAMME = r"^P[0-9]{2}$"

Month = Annotated[str, Field(pattern=MONTH), form(MONTH, "a month, such as 2026-11")]
ObligationCode = Annotated[str, Field(pattern=OBLIGATION), form(OBLIGATION, "a duty of domain section 5, such as T02")]
TypeName = Annotated[
    str, Field(pattern=TYPE_NAME, max_length=80), form(TYPE_NAME, "an event type, such as child.missing.v1")
]
EventId = Annotated[str, Field(min_length=1, max_length=255)]
EventIds = Annotated[
    tuple[EventId, ...],
    Strict(False),
    Field(max_length=200),
    BeforeValidator(listed, json_schema_input_type=EventId | list[EventId]),
]
"""One event id or several."""


def _only(words: str, *kinds: type, numbers: range = range(1_000_000)) -> BeforeValidator:
    """Lets values of exactly these types go on, so that a union never has to explain its branches."""
    fault = PydanticCustomError("type", "{words}", {"words": words})

    def check(value: Any) -> Any:
        if type(value) not in kinds or (type(value) is int and value not in numbers):
            raise fault
        return value

    return BeforeValidator(check)


_Reference = Annotated[str, Field(pattern=REF)]
_A_REF = "a reference of 1 to 120 of A-Z, a-z, 0-9 and _.:/#()-"
RefOrFlag = Annotated[
    _Reference | bool, form(REF, f"true, false, or {_A_REF}"), _only(f"true, false, or {_A_REF}", str, bool)
]
"""Whether there is one, or which."""
RefOrNumber = Annotated[
    _Reference | int, form(REF, f"a number, or {_A_REF}"), _only(f"a number, or {_A_REF}", str, int)
]
FlagOrCount = Annotated[bool | Annotated[int, Field(ge=0, lt=1_000_000)], _only("true, false, or a number", bool, int)]
"""Whether there are any, or how many."""
Item = Annotated[
    Annotated[int, Field(ge=1, le=99)] | Annotated[str, Field(pattern=PROGRAMME)],
    form(PROGRAMME, "a number of the service list, or a programme's code such as P10"),
    _only("a number of the service list, or a programme's code such as P10", str, int, numbers=range(1, 100)),
]
"""A service item by its number, or a named programme by its code (domain section 6)."""
Items = Annotated[tuple[Item, ...], Strict(False), Field(max_length=100)]
