"""Documents that prove who a child is, and what makes their numbers believable (GB 11643 for identity cards)."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from events.faults import FieldError

Kind = Literal["resident_id", "passport", "birth_certificate", "none"]

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643: 2^(17-i) mod 11
_CHECK_CHARACTERS = "10X98765432"
_SHAPES = {
    "resident_id": (r"\d{17}[\dX]", "18 characters: 17 digits and a check character"),
    "passport": (r"[A-Z0-9]{5,15}", "5 to 15 letters and digits"),
    "birth_certificate": (
        r"[A-Z0-9]{6,20}",
        "6 to 20 letters and digits",
    ),  # today a letter and 9 digits; older ones differ
}


class Identity(BaseModel):
    """Who a child is, as a source says it. The only model in the product that holds this; it never leaves the vault."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, str_strip_whitespace=True)

    document_kind: Kind
    document_number: Annotated[str, Field(max_length=40)] | None = None
    name: Annotated[str, Field(min_length=1, max_length=100)]
    birth_date: date

    @property
    def number(self) -> str:
        """The document number in the one spelling that is compared."""
        return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", self.document_number or "")).upper()


def check_character(first_17: str) -> str:
    """The 18th character that GB 11643 (ISO 7064 MOD 11-2) demands after 17 digits."""
    return _CHECK_CHARACTERS[sum(int(d) * w for d, w in zip(first_17, _WEIGHTS, strict=True)) % 11]


def faults(identity: Identity, today: date) -> Iterator[FieldError]:
    """Everything that makes an identity unbelievable; the numbers themselves are never repeated."""
    if identity.birth_date > today:
        yield FieldError("birth_date", "in_the_future", "a day not after today")
    if identity.document_kind == "none":
        if identity.number:
            yield FieldError("document_number", "not_empty", "absent, since document_kind is none")
        return
    shape, expected = _SHAPES[identity.document_kind]
    if not re.fullmatch(shape, identity.number, re.ASCII):
        yield FieldError("document_number", "format", expected)
    elif identity.document_kind == "resident_id":
        yield from _resident_id_faults(identity)


def _resident_id_faults(identity: Identity) -> Iterator[FieldError]:
    number = identity.number
    if check_character(number[:17]) != number[17]:
        yield FieldError("document_number", "check_character", "a number whose last character fits it (GB 11643)")
    if number[6:14] != identity.birth_date.strftime("%Y%m%d"):
        yield FieldError("birth_date", "differs", "the birth date that stands in document_number (characters 7 to 14)")
