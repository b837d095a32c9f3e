"""The short form of the fault test (the long one is `make faults`), and the proof that it can fail."""

import logging
import shutil
from pathlib import Path

import asyncpg

from infra.bench.faults.provider import Taken
from infra.bench.faults.report import table
from infra.bench.faults.run import Outcome, Plan, database, faulty_run, reckon
from infra.bench.faults.tree import ROOT

logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # the broker is away on purpose

# What somebody could break behind our back, and the rule by which the reckoning must notice.
DAMAGE = (
    ("delete from referral.decision where event_id = (select min(event_id) from referral.decision)", "accepted events are decided, once: missing"),
    ("insert into referral.decision select source, 'never-sent', type, outcome, cases, rules, why, tried, edition, accepted_at, at, exercise"
     " from referral.decision limit 1", "accepted events are decided, once: too many"),
    ("update intake.event set accepted_at = accepted_at - interval '1 day' where seq = (select min(seq) from intake.event)",
     "T is not the moment of acceptance"),
    ("insert into referral.referral select id || 'x', number || 'x', case_id, child, family, 'co', kind, level, area, severity, profile, state,"
     " version, opened_at, event_source, event_id, exercise, binding, next_due, breached, fact, detail from referral.referral limit 1",
     "two referrals for one cause, agency and child"),
    ("insert into referral.log (at, case_id, referral_id, what, ids, detail) select at, case_id, referral_id, what, ids, detail"
     " from referral.log limit 1", "history that happened twice"),
    ("delete from tracker.referral where id = (select min(id) from tracker.referral)", "every referral has its clocks, at its version: missing"),
    ("update chassis.outbox set published_at = null where id = (select min(id) from chassis.outbox)", "never published"),
    ("update notifier.notice set state = 'telling' where id = (select min(id) from notifier.notice where state = 'told')", "still being told"),
    ("update notifier.delivery set state = 'refused' where message_id = (select min(id) from notifier.message where state = 'reached')",
     "reached, and not sent, or the other way round"),
    ("delete from chassis.dead_letter where id = (select min(id) from chassis.dead_letter)", "dead letters are the poison: missing"),
    ("update chassis.position set next_offset = next_offset - 1 where service = 'referral' and topic = 'child-events' and next_offset > 0",
     "read to the end"),
)  # fmt: skip


async def test_nothing_is_lost_and_nothing_happens_twice_whatever_dies(tmp_path: Path) -> None:
    # A notifier killed together with its database keeps its claims for the lease; so it is struck early here.
    plan = Plan(seed=7, events=1000, seconds=30, spare_after=5)
    async with faulty_run(plan, tmp_path, print) as outcome:
        print(table(outcome))
        assert outcome.differences == []
        assert len(outcome.ledger.accepted) == plan.events
        assert outcome.account.accepted >= plan.events
        assert outcome.chaos.done["SIGKILL notifier"]
        assert sum(n for what, n in outcome.chaos.done.items() if what.startswith("SIG")) >= 5
        await damage_is_noticed(outcome)


async def damage_is_noticed(outcome: Outcome) -> None:
    """The reckoning itself is under test: the same system, broken in one place at a time."""
    async with database(outcome.tree) as db:
        for sql, rule in DAMAGE:
            change = db.transaction()
            await change.start()
            await db.execute(sql)
            found = await rules_broken(outcome, db)
            await change.rollback()
            assert rule in found, (rule, found)
        lost = outcome.provider.taken.pop()
        outcome.provider.taken = [one for one in outcome.provider.taken if one.message != lost.message]
        assert "recorded as sent, though the provider never took it" in await rules_broken(outcome, db)
        outcome.provider.taken += [lost, Taken(lost.message, lost.channel, lost.at + 1)]
        assert "handed over again, though no notifier died meanwhile" in await rules_broken(outcome, db)


async def rules_broken(outcome: Outcome, db: asyncpg.Connection) -> set[str]:
    """What the reckoning finds now."""
    _, _, differences = await reckon(db, outcome.logs, outcome.ledger, outcome.tree, outcome.provider)
    return {difference.rule for difference in differences}


async def test_the_reckoning_notices_a_product_without_the_delivery_rule(tmp_path: Path) -> None:
    """A copy of the product that passes over gaps, and takes what is being handed over for abandoned."""
    code = tmp_path / "code"
    for part in ("services", "events"):
        shutil.copytree(ROOT / part, code / part)
    broken(
        code / "services/chassis/stretch.py", "if s.start > position:", "if s.start > position and s.start > s.stop:"
    )
    broken(code / "services/notifier/claim.py", "LEASE = timedelta(seconds=60)", "LEASE = timedelta(seconds=0)")
    plan = Plan(seed=7, events=300, seconds=15, drop=0.1, strikes=False, patience=10, code=code)
    async with faulty_run(plan, tmp_path / "run", print) as outcome:
        found = {difference.rule for difference in outcome.differences}
        print(table(outcome))
        assert "accepted events are decided, once: missing" in found
        assert "handed over again, though no notifier died meanwhile" in found


def broken(file: Path, right: str, wrong: str) -> None:
    """Change one line of a copy of the product."""
    text = file.read_text()
    assert text.count(right) == 1, f"{file}: {right}"
    file.write_text(text.replace(right, wrong))
