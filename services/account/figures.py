"""Counts for those who lead and supervise: children by county, family and age, and what was late (C1 data, domain analysis 7.2).

For the half-yearly counts to courts, procuratorates, justice and finance (B-T1, A§3.1) and the yearly assessment (目标责任制考评: A§3.2,
B§5.2). No name, no township, no case; a cell below ten is not shown. Exercises never count.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from services.chassis.clock import SHANGHAI
from services.chassis.database import Db

SMALLEST = 10  # PROP, domain analysis 7.2: a smaller cell could point at a child
BANDS = (
    (0, 2),
    (3, 5),
    (6, 11),
    (12, 15),
    (16, 17),
)  # before school, kindergarten, primary, to the end of compulsory school, older
CLOCKS = ("ack", "start", "feedback", "close", "legal")
ROWS = """select r.county, r.family, r.child, r.clocks, a.age_years from referral.current_view r
  left join referral.child_age_view a on a.child_ref = r.child
  where not r.exercise and r.state not in ('void', 'cancelled') and r.role <> 'cc' and r.opened_at >= $1 and r.opened_at < $2"""


@dataclass
class Kept:
    """Of one clock in one county: how many were owed, and how many of them were late."""

    owed: int = 0
    late: int = 0

    def as_json(self) -> dict[str, Any]:
        """Counts, and the share in time; what is too few is not shown."""
        share = round(1 - self.late / self.owed, 3) if self.owed >= SMALLEST else None
        return {"owed": shown(self.owed), "late": shown(self.late) if share is None else self.late, "in_time": share}


@dataclass
class Figures:
    """The counts of a period; both days included."""

    first: date
    last: date
    children: Counter[tuple[str, str, str]] = field(default_factory=Counter)  # county, family, age band
    clocks: dict[str, dict[str, Kept]] = field(default_factory=dict)  # county → clock

    def as_json(self) -> dict[str, Any]:
        """For scripts: sorted, and with small cells suppressed."""
        return {
            "from": self.first.isoformat(), "to": self.last.isoformat(), "smallest_cell": SMALLEST,
            "children": [{"county": c, "family": f, "age": a, "count": shown(n)} for (c, f, a), n in sorted(self.children.items())],
            "clocks": [{"county": c, **{name: kept.as_json() for name, kept in found.items()}} for c, found in sorted(self.clocks.items())],
        }  # fmt: skip


def shown(count: int) -> int | str:
    """A count, or that it is too small to be shown."""
    return count if count == 0 or count >= SMALLEST else f"<{SMALLEST}"


def band(age: int | None) -> str:
    """The age band of an age in whole years."""
    found = next((b for b in BANDS if age is not None and b[0] <= age <= b[1]), None)
    return f"{found[0]}-{found[1]}" if found else "unknown"


def count(rows: Iterable[Mapping[str, Any]], first: date, last: date) -> Figures:
    """Count referrals as `ROWS` gives them; a child counts once per county and family."""
    figures = Figures(first, last)
    seen: set[tuple[str, str, str]] = set()
    for row in rows:
        county, family, child = row["county"], row["family"], row["child"]
        if child and (county, family, child) not in seen:
            seen.add((county, family, child))
            figures.children[county, family, band(row["age_years"])] += 1
        of_county = figures.clocks.setdefault(county, {name: Kept() for name in CLOCKS})
        for clock in row["clocks"]:
            if clock["state"] == "cancelled" and clock.get("breached_at") is None:
                continue  # nobody owed it in the end
            kept = of_county["legal" if clock["kind"] == "legal" else clock["name"]]
            kept.owed += 1
            kept.late += clock.get("breached_at") is not None
    return figures


async def figures(db: Db, first: date, last: date) -> Figures:
    """The figures of what was opened between two days, both included."""
    begin = datetime.combine(first, time(0), SHANGHAI)
    end = datetime.combine(date.fromordinal(last.toordinal() + 1), time(0), SHANGHAI)
    return count([dict(row) for row in await db.fetch(ROWS, begin, end)], first, last)


def half_year(day: date) -> tuple[date, date]:
    """The half-year in which a day lies: the rhythm of T05 and T07."""
    return (
        (date(day.year, 1, 1), date(day.year, 6, 30))
        if day.month <= 6
        else (date(day.year, 7, 1), date(day.year, 12, 31))
    )
