"""`shouhu notify test`: one post end to end."""

import asyncio
from typing import Annotated

import orjson
import typer

from services.chassis.clock import SystemClock
from services.chassis.database import connect
from services.chassis.settings import load_settings
from services.cli.directory_report import named
from services.cli.reach import channels_file, postgres_dsn
from services.directory.posts import Post, parse_post
from services.directory.working_days import working_days
from services.notifier.channels import load_channels
from services.notifier.try_post import PostTried, Reach, said, try_post

app = typer.Typer(help="Messages to people. 通知", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Messages to people. 通知"""


@app.command("test")
def try_command(
    post: Annotated[
        str,
        typer.Option(metavar="KIND@LEVEL/AREA/FUNCTION", help="Such as civil_affairs@county/220122/duty_officer. 岗位"),
    ],
    drill: Annotated[
        bool, typer.Option("--drill", help="By the drill channels, not the real ones. 用演练渠道")
    ] = False,
    wait: Annotated[float, typer.Option(min=0, max=600, help="Seconds to wait for receipts. 等候回执秒数")] = 15,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON only. 只输出 JSON")] = False,
) -> None:
    """Who is on duty for a post and why, which contacts are proven, and what becomes of a message marked 【演练】. 岗位联络测试

    Exit code 0 if the post's own person was reached on every channel that is configured, 1 if not.
    """
    try:
        meant = parse_post(post)
    except (ValueError, KeyError):
        raise typer.BadParameter(
            "expected KIND@LEVEL/AREA/FUNCTION, such as civil_affairs@county/220122/duty_officer", param_hint="--post"
        ) from None
    tried = asyncio.run(_try(meant, drill, wait))
    if as_json:
        typer.echo(
            orjson.dumps(
                {"post": meant.key, "good": tried.good, "on_duty": tried.why(), "channels": said(tried.reaches)}
            ).decode()
        )
    else:
        typer.echo("\n".join(lines(tried)))
    raise typer.Exit(0 if tried.good else 1)


async def _try(post: Post, drill: bool, wait: float) -> PostTried:
    settings = load_settings()
    channels = load_channels(channels_file(settings))
    db = await connect(postgres_dsn())
    try:
        return await try_post(
            db, channels, post, SystemClock().now(), working_days(settings.rulebook), drill=drill, wait=wait
        )
    finally:
        await db.close()
        channels.close()


def lines(tried: PostTried) -> list[str]:
    """The report for people."""
    found = [named(tried.post)]
    if tried.seat is None:
        return [*found, "没有任何人可以通知,值守链条上也没有 · nobody can be told, not even whoever stands in"]
    why = tried.why()
    shift = f"  {why['shift']} {why['from'][:16]} – {why['to'][:16]} UTC" if "shift" in why else ""
    found.append(f"在岗 on duty  {why['person']}  {why['because']}{shift}")
    if tried.seat.stage != "post":
        found.append(
            f"  本岗位无人,由 {named(tried.seat.post)} 代接 · nobody of the post itself: {tried.seat.stage} stands in"
        )
    found += [f"  {each['post']}: {each['because']}" for each in why.get("passed_over", ())]
    found += [_line(each) for each in tried.reaches]
    if not tried.reaches:
        found.append("没有联系方式 · no contact")
    return found


def _line(reach: Reach) -> str:
    proven = "已验证 verified" if reach.verified else "未验证 NOT verified"
    if not reach.configured:
        return f"  {reach.channel:6} {proven:18} 渠道未配置 channel not configured"
    outcome = f"{reach.outcome.result} {reach.outcome.detail}".rstrip() if reach.outcome else "-"
    receipt = f"  回执 receipt: {reach.receipt.result}" if reach.receipt else ""
    return f"  {reach.channel:6} {reach.contact:10} {proven:18} {outcome}{receipt}"
