"""An agency: a kind of public body, at a level, for an area."""

from dataclasses import dataclass
from typing import Literal

from typing_extensions import override

Level = Literal["province", "city", "county", "township", "village", "unit"]


@dataclass(frozen=True, slots=True, order=True)
class Agency:
    """Who receives a referral. `area` is a GB/T 2260 code: 6 digits; 9 for a township, 12 for a village when known.

    A unit-level agency (one station, school or hospital) carries the code of the county it lies in.
    """

    kind: str
    level: Level
    area: str

    @override
    def __str__(self) -> str:
        return f"{self.kind}@{self.level}/{self.area}"
