"""Plays a scenario: events come in, officers answer, time passes; then everything that happened is read from the services' own views."""

from datetime import datetime
from typing import Any

from events.codec import to_kafka
from services.access.problems import Problem
from services.chassis.record import StoredRecord
from services.chassis.work import transaction
from services.referral import store
from services.referral.case import Referral
from services.referral.exercise import drilled
from services.referral.life import ACTIONS, why_not
from services.referral.routes import ActionBody, act_on
from services.referral.save import keep_on_file
from services.simulate.actors import actors
from services.simulate.report import report
from services.simulate.scenario import ActStep, EventStep, Scenario, Step, child_ref, event_of, on_file
from services.simulate.world import World
from services.tracker import registry
from services.tracker.said import NAME as TRACKER


class Player:
    """One run of one scenario."""

    def __init__(self, world: World, scenario: Scenario) -> None:
        self.world, self.scenario = world, scenario
        self.sent: dict[str, StoredRecord] = {}
        self.rejected: list[dict[str, Any]] = []
        self.offset = 0

    async def play(self) -> dict[str, Any]:
        """Run to the end and report (the object of design section 8)."""
        await self._put_on_file()
        for number, step in enumerate(sorted(self.scenario.steps, key=lambda s: s.at), 1):
            await self.world.move_to(step.at)
            await self.do(step, number)
        await self.world.move_to(self.scenario.until)
        refs = {child_ref(name): name for name in self.scenario.children}
        names = refs | {drilled(ref): name for ref, name in refs.items()}
        return await report(self.world.context, names, self.rejected)

    async def _put_on_file(self) -> None:
        """What the scenario says of its children is on file before it starts, with every service that keeps a file of them."""
        at = self.scenario.starts_at
        known = {child_ref(name): on_file(child, at) for name, child in self.scenario.children.items()}
        async with self.world.context.pool.acquire() as db:
            await keep_on_file(db, [(ref, facts, at) for ref, facts in known.items()])
        async with transaction(self.world.context, TRACKER) as work:
            await registry.put_children_on_file(self.world.context, work, known)

    async def do(self, step: Step, number: int) -> None:
        """Carry out one step now; `number` sets its requests apart from those of other steps."""
        if step.event is not None:
            await self._event(step.event, step.at)
        elif step.resend is not None:
            record = self.sent.get(step.resend)
            if record is None:
                self.rejected.append(
                    {"at": step.at, "referral": None, "action": "resend", "reason": f"no event {step.resend} was sent"}
                )
            else:
                await self.world.take_in(self._again(record, step.at))
        elif step.act is not None:
            await self._act(step.act, step.at, number)
        elif step.channel is not None:
            self.world.recorder.answer(step.channel.outcome, **step.channel.agrees())

    async def _event(self, step: EventStep, at: datetime) -> None:
        headers, value = to_kafka(event_of(step, at, self.scenario.children))
        record = StoredRecord("in.sample", 0, self.offset, int(at.timestamp() * 1000), None, value, tuple(headers))
        self.sent[step.id] = record
        await self.world.take_in(self._again(record, at))
        reason = await self.world.context.pool.fetchval(
            'select reason from chassis.dead_letter where topic = $1 and "offset" = $2', "in.sample", self.offset
        )
        if reason:
            self.rejected.append({"at": at, "referral": None, "action": f"event {step.id}", "reason": reason})

    def _again(self, record: StoredRecord, at: datetime) -> StoredRecord:
        self.offset += 1
        return StoredRecord(
            record.topic, 0, self.offset, int(at.timestamp() * 1000), record.key, record.value, record.headers
        )

    async def _act(self, step: ActStep, at: datetime, number: int) -> None:
        found = await self._find(step, at)
        if found is None:
            self.rejected.append(
                {
                    "at": at,
                    "referral": None,
                    "action": step.action,
                    "reason": f"no referral agrees with {step.referral}",
                }
            )
            return
        acting = actors(step.action, step.by, found.fact.agency)
        if not acting:
            self.rejected.append({"at": at, "referral": found.fact.number, "action": step.action,
                                  "reason": f"by: no role {step.by} that answers referrals (domain analysis 2.3)"})  # fmt: skip
        for turn, (caller, posts) in enumerate(acting):
            version = await self.world.context.pool.fetchval(
                "select version from referral.current_view where id = $1", found.id
            )
            body = ActionBody(version=version, request_id=f"step-{number}-{turn}", data=step.data)
            try:
                await act_on(self.world.context, caller, posts, found.id, step.action, body)
            except Problem as problem:
                told = "; ".join(f"{e.field}: {e.expected}" for e in problem.errors)
                self.rejected.append({"at": at, "referral": found.fact.number, "action": step.action,
                                      "reason": f"{problem.detail or problem.title}{': ' + told if told else ''}"})  # fmt: skip
        await self.world.settle()

    async def _find(self, step: ActStep, at: datetime) -> Referral | None:
        rows = await self.world.context.pool.fetch("select * from referral.referral_view order by opened_at, id")
        wanted = {k: str(v) for k, v in step.referral.items()}
        if "child" in wanted:
            wanted["child"] = child_ref(wanted["child"])
        agreeing = [
            store.referral_from(row) for row in rows if all(str(row[k]) == v for k, v in wanted.items() if k in row)
        ]
        if any(key not in {"kind", "level", "area", "role", "profile", "child"} for key in wanted):
            return None
        action = ACTIONS.get(step.action)
        may = [r for r in agreeing if action is not None and why_not(r, action, action.who, at) is None]
        return next(iter(may or agreeing), None)
