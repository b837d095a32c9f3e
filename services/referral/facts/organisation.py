"""Facts about organisations: whom a suggestion addresses, who owes a duty, who holds a list or a fact (domain analysis 1.7, 3.5)."""

from collections.abc import Mapping
from typing import Any, Literal

from services.directory.kinds import KINDS
from services.directory.territory import territory
from services.referral.facts.core import Given, fact, known

# A list of E104 and E105 -> the department that hands it over (A§2.1, A§2.3, B-T18). Prisons answer through their bureau.
LISTS = {
    "residence_permit": "police", "migrant_pupils": "education", "health_0_6": "health", "out_of_county_vaccinated": "cdc",
    "births": "health", "deaths": "police", "missing": "court", "compulsory_detox": "police", "liberty_restricted": "police",
    "rights_revoked": "court", "severely_disabled": "disabled_federation", "seriously_ill": "health", "hiv": "cdc",
    "lost_contact": "police", "disabled_children": "disabled_federation", "enrolment": "education",
    "insurance": "medical_insurance", "low_income": "civil_affairs", "emergency_affected": "emergency_mgmt",
}  # fmt: skip
INSTITUTIONS = {"welfare_institution", "rescue_institution", "activity_site"}


def _path(value: Any) -> tuple[str, str] | None:
    parts = str(value or "").split("/")
    return (parts[1], parts[2]) if len(parts) > 2 else None


@fact
def addressee_kind(given: Given) -> str | None:
    """The kind of organisation that a suggestion addresses (E95)."""
    path = _path(given.data.get("addressee_org"))
    return path[0] if path else None


@fact
def addressee_rank(given: Given) -> Literal["unit", "county", "city", "province"] | None:
    """Where the addressee stands: `unit` (an institution, a township, a village), `county`, `city`, `province` (E95)."""
    path = _path(given.data.get("addressee_org"))
    if path is None:
        return None
    kind, area = path
    offices = KINDS[kind].offices if kind in KINDS else {}
    if area == territory().province:
        return "province"
    if len(area) == 6 and area.endswith("00"):
        return "city"
    return "county" if "county" in offices and len(area) == 6 else "unit"


@fact
def superior_of_addressee(given: Given) -> str | None:
    """Who stands above the addressee: of an institution its department, of an office the same line one level higher (E95)."""
    kind = addressee_kind(given)
    if kind is None:
        return None
    return (KINDS[kind].line if kind in KINDS else None) or (
        kind if kind in KINDS and addressee_rank(given) != "unit" else "civil_affairs"
    )


@fact
def owner_kind(given: Given) -> str | None:
    """The kind of agency that owes the duty (E100)."""
    owner = given.data.get("owner")
    return str(owner["kind"]) if isinstance(owner, Mapping) and owner.get("kind") else None


@fact
def list_holder(given: Given) -> str | None:
    """The department that has to hand over the list or keeps the channel up (E105); prisons aside."""
    path = _path(given.data.get("holder_org"))
    return path[0] if path else LISTS.get(str(given.data.get("list_kind")))


@fact
def holder_department(given: Given) -> str | None:
    """The department that holds the fact asked about (E103): police for whom nobody can reach and who was deported."""
    return "police" if given.data.get("subject") in {"lost_contact", "deported"} else None


@fact
def site_is_institution(given: Given) -> bool | None:
    """The dangerous site is an institution for children, not a village, a road or water (E107)."""
    kind = known(given.data.get("site_kind"))
    return None if kind is None else kind in INSTITUTIONS
