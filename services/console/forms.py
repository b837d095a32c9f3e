"""The forms of a referral's allowed actions, made from what the owner's API serves. Pure; no rule of its own."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.console.texts import Text
from services.directory.kinds import KINDS

# Which of the allowed actions stands as the one button: the next step of the work, never a way out of it.
_NEXT_STEP = ("acknowledge", "accept", "start", "complete", "close", "resume", "consent")
# The step that a clock waits for is the next step, if it is allowed now.
_STEP_OF = {"ack": "acknowledge", "start": "start", "feedback": "feedback", "close": "complete"}
# Never required by the API, but worth offering.
_OPTIONAL: Mapping[str, tuple[str, ...]] = {
    "accept": ("handler",), "start": ("first_act",), "return": ("text",), "fail": ("text",), "hold": ("text",),
}  # fmt: skip
_ASKED = frozenset({"child_seen", "release_village"})  # what a referral's `yes_no` may ask
_WRITTEN = frozenset({"text", "summary", "attempts", "first_act", "handler"})
_LISTS = frozenset({"attempts"})
_YES_NO = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class Need:
    """One field: `codes` are (code, label) where it is a choice; `fault` says what is missing."""

    name: str
    required: bool
    codes: tuple[tuple[str, str], ...] = ()
    value: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class ActionForm:
    """A form for one action; its request id counts two presses as one."""

    action: str
    request_id: str
    fields: tuple[Need, ...] = field(default=())

    @property
    def open(self) -> bool:
        """Whether something in it has to be corrected."""
        return any(need.fault for need in self.fields)

    @property
    def writes(self) -> bool:
        """Whether it asks for free text."""
        return any(need.name in _WRITTEN for need in self.fields)


def action_forms(
    allowed: Sequence[Mapping[str, Any]], text: Text, *, seed: str, now: datetime, owed: str = "",
    given: Mapping[str, str] | None = None, faults: Mapping[str, str] | None = None, faulty: str = "",
) -> tuple[ActionForm | None, tuple[ActionForm, ...]]:  # fmt: skip
    """(the next step, the other actions); `given` and `faults` belong to the action `faulty` that was refused."""
    forms = [
        _form(each, text, seed, now, given or {}, faults or {})
        if each["action"] == faulty
        else _form(each, text, seed, now, {}, {})
        for each in allowed
    ]
    order = (_STEP_OF.get(owed, ""), *_NEXT_STEP)
    main = min(
        (form for form in forms if form.action in order), key=lambda form: order.index(form.action), default=None
    )
    return main, tuple(form for form in forms if form is not main)


def data_of(fields: Mapping[str, str]) -> dict[str, Any]:
    """What a form sent, as the `data` of an action: empty fields left out, a list from its lines."""
    plumbing = ("version", "request_id", "csrf_token")
    sent = {name: value.strip() for name, value in fields.items() if name not in plumbing and value.strip()}
    return {name: _meant(name, value) for name, value in sent.items()}


def _meant(name: str, value: str) -> Any:
    if name in _LISTS:
        return [line.strip() for line in value.splitlines() if line.strip()]
    return _YES_NO[value] if name in _ASKED and value in _YES_NO else value


def _form(
    each: Mapping[str, Any], text: Text, seed: str, now: datetime, given: Mapping[str, str], faults: Mapping[str, str]
) -> ActionForm:
    action = str(each["action"])
    needs = [str(name) for name in each.get("needs") or ()]
    codes: Sequence[Mapping[str, Any]] = each.get("codes") or ()
    # A code may ask for more ("not ours" for the competent receiver): offered, and required by the owner when chosen.
    wished = [str(name) for code in codes for name in code.get("needs") or ()] + list(_OPTIONAL.get(action, ()))
    wished += [str(name) for name in each.get("yes_no") or () if name in _ASKED]
    offered = [name for name in dict.fromkeys(wished) if name not in needs]
    fields = tuple(
        Need(name, name in needs, _choices(name, codes, text), given.get(name, ""), faults.get(name, ""))
        for name in (*needs, *offered, *(name for name in faults if name not in needs and name not in offered))
    )
    request_id = hashlib.sha256(f"{seed}|{action}|{now.isoformat()}".encode()).hexdigest()[:32]
    return ActionForm(action, request_id, fields)


def _choices(name: str, codes: Sequence[Mapping[str, Any]], text: Text) -> tuple[tuple[str, str], ...]:
    if name == "reason":
        return tuple((str(code["code"]), str(code[text.lang])) for code in codes)
    if name == "kind":
        return tuple((kind, KINDS[kind].name(text.lang)) for kind in KINDS)
    if name in _ASKED:
        return tuple((answer, text(f"need.{answer}")) for answer in _YES_NO)
    return ()
