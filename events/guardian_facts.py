"""What an event tells about a child's guardians: who is in which state since when, and which state has ended (domain 1.1, 6). Pure.

A guardian is known by a role only, never by a person. `father` and `mother` are the parents; what a source says without a role stands
under `parent`, and what it says of the other one under `other_parent`. A state that has ended is told as None.
"""

from collections.abc import Mapping
from typing import Any

Told = Mapping[str, Any]
Guardians = dict[str, dict[str, dict[str, Any] | None]]

EVERYONE = "*"  # the source does not say which guardian: the state ends for all
IN_CUSTODY = ("imprisoned", "compulsory_detox")
RESTRICTED = (*IN_CUSTODY, "liberty_restricted")
OTHER_OF = {"father": "mother", "mother": "father", "parent": "other_parent"}
PARENTS = ("father", "mother", "parent", "other_parent")
NO_ROLE = {"parent", "parents", "guardian", "unknown"}
# What sources call the other guardian's state, and the state it means; a word that is not here tells nothing.
SAID = {
    "deceased": "deceased", "dead": "deceased", "missing": "missing", "missing_declared": "missing", "imprisoned": "imprisoned",
    "in_prison": "imprisoned", "detained": "imprisoned", "compulsory_detox": "compulsory_detox", "detox": "compulsory_detox",
    "liberty_restricted": "liberty_restricted", "rights_revoked": "rights_revoked", "revoked": "rights_revoked", "deported": "deported",
    "severely_disabled": "severely_disabled", "seriously_ill": "seriously_ill", "lost_contact": "lost_contact", "able": "able",
    "capable": "able", "cannot_be_found": "cannot_be_found",
}  # fmt: skip
# Event type -> the state it tells, and where the event's data say since when and until when, and what else belongs to the state.
STATES: Mapping[str, tuple[str, str | None, tuple[str, ...]]] = {
    "guardian.deceased": ("deceased", "death_date", ()),
    "guardian.missing.declared": ("missing", "effective_date", ("judgment_ref",)),
    "guardian.lost_contact": ("lost_contact", "last_contact", ("police_search_registered_at", "receipt_ref")),
    "guardian.imprisoned": ("imprisoned", "intake_date", ("expected_end",)),
    "guardian.compulsory_detox": ("compulsory_detox", "decision_date", ("term_months",)),
    "guardian.liberty_restricted": ("liberty_restricted", "start", ("expected_end", "measure")),
    "guardian.rights.revoked": ("rights_revoked", None, ()),
    "guardian.deported": ("deported", "exit_date", ()),
    "guardian.severely_disabled": ("severely_disabled", "effective_date", ("category", "grade")),
    "guardian.seriously_ill": ("seriously_ill", "since", ()),
}
# E13: the ground says which state has ended; without a ground that is known, every state that can end.
ENDED_BY = {
    "rights_restored": ("rights_revoked",), "guardianship_restored": ("rights_revoked",), "reappeared": ("lost_contact", "missing"),
    "contact_restored": ("lost_contact", "missing"), "found": ("lost_contact", "missing", "cannot_be_found"),
    "health": ("seriously_ill",), "recovered": ("seriously_ill",), "health_improved": ("seriously_ill",),
}  # fmt: skip
CAN_END = ("rights_revoked", "lost_contact", "missing", "cannot_be_found", "seriously_ill")


def of_guardians(name: str, data: Told) -> dict[str, Any]:
    """What an event type (without version) tells about guardians, as registry facts; empty when it tells nothing of them."""
    if name in STATES:
        return _state(name, data)
    if name == "guardian.released":
        return {"guardians": {_role(data, EVERYONE): dict.fromkeys(RESTRICTED)}}
    if name == "guardian.rights.restored":
        ended = ENDED_BY.get(str(data.get("ground")), CAN_END)
        return {"guardians": {_role(data, EVERYONE): dict.fromkeys(ended)}}
    return {}


def _state(name: str, data: Told) -> dict[str, Any]:
    state, since, more = STATES[name]
    role = _role(data, "parent")
    about: dict[str, Any] = {"since": data[since]} if since and data.get(since) is not None else {}
    about |= {key: data[key] for key in more if data.get(key) is not None}
    guardians: Guardians = {role: {state: about, "able": None}}
    other = SAID.get(str(data.get("other_guardian_status")))
    if other and role in OTHER_OF:
        guardians[OTHER_OF[role]] = {other: {}} | ({} if other == "able" else {"able": None})
    facts: dict[str, Any] = {"guardians": guardians}
    if state == "deceased":
        facts["bereaved"] = True
    if state in IN_CUSTODY:
        facts["child_categories"] = ["guardian_in_custody_or_detox"]
    return facts


def _role(data: Told, without: str) -> str:
    role = str(data.get("guardian_role") or "")
    return without if role in NO_ROLE or not role else role


def merge_guardians(on_file: Told, told: Told) -> dict[str, dict[str, Any]]:
    """The guardians on file after more was told; what ended is gone, a role without any state too."""
    merged = {
        role: {state: about for state, about in states.items() if about is not None} for role, states in on_file.items()
    }
    for role, states in told.items():
        for one in list(merged) if role == EVERYONE else [role]:
            kept = merged.setdefault(one, {})
            for state, about in states.items():
                if about is None:
                    kept.pop(state, None)
                else:
                    kept[state] = dict(about)
    return {role: states for role, states in merged.items() if states}


def somebody_in_custody(guardians: Told) -> bool:
    """Whether a guardian on file is in prison or in compulsory detoxification."""
    return any(state in states for states in guardians.values() for state in IN_CUSTODY)
