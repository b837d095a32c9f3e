"""What became of every critical referral while its providers were sick: reached a person, or climbed to the top. Reads only."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from services.chassis.database import Db

WINDOW = timedelta(minutes=11)  # for receipts of P2, and a moment more
TOP = {"P1": 4, "P2": 4, "P3": 3, "P4": 2}  # the last level of each ladder (domain analysis 4.3)
# A phone that got it is the truth; what a provider said is only what we were told. A provider's own id is not ours, so a phone's message is
# known by its number and its contact.
PHONES = """
create temp view on_phone as
select p.id, p.at, p.channel, c.person_id, p.referral as number from phone.message p
join notifier.contact c on c.channel = p.channel and c.value = p."to"
"""
REFERRALS = """
select r.id, r.number, f.fact ->> 'ladder' as ladder, first.reason, first.level,
  extract(epoch from first.at - r.opened_at)::float8 as seconds,
  coalesce((select max(n.level) from notifier.notice n where n.referral_id = r.id), 0) as highest,
  coalesce((select bool_and(n.state in ('told', 'undelivered', 'not_needed') or n.created_at > $1) from notifier.notice n
     where n.referral_id = r.id), false) as ended
from referral.current_view r join referral.referral_view f on f.id = r.id
left join lateral (select p.at, m.reason, m.level from on_phone p
    join notifier.message m on r.id = any(m.referral_ids) and m.person_id = p.person_id and m.created_at <= p.at
    where p.number = r.number order by p.at, m.level, m.created_at limit 1) first on true
where r.severity = 'CRITICAL' and r.role in ('primary', 'co') and r.state <> 'void' order by r.opened_at, r.id
"""
DELIVERIES = "select channel, state, reason, count(*) as n from notifier.delivery group by 1, 2, 3 order by 1, 2, 3"
# By person, channel and number: how often something was handed over, and how often it came.
_COUNTS = """
with ours as (
  select m.person_id, d.channel, m.numbers[1] as number, count(*) filter (where d.state in ('sent', 'delivered')) as taken,
    count(*) filter (where d.state = 'delivered') as delivered,
    count(*) filter (where d.state in ('sent', 'delivered', 'unknown', 'missing', 'failed')) as handed
  from notifier.message m join notifier.delivery d on d.message_id = m.id group by 1, 2, 3),
theirs as (select person_id, channel, number, count(*) as came from on_phone group by 1, 2, 3)
select coalesce(sum(greatest(coalesce(t.came, 0) - coalesce(o.handed, 0), 0)), 0)::int as twice,
  coalesce(sum(greatest(coalesce(o.taken, 0) - coalesce(t.came, 0), 0)), 0)::int as lies,
  coalesce(sum(greatest(coalesce(o.delivered, 0) - coalesce(t.came, 0), 0)), 0)::int as believed
from ours o full join theirs t using (person_id, channel, number)
"""


@dataclass
class Account:
    """Each critical referral's end, and everything that was tried for them."""

    referrals: int = 0
    reached: Counter[str] = field(
        default_factory=Counter
    )  # by whom first: own person, next person, level of the ladder
    climbed: int = 0  # reached nobody, and went up to the top
    lost: list[str] = field(default_factory=list)  # neither
    unfinished: list[str] = field(default_factory=list)  # something is still on its way long after
    slowest: float = 0.0  # seconds until the first phone, of those that were reached
    tries: dict[str, int] = field(default_factory=dict)  # channel, state and reason
    twice: int = 0  # the same message twice on one phone and channel
    silent_lies: int = 0  # a provider took it, and no phone got it
    believed: int = 0  # we hold as delivered what no phone got
    spells: Mapping[str, int] = field(default_factory=dict)

    @property
    def good(self) -> bool:
        """Whether every one reached a person or climbed to the top, nobody was rung twice, and no lie was believed."""
        return self.referrals > 0 and not (self.lost or self.unfinished or self.twice or self.believed)

    def as_json(self) -> dict[str, Any]:
        """For scripts."""
        return {**vars(self), "reached": dict(self.reached), "spells": dict(self.spells), "good": self.good}


async def climbed(db: Db, spells: Mapping[str, int], now: datetime) -> Account:
    """Reckon at a moment, at which nothing older than the longest window for a receipt may be on its way."""
    found = Account(spells=dict(sorted(spells.items())))
    await db.execute(PHONES)
    for row in await db.fetch(REFERRALS, now - WINDOW):
        found.referrals += 1
        if not row["ended"]:
            found.unfinished.append(row["number"])
        if row["reason"] is not None:
            found.reached[_by(row["reason"], row["level"])] += 1
            found.slowest = max(found.slowest, row["seconds"])
        elif row["highest"] >= TOP.get(row["ladder"], 4):
            found.climbed += 1
        else:
            found.lost.append(row["number"])
    for row in await db.fetch(DELIVERIES):
        found.tries[" ".join(part for part in (row["channel"], row["state"], row["reason"]) if part)] = row["n"]
    (counts,) = await db.fetch(_COUNTS)
    found.twice, found.silent_lies, found.believed = counts["twice"], counts["lies"], counts["believed"]
    return found


def _by(reason: str, level: int) -> str:
    if reason == "undelivered":
        return "the next person or stand-in"
    return "the post's own person" if level == 0 else f"level {level} of the ladder"


def table(found: Account) -> str:
    """For people."""
    lines = [f"critical referrals {found.referrals:>40}"]
    lines += [f"  first reached: {name:42} {count:>6}" for name, count in sorted(found.reached.items())]
    lines.append(f"  reached nobody, climbed to the top {found.climbed:>30}")
    lines.append(f"  neither {len(found.lost):>51}  {' '.join(found.lost[:5])}".rstrip())
    lines.append(f"  still on their way {len(found.unfinished):>40}  {' '.join(found.unfinished[:5])}".rstrip())
    lines.append(f"  the slowest first phone after {found.slowest:>27.0f} s")
    lines.append(f"the same message twice on a phone {found.twice:>25}")
    lines.append(f"taken by a provider, on no phone {found.silent_lies:>26}")
    lines.append(f"of these held for delivered {found.believed:>31}")
    lines.append("deliveries by channel, end and reason")
    lines += [f"  {name:52} {count:>6}" for name, count in found.tries.items()]
    lines.append("conditions of providers")
    lines += [f"  {name:52} {count:>6}" for name, count in found.spells.items()]
    return "\n".join(lines)
