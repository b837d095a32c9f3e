"""Keeps exercises apart from what is real: an exercise never joins, changes or learns anything of a real child's case. Pure."""

import hashlib
from typing import Any

from events.envelope import Event

CHILD = "c_drill_"
PLACE = "drill/"  # in front of a household's or an address's reference


def apart(event: Event) -> Event:
    """An exercise about children, a household and an address of its own, the same ones for the same real ones; a real event as it is.

    So a drill about a child that has an open case opens another case, and what is real never joins a drill. Apart twice is apart.
    """
    if not event.exercise:
        return event
    data = {key: _apart(key, value) for key, value in event.data.items()}
    return event.model_copy(update={"data": data, "subject": drilled(event.subject) if event.subject else None})


def drilled(child: str) -> str:
    """The pseudonym that stands for a child in exercises."""
    return child if child.startswith(CHILD) else f"{CHILD}{hashlib.sha256(child.encode()).hexdigest()[:40]}"


def _apart(key: str, value: Any) -> Any:
    match key:
        case "child_ref" if isinstance(value, str):
            return drilled(value)
        case "child_refs" if isinstance(value, list):
            return [drilled(each) for each in value]
        case "children" if isinstance(value, list):
            return [{**each, "child_ref": drilled(each["child_ref"])} for each in value]
        case "household_ref" | "address_hash" if isinstance(value, str):
            return value if value.startswith(PLACE) else f"{PLACE}{value}"[:120]
        case _:
            return value
