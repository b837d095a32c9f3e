"""What the tracker keeps of a child under care, from events alone: facts, and the days from which obligations count. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from events.child_facts import DISTRESSED, age_of, key_care
from services.tracker.spans import age_on

REGISTER_AGE, MAJORITY = 16, 18
MOBILE = frozenset({"migrant", "left_behind"})  # the registers that a child leaves at 16 (A§2.1, B§2.1)
NO_REGISTER = frozenset({"rural", "unknown"})
VISITS_KEPT = 8


@dataclass(frozen=True)
class ChildFile:
    """A child's file. `facts` are the registry's names (events/child_facts.py), `marks` are days that obligations count from.

    Marks: `since` {register, file, key_care: day}, `on_file` [those of `since` that were there before the first event],
    `visits` [days on which the child was seen, newest last], `rating_at`, `rating_since`, `rating_before`, `harm_closed_on`,
    `placement` {kind (temporary, institution, longterm), since}, `orders` {event: {issued_on, valid_until}},
    `letters` {event: day}, `delegation_since`, `done` {code/part: {due day: day}}, `registered`, `sealed`.
    """

    ref: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    marks: Mapping[str, Any] = field(default_factory=dict)

    def day(self, *path: str) -> date | None:
        """A day among the marks; None when it is not there."""
        value: Any = self.marks
        for name in path:
            value = value.get(name) if isinstance(value, Mapping) else None
        return date.fromisoformat(value) if isinstance(value, str) else None

    @property
    def categories(self) -> frozenset[str]:
        return frozenset(self.facts.get("child_categories") or ())

    @property
    def born_on(self) -> date | None:
        born = self.facts.get("born_on")
        return date.fromisoformat(str(born)) if born else None

    @property
    def visits(self) -> list[date]:
        """The days of the last visits at which the child was seen, oldest first."""
        return [date.fromisoformat(day) for day in self.marks.get("visits", ())]

    @property
    def last_visit(self) -> date | None:
        return max(self.visits, default=None)

    @property
    def sealed(self) -> bool:
        """Whether the child's matter is C4: its visits belong to a named post."""
        on_file = "hiv" in self.categories or self.facts.get("severe_disorder") is True
        return bool(self.marks.get("sealed")) or on_file

    def age(self, on: date) -> int | None:
        """The age on a day where the birth date is known, else what was told last and the full years since."""
        return age_on(self.born_on, on) if self.born_on else age_of(self.facts, on)


def states(child: ChildFile, on: date) -> frozenset[str]:
    """Which of `register`, `file`, `key_care` hold on a day.

    `register`: under care at all. `file`: a file must be kept (every left-behind or distressed child, and key care).
    """
    age = child.age(on)
    if child.facts.get("deceased") or (age is not None and age >= MAJORITY):
        return frozenset()
    mobile = MOBILE if age is None or age < REGISTER_AGE else frozenset()
    categories = child.categories - NO_REGISTER - (MOBILE - mobile)
    facts = {**child.facts, "child_categories": sorted(categories)}
    found = set()
    if key_care(facts):
        found.add("key_care")
    if "key_care" in found or categories & (DISTRESSED | {"left_behind"}) or child.facts.get("distressed"):
        found.add("file")
    # A rating keeps in the register whom no register named; one who leaves it at 16 leaves with the rating.
    rated = child.facts.get("rating") and not child.categories & MOBILE
    if found or categories or rated or child.day("harm_closed_on"):
        found.add("register")
    return frozenset(found)


def entered(child: ChildFile, on: date, *, on_file: bool = False) -> ChildFile:
    """The file with the days on which its states began; `on_file`: they were so before, and no entry obligation begins."""
    holds = states(child, on)
    since = {name: day for name, day in (child.marks.get("since") or {}).items() if name in holds}
    new = sorted(holds - since.keys())
    before = [name for name in child.marks.get("on_file", ()) if name in holds]
    since |= {name: on.isoformat() for name in new}
    marks = {**child.marks, "since": since, "on_file": [*before, *(new if on_file else [])]}
    if "register" in holds:
        marks["registered"] = True  # once under care, its majority is somebody's task
    return ChildFile(child.ref, child.facts, marks)
