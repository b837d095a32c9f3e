"""Rosters as files again: plans as YAML, coming shifts as a table that `directory load` reads back."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import yaml

from services.directory.duty import Span
from services.directory.posts import Post
from services.directory.roster_entries import PostPlan
from services.directory.shifts import DAY, Leave
from services.law.calendar import SHANGHAI

HEADINGS = ("机构类别", "层级", "区划代码", "岗位", "日期", "星期", "班次", "开始", "结束", "值班人员")
_WEEKDAYS = "一二三四五六日"


def as_yaml(plans: Iterable[PostPlan], leave: Iterable[Leave]) -> str:
    """Plans and leave as a file for `directory load`."""
    rosters = [
        {**_post(each.post), **each.plan.model_dump(mode="json", by_alias=True, exclude_defaults=True)}
        for each in plans
    ]
    away = [each.model_dump(mode="json", by_alias=True) for each in leave]
    return yaml.safe_dump(
        {"rosters": rosters} | ({"leave": away} if away else {}), allow_unicode=True, sort_keys=False, width=120
    )


def rows_of(post: Post, spans: Iterable[Span]) -> list[tuple[str, ...]]:
    """Rows of a duty table: who has the post from when to when, covers, swaps and leave carried out; holes have no row."""
    shifts: dict[tuple[datetime, datetime, str], list[str]] = {}
    for span in spans:
        begins = span.begins
        while begins < span.ends:  # a row holds at most a whole day
            ends = min(begins + DAY, span.ends)
            for turn in span.duty.turns:
                shifts.setdefault((begins, ends, turn.shift), []).append(turn.person)
            begins = ends
    rows = []
    for (begins, ends, name), people in sorted(shifts.items()):
        first, last = begins.astimezone(SHANGHAI), ends.astimezone(SHANGHAI)
        rows.append(
            (*_post(post).values(), f"{first:%Y-%m-%d}", _WEEKDAYS[first.weekday()], name or "顶班",
             f"{first:%H:%M}", f"{last:%H:%M}", "、".join(people))
        )  # fmt: skip
    return rows


def as_csv(rows: Sequence[Sequence[str]]) -> str:
    """A duty table as CSV, with headings."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows([HEADINGS, *rows])
    return out.getvalue()


def as_xlsx(rows: Sequence[Sequence[str]]) -> bytes:
    """A duty table as a workbook with one sheet."""
    from openpyxl import Workbook  # slow to load, and seldom needed

    book = Workbook(write_only=True)
    sheet = book.create_sheet("值班表")
    for row in (HEADINGS, *rows):
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _post(post: Post) -> dict[str, Any]:
    at = post.agency
    return {"kind": at.kind, "level": at.level, "area": at.area, "function": post.function}
