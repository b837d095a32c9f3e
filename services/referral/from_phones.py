"""Acknowledgements from a phone: a reply by SMS or a press on a WeCom card, as the person whose phone it is.

Who it was and whether they have duty is the notifier's to find out; what it may do is decided here, as at the door, and it
is an acknowledgement whatever the message says. Repeats change nothing: each reply has one request id.
"""

from collections.abc import Sequence

import structlog

from events.codec import from_kafka
from events.faults import Unreadable
from events.notification import ReplyReceived
from services.access.callers import held_posts
from services.access.problems import Problem
from services.access.roles import Caller
from services.chassis.record import Record
from services.chassis.service import Context
from services.chassis.work import Work
from services.referral.routes import ActionBody, act_in

log = structlog.get_logger()


async def on_notifications(context: Context, work: Work, records: Sequence[Record]) -> None:
    """Acknowledge what replies name; everything else on the topic is for others."""
    for record in records:
        try:
            event = from_kafka(record.headers, record.value)
        except Unreadable as error:
            first = error.errors[0]
            work.bury(record, reason=f"unreadable: {first.field}: {first.expected}", rule=first.rule)
            continue
        if event.type != ReplyReceived.TYPE:
            continue
        with work.on(record):
            reply = ReplyReceived.model_validate(event.data)
            for referral in reply.referrals:
                await _acknowledge(context, work, reply, referral)


async def _acknowledge(context: Context, work: Work, reply: ReplyReceived, referral: str) -> None:
    # The way stands in the id, so that the history says "by SMS" and an account's own answers look different.
    who = Caller(f"{reply.channel}:{reply.person}", reply.person_name, "officer", person_id=reply.person)
    posts = await held_posts(work.db, who)
    body = ActionBody(version=0, request_id=f"reply-{reply.reply}")
    try:
        async with work.db.transaction():
            await act_in(context, work, who, posts, referral, "acknowledge", body, any_version=True)
    except Problem as problem:
        # Somebody else was quicker, or it ended: the sender sees that on the officer's page.
        log.info(
            "a reply changed nothing", referral=referral, channel=reply.channel, why=problem.detail or problem.title
        )
