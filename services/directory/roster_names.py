"""Whom a roster file means: people named by id or by name become the ids of those who hold the post, or faults. Pure."""

from collections.abc import Mapping
from datetime import date, datetime, time

from services.directory.duty import moment, on_shift
from services.directory.faults import Loc, Words
from services.directory.parsing import parsed
from services.directory.people_files import Files
from services.directory.roster_entries import PostPlan, named
from services.directory.sheets import Sheet
from services.directory.shifts import DAY, Dated, Leave, Plan, Shift
from services.law.calendar import Calendar

# Names by id: of those who hold a post, or of everybody known.
People = Mapping[str, str]

_UNKNOWN = Words(
    "应为该岗位人员的编号或姓名", "the id or name of somebody who holds this post expected; load the people first"
)
_TWO = Words("有同名人员,应写人员编号", "an id expected: several who hold this post have this name")


def held_after(files: Files, held: Mapping[str, People]) -> dict[str, People]:
    """Who holds each post once the files are loaded: what they name is replaced, everything else stays."""
    return {**held, **{made.post.key: {p.id: p.name for p in made.people} for _, _, made in files.people}}


def resolve(
    files: Files, held: Mapping[str, People], known: People, calendar: Calendar
) -> tuple[list[PostPlan], list[Leave]]:
    """Plans and leave with ids for names. `held`: holders by post key as they will be; `known`: everybody with an id.

    Raises FileFaults with every fault: somebody who does not hold the post, a name that two have, a swap of a shift that
    the person does not have.
    """
    plans = [_plan(sheet, loc, made, held.get(made.post.key, {}), calendar) for sheet, loc, made in files.plans]
    everybody = {**known, **{p.id: p.name for _, _, made in files.people for p in made.people}}
    leave = []
    for sheet, loc, each in files.leave:
        found = _one(sheet, (*loc, "person"), each.person, everybody)
        leave.append(each.model_copy(update={"person": found}))
    files.stop_if_wrong()
    return plans, leave


def _plan(sheet: Sheet, loc: Loc, made: PostPlan, holders: People, calendar: Calendar) -> PostPlan:
    entry = sheet.data["rosters"][loc[-1]]
    before = len(sheet.faults)
    for holder, key, at in named(entry, loc):
        holder[key] = _one(sheet, at, holder[key], holders)
    if len(sheet.faults) > before:
        return made
    fields = {name: value for name, value in entry.items() if name in Plan.model_fields}
    plan = parsed(sheet, Plan, fields, loc) or made.plan
    _check_swaps(sheet, loc, plan, calendar)
    return PostPlan(made.post, plan)


def _one(sheet: Sheet, loc: Loc, given: str, people: People) -> str:
    """The id of whoever is meant; faults are recorded."""
    if given in people:
        return given
    same = [identity for identity, name in people.items() if name == given]
    if len(same) != 1:
        sheet.fault(loc, _TWO if same else _UNKNOWN)
    return same[0] if same else given


def _check_swaps(sheet: Sheet, loc: Loc, plan: Plan, calendar: Calendar) -> None:
    """Each must have, at that point of the list, the shift that is given away."""
    for n, swap in enumerate(plan.swaps):
        so_far = plan.model_copy(update={"swaps": plan.swaps[:n], "covers": ()})
        for person, day, field in ((swap.one, swap.one_on, "one_on"), (swap.other, swap.other_on, "other_on")):
            if not _has(so_far, calendar, person, swap.shift, day):
                words = Words("此人当日没有该班次", "a day on which this person has this shift expected")
                sheet.fault((*loc, "swaps", n, field), words)


def _has(plan: Plan, calendar: Calendar, person: str, shift: str, day: date) -> bool:
    kinds: tuple[Shift | Dated, ...] = (*plan.shifts, *plan.table)
    begins = {each.begins for each in kinds if each.name == shift}
    return any(
        turn.person == person and turn.shift == shift
        for at in (moment(datetime.combine(day, begin)) for begin in begins)
        for turn in on_shift(plan, (), calendar, at).turns
        if turn.begins == at and at < moment(datetime.combine(day + DAY, time(0)))
    )
