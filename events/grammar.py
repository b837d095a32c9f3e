"""The forms that fields of events take; a field for which the domain gives a value set is a Literal instead."""

import re
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, Strict
from pydantic_core import PydanticCustomError

# From 1900 to 2099: a year at the edge of the calendar is nonsense, and some of it cannot even be turned into UTC.
RFC3339 = re.compile(r"(?:19|20)\d\d-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
RFC3339_DATE = re.compile(r"(?:19|20)\d\d-\d\d-\d\d", re.ASCII)

_MOMENT = PydanticCustomError("rfc3339", "a time with its offset, such as 2026-10-02T20:10:00+08:00")
_DAY = PydanticCustomError("date", "a date, such as 2026-10-02")
_DAY_OR_MOMENT = PydanticCustomError("date_or_time", "a date, or a time with its offset")


def form(pattern: str, words: str) -> BeforeValidator:
    """A check whose fault says in words what was expected, instead of showing a regular expression."""
    compiled, fault = re.compile(pattern), PydanticCustomError("pattern", "{words}", {"words": words})

    def check(value: Any) -> Any:
        if isinstance(value, str) and not compiled.fullmatch(value):
            raise fault
        return value

    return BeforeValidator(check)


def moment(value: Any) -> Any:
    """RFC 3339 text, or an aware datetime, as a datetime; anything else is a fault (a number is not a time)."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value
    if isinstance(value, str) and RFC3339.fullmatch(value):
        try:
            return datetime.fromisoformat(value.upper())
        except ValueError:
            raise _MOMENT from None
    raise _MOMENT


def _day(value: Any) -> Any:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and RFC3339_DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise _DAY from None
    raise _DAY


def _day_or_moment(value: Any) -> Any:
    try:
        return _day(value)
    except PydanticCustomError:
        try:
            return moment(value)
        except PydanticCustomError:
            raise _DAY_OR_MOMENT from None


def listed(value: Any) -> Any:
    """One text as a list of one: sources may leave the brackets out."""
    return [value] if isinstance(value, str) else value


CODE = r"^[a-z0-9_]{1,40}$"
AREA = r"^[0-9]{6}([0-9]{3}([0-9]{3})?)?$"
REF = r"^[A-Za-z0-9_.:/#()-]{1,120}$"
SOURCE = r"^/[a-z][a-z0-9_]{0,39}/[0-9]{6}([0-9]{3}([0-9]{3})?)?/[A-Za-z0-9_.-]{1,40}$"

CHILD = r"^c_[a-z0-9_]{1,62}$"

Code = Annotated[str, Field(pattern=CODE), form(CODE, "a code of 1 to 40 of a-z, 0-9 and _")]
"""A free code: the domain names the field but no value set."""
AreaCode = Annotated[str, Field(pattern=AREA), form(AREA, "an area code of GB/T 2260: 6, 9 or 12 digits")]
Ref = Annotated[str, Field(pattern=REF), form(REF, "a reference of 1 to 120 of A-Z, a-z, 0-9 and _.:/#()-")]
"""Another system's opaque reference (a document, a log, a case of theirs)."""
ChildRef = Annotated[str, Field(pattern=CHILD), form(CHILD, "a child reference: c_ and up to 62 of a-z, 0-9 and _")]
SourceText = Annotated[
    str, Field(pattern=SOURCE), form(SOURCE, "/<kind>/<area code>/<unit>, such as /school/220322/s1")
]
Text = Annotated[str, Field(min_length=1, max_length=200)]
Moment = Annotated[datetime, BeforeValidator(moment)]
"""A moment: RFC 3339 with its offset."""
Day = Annotated[date, BeforeValidator(_day)]
DayOrMoment = Annotated[date | datetime, BeforeValidator(_day_or_moment, json_schema_input_type=date | datetime)]
"""When an authority acted: some registers know the day alone."""
Codes = Annotated[
    tuple[Code, ...],
    Strict(False),
    Field(max_length=50),
    BeforeValidator(listed, json_schema_input_type=Code | list[Code]),
]
"""One code or several."""
Refs = Annotated[
    tuple[Ref, ...],
    Strict(False),
    Field(max_length=50),
    BeforeValidator(listed, json_schema_input_type=Ref | list[Ref]),
]
"""One reference or several."""
