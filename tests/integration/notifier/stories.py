"""Referrals, events about them and a roster, for tests of the notifier."""

from datetime import datetime, timedelta
from typing import Any

import asyncpg

from events.agency import Agency
from events.envelope import Event
from events.referral import ClockFact, ReferralFact, ReferralOpened
from events.sla import SlaBreached
from services.chassis.context import Context
from services.chassis.work import transaction
from services.directory.people import Assignment, Person
from services.directory.posts import Post
from services.notifier.desk import desk_of
from services.notifier.handlers import notices
from services.notifier.roster_store import replace_assignments
from services.notifier.telling import take

AGENCY = Agency("civil_affairs", "county", "220122")


def referral(number: int, now: datetime, **given: Any) -> ReferralFact:
    """A referral to civil affairs of 农安县, CRITICAL and primary unless said otherwise."""
    facts: dict[str, Any] = {
        "id": f"r{number}", "number": f"JL26-0000{number:04d}", "case": f"case{number}", "child": f"c_{number}",
        "event_source": "/hospital/220122/h1", "event_id": f"e{number}", "event_type": "child.missing.v1",
        "family": "harm", "role": "primary", "agency": AGENCY, "profile": "P1-CIV", "ladder": "P1",
        "severity": "CRITICAL",
        "classification": "C3", "state": "sent", "version": 1, "opened_at": now, "county": "220122",
        "clocks": (ClockFact(name="ack", started_at=now, due_at=now + timedelta(minutes=15)),),
    }  # fmt: skip
    return ReferralFact(**facts | given)


def opened(fact: ReferralFact, notify_at: datetime | None = None) -> Event:
    return _event(f"opened-{fact.id}", ReferralOpened(referral=fact, notify_at=notify_at), fact)


def breached(fact: ReferralFact, level: int, at: datetime, clock: str = "ack") -> Event:
    made = SlaBreached(referral=fact, clock=clock, level=level, due_at=at, at=at, fired_at=at)
    return _event(f"breached-{fact.id}-{clock}-{level}", made, fact)


def _event(id_: str, message: Any, fact: ReferralFact) -> Event:
    return Event(
        id=id_, source="/shouhu/220000/referral", type=message.TYPE, correlationid=fact.case, exercise=fact.exercise,
        data=message.model_dump(mode="json"),
    )  # fmt: skip


async def hear(context: Context, *events: Event) -> None:
    """What the handler does, without records."""
    async with transaction(context, "notifier") as work:
        table = desk_of(context).table
        await take(work, desk_of(context), [row for event in events for row in notices(event, table, work.now)])


async def roster(context: Context, people: dict[str, list[str]], agency: Agency = AGENCY) -> None:
    """Function -> ids of those who hold it, each with every channel."""
    made = [
        Assignment(
            Post(agency, function),
            tuple(
                Person(id_, f"样例{id_}", {c: f"1380000{c}{id_}" for c in ("sms", "wecom", "voice")}, True)
                for id_ in ids
            ),
        )
        for function, ids in people.items()
    ]
    async with context.pool.acquire() as db:
        await replace_assignments(db, made)


async def publish_view(db: asyncpg.Connection | asyncpg.Pool) -> None:
    """Stands for the referral service's published view in a database that holds the notifier alone."""
    await db.execute(
        "drop schema if exists referral cascade; create schema referral;"
        "create table referral.current_view (id text primary key, state text, clocks jsonb);"
        "create table referral.calendar_year_view (year int primary key, known_since timestamptz, notice jsonb)"
    )


async def now_is(context: Context, fact: ReferralFact) -> None:
    """The referral service says that this is how the referral is now."""
    await context.pool.execute(
        "insert into referral.current_view values ($1, $2, $3) on conflict (id) do update set state = $2, clocks = $3",
        fact.id, fact.state, [clock.model_dump(mode="json") for clock in fact.clocks],
    )  # fmt: skip
