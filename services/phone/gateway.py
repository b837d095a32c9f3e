"""One process's gateway: how any provider takes a message, and what it will say about it later."""

import asyncio
import contextlib
import hashlib
import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from fastapi import Request

from services.access.problems import Problem
from services.chassis.context import Context
from services.phone.behaviour import ARRIVES, Behaviour, Behaviours, Provider
from services.phone.inbox import Accepted, Arrival, Bundle, Inbox, Push
from services.phone.limits import Limits, Span

NUMBER = re.compile(r"[A-Z]{2}\d{2}-[0-9A-Z]{8}")  # a referral's number, as our texts carry it
DRILL = "【演练】"
PATIENCE = 600.0  # seconds that a half-dead provider keeps a connection open


@dataclass(frozen=True, slots=True)
class Wanted:
    """One message that a provider was asked to bring to one or more contacts, with its text made from the template."""

    provider: Provider
    channel: str
    to: tuple[str, ...]
    text: str
    out_id: str = ""
    template: str = ""
    sign: str = ""
    card: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of it for one contact: taken (`code` empty), or refused with the provider's code.

    `limit`: which limit was passed. `transient`: the provider's own trouble, not the contact's.
    """

    to: str
    refused: bool = False
    code: str = ""
    limit: Span | None = None
    transient: bool = False


class Hung(Problem):
    """The connection was kept open until the caller gave up; who still waits is told that nothing will come."""

    def __init__(self) -> None:
        super().__init__(504, "No answer")


class Gateway:
    """Phones, behaviours and limits of this process; every provider's door uses the same."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.inbox = Inbox(context)
        self.behaviours = Behaviours()
        self.limits = Limits()
        self._count = itertools.count()

    def new_id(self, provider: Provider, *parts: str) -> str:
        """An id that this provider did not give before: 24 hexadecimal digits."""
        told = "\x1f".join((provider, *parts, self.context.clock.now().isoformat(), str(next(self._count))))
        return hashlib.sha256(told.encode()).hexdigest()[:24]

    async def alive(self, request: Request, provider: Provider, channel: str) -> bool:
        """For calls that are no messages: waits as the provider was told to; False when it answers with its own trouble.

        Raises Hung.
        """
        behaviour = self.behaviours.of_provider(provider, channel)
        await self.wait(request, behaviour)
        return behaviour.mode != "refuse_for_now"

    async def take(self, request: Request, wanted: Wanted, given: str, *, whole: bool = False) -> Sequence[Verdict]:
        """Take or refuse it for each contact, under the provider's id `given`. What is taken is committed on return.

        `whole`: a refusal for one contact is a refusal for all.

        Raises Hung when the provider was told never to answer.
        """
        treated = {to: self.behaviours.of(to, wanted.channel, wanted.provider) for to in dict.fromkeys(wanted.to)}
        for behaviour in treated.values():
            await self.wait(request, behaviour)
        verdicts = [self._verdict(wanted.provider, to, behaviour) for to, behaviour in treated.items()]
        if whole and any(verdict.refused for verdict in verdicts):
            return verdicts
        taken = [(verdict.to, treated[verdict.to]) for verdict in verdicts if not verdict.refused]
        if taken:
            await self.inbox.keep(
                Bundle(
                    arrivals=tuple(_arrival(wanted, to, given) for to, how in taken if how.mode in ARRIVES),
                    accepted=tuple(self._accepted(wanted, to, given, how) for to, how in taken),
                    pushes=tuple(push for to, how in taken for push in self._pushes(wanted, to, given, how)),
                    codes=tuple((f"{given}-sent", given, to) for to, _ in taken[:1] if wanted.card is not None),
                )
            )
        if longest := max((how.seconds for _, how in taken if how.mode == "silent"), default=0.0):
            await self.hold(request, longest)
        return verdicts

    def _verdict(self, provider: Provider, to: str, behaviour: Behaviour) -> Verdict:
        if behaviour.mode in ("refuse", "refuse_for_now"):
            return Verdict(to, refused=True, code=behaviour.code, transient=behaviour.mode == "refuse_for_now")
        if (span := self.limits.hit(provider, to, self.context.clock.now())) is not None:
            return Verdict(to, refused=True, limit=span, transient=True)
        return Verdict(to)

    async def wait(self, request: Request, behaviour: Behaviour) -> None:
        """Be as slow, or as dead, as this says. Raises Hung."""
        if behaviour.mode == "half_dead":
            await self.hold(request, PATIENCE)
            raise Hung
        if behaviour.mode == "slow":
            await self.hold(request, behaviour.seconds)

    async def hold(self, request: Request, seconds: float) -> None:
        """Answer nothing for so long, or until the caller is gone. The body must have been read."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while (await request.receive())["type"] != "http.disconnect":
                    pass

    def _accepted(self, wanted: Wanted, to: str, given: str, how: Behaviour) -> Accepted:
        now = self.context.clock.now()
        said = wanted.provider != "wecom" and how.mode not in ("no_receipt", "forged")
        return Accepted(
            wanted.provider, given, to, wanted.channel, wanted.out_id, wanted.template, wanted.sign, wanted.text, now,
            success=how.mode in ARRIVES, code=how.code if how.mode == "undelivered" else "",
            due_at=now + timedelta(seconds=how.receipt_after) if said else None,
            card=dict(wanted.card) if wanted.card is not None else None,
        )  # fmt: skip

    def _pushes(self, wanted: Wanted, to: str, given: str, how: Behaviour) -> list[Push]:
        now = self.context.clock.now()
        fact = {"id": given, "to": to}
        if how.mode == "forged":
            return [Push(wanted.provider, "press" if wanted.provider == "wecom" else "receipt", fact, now, forged=True)]
        if wanted.provider == "wecom" or how.mode == "no_receipt":
            return []
        return [Push(wanted.provider, "receipt", fact, now + timedelta(seconds=how.receipt_after))]


def _arrival(wanted: Wanted, to: str, given: str) -> Arrival:
    number = NUMBER.search(wanted.text)
    return Arrival(
        message_id=wanted.out_id or given, to=to, channel=wanted.channel, referral=number.group() if number else "",
        to_role="", level=0, text=wanted.text, exercise=DRILL in wanted.text, submission=given,
    )  # fmt: skip
