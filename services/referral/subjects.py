"""Whom an event is about: one child, the children of a household, an unknown child, or an organisation (domain 1, note a). Pure."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from events.child_facts import ABOUT_CHILD, learned, merge, together
from events.envelope import Event
from services.referral.places import organisation

# They open a case about an organisation, a site or an exchange, not about a child (R5).
OF_ORGANISATIONS = frozenset({
    "reporting.mandatory.missed", "school.safety_hazard.found", "online.harmful_content.found", "opinion.alert", "suggestion.issued",
    "timer.obligation.due", "timer.obligation.overdue", "data.list.delivered", "data.exchange.fault", "site.safety_hazard.found",
})  # fmt: skip
# Several children who do not share a household: one case per child under one incident, one set of referrals on the incident (note a).
INCIDENTS = frozenset({"child.private_custody.found"})

__all__ = ["ABOUT_CHILD", "Subject", "merge", "subjects_of"]


@dataclass(frozen=True)
class Subject:
    """One child (or None when it is not known), its household, or the organisation that the event is about."""

    child: str | None
    facts: Mapping[str, Any] = field(default_factory=dict)
    household: str | None = None
    organisation: str | None = None
    incident: str | None = None
    follows: bool = False  # another child's case bears the incident's referrals


def subjects_of(event: Event) -> list[Subject]:
    """One subject per child; children of one guardian's event without a household count as one household (they share the adult)."""
    data = event.data
    common = together(_about(data), learned(event.type, data, event.source))
    if event.type.rsplit(".v", 1)[0] in OF_ORGANISATIONS:
        return [Subject(None, {}, organisation=organisation(data) or event.source)]
    listed = {entry["child_ref"]: entry for entry in data.get("children") or ()}
    refs: list[str] = list(dict.fromkeys([*(data.get("child_refs") or ()), *listed]))
    if not refs and data.get("child_ref"):
        refs = [data["child_ref"]]
    if not refs:
        return [Subject(None, common)]
    household = data.get("household_ref")
    if household is None and len(refs) > 1 and event.type.rsplit(".v", 1)[0] in INCIDENTS:
        incident = f"{event.source}|{event.id}"
        return [Subject(ref, together(common, _about(listed.get(ref, {}))), incident=incident, follows=n > 0)
                for n, ref in enumerate(refs)]  # fmt: skip
    if household is None and len(refs) > 1:
        household = "h_" + hashlib.sha256("|".join(sorted(refs)).encode()).hexdigest()[:20]
    return [Subject(ref, together(common, _about(listed.get(ref, {}))), household) for ref in refs]


def _about(data: Mapping[str, Any]) -> dict[str, Any]:
    return {key: data[key] for key in ABOUT_CHILD if data.get(key) is not None}
