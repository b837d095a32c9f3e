"""What a page may show of an event, by the reader's role in the referral (domain analysis 7.2). Pure; never an identity.

Only fields that are named here are ever shown, only as codes, numbers and yes or no: free text of an event reaches no page.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from services.directory.kinds import KINDS

# What a primary sees, in the order in which it helps.
_PRIMARY = (
    "immediate_danger", "ongoing", "injury_level", "needs_medical", "age_band", "sex", "child_categories", "child_alone",
    "child_in_peril", "serious_consequence", "confidence", "caregiver_known", "other_guardian_status", "guardian_reachable",
    "guardian_contacted", "guardian_refuses", "consecutive_school_days", "days_absent", "stage", "school_related",
    "reported_to_police",
)  # fmt: skip
# A co-acting agency sees what its own part needs: how urgent, who needs what; not what was done to whom.
_CO = (
    "immediate_danger",
    "needs_medical",
    "age_band",
    "child_alone",
    "child_in_peril",
    "school_related",
    "stage",
    "reported_to_police",
)
# Near neighbours of the family: they never learn categories such as a parent in custody.
NEAR = frozenset({"township_government", "protection_station", "village_committee", "school", "kindergarten", "childcare", "service_site",
                  "social_work_station", "social_org"})  # fmt: skip
# Sealed matters (C4): only the primary of these kinds sees facts here.
_SEALED_READERS = frozenset({"police", "police_station", "procuratorate", "court"})
_SEALED = ("immediate_danger", "needs_medical", "age_band", "reported_to_police")
_CODE = re.compile(r"[a-z0-9_]{1,40}")  # a code of a contract; anything else is text and stays hidden
# Categories that say too much even to the primary's screen in an office.
_NEVER = frozenset({"hiv", "guardian_in_custody_or_detox"})


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a page: a field of `fact` texts and its value as codes of `value` texts, a number or yes/no."""

    name: str
    value: bool | int | str | tuple[str, ...]


def facts(role: str, kind: str, classification: str, data: Mapping[str, Any]) -> tuple[Fact, ...]:
    """What the agency `kind` sees of the event's `data` in its `role`; a cc sees nothing beyond number, agency, category and county."""
    return tuple(fact for name in _shown(role, kind, classification) if (fact := _fact(name, data)) is not None)


def category(role: str, kind: str, classification: str, event_type: str, family: str) -> tuple[str, str]:
    """How the matter is called to this reader: (text group, code); the event's own name for a primary alone, none for C4."""
    if classification == "C4":
        return "referral", "sealed"
    if role == "primary" and kind not in NEAR:
        return "event", event_type
    return "family", family


def reporter(role: str, kind: str, classification: str, source: str, lang: Literal["zh", "en"]) -> str:
    """What kind of body reported, for the primary alone: never which one, never to near neighbours, nothing in sealed matters."""
    parts = source.split("/")
    if role != "primary" or kind in NEAR or classification == "C4" or len(parts) < 2 or parts[1] not in KINDS:
        return ""
    return KINDS[parts[1]].name(lang)


def age_band(age_years: int) -> str:
    """A band of ages instead of an age."""
    return "under_6" if age_years < 6 else "from_6" if age_years < 12 else "from_12" if age_years < 16 else "from_16"


def _shown(role: str, kind: str, classification: str) -> Sequence[str]:
    if classification == "C4":
        return _SEALED if role == "primary" and kind in _SEALED_READERS else ()
    if role == "primary":
        return _PRIMARY if kind not in NEAR else _CO
    return _CO if role == "co" else ()


def _fact(name: str, data: Mapping[str, Any]) -> Fact | None:
    if name == "age_band":
        age = data.get("age_years")
        return Fact(name, age_band(age)) if isinstance(age, int) and not isinstance(age, bool) else None
    value = data.get(name)
    if name == "child_categories":
        shown = tuple(code for code in value or () if isinstance(code, str) and code not in _NEVER)
        return Fact(name, shown) if shown else None
    if isinstance(value, str):
        return Fact(name, value) if _CODE.fullmatch(value) else None
    return Fact(name, value) if isinstance(value, bool | int) else None
