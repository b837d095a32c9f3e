"""Who was told of an event's referrals, by what, after how long: what a drill reports, read from published views."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.chassis.database import Db

ENDED = frozenset({"told", "undelivered", "not_needed"})
ARRIVED = frozenset({"sent", "delivered"})
# A post is told by its notice, or by the one that it was merged into; whoever stood in for its people is there too.
_ROWS = """
select r.id as referral, r.number, r.role, r.state, n.id as notice, n.kind, n.level_of_agency, n.area, n.function, n.state as told,
       m.id as message, m.person_name, m.to_role, m.level, m.reason, m.text, m.created_at,
       d.channel, d.state as outcome, d.detail, d.at, (select min(l.at) from referral.log_view l
         where l.referral_id = r.id and l.what = any($3::text[])) as acknowledged_at
from referral.current_view r
left join notifier.notice_view n on n.referral_id = r.id and n.reason = 'opened' and n.level = 0
left join notifier.message_notice_view v on v.notice_id = coalesce(n.merged_into, n.id)
left join notifier.message_view m on m.id = v.id and r.id = any(m.referral_ids)
left join notifier.delivery_view d on d.message_id = m.id
where r.event_source = $1 and r.event_id = $2
order by r.role desc, r.number, n.id, m.created_at, m.id, d.channel
"""
ANSWERS = ("referral.acknowledge", "referral.accept", "referral.start")


@dataclass(frozen=True, slots=True)
class Try:
    """One person on one channel: the outcome, and the seconds from the event's acceptance to it."""

    person: str
    to_role: str
    channel: str
    outcome: str
    detail: str
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Recipient:
    """A post that had to be told of a referral. `told`: the end of that duty; `acknowledged`: seconds until somebody did."""

    number: str
    role: str
    post: str
    told: str
    acknowledged: float | None
    tries: tuple[Try, ...]

    @property
    def reached(self) -> bool:
        """Whether a person has it, on a channel whose provider took it."""
        return self.told == "told" and any(each.outcome in ARRIVED for each in self.tries)

    @property
    def ended(self) -> bool:
        """Whether nothing more will be tried at once."""
        return self.told in ENDED

    @property
    def seconds(self) -> float | None:
        """Until the first channel had it."""
        return min((t.seconds for t in self.tries if t.outcome in ARRIVED and t.seconds is not None), default=None)

    def as_json(self) -> dict[str, Any]:
        """For scripts."""
        tries = [
            {"person": t.person, "to_role": t.to_role, "channel": t.channel, "outcome": t.outcome, "detail": t.detail, "seconds": t.seconds}
            for t in self.tries
        ]  # fmt: skip
        return {"referral": self.number, "role": self.role, "post": self.post, "reached": self.reached, "seconds": self.seconds,
                "told": self.told, "acknowledged_after": self.acknowledged, "tries": tries}  # fmt: skip


async def reached(db: Db, source: str, event_id: str) -> list[Recipient]:
    """Everybody who had to be told of what an event opened, in a fixed order; nothing before it is decided."""
    accepted = await db.fetchval(
        "select accepted_at from intake.event_view where source = $1 and id = $2", source, event_id
    )
    rows = await db.fetch(_ROWS, source, event_id, list(ANSWERS))
    by_notice: dict[tuple[str, str | None], list[Any]] = {}
    for row in rows:
        by_notice.setdefault((row["referral"], row["notice"]), []).append(row)
    return [_recipient(of, accepted) for of in by_notice.values()]


def _recipient(rows: Sequence[Any], accepted: datetime) -> Recipient:
    first = rows[0]
    tries = tuple(
        Try(r["person_name"], r["to_role"], r["channel"], r["outcome"], r["detail"] or "", _after(r["at"], accepted))
        for r in rows
        if r["channel"] is not None
    )
    post = f"{first['kind']}@{first['level_of_agency']}/{first['area']}/{first['function']}" if first["notice"] else ""
    return Recipient(
        first["number"],
        first["role"],
        post,
        first["told"] or "waiting",
        _after(first["acknowledged_at"], accepted),
        tries,
    )


def _after(at: datetime | None, accepted: datetime) -> float | None:
    return None if at is None else round((at - accepted).total_seconds(), 2)
