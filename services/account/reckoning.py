"""The account of a live system: accepted = referred + attached + no_referral + dead_letter + pending + unaccounted, over distinct (source, id).

One query, shared by `shouhu account`, `demo --once`, the fault test and the operations page.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import asyncpg

from services.chassis.database import Db

# After this long without an outcome an event is no longer on its way: something lost it, and somebody must look (design section 7).
PATIENCE = timedelta(seconds=60)
MOST = 1000  # unaccounted events that are named; a number beyond that helps nobody

EVENTS = """
with dead as (
  -- what a source's own topic held and the door refused or could not read, unless the same (source, id) was accepted after all
  select distinct on (coalesce(l.event_source, l.topic), coalesce(l.event_id, l.part || '/' || l."offset"))
    coalesce(l.event_source, l.topic) as source, coalesce(l.event_id, l.part || '/' || l."offset") as id,
    replace(l.topic, 'in.', '') as registered
  from chassis.dead_letter l
  where l.service = 'intake' and l.state <> 'replayed'
    and not exists (select 1 from intake.event_view e where e.source = l.event_source and e.id = l.event_id)),
judged as (
  select e.source, e.id, e.registered, case
      when d.outcome is not null then d.outcome
      when exists (select 1 from chassis.dead_letter l where l.service = 'referral' and l.state <> 'replayed'
        and l.event_source = e.source and l.event_id = e.id) then 'dead_letter'
      when e.taken_in_at > $1 then 'pending' else 'unaccounted' end as outcome
  from intake.event_view e left join referral.decision_view d on d.source = e.source and d.event_id = e.id
  union all select source, id, registered, 'dead_letter' from dead)
"""
COUNTS = EVENTS + "select registered, outcome, count(*) as n from judged group by 1, 2"
MISSING = EVENTS + "select source, id from judged where outcome = 'unaccounted' order by 1, 2 limit $2"
TALLY = "select registered, sum(refused)::bigint as refused, sum(duplicates)::bigint as duplicates from intake.tally_view group by 1"
MESSAGES = "select state, count(*) as n from notifier.delivery_view group by 1"
HELD = "select count(*) from notifier.held_view"  # each becomes a message: it is on its way
UNREACHED = "select count(*) from notifier.message_view where state = 'unreached'"

OUTCOMES = ("referred", "attached", "no_referral", "dead_letter", "pending", "unaccounted")
MESSAGE_STATES = ("queued", "sending", "sent", "refused", "unknown", "delivered")
# By its receipt: somebody said that it did not arrive, or nobody said anything in time.
BY_RECEIPT = {"failed": "refused", "missing": "unknown"}


@dataclass(frozen=True)
class Account:
    """How many events ended how; `unaccounted` names those that nothing is known of."""

    accepted: int
    referred: int
    attached: int
    no_referral: int
    dead_letter: int
    pending: int
    unaccounted: list[dict[str, str]]
    refused: int
    duplicates: int
    by_source: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    messages: Mapping[str, int] = field(default_factory=dict)

    @property
    def balanced(self) -> bool:
        """Whether every accepted event is accounted for."""
        return not self.unaccounted

    def as_json(self) -> dict[str, Any]:
        """The object that `shouhu account --json` prints."""
        return dict(vars(self))


async def account(db: Db | asyncpg.Pool, now: datetime, waiting: Mapping[str, int] | None = None) -> Account:
    """The reckoning at a moment; `waiting` counts, by source, records that Kafka has acknowledged and the door has not yet read."""
    by_source: dict[str, dict[str, int]] = {}
    total = dict.fromkeys(OUTCOMES, 0)

    def add(name: str, what: str, n: int) -> None:
        of = by_source.setdefault(name, {"accepted": 0, **dict.fromkeys(OUTCOMES, 0), "refused": 0, "duplicates": 0})
        of[what] += n
        if what in total:
            of["accepted"] += n
            total[what] += n

    for row in await db.fetch(COUNTS, now - PATIENCE):
        add(row["registered"], row["outcome"], row["n"])
    for name, n in (waiting or {}).items():
        add(name, "pending", n)
    missing = [dict(row) for row in await db.fetch(MISSING, now - PATIENCE, MOST)] if total["unaccounted"] else []
    for row in await db.fetch(TALLY):
        add(row["registered"], "refused", row["refused"])
        add(row["registered"], "duplicates", row["duplicates"])
    messages = dict.fromkeys(MESSAGE_STATES, 0)
    for row in await db.fetch(MESSAGES):
        state = BY_RECEIPT.get(row["state"], row["state"])
        if state in messages:  # a message that was no longer needed was never on its way
            messages[state] += row["n"]
    messages["queued"] += await db.fetchval(HELD)
    messages["undelivered"] = await db.fetchval(UNREACHED)
    return Account(
        accepted=sum(total.values()), referred=total["referred"], attached=total["attached"], no_referral=total["no_referral"],
        dead_letter=total["dead_letter"], pending=total["pending"], unaccounted=missing,
        refused=sum(s["refused"] for s in by_source.values()), duplicates=sum(s["duplicates"] for s in by_source.values()),
        by_source=by_source, messages=messages,
    )  # fmt: skip
