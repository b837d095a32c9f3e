"""The grammar of `source`: who publishes, of which kind, where."""

import re
from dataclasses import dataclass

from typing_extensions import override

from events.grammar import SOURCE

_GRAMMAR = re.compile(SOURCE)

# Kinds of the domain's "src" column: agency kinds of its sections 2.1 and 2.2, and a few that only publish.
POLICE = ("police", "police_station", "police_command")
HOSPITAL = ("hospital", "childrens_hospital", "maternal_child_health", "community_health_center")
SCHOOL = ("school", "kindergarten", "childcare")
VILLAGE = ("village_committee",)
TOWNSHIP = ("township_government",)
HOTLINE = ("hotline_12345", "hotline_12355", "digital_gov", "youth_league")
DERIVED = ("shouhu",)
WELFARE = ("rescue_protection", "child_welfare_institution", "relief_station", "mental_welfare_institution")
PUBLIC = ("portal", "public")
FINDERS = (*VILLAGE, *TOWNSHIP, "civil_affairs")
"""Those whose findings are reports, never shared data (domain 1, note b)."""
LIST_HOLDERS = (
    "court", "procuratorate", "education", *POLICE, "justice", "prison", "health", "cdc", "disabled_federation",
    "medical_insurance", "housing", "human_resources", "emergency_mgmt", "digital_gov",
)  # fmt: skip
"""Departments that hand lists to civil affairs (A§2.1, A§2.3, B-T18)."""
MANDATORY_REPORTERS = (
    *VILLAGE, *TOWNSHIP, *SCHOOL, *HOSPITAL, *POLICE, *WELFARE, *HOTLINE, "mental_health_hospital", "social_org", "hotel",
    "training_site", "civil_affairs", "education", "health", "procuratorate", "court", "womens_federation",
)  # fmt: skip
"""State organs and units close to minors (K24 article 2)."""


@dataclass(frozen=True, slots=True)
class SourcePath:
    """`/<kind>/<area>/<unit>`: an agency kind, a GB/T 2260 code of 6, 9 or 12 digits, and the unit's own name."""

    kind: str
    area: str
    unit: str

    @override
    def __str__(self) -> str:
        return f"/{self.kind}/{self.area}/{self.unit}"


def parse_source(text: str) -> SourcePath | None:
    """The three parts of a `source`, or None if it does not follow the grammar."""
    return SourcePath(*text[1:].split("/")) if _GRAMMAR.fullmatch(text) else None
