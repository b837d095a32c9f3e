"""What happens to a WeCom card after it was sent: recalled, changed, pressed."""

from datetime import timedelta
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.phone.gateway import Gateway, Wanted
from services.phone.inbox import Bundle, Push
from services.phone.providers.wecom_message import Card
from services.phone.providers.wecom_token import OK, Answer, fault

RECALL = timedelta(hours=24)
UPDATE = timedelta(hours=72)


class _Recall(BaseModel):
    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)
    msgid: Annotated[str, Field(min_length=1)]


class _Replace(BaseModel):
    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)
    replace_name: Annotated[str, Field(min_length=1)]


class _Update(BaseModel):
    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)
    userids: list[str] = []
    atall: int = 0
    agentid: int
    response_code: Annotated[str, Field(min_length=1)]
    button: _Replace | None = None
    template_card: Card | None = None


async def known(gateway: Gateway, task: str) -> bool:
    """Whether a card with this task id was sent before."""
    return bool(
        await gateway.context.pool.fetchval(
            "select exists (select from phone.submission where provider = 'wecom' and out_id = $1)", task
        )
    )


async def same(gateway: Gateway, wanted: Wanted, within: timedelta) -> str | None:
    """The message with the same words that these users got lately, if they did."""
    found: str | None = await gateway.context.pool.fetchval(
        "select id from phone.submission where provider = 'wecom' and text = $1 and \"to\" = any($2) and at > $3"
        " group by id having count(*) = $4 order by max(at) desc limit 1",
        wanted.text, list(wanted.to), gateway.context.clock.now() - within, len(set(wanted.to)),
    )  # fmt: skip
    return found


async def recall(gateway: Gateway, body: bytes) -> Answer:
    """`message/recall`, within 24 hours."""
    try:
        wanted = _Recall.model_validate_json(body)
    except ValidationError:
        return fault(40058, "invalid Request Parameter: msgid")
    done = await gateway.context.pool.fetch(
        "update phone.submission set recalled = true where provider = 'wecom' and id = $1 and at > $2 returning id",
        wanted.msgid, gateway.context.clock.now() - RECALL,
    )  # fmt: skip
    gateway.inbox.stir()
    return OK if done else fault(40058, "invalid msgid")


async def update(gateway: Gateway, body: bytes) -> Answer:
    """`message/update_template_card`: other buttons or another card, once for each response code within 72 hours."""
    try:
        wanted = _Update.model_validate_json(body)
    except ValidationError as error:
        return fault(40058, f"invalid Request Parameter: {'.'.join(map(str, error.errors()[0]['loc']))}")
    if wanted.button is None and wanted.template_card is None:
        return fault(40058, "button or template_card is required")
    async with gateway.context.pool.acquire() as db, db.transaction():
        submission = await db.fetchval(
            "delete from phone.response_code where code = $1 and at > $2 returning submission",
            wanted.response_code, gateway.context.clock.now() - UPDATE,
        )  # fmt: skip
        if submission is None:
            return fault(40058, "invalid response_code")
        change: dict[str, Any] = (
            {"replace_text": wanted.button.replace_name}
            if wanted.button is not None
            else wanted.template_card.model_dump() if wanted.template_card is not None else {}
        )  # fmt: skip
        await _change(db, submission, None if wanted.atall else wanted.userids, change)
        invalid = await db.fetch(
            "select u from unnest($1::text[]) u where not exists"
            " (select from phone.submission where provider = 'wecom' and id = $2 and \"to\" = u)",
            wanted.userids, submission,
        )  # fmt: skip
    gateway.inbox.stir()
    return OK | {"invaliduser": [row["u"] for row in invalid]}


async def replace(gateway: Gateway, submission: str, to: str, text: str) -> None:
    """The buttons of one user's card give way to a text: the answer to a press may ask for that."""
    async with gateway.context.pool.acquire() as db:
        await _change(db, submission, [to], {"replace_text": text})
    gateway.inbox.stir()


async def press(gateway: Gateway, submission: str, to: str, key: str) -> bool:
    """Somebody presses a button; False if that card has no such button any more."""
    row = await gateway.context.pool.fetchrow(
        "select card from phone.submission where provider = 'wecom' and id = $1 and \"to\" = $2 and not recalled",
        submission, to,
    )  # fmt: skip
    card = row["card"] if row is not None else None
    if not card or card.get("replace_text") or key not in {each["key"] for each in card.get("button_list", ())}:
        return False
    code = gateway.new_id("wecom", submission, to, key)
    fact = {
        "id": submission, "to": to, "key": key, "task": card["task_id"], "card_type": card["card_type"], "code": code,
    }  # fmt: skip
    now = gateway.context.clock.now()
    await gateway.inbox.keep(Bundle(pushes=(Push("wecom", "press", fact, now),), codes=((code, submission, to),)))
    return True


async def _change(db: Any, submission: str, users: list[str] | None, change: dict[str, Any]) -> None:
    await db.execute(
        "update phone.submission set card = card || $3 where provider = 'wecom' and id = $1"
        ' and ($2::text[] is null or "to" = any($2))',
        submission, users, change,
    )  # fmt: skip
