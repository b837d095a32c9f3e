"""`shouhu dead-letters`: what could not be handled, why, and again."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import orjson
import typer

from services.chassis.dead_letters import DeadLetter, NoSuchDeadLetter, StillFails, letters, replay, resolve, show
from services.chassis.service import Context, open_context
from services.chassis.settings import load_settings
from services.cli.compose import service
from services.cli.reach import postgres_dsn

app = typer.Typer(help="What could not be handled, why, and again. 死信", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="Print JSON only. 只输出 JSON")]
Letter = Annotated[int, typer.Argument(help="Number of the dead letter. 编号")]


@app.command("list")
def list_command(
    every: Annotated[bool, typer.Option("--all", help="Also those that were dealt with. 含已处理")] = False,
    as_json: Json = False,
) -> None:
    """Every open dead letter with its reason. 列出死信"""
    rows = _run(lambda context: letters(context.pool, state=None if every else "open", limit=1000))
    if as_json:
        typer.echo(orjson.dumps([row._asdict() for row in rows]).decode())
    for row in () if as_json else rows:
        typer.echo(
            f"{row.id:>6}  {row.state:9} {row.at:%Y-%m-%d %H:%M:%S}Z  {row.service}  {row.topic}/{row.part}/{row.offset}  {row.reason}"
        )


@app.command("show")
def show_command(
    letter: Letter,
    value: Annotated[
        bool, typer.Option("--value", help="Also the record's content: it may hold what must not be shown. 含内容")
    ] = False,
    as_json: Json = False,
) -> None:
    """One dead letter. Its content is opened only with --value. 查看"""
    about, record = _tell(lambda context: show(context, letter))
    told: dict[str, Any] = about._asdict()
    if value:
        told["headers"] = [[name, raw.decode("utf-8", "replace")] for name, raw in record.headers]
        told["value"] = (record.value or b"").decode("utf-8", "replace")
    typer.echo(orjson.dumps(told).decode() if as_json else "\n".join(f"{k:17} {v}" for k, v in told.items()))


@app.command("replay")
def replay_command(letter: Letter, as_json: Json = False) -> None:
    """Handle it again, with its original time, by the service that owns it. 重放

    Exit code 1 when it fails again or is not open; then nothing took effect.
    """
    done = _tell(lambda context: _replay(context, letter))
    typer.echo(orjson.dumps(done._asdict()).decode() if as_json else f"{done.id}: 已重放 handled again")


@app.command("resolve")
def resolve_command(
    letter: Letter,
    why: Annotated[str, typer.Option(help="The reason, for whoever asks later; no personal data. 原因")],
    as_json: Json = False,
) -> None:
    """Close it without handling it, for example because the source has sent a corrected event. 关闭"""
    _tell(lambda context: resolve(context, letter, why))
    typer.echo(orjson.dumps({"id": letter, "state": "resolved"}).decode() if as_json else f"{letter}: 已关闭 resolved")


async def _replay(context: Context, letter: int) -> DeadLetter:
    about, _ = await show(context, letter)
    owner = service(about.service)
    if owner.start is not None:
        await owner.start(context)
    return await replay(context, about.service, lambda topic: owner.handler(context, topic), letter)


def _run(use: Callable[[Context], Awaitable[Any]]) -> Any:
    async def inside() -> Any:
        context = await open_context(
            load_settings().model_copy(update={"postgres": postgres_dsn()}), "dead-letters", size=2
        )
        try:
            return await use(context)
        finally:
            await context.pool.close()

    return asyncio.run(inside())


def _tell(use: Callable[[Context], Awaitable[Any]]) -> Any:
    try:
        return _run(use)
    except (NoSuchDeadLetter, StillFails) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
