"""Whom an event is about: one child, the children of a household, an unknown child, or an organisation (domain 1, note a). Pure."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from events.envelope import Event

# What an event tells about a child that later events and timers need.
ABOUT_CHILD = ("age_years", "sex", "residence_code", "hukou_code", "child_categories", "pupil_at", "rating")


@dataclass(frozen=True)
class Subject:
    """One child (or None when it is not known), its household, or the organisation that the event is about."""

    child: str | None
    facts: Mapping[str, Any] = field(default_factory=dict)
    household: str | None = None
    organisation: str | None = None


def subjects_of(event: Event) -> list[Subject]:
    """One subject per child; children of one guardian's event without a household count as one household (they share the adult)."""
    data = event.data
    common = {key: data[key] for key in ABOUT_CHILD if data.get(key) is not None}
    if data.get("duty_holder_org") and not data.get("child_ref"):
        return [Subject(None, {}, organisation=str(data["duty_holder_org"]))]
    listed = {entry["child_ref"]: entry for entry in data.get("children") or ()}
    refs: list[str] = list(dict.fromkeys([*(data.get("child_refs") or ()), *listed]))
    if not refs and data.get("child_ref"):
        refs = [data["child_ref"]]
    if not refs:
        return [Subject(None, common)]
    household = data.get("household_ref")
    if household is None and len(refs) > 1:
        household = "h_" + hashlib.sha256("|".join(sorted(refs)).encode()).hexdigest()[:20]
    return [Subject(ref, merge(common, listed.get(ref, {})), household) for ref in refs]


def merge(on_file: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    """What is on file after an event told something: newer values win, categories add up."""
    merged = dict(on_file)
    for key in ABOUT_CHILD:
        value = told.get(key)
        if value is None:
            continue
        if key == "child_categories":
            value = sorted({*(merged.get(key) or ()), *value})
        merged[key] = value
    return merged
