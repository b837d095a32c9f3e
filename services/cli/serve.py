"""`shouhu serve`: one service, as a container or the supervisor runs it."""

import asyncio
import sys
from typing import Annotated, NoReturn

import typer

from services.access.sample import refuse_sample_access_elsewhere
from services.chassis.clock import SystemClock
from services.chassis.data_lock import AlreadyRunning
from services.chassis.database import connect
from services.chassis.seal import KeyMissing
from services.chassis.service import run_process
from services.chassis.settings import Settings, load_settings
from services.chassis.supervise import WRONG_SETTINGS
from services.chassis.transient import transient
from services.cli.compose import EVERY, WORKERS, compose, doors, service

WEB = "web"


def serve(
    name: Annotated[str, typer.Argument(metavar="SERVICE", help=f"{WEB}, {', '.join(EVERY)}. 服务名")],
    door: Annotated[bool, typer.Option(help="Open its door at SHOUHU_HTTP, if it has one. 开放接口")] = True,
    phone: Annotated[bool, typer.Option("--phone", help="web: the phone gateway too. 附带模拟手机")] = False,
) -> None:
    """Run one service against SHOUHU_KAFKA and SHOUHU_POSTGRES; `web` is every door at one address. 运行单个服务

    Exit code 78: the settings are wrong, and starting again would not help.
    """
    if name not in (WEB, *EVERY):
        raise typer.BadParameter(f"expected one of {WEB}, {', '.join(EVERY)}", param_hint="SERVICE")
    try:
        settings = load_settings()
        asyncio.run(_serve(name, settings, door=door, phone=phone))
    except (ValueError, KeyMissing, AlreadyRunning) as error:  # every fault of settings, keys, channels and rulebook
        stop_with(str(error))


async def _serve(name: str, settings: Settings, *, door: bool, phone: bool) -> None:
    web = name == WEB
    parts = doors(phone=phone) if web else [service(name)]
    opens = web or (door and parts[0].router is not None)
    if opens:
        await _refuse_sample_access(settings)
    await run_process(name, parts, settings, doors=opens, reading=not web and name in WORKERS, compose=compose)


async def _refuse_sample_access(settings: Settings) -> None:
    try:
        db = await connect(settings.dsn)
        try:
            await refuse_sample_access_elsewhere(db, settings.http[0], SystemClock().now())
        finally:
            await db.close()
    except Exception as error:
        if not transient(error):
            raise
        # The process itself waits for PostgreSQL, and intake's door asks again then.


def stop_with(message: str) -> NoReturn:
    """Print what is wrong with the settings, and end with the code that says so."""
    print(message, file=sys.stderr)
    raise typer.Exit(WRONG_SETTINGS)
