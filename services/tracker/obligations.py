"""What is owed for a child on a day: which obligation, by whom, until when, and when its owner is reminded. Pure."""

import hashlib
from base64 import b32encode
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Literal, NamedTuple, Protocol

from events.agency import Agency
from services.directory.agencies import responsible
from services.law.calendar import Calendar, at_local, end_of_day
from services.tracker.beginnings import Instance, begun, completed_on, instances
from services.tracker.child_file import ChildFile
from services.tracker.obligation_rules import Entry, Obligations, Owner, Part
from services.tracker.spans import birthday
from services.tracker.visits import next_visit, visit_part

State = Literal["open", "warned", "done", "overdue", "cancelled"]
TURNING_AGES = (14, 16, 18)
TOLD_AT = time(8, 30)  # when people are reminded on a day (domain 3, notification rule: batches at 08:30)


class Obligation(NamedTuple):
    """One thing that somebody must do until a day. `warn_on` are the days of its reminders, none of them before it opens."""

    id: str
    number: str  # V26-XXXXXXXX, for people
    code: str
    part: str
    child: str | None
    agency: Agency
    role: str
    period: str
    opens_on: date
    due_on: date
    due_at: datetime
    warn_on: tuple[date, ...]
    provisional: bool = False
    sealed: bool = False
    legal_due_on: date | None = None

    @property
    def key(self) -> str:
        """Code and timer, as marks of a child's file name it."""
        return f"{self.code}/{self.part}"


def owed(child: ChildFile, rules: Obligations, calendar: Calendar, on: date) -> list[Obligation]:
    """Everything that is owed for a child and not done, by its due day."""
    if child.facts.get("deceased"):
        return []
    made = [*_visit(child, rules, calendar, on)]
    for entry, part in rules.parts("child"):
        if part.starts != "visit" and part.asked_with is None:
            for instance in instances(child, f"{entry.code}/{part.name}", part, calendar):
                if not part.ends_by_itself or instance.due_on > on:
                    made.append(_made(child, entry, part, instance, on))
    found = [one for one in made if one is not None]
    return sorted(_birthdays_in_turn(found, rules, on), key=lambda one: (one.due_on, one.code, one.part))


class Remembered(Protocol):
    """An obligation as somebody remembers it."""

    @property
    def code(self) -> str: ...
    @property
    def part(self) -> str: ...
    @property
    def key(self) -> str: ...
    @property
    def opens_on(self) -> date: ...
    @property
    def due_on(self) -> date: ...


def end_state(
    child: ChildFile, rules: Obligations, one: Remembered, *, visits_go_on: bool, overdue: bool
) -> State | None:
    """What becomes of an obligation that is no longer owed: done, cancelled, or None when an overdue visit stays overdue."""
    part = part_of(rules, one.code, one.part)
    if part is not None and completed_on(child, one.key, part, one.opens_on, one.due_on) is not None:
        return "done"
    if overdue and visits_go_on and part is not None and part.starts == "visit":
        return None  # another rating changes the next visit; this one was still missed
    return "cancelled"


def part_of(rules: Obligations, code: str, name: str) -> Part | None:
    """A timer by its code and name; None for one that the rules no longer have."""
    entry = rules.get(code)
    return next((part for part in entry.parts if part.name == name), None) if entry else None


def next_moment(warn_on: Sequence[date], warned: int, due_at: datetime, state: str) -> datetime | None:
    """When something is to be said about an obligation next; it may lie in the past. `warned`: reminders told so far."""
    if state not in ("open", "warned"):
        return None
    ahead = [at_local(day, TOLD_AT) for day in warn_on[warned:]]
    return min([*ahead, due_at])


def turning_point(child: ChildFile, on: date) -> date | None:
    """The next birthday that changes what is owed for a child; None when its birth date is not known, or none is left."""
    born = child.born_on
    if born is None or not child.marks.get("registered"):
        return None
    return min((day for age in TURNING_AGES if (day := birthday(born, age)) > on), default=None)


def obligation_id(*about: object) -> str:
    """An obligation's id: the same whenever it is computed."""
    return "obl_" + _digest("obligation", *about)[:20].lower()


def number_of(obligation: str, on: date) -> str:
    """The number for people."""
    return f"V{on.year % 100:02d}-{_digest('number', obligation)[:8]}"


def _visit(child: ChildFile, rules: Obligations, calendar: Calendar, on: date) -> Iterator[Obligation | None]:
    """The next visit, and what is to be asked at it."""
    visit = next_visit(child, rules, calendar, on)
    if visit is None:
        return
    instance = Instance(visit.opens_on, visit.due_on)
    yield _made(child, *visit_part(rules, visit.code), instance, on)
    for entry, part in rules.parts("child"):
        if part.asked_with == "visit" and begun(child, part):
            yield _made(child, entry, part, instance, on)


def _made(child: ChildFile, entry: Entry, part: Part, instance: Instance, on: date) -> Obligation | None:
    """The obligation; None when nobody in the province is responsible for the child's area."""
    owner = _owner(child, part, on)
    if owner is None:
        return None
    due_on = instance.due_on
    name = obligation_id(child.ref, entry.code, part.name, due_on.isoformat())
    days = sorted(due_on - timedelta(days=n) for n in part.warn_days)
    warn_on = tuple(dict.fromkeys(max(day, instance.opens_on) for day in days))
    due_at = at_local(due_on, time(0)) if part.ends_by_itself else end_of_day(due_on)
    return Obligation(
        name, number_of(name, due_on), entry.code, part.name, child.ref, *owner, due_on.isoformat(), instance.opens_on,
        due_on, due_at, warn_on, instance.provisional, child.sealed,
    )  # fmt: skip


def _owner(child: ChildFile, part: Part, on: date) -> tuple[Agency, str] | None:
    """Agency and function; a child whose area nobody in the province is responsible for has none."""
    owner = part.sealed_owner if child.sealed and part.sealed_owner else part.owners[0]
    residence = child.facts.get("residence_code")
    area = (child.facts.get("hukou_code") or residence) if owner.where == "huk" else residence
    found = responsible(owner.kind, owner.level, area, on) or responsible(owner.kind, owner.level, residence, on)
    return None if found is None else (found, _function(owner, found))


def _function(owner: Owner, found: Agency) -> str:
    return owner.role if found.kind == owner.kind else "duty_officer"


def _birthdays_in_turn(found: list[Obligation], rules: Obligations, on: date) -> list[Obligation]:
    """Of the birthdays of a child only what is due already and the next one: the others come in their time."""
    ahead = [one for one in found if one.due_on > on and _is_birthday(rules, one)]
    following = min((one.due_on for one in ahead), default=None)
    return [one for one in found if one not in ahead or one.due_on == following]


def _is_birthday(rules: Obligations, one: Obligation) -> bool:
    part = part_of(rules, one.code, one.part)
    return part is not None and part.starts == "birthday"


def _digest(*parts: object) -> str:
    return b32encode(hashlib.sha256("\x1f".join(map(str, parts)).encode()).digest()[:20]).decode()
