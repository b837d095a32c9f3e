"""python -m infra.bench.faults.sick_providers [--events N] [--seed S] [--json]: providers that refuse, time out, lie and die.

Critical events on a moved clock, through our own handlers, ladders and plugins, over HTTP to the providers' interfaces, which are
upset all the time. Prints who was reached; exit code 1 unless every critical referral reached a person or climbed to the top.
"""

import argparse
import asyncio
import json
import logging
import random
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI

from infra.bench.faults.climbed import Account, climbed, table
from services.access import tokens
from services.access.problems import install_problems
from services.chassis.clock import SHANGHAI, Clock
from services.chassis.database import connect
from services.chassis.settings import load_settings
from services.directory.people import Assignment, Person
from services.directory.sample import sample_people
from services.directory.territory import territory
from services.notifier.channels import AppriseChannels, read_channels
from services.notifier.desk import set_desk
from services.notifier.roster_store import load_holders, replace_assignments
from services.phone.channels import account_channels
from services.phone.routes import router as phones
from services.simulate.database import temporary
from services.simulate.run import Player
from services.simulate.scenario import ActStep, Scenario, Step
from services.simulate.world import World

START = datetime(2026, 11, 17, 22, 0, tzinfo=SHANGHAI)  # a night
EVERY = timedelta(minutes=2)
AFTER = timedelta(hours=3)  # beyond the last level of the ladder
PATIENCE = "cto=1&rto=0.4"  # seconds of ours for a provider
PROVIDERS = ("wecom", "aliyun-sms", "aliyun-voice")
SICK: tuple[dict[str, Any], ...] = (
    {"mode": "refuse"}, {"mode": "refuse_for_now"}, {"mode": "silent", "seconds": 1.0}, {"mode": "half_dead", "seconds": 1.0},
    {"mode": "no_receipt"}, {"mode": "undelivered", "receipt_after": 20}, {"mode": "forged"}, {"mode": "slow", "seconds": 0.2},
)  # fmt: skip
SICK_SHARE = 0.5  # of the providers, beside the one that always is
ALL_SICK = 0.35  # of the spells: no provider is well
DEAD_PHONES = 0.4  # of the people at the desks of the county where it happens
ON_PHONES: tuple[str, ...] = ("refuse", "undelivered", "forged")
ANSWERED = 0.4  # of those who have it on the phone
DESKS = """
select distinct c.value from notifier.contact c join notifier.holding h on h.person_id = c.person_id
where h.area like $1 || '%' and h.function = 'duty_officer' order by 1
"""


@dataclass(frozen=True)
class Plan:
    """How many events, and which dice."""

    events: int
    seed: int


@dataclass
class Run:
    """A world whose channels lead to providers that can be upset."""

    world: World
    client: httpx.AsyncClient
    dice: random.Random
    spells: Counter[str] = field(default_factory=Counter)

    async def upset(self, area: str) -> None:
        """Put the providers into some condition, one of them always into a bad one, and let phones of a county be dead."""
        await self._behave({"mode": "take", "receipt_after": 1})
        worst, everybody = self.dice.choice(PROVIDERS), self.dice.random() < ALL_SICK
        for provider in PROVIDERS:
            if provider == worst or everybody or self.dice.random() < SICK_SHARE:
                spell = self.dice.choice(SICK)
                self.spells[f"{provider} {spell['mode']}"] += 1
                await self._behave({**spell, "provider": provider})
        for row in await self.world.context.pool.fetch(DESKS, area):
            if self.dice.random() < DEAD_PHONES:
                mode = self.dice.choice(ON_PHONES)
                self.spells[f"phone {mode}"] += 1
                await self._behave({"mode": mode, "to": row["value"]})

    async def _behave(self, what: dict[str, Any]) -> None:
        (await self.client.put("/phone/api/behaviour", json=what)).raise_for_status()


async def main(plan: Plan) -> Account:
    """Play it, and say what it came to."""
    async with running(plan.seed) as run:
        player = Player(run.world, story(plan))
        for number, step in enumerate(player.scenario.steps, 1):
            await run.world.move_to(step.at)
            await run.upset(player.scenario.children[f"k{number - 1}"].residence or "")
            await player.do(step, number)
            await answer_some(player, run, number)
        await run._behave({"mode": "take"})  # the sickness ends, the ladders go on
        await run.world.move_to(player.scenario.until)
        db = await connect(run.world.context.settings.dsn)
        try:
            return await climbed(db, run.spells, run.world.clock.now())
        finally:
            await db.close()


