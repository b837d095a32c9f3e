"""Which messages go alone and which are told together, so that a storm leaves people able to act. Pure.

A notice that is held keeps its place as a duty to tell: it only waits for the moment at which all of them are told at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.notifier.bounds import Storm
from services.notifier.rows import PRIORITY, NoticeRow, derived

MANY = "many"  # the text, and the mark, of what is told together
NEWS = "many_news"  # the text if none of it waits to be acknowledged
TOGETHER = "digest"  # why such a message is sent
ASKS = ("opened", "reopened", "reminder", "warned", "breached")
LISTS = ("obligation", "family_items")


@dataclass(frozen=True, slots=True)
class Had:
    """How many messages a person got in the minute and in the hour before."""

    minute: int = 0
    hour: int = 0


def in_order(group: Sequence[NoticeRow]) -> list[NoticeRow]:
    """The most urgent first: it is the one that a message about several names."""
    return sorted(group, key=lambda row: (PRIORITY[row.severity], -row.level, row.due_at or row.not_before, row.number))


def channels_of(group: Sequence[NoticeRow]) -> tuple[str, ...]:
    """By what a message about several is wanted: by all that one of them alone would go by."""
    return tuple(dict.fromkeys(channel for row in group for channel in row.channels))


def held(
    groups: Sequence[Sequence[NoticeRow]], people: Sequence[str], had: Mapping[str, Had], storm: Storm, now: datetime
) -> list[list[NoticeRow] | None]:
    """For each group of notices of one message, told to one person: None if it goes alone, else its rows as they wait.

    The most urgent take the free places, whatever order they came in.
    """
    minute = {person: each.minute for person, each in had.items()}
    hour = {person: each.hour for person, each in had.items()}
    found: list[list[NoticeRow] | None] = [None] * len(groups)
    for n in sorted(range(len(groups)), key=lambda n: min(PRIORITY[row.severity] for row in groups[n])):
        group, person = groups[n], people[n]
        full = minute.get(person, 0) >= storm.alone_in_a_minute or hour.get(person, 0) >= storm.alone_in_an_hour
        if full and may_wait(group):
            found[n] = [_waiting(row, storm.next_together(now)) for row in group]
        else:
            minute[person], hour[person] = minute.get(person, 0) + 1, hour.get(person, 0) + 1
    return found


def may_wait(group: Sequence[NoticeRow]) -> bool:
    """CRITICAL never waits; what was held once is told at its moment, and a day's list of tasks or items is one message already."""
    return all(row.severity != "CRITICAL" and row.text != MANY and row.reason not in LISTS for row in group)


def text_of(group: Sequence[NoticeRow]) -> str:
    """The text about several: with the first deadline if any of them waits to be acknowledged."""
    return MANY if any(row.reason in ASKS for row in group) else NEWS


def first_due(group: Sequence[NoticeRow]) -> datetime | None:
    """The earliest deadline of those that wait to be acknowledged."""
    return min((row.due_at for row in group if row.due_at and row.reason in ASKS), default=None)


def _waiting(row: NoticeRow, until: datetime) -> NoticeRow:
    sealed = row.classification == "C4"
    together = derived("together", row.post.key, row.exercise, sealed, until.isoformat())
    return replace(row, state="waiting", not_before=until, gathering=together, text=MANY)
