"""One post end to end: who is on duty for it and why, which contacts are proven, and a marked message with what became of it."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg

from services.chassis.clock import SHANGHAI
from services.directory.posts import Post
from services.directory.territory import territory
from services.law.calendar import Calendar
from services.notifier.compose import duty_record, masked
from services.notifier.outcome import Outcome, Receipt
from services.notifier.parcel import Channels, Parcel, Question
from services.notifier.roster import Seat, chain, needed_keys, next_person
from services.notifier.roster_store import contacts, load_holders
from services.notifier.texts import Facts, Lang, templates

TEXT = "contact_test"
LOOK = 0.5  # seconds between questions about a receipt
_VERIFIED = """
select c.channel, p.sample or coalesce(v.digest = sha256(convert_to(c.value, 'UTF8')), false) as verified
from notifier.contact c join notifier.person p on p.id = c.person_id
left join notifier.verified_contact v on v.person_id = c.person_id and v.channel = c.channel
where c.person_id = $1 order by c.channel
"""


@dataclass(frozen=True, slots=True)
class Reach:
    """A contact of the person on duty: whether it is proven, what became of the message, and what its provider said later."""

    channel: str
    contact: str  # masked
    verified: bool
    configured: bool
    outcome: Outcome | None = None
    receipt: Receipt | None = None

    @property
    def good(self) -> bool:
        """Whether the message is on its way or there, as far as the provider says."""
        failed = self.receipt is not None and self.receipt.result == "failed"
        return self.outcome is not None and self.outcome.result == "sent" and not failed


@dataclass(frozen=True, slots=True)
class PostTried:
    """Who was found for a post (None: nobody at all) and what became of a message on each of their channels."""

    post: Post
    seat: Seat | None
    reaches: tuple[Reach, ...]

    @property
    def good(self) -> bool:
        """Whether the post's own person was reached on every channel that is configured, and on one at least."""
        tried = [each for each in self.reaches if each.configured]
        return self.seat is not None and self.seat.stage == "post" and bool(tried) and all(each.good for each in tried)

    def why(self) -> dict[str, Any]:
        """Who is on duty and why, as it is kept with a message."""
        return {} if self.seat is None else {"person": self.seat.person.name, **duty_record(self.post, self.seat)}


async def find_seat(db: asyncpg.Connection, post: Post, now: datetime, calendar: Calendar) -> Seat | None:
    """Who would be told at this moment."""
    on = now.astimezone(SHANGHAI).date()
    posts = chain(post, territory().county(post.agency.area), on)
    return next_person(posts, await load_holders(db, needed_keys(posts), calendar), failed=(), at=now)


async def try_post(
    db: asyncpg.Connection, channels: Channels, post: Post, now: datetime, calendar: Calendar, *, drill: bool, wait: float
) -> PostTried:  # fmt: skip
    """Send one marked message by every channel of whoever is on duty, and ask for receipts for `wait` seconds.

    `drill`: by the channels that are for drills, else by the real ones.
    """
    seat = await find_seat(db, post, now, calendar)
    if seat is None:
        return PostTried(post, None, ())
    person = seat.person.id
    known = {row["channel"]: row["verified"] for row in await db.fetch(_VERIFIED, person)}
    configured = channels.configured(drill)
    promises = {lane.channel for lane in channels.lanes() if lane.exercise == drill and lane.promises}
    tried = [
        _reach(db, channels, seat, channel, verified, now, drill, wait if channel in promises else 0.0)
        for channel, verified in known.items()
        if channel in configured
    ]
    reaches = [await each for each in tried]  # one connection: one after the other
    rest = [Reach(channel, "***", verified, False) for channel, verified in known.items() if channel not in configured]
    return PostTried(post, seat, (*reaches, *rest))


async def _reach(
    db: asyncpg.Connection, channels: Channels, seat: Seat, channel: str, verified: bool, now: datetime, drill: bool, wait: float
) -> Reach:  # fmt: skip
    to = (await contacts(db, [seat.person.id], channel)).get(seat.person.id, "")
    parcel = parcel_for(seat, channel, to, now, drill)
    outcome = await channels.send(parcel)
    receipt = None
    left = wait
    while outcome.result == "sent" and left > 0 and (receipt is None or receipt.result == "waiting"):
        await asyncio.sleep(LOOK)
        left -= LOOK
        receipt = await channels.ask(Question(parcel.message_id, channel, drill, to, outcome.provider_id, now))
    return Reach(channel, masked(to), verified, True, outcome, receipt)


def parcel_for(seat: Seat, channel: str, to: str, now: datetime, drill: bool, lang: Lang = "zh") -> Parcel:
    """The marked message of a test; nobody can mistake it for a matter."""
    post = seat.post
    name = hashlib.sha256(f"{post.key}\x1f{seat.person.id}\x1f{channel}\x1f{now.isoformat()}".encode()).hexdigest()[:24]
    facts = Facts(
        number=f"T-{name[:6].upper()}", county=territory().name(post.agency.area, lang), severity="LOW", classification="C2",
        role="primary", level=0, exercise=True, now=now,
    )  # fmt: skip
    worded = templates(lang).word(TEXT, facts)
    return Parcel(
        message_id=name, referral=facts.number, to_role=post.function, level=0, exercise=drill, to=to, channel=channel,
        text=worded.text, reason="test", kind=post.agency.kind, agency_level=post.agency.level, area=post.agency.area,
        template=worded.template, params=worded.params,
    )  # fmt: skip


def said(reaches: Sequence[Reach]) -> list[dict[str, Any]]:
    """For scripts."""
    return [
        {
            "channel": r.channel, "contact": r.contact, "verified": r.verified, "configured": r.configured,
            "outcome": r.outcome.result if r.outcome else None, "detail": r.outcome.detail if r.outcome else "",
            "receipt": r.receipt.result if r.receipt else None,
        }
        for r in reaches
    ]  # fmt: skip
