"""A caller and its role: what a door may know about who asks."""

from dataclasses import dataclass
from typing import Literal

Role = Literal["source", "officer", "operations"]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks. `source`: own events only; `officer`: referrals of posts held; `operations`: everything, masked.

    `id` is the token's or the account's; a "second person" is a caller with another id. `source` is the name of a
    registered source, `person_id` a person of the roster; `sample`: a sample token, which no real address accepts.
    """

    id: str
    name: str
    role: Role
    source: str | None = None
    person_id: str | None = None
    sample: bool = False
