"""What people do with their phones: answer an SMS, press a button of a card."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.access.problems import Problem
from services.phone.gateway import Gateway
from services.phone.inbox import Push
from services.phone.providers import wecom_cards


class Reply(BaseModel):
    """An SMS back, from a phone that got one by a provider."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)
    sender: Annotated[str, Field(min_length=1, max_length=64)]
    text: Annotated[str, Field(min_length=1, max_length=500)]


class Press(BaseModel):
    """A button of a card."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)
    submission: Annotated[str, Field(min_length=1, max_length=64)]
    to: Annotated[str, Field(min_length=1, max_length=64)]
    key: Annotated[str, Field(min_length=1, max_length=1024)]


async def reply(gateway: Gateway, given: Reply) -> None:
    """Send it back the way the last SMS came. Raises Problem 409 where none came by a provider."""
    now = gateway.context.clock.now()
    async with gateway.context.pool.acquire() as db, db.transaction():
        last = await db.fetchrow(
            "select provider, sign from phone.submission where channel = 'sms' and \"to\" = $1 order by at desc limit 1",
            given.sender,
        )
        if last is None:
            raise Problem(409, "No SMS to answer", "this phone got no SMS by a provider")
        number = await db.fetchval(
            'insert into phone.reply (provider, "from", text, sign, at) values ($1, $2, $3, $4, $5) returning id',
            last["provider"], given.sender, given.text, last["sign"], now,
        )  # fmt: skip
        push = Push(last["provider"], "reply", {"reply": number, "from": given.sender, "text": given.text, "sign": last["sign"],
                                                "at": now.isoformat()}, now)  # fmt: skip
        await db.execute(
            "insert into phone.push (provider, kind, fact, forged, next_at) values ($1, 'reply', $2, false, $3)",
            push.provider, push.fact, push.next_at,
        )  # fmt: skip
    gateway.inbox.told()
    gateway.inbox.stir()


async def press(gateway: Gateway, given: Press) -> None:
    """Press it. Raises Problem 409 where there is no such button (any more)."""
    if not await wecom_cards.press(gateway, given.submission, given.to, given.key):
        raise Problem(409, "No such button", "the card was recalled or answered, or never had this button")