def story(plan: Plan) -> Scenario:
    """Critical events in one county after another."""
    counties = territory().counties
    children, steps = {}, []
    for n in range(plan.events):
        area, at = counties[n * 7 % len(counties)], START + EVERY * n
        children[f"k{n}"] = {"age": 8, "sex": "male", "residence": area, "hukou": area}
        event = {
            "id": f"sick-{n}", "type": "child.missing.v1", "source": f"/police_command/{area}/110", "child": f"k{n}",
            "data": {"last_seen_at": at.isoformat(), "suspected_cause": "unknown"},
        }  # fmt: skip
        steps.append({"at": at, "event": event})
    last = START + EVERY * plan.events
    return Scenario.model_validate(
        {"scenario": "sick providers", "starts_at": START, "until": last + AFTER, "children": children, "steps": steps}
    )


async def answer_some(player: Player, run: Run, number: int) -> None:
    """Some of those who have a message about the newest event on the phone acknowledge it; nobody else can."""
    rows = await run.world.context.pool.fetch(
        "select distinct r.id, r.kind, r.level, r.area from referral.current_view r"
        " join notifier.message m on r.id = any(m.referral_ids) join phone.message p on p.message_id = m.id"
        " where r.state = 'sent' and r.event_id = $1 order by 1",
        f"sick-{number - 1}",
    )
    for n, row in enumerate(rows):
        if run.dice.random() < ANSWERED:
            of = {"kind": row["kind"], "level": row["level"], "area": row["area"]}
            deed = Step(at=run.world.clock.now(), act=ActStep(referral=of, action="acknowledge"))
            await player.do(deed, number * 1000 + n)


@asynccontextmanager
async def running(seed: int) -> AsyncIterator[Run]:
    """Everything in this process, on a database of its own."""
    async with temporary(load_settings()) as (pool, dsn, directory):
        world = await World.open(pool, dsn, directory, START)
        db = await connect(dsn)
        await replace_assignments(db, [_reachable(made) for made in sample_people(START.date())])
        await db.close()
        made = await tokens.create(pool, role="operations", name="faults", now=START)
        app = FastAPI()
        install_problems(app)
        app.include_router(phones(world.context))
        async with served(app) as address:
            channels = _channels(address, world.clock)
            set_desk(world.context, channels, holders=load_holders)
            headers = {"Authorization": f"Bearer {made.secret}"}
            try:
                async with httpx.AsyncClient(base_url=address, headers=headers, timeout=10, trust_env=False) as client:
                    yield Run(world, client, random.Random(seed))
            finally:
                channels.close()


def _channels(address: str, clock: Clock) -> AppriseChannels:
    content = account_channels(address)
    content.pop("drill")
    for entry in content.values():
        assert isinstance(entry, dict)
        entry["url"] = f"{entry['url']}{'&' if '?' in entry['url'] else '?'}{PATIENCE}"
    return read_channels(json.dumps(content), clock)


def _reachable(made: Assignment) -> Assignment:
    """The sample's people with numbers that the providers take; they ring nobody but the gateway."""
    return Assignment(made.post, tuple(_with_numbers(person) for person in made.people))


def _with_numbers(person: Person) -> Person:
    number = f"138{person.channels['sms'][3:]}"
    return Person(person.id, person.name, {"sms": number, "voice": number, "wecom": f"wx{number}"}, sample=True)


@asynccontextmanager
async def served(app: FastAPI) -> AsyncIterator[str]:
    """The application on a free loopback port."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, access_log=False, lifespan="off"))
    task = asyncio.create_task(server.serve())
    try:
        while not server.started:  # noqa: ASYNC110  uvicorn has no event for it
            await asyncio.sleep(0.01)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = server.force_exit = True
        await asyncio.gather(task, return_exceptions=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m infra.bench.faults.sick_providers", description=__doc__)
    parser.add_argument("--events", type=int, default=12, help="critical events, two minutes apart")
    parser.add_argument("--seed", type=int, default=1, help="the same seed upsets in the same order")
    parser.add_argument("--json", action="store_true", help="print JSON only")
    given = parser.parse_args()
    logging.disable(logging.CRITICAL)  # refusals are what this is about
    account = asyncio.run(main(Plan(given.events, given.seed)))
    print(json.dumps(account.as_json(), ensure_ascii=False) if given.json else table(account))
    sys.exit(0 if account.good else 1)
