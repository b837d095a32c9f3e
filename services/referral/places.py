"""Whose area is meant: the codes that an event and what is on file give for residence, registration, place of danger … (R1). Pure."""

from collections.abc import Mapping
from typing import Any

from events.envelope import Event
from services.directory.territory import territory
from services.referral.facts.kinds import SCHOOLS

Areas = dict[str, str | None]  # selector → area code


def source_agency(source: str) -> tuple[str, str]:
    """Kind and area code of a source path `/<kind>/<area>/<unit>`."""
    parts = source.split("/")
    return (parts[1], parts[2]) if len(parts) > 2 else ("", "")


def organisation(data: Mapping[str, Any]) -> str:
    """The organisation that an event is about, as a path: E45 the holder of the duty, E95 the addressee, E100 the owner; or nothing."""
    owner = data.get("owner") or {}
    path = f"/{owner.get('kind')}/{owner.get('area')}/{owner.get('level')}" if owner else ""
    return str(data.get("duty_holder_org") or data.get("addressee_org") or path)


def areas_of(event: Event, child: Mapping[str, Any]) -> tuple[Areas, str]:
    """Area codes by selector, each falling back so that somebody is always found (R1), and the kind of body that reported."""
    kind, area = source_agency(event.source)
    data = event.data
    res = child.get("residence_code") or data.get("residence_code")
    huk = child.get("hukou_code") or data.get("hukou_code")
    inside = territory().county
    occ = data.get("occurrence_code") or res
    if is_online(event) and inside(res):  # R3: an online matter lies where the child lives, if that is known
        occ = res
    res = res if inside(res) else None
    occ = occ if inside(occ) else None
    somewhere = res or occ or (huk if inside(huk) else None) or area
    res = res or somewhere
    pupil_kind, pupil_area = source_agency(str(data.get("pupil_at") or child.get("pupil_at") or ""))
    of_organisation = source_agency(organisation(data))[1]
    return {
        "res": res,
        "huk": huk,
        "occ": occ or res,
        "source": area,
        "school": pupil_area if pupil_kind else (area if kind in SCHOOLS else res),
        "holder": of_organisation or somewhere,
        "addressee": of_organisation or somewhere,
        "owner": of_organisation or somewhere,
    }, kind


def is_online(event: Event) -> bool:
    """Whether the harm happens online (R3, B-T15)."""
    return event.type.startswith("online.") or event.data.get("channel") == "online"
