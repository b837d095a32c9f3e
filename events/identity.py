"""The identity filter: an ID number or a mobile number anywhere in an event, said without repeating it (promise 7).

* ID number: GB 11643-1999, 18 digits (the last may be X) with the right check digit, a real date and an assigned
  province, at any place in any text, also inside a longer run of digits and when split by spaces or hyphens.
* Old ID number of 15 digits: as a whole token, with a birth date from 1940 to 1999. No child has one (issued until
  1999, void since 2013), but parents did and old registers still hold them. It has no check digit, and many offices
  number their forms as county + yymmdd + serial, the same form: the bound on the year lets those through until 2040.
* Mobile number: 1[3-9] and nine digits as a whole token, with or without +86, spaces or hyphens.

Exempt from the last two are codes of the contracts whose form is ours: child references and traceparent. The check
digit is looked at even there: by chance it strikes one random reference in 10 million, on purpose always.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Literal

import orjson

from events.envelope import Event
from events.faults import WITHHELD, FieldError

Kind = Literal["id_number", "mobile_number"]
_EXPECTED: dict[Kind, str] = {
    "id_number": "no resident ID number: exchange it for a child_ref at POST /api/v1/children",
    "mobile_number": "no telephone number",
}

_JOINT = r"[ \t\r\n._\u00b7\u2010-\u2015-]{1,2}"
_SUSPECT = re.compile(r"[0-9](?:[ \t\r\n._-]{0,2}[0-9]){10}")
_ID18 = re.compile(r"(?=([1-8][0-9]{5}(?:19|20)[0-9]{9}[0-9Xx]))")
_ID15 = re.compile(r"(?<![0-9A-Za-z])[1-8][0-9]{5}([4-9][0-9])([0-9]{2})([0-9]{2})[0-9]{3}(?![0-9A-Za-z])")
_MOBILE = re.compile(r"(?<![0-9A-Za-z])(?:(?:\+|00)?86[ -]?)?1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4}(?![0-9A-Za-z])")
_JOINED = re.compile(f"(?<=[0-9]){_JOINT}(?=[0-9Xx])")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")
_OURS = re.compile(r"c_[a-z0-9_]{1,62}|[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
_PROVINCES = frozenset(re.findall("..", "1112131415212223313233343536374142434445465051525354616263646571818283"))
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def identity_in(text: str) -> Kind | None:
    """Which kind of personal number a text holds, if any."""
    if text.isascii():
        if not _SUSPECT.search(text):
            return None
    else:
        text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    if any(_is_id_number(found[1]) for found in _ID18.finditer(text)):
        return "id_number"
    joined = _JOINED.sub("", text)
    if joined != text and any(_is_id_number(found[1]) for found in _ID18.finditer(joined)):
        return "id_number"
    if _OURS.fullmatch(text):
        return None
    for old in _ID15.finditer(text):
        if old[0][:2] in _PROVINCES and _is_day(1900 + int(old[1]), int(old[2]), int(old[3])):
            return "id_number"
    return "mobile_number" if _MOBILE.search(text) else None


def find_identities(event: Event) -> list[FieldError]:
    """Every place of an event that holds one: attributes, extensions, names and values of the data."""
    attributes = event.attributes()
    body = orjson.dumps(event.data).decode()
    if not _suspect(body) and not any(map(_suspect, attributes)) and not any(map(_suspect, attributes.values())):
        return []
    return [*_in_object("", attributes), *_in_object("data", event.data)]


def printable(text: str, *, longest: int = 1024) -> str:
    """The text if it may be shown to its sender again, else a placeholder."""
    return text if text.isprintable() and len(text) <= longest and identity_in(text) is None else WITHHELD


def _suspect(text: str) -> bool:
    """Cheap and on the safe side: eleven digits near each other, or anything that hides characters."""
    return not text.isascii() or "\\" in text or _SUSPECT.search(text) is not None


def _in_object(path: str, value: Mapping[str, Any]) -> Iterator[FieldError]:
    for name, item in value.items():
        if kind := identity_in(name):
            yield FieldError(f"{path}.{WITHHELD}".removeprefix("."), kind, _EXPECTED[kind])
            name = WITHHELD
        yield from _in_value(f"{path}.{printable(name, longest=64)}".removeprefix("."), item)


def _in_value(path: str, value: Any) -> Iterator[FieldError]:
    if isinstance(value, dict):
        yield from _in_object(path, value)
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from _in_value(f"{path}[{index}]", item)
    else:
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        text = str(abs(value)) if isinstance(value, int) and not isinstance(value, bool) else value
        if isinstance(text, str) and (kind := identity_in(text)):
            yield FieldError(path, kind, _EXPECTED[kind])


def _is_id_number(digits: str) -> bool:
    if digits[:2] not in _PROVINCES or not _is_day(int(digits[6:10]), int(digits[10:12]), int(digits[12:14])):
        return False
    remainder = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=False)) % 11
    return "10X98765432"[remainder] == digits[17].upper()


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
