"""Entries of roster files: a post's shift plan and people's leave, checked so that each fault names its place."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from services.directory.faults import Loc, Words
from services.directory.parsing import parsed
from services.directory.people_entries import check_post
from services.directory.posts import Post, parse_post
from services.directory.sheets import Sheet
from services.directory.shifts import Leave, Plan
from services.directory.strict import Strict

_POST = ("kind", "level", "area", "function")


class _PostOf(Strict):
    kind: str
    level: str
    area: str
    function: str


@dataclass(frozen=True, slots=True)
class PostPlan:
    """A post and its shift plan; an empty plan puts the post back to day and night."""

    post: Post
    plan: Plan


def plans(sheet: Sheet) -> Iterator[tuple[Loc, PostPlan]]:
    """The shift plans of a sheet; one with faults is left out after all its faults are recorded in the sheet."""
    for n, entry in enumerate(_entries(sheet, "rosters")):
        before, loc = len(sheet.faults), ("rosters", n)
        given = dict(entry) if isinstance(entry, Mapping) else entry
        head = {name: given.pop(name) for name in _POST if name in given} if isinstance(given, dict) else {}
        post = parsed(sheet, _PostOf, head, loc)
        check_post(sheet, entry, loc)
        plan = parsed(sheet, Plan, given, loc)
        if post is not None and plan is not None:
            _check_names(sheet, plan, loc)
            if len(sheet.faults) == before:
                yield loc, PostPlan(parse_post(f"{post.kind}@{post.level}/{post.area}/{post.function}"), plan)


def leaves(sheet: Sheet) -> Iterator[tuple[Loc, Leave]]:
    """The leave of a sheet."""
    for n, entry in enumerate(_entries(sheet, "leave")):
        found = parsed(sheet, Leave, entry, ("leave", n))
        if found is not None:
            yield ("leave", n), found


def named(entry: Any, loc: Loc) -> Iterator[tuple[Any, int | str, Loc]]:
    """Every place of a roster's raw entry where a person is named: what holds it, under which key, and where it stands."""
    if not isinstance(entry, Mapping):
        return
    for n, shift in enumerate(entry.get("shifts") or ()):
        at: Loc = (*loc, "shifts", n)
        yield from _each(shift.get("people"), (*at, "people"))
        for g, group in enumerate((shift.get("rotation") or {}).get("groups") or ()):
            yield from _each(group, (*at, "rotation", "groups", g))
    for n, line in enumerate(entry.get("table") or ()):
        yield from _each(line.get("people"), (*loc, "table", n, "people"))
    for n, cover in enumerate(entry.get("covers") or ()):
        yield from _each(cover.get("in"), (*loc, "covers", n, "in"))
        if cover.get("out"):
            yield cover, "out", (*loc, "covers", n, "out")
    for n, swap in enumerate(entry.get("swaps") or ()):
        yield swap, "one", (*loc, "swaps", n, "one")
        yield swap, "other", (*loc, "swaps", n, "other")


def _each(people: Any, loc: Loc) -> Iterator[tuple[Any, int | str, Loc]]:
    for n in range(len(people or ())):
        yield people, n, (*loc, n)


def _entries(sheet: Sheet, name: str) -> list[Any]:
    found = sheet.data.get(name) if isinstance(sheet.data, Mapping) else None
    if found is not None and not isinstance(found, list):
        sheet.fault((name,), Words("应为列表", "a list expected"))
    return found if isinstance(found, list) else []


def _check_names(sheet: Sheet, plan: Plan, loc: Loc) -> None:
    names = [shift.name for shift in plan.shifts]
    for n, name in enumerate(names):
        if name in names[:n]:
            sheet.fault((*loc, "shifts", n, "name"), Words("班次名称重复", "a name of its own for each shift expected"))
    known = {*names, *(line.name for line in plan.table)}
    for n, swap in enumerate(plan.swaps):
        if swap.shift not in known:
            sheet.fault((*loc, "swaps", n, "shift"), Words("没有这个班次", "the name of one of the shifts expected"))
