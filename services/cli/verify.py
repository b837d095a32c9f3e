"""`shouhu directory verify`: send codes to contacts and confirm them."""

import asyncio
import secrets
from enum import StrEnum
from typing import Annotated

import typer

from services.chassis.clock import SystemClock
from services.chassis.database import connect
from services.chassis.settings import load_settings
from services.cli.reach import postgres_dsn
from services.notifier.channels import load_channels
from services.notifier.verification import Answer, Contact, NotSent, confirm, send_code, unverified

app = typer.Typer(help="Contacts proved by a code. 联系方式验证", no_args_is_help=True)


class Way(StrEnum):
    """A channel."""

    sms = "sms"
    wecom = "wecom"
    voice = "voice"


Person = Annotated[str, typer.Argument(help="Id of a person. 人员编号")]
_ANSWERS: dict[Answer, str] = {
    "verified": "已验证 · verified",
    "wrong": "验证码不对 · wrong code",
    "expired": "验证码已过期,请重新发送 · the code has expired, send another",
    "no_code": "没有待验证的验证码,请重新发送 · no code waits for this contact, send another",
}


@app.command()
def send(
    person: Annotated[str | None, typer.Argument(help="Id of a person; without it everybody's. 人员编号")] = None,
    channel: Annotated[Way | None, typer.Option(help="Only this channel. 只用某渠道")] = None,
) -> None:
    """Send a code to each contact that is not verified yet. 发送验证码

    Exit code 1 if any could not be sent; which, and why, is printed.
    """
    told = asyncio.run(_send(person, channel))
    for line in told:
        typer.echo(line)
    if not told:
        typer.echo("没有未验证的联系方式 · no contact is waiting to be verified")
    raise typer.Exit(1 if any(line.startswith("!!") for line in told) else 0)


@app.command("confirm")
def confirm_command(
    person: Person, channel: Annotated[Way, typer.Argument(help="sms, wecom or voice. 渠道")],
    code: Annotated[str, typer.Argument(help="The code that its owner read. 验证码")],
) -> None:  # fmt: skip
    """Confirm the code that the contact's owner has read. 确认验证码"""
    answer = asyncio.run(_confirm(Contact(person, channel.value), code))
    typer.echo(_ANSWERS[answer])
    raise typer.Exit(0 if answer == "verified" else 1)


async def _send(person: str | None, channel: Way | None) -> list[str]:
    channels = load_channels(load_settings().channels)
    db = await connect(postgres_dsn())
    told = []
    try:
        for contact in await unverified(db, None if person is None else [person]):
            if channel is not None and contact.channel != channel.value:
                continue
            code = f"{secrets.randbelow(10**6):06d}"
            try:
                outcome = await send_code(db, channels, contact, code, SystemClock().now())
            except NotSent as error:
                told.append(f"!! {contact.person} {contact.channel}: {error}")
                continue
            mark = "" if outcome.result == "sent" else "!! "
            told.append(f"{mark}{contact.person} {contact.channel}: {outcome.result} {outcome.detail}".rstrip())
    finally:
        await db.close()
        channels.close()
    return told


async def _confirm(contact: Contact, code: str) -> Answer:
    db = await connect(postgres_dsn())
    try:
        return await confirm(db, contact, code, SystemClock().now())
    finally:
        await db.close()
