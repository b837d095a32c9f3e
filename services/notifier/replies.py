"""Replies and presses: whose contact it is, what they were told of, and the acknowledgement that goes to the referral."""

import logging
from collections.abc import Callable, Sequence

import asyncpg

from events.envelope import Event
from events.notification import ReplyReceived
from services.chassis.work import Work
from services.law.calendar import Calendar
from services.notifier import roster_store
from services.notifier.follow import SOURCE, TOPIC
from services.notifier.metrics import REPLIES
from services.notifier.news import Said
from services.notifier.plugins.numbers import national
from services.notifier.reply import Answer, Open, answered, meaning, pressed
from services.notifier.rows import derived

log = logging.getLogger(__name__)
# A number may be written with a country code, spaces or hyphens; a WeCom id in any case.
_OWNERS = """
select distinct person_id from notifier.contact where channel = any($1::text[]) and case
    when channel = 'wecom' then lower(value) = lower($2)
    else regexp_replace(regexp_replace(value, '\\D', '', 'g'), '^(?:0086|86)(1\\d{10})$', '\\1') = $2 end
order by 1
"""
_OPEN = """
select distinct r.id as referral, m.duty ->> 'post' as post, n.number
from notifier.message m
cross join lateral unnest(m.referral_ids) as covered(id)
join referral.current_view r on r.id = covered.id and r.state = 'sent'
join notifier.notice n on n.referral_id = r.id and (n.id = m.notice_id or n.merged_into = m.notice_id)
where m.person_id = $1 and m.state <> 'not_needed' and ($2::text is null or m.id = $2)
order by 1
"""


async def take_reply(work: Work, channel: str, said: Said, calendar: Calendar | None) -> str:
    """What a reply by SMS does; the same again does nothing more. Returns its result."""
    id_ = derived("reply", channel, said.id)
    if (known := await _known(work.db, id_)) is not None:
        return known
    # A call and an SMS reach the same phone.
    owners = await _owners(work.db, ("sms", "voice"), national(said.sender))
    understood = meaning(said.text)
    return await _take(work, id_, channel, owners, None, lambda open_: answered(understood, open_), calendar)


async def take_press(work: Work, user: str, message_id: str, calendar: Calendar | None) -> str:
    """What a press on a WeCom card does: only its own receiver's counts. Returns its result."""
    id_ = derived("press", user, message_id)
    if (known := await _known(work.db, id_)) is not None:
        return known
    owners = await _owners(work.db, ("wecom",), user)
    return await _take(work, id_, "wecom", owners, message_id, pressed, calendar)


async def _known(db: asyncpg.Connection, id_: str) -> str | None:
    await db.execute("select pg_advisory_xact_lock(hashtextextended($1, 0))", id_)
    found: str | None = await db.fetchval("select result from notifier.reply where id = $1", id_)
    return found


async def _owners(db: asyncpg.Connection, channels: Sequence[str], contact: str) -> list[str]:
    return [row["person_id"] for row in await db.fetch(_OWNERS, list(channels), contact)]


async def _take(
    work: Work,
    id_: str,
    channel: str,
    owners: Sequence[str],
    message_id: str | None,
    decide: Callable[[Sequence[Open]], Answer],
    calendar: Calendar | None,
) -> str:
    """One contact may be several people's: the first for whom it acknowledges something counts, else the first."""
    told = [(person, decide(await _open(work, person, message_id, calendar))) for person in owners]
    nobody: tuple[str | None, Answer] = (None, Answer("stranger"))
    person, answer = next((each for each in told if each[1].referrals), told[0] if told else nobody)
    numbers = await _publish(work, id_, channel, person, answer.referrals) if person is not None else []
    await work.db.execute(
        "insert into notifier.reply values ($1, $2, $3, $4, $5, $6)",
        id_,
        channel,
        person,
        numbers,
        answer.result,
        work.now,
    )
    REPLIES.labels(channel, answer.result).inc()
    log.info("a reply by %s: %s %s", channel, answer.result, " ".join(numbers))
    return answer.result


async def _open(work: Work, person: str, message_id: str | None, calendar: Calendar | None) -> list[Open]:
    rows = await work.db.fetch(_OPEN, person, message_id)
    if not rows:
        return []
    posts = await roster_store.duty_posts(work.db, person, work.now, calendar)
    return [Open(row["referral"], row["number"], row["post"] in posts) for row in rows]


async def _publish(work: Work, id_: str, channel: str, person: str, referrals: Sequence[str]) -> list[str]:
    rows = await work.db.fetch(
        "select distinct on (n.referral_id) n.referral_id, n.number, n.case_id, n.exercise, p.name from notifier.notice n"
        " cross join notifier.person p where n.referral_id = any($1) and p.id = $2 order by n.referral_id",
        list(referrals), person,
    )  # fmt: skip
    for row in rows:
        fact = ReplyReceived(
            reply=id_,
            referrals=(row["referral_id"],),
            person=person,
            person_name=row["name"],
            channel=channel,
            at=work.now,
        )
        event = Event(
            id=derived(id_, row["referral_id"]), source=SOURCE, type=ReplyReceived.TYPE, time=work.now,
            correlationid=row["case_id"], exercise=row["exercise"], data=fact.model_dump(mode="json"),
        )  # fmt: skip
        work.publish(TOPIC, row["case_id"], event)
    return [row["number"] for row in rows]
