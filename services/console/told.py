"""Who was told, and why that person: messages with their deliveries and the duty roster as it stood then."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.chassis.clock import SHANGHAI
from services.chassis.database import Db
from services.console.texts import Text
from services.directory.agencies import agency_name
from services.directory.posts import parse_post

_MESSAGES = """select m.id, m.number, m.to_role, m.level, m.reason, m.person_name as person, m.created_at as at, m.state, u.duty,
    (select jsonb_agg(jsonb_build_object('channel', d.channel, 'state', d.state) order by d.at nulls last, d.channel)
     from notifier.delivery_view d where d.message_id = m.id) as deliveries
  from notifier.message_view m join notifier.message_duty_view u on u.id = m.id
  where m.referral_ids @> array[$1] order by m.created_at, m.id limit 100"""


@dataclass(frozen=True, slots=True)
class Told:
    """A message of a referral: to whom, why it was sent, by which channels with which outcome, and why that person."""

    at: datetime
    number: str
    to_role: str
    person: str
    reason: str
    level: int
    deliveries: tuple[tuple[str, str], ...]  # (channel, outcome)
    state: str
    why: tuple[str, ...]


async def messages_of(db: Db, referral_id: str, text: Text) -> list[Told]:
    """The messages about a referral, oldest first."""
    return [_told(row, text) for row in await db.fetch(_MESSAGES, referral_id)]


async def duties_of(db: Db, messages: Sequence[str], text: Text) -> dict[str, tuple[str, ...]]:
    """By message: why that person was told."""
    rows = await db.fetch("select id, duty from notifier.message_duty_view where id = any($1)", list(messages))
    return {row["id"]: why_told(row["duty"] or {}, text) for row in rows}


def why_told(duty: Mapping[str, Any], text: Text) -> tuple[str, ...]:
    """Who was on duty and why, in sentences; none for a message of before this was kept."""
    if not duty:
        return ()
    because = text.label("because", str(duty.get("because") or ""))
    said = [f"{_post(duty.get('post'), text)} · {text.label('stage', str(duty.get('stage') or ''))} · {because}"]
    if duty.get("from") and duty.get("to"):
        begins, ends = (datetime.fromisoformat(str(duty[edge])).astimezone(SHANGHAI) for edge in ("from", "to"))
        shift = str(duty.get("shift") or "")
        said.append(text("told.shift", shift=shift, begins=f"{begins:%m-%d %H:%M}", ends=f"{ends:%m-%d %H:%M}").strip())
    if duty.get("instead_of"):
        said.append(text("told.instead"))
    for each in duty.get("passed_over") or ():
        said.append(
            text(
                "told.passed",
                post=_post(each.get("post"), text),
                why=text.label("empty", str(each.get("because") or "")),
            )
        )
    return tuple(said)


def _told(row: Any, text: Text) -> Told:
    deliveries = tuple((str(each["channel"]), str(each["state"])) for each in row["deliveries"] or ())
    return Told(row["at"], row["number"], row["to_role"], row["person"], row["reason"], row["level"], deliveries, row["state"],
                why_told(row["duty"] or {}, text))  # fmt: skip


def _post(key: Any, text: Text) -> str:
    try:
        post = parse_post(str(key))
    except ValueError:
        return str(key or "")
    return f"{agency_name(post.agency, text.lang)} {post.name(text.lang)}"
