"""A contact counts once its owner has read a code that was sent to it: codes and their confirmation."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Literal

import asyncpg

from services.law.rulebook_file import load_yaml
from services.notifier.outcome import Outcome
from services.notifier.parcel import Channels, Parcel

VALID = timedelta(minutes=30)
PAUSE = timedelta(minutes=1)  # between two codes to one contact, so that nobody's phone is flooded
TRIES = 5

Answer = Literal["verified", "wrong", "expired", "no_code"]


class NotSent(ValueError):
    """No code could be sent; the message says why, without the contact."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody's contact on a channel."""

    person: str
    channel: str


async def unverified(db: asyncpg.Connection, people: Sequence[str] | None = None) -> list[Contact]:
    """The contacts of these people (None: of everybody real) that nobody has confirmed as they are now."""
    rows = await db.fetch(
        "select c.person_id, c.channel from notifier.contact c join notifier.person p on p.id = c.person_id and not p.sample"
        " left join notifier.verified_contact v on v.person_id = c.person_id and v.channel = c.channel"
        "  and v.digest = sha256(convert_to(c.value, 'UTF8'))"
        " where v.person_id is null and ($1::text[] is null or c.person_id = any($1)) order by 1, 2",
        None if people is None else list(people),
    )
    return [Contact(row["person_id"], row["channel"]) for row in rows]


async def send_code(
    db: asyncpg.Connection, channels: Channels, contact: Contact, code: str, now: datetime, lang: str = "zh"
) -> Outcome:
    """Send a code to a contact and remember it; a code sent before is void. Raises NotSent.

    `code` is six random digits made by the caller. What is kept is a digest of it.
    """
    async with db.transaction():
        to = await db.fetchval(
            "select value from notifier.contact where person_id = $1 and channel = $2", contact.person, contact.channel
        )
        if to is None:
            raise NotSent("this person has no contact on this channel")
        if contact.channel not in channels.configured(exercise=False):
            raise NotSent("this channel is not configured (SHOUHU_CHANNELS)")
        done = await db.fetchval(
            "insert into notifier.contact_code values ($1, $2, sha256(convert_to($3, 'UTF8')), $4, $5, $6)"
            " on conflict (person_id, channel) do update set digest = excluded.digest, code = excluded.code,"
            " sent_at = excluded.sent_at, expires_at = excluded.expires_at, tries = 0"
            " where contact_code.sent_at <= $7 returning person_id",
            contact.person, contact.channel, to, _digest(contact, code), now, now + VALID, now - PAUSE,
        )  # fmt: skip
        if done is None:
            raise NotSent("a code was sent less than a minute ago")
    return await channels.send(_parcel(contact, to, code, now, lang))


async def confirm(db: asyncpg.Connection, contact: Contact, code: str, now: datetime) -> Answer:
    """Whether this is the code that was sent; the contact is verified then, as long as it does not change.

    Five wrong tries make a code void. A contact changed since the code was sent is not verified by it.
    """
    async with db.transaction():
        row = await db.fetchrow(
            "select k.*, k.digest = sha256(convert_to(c.value, 'UTF8')) as same from notifier.contact_code k"
            " join notifier.contact c on c.person_id = k.person_id and c.channel = k.channel"
            " where k.person_id = $1 and k.channel = $2 for update of k",
            contact.person, contact.channel,
        )  # fmt: skip
        if row is None or not row["same"] or row["tries"] >= TRIES:
            return "no_code"
        if row["expires_at"] <= now:
            return "expired"
        if row["code"] != _digest(contact, code):
            await db.execute(
                "update notifier.contact_code set tries = tries + 1 where person_id = $1 and channel = $2",
                contact.person, contact.channel,
            )  # fmt: skip
            return "wrong"
        await db.execute(
            "delete from notifier.contact_code where person_id = $1 and channel = $2", contact.person, contact.channel
        )
        await db.execute(
            "insert into notifier.verified_contact values ($1, $2, $3, $4)"
            " on conflict (person_id, channel) do update set digest = excluded.digest, at = excluded.at",
            contact.person, contact.channel, row["digest"], now,
        )  # fmt: skip
        return "verified"


def _digest(contact: Contact, code: str) -> bytes:
    return hashlib.sha256(f"{contact.person}\x1f{contact.channel}\x1f{code.strip()}".encode()).digest()


def _parcel(contact: Contact, to: str, code: str, now: datetime, lang: str) -> Parcel:
    params = {"code": code, "minutes": str(VALID // timedelta(minutes=1))}
    text = _texts()[lang].format(**params)
    name = hashlib.sha256(f"{contact.person}\x1f{contact.channel}\x1f{now.isoformat()}".encode()).hexdigest()[:24]
    return Parcel(
        message_id=name, referral="", to_role="", level=0, exercise=False, to=to, channel=contact.channel, text=text,
        reason="verification", kind="", agency_level="", area="", template="verification",
        params={**params, "text": text.partition("】")[2] or text},
    )  # fmt: skip


@cache
def _texts() -> dict[str, str]:
    text = files("services.notifier").joinpath("templates/verification.yaml").read_text(encoding="utf-8")
    return dict(load_yaml("templates/verification.yaml", text))
