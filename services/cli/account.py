"""`shouhu account`: does everything add up?"""

import asyncio
from typing import Annotated

import asyncpg
import orjson
import typer

from services.account.reckoning import Account, account
from services.account.unread import unread
from services.chassis.clock import SystemClock
from services.chassis.database import connect
from services.chassis.settings import SettingsFault
from services.cli.reach import kafka_address, postgres_dsn

LABELS = {
    "accepted": "已接收 accepted", "referred": "已转介 referred", "attached": "并入个案 attached", "no_referral": "依规则不转介 no referral",
    "dead_letter": "死信 dead letter", "pending": "处理中 pending", "refused": "门口拒收 refused", "duplicates": "重复 duplicates",
}  # fmt: skip


def account_command(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON only. 只输出 JSON")] = False,
) -> None:
    """The reckoning over all events: accepted = referred + attached + no_referral + dead_letter + pending + unaccounted. 总账

    Exit code 0 only if nothing is unaccounted for.
    """
    found = asyncio.run(reckon(postgres_dsn()))
    typer.echo(orjson.dumps(found.as_json()).decode() if as_json else table(found))
    if not found.balanced:
        raise typer.Exit(1)


async def reckon(dsn: str) -> Account:
    """The account of the system at this address, with what its Kafka holds unread when that can be asked."""
    db: asyncpg.Connection = await connect(dsn)
    try:
        try:
            waiting = await unread(db, kafka_address())
        except (SettingsFault, OSError, TimeoutError):
            typer.echo("Kafka does not answer: records that the door has not read yet are not counted", err=True)
            waiting = {}
        return await account(db, SystemClock().now(), waiting)
    finally:
        await db.close()


def table(found: Account) -> str:
    """The account for people."""
    lines = [f"{label:28} {getattr(found, name):>8}" for name, label in LABELS.items()]
    lines.insert(6, f"{'去向不明 unaccounted':26} {len(found.unaccounted):>8}")
    lines += [f"    {entry['source']}  {entry['id']}" for entry in found.unaccounted]
    lines.append("消息 messages: " + ", ".join(f"{name} {count}" for name, count in found.messages.items()))
    return "\n".join(lines)
