"""`shouhu trace ID`: the whole chain of an event, by event id, case id, referral id or number."""

import asyncio
from typing import Annotated, Any

import orjson
import typer

from services.account.trace import find, trace
from services.chassis.clock import SystemClock
from services.chassis.database import connect
from services.cli.reach import postgres_dsn


def trace_command(
    identity: Annotated[
        str, typer.Argument(metavar="ID", help="Event id, case id, referral id or number. 事件、个案或转介编号")
    ],
    source: Annotated[str | None, typer.Option(help="The event's source, when ids repeat. 事件来源")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON only. 只输出 JSON")] = False,
) -> None:
    """What was reported, which rule and law, who was told by which channel, what they answered, what is late. 全链路追踪

    Exit code 1 when nothing is known of it.
    """
    told = asyncio.run(_find(identity, source))
    if told is None:
        typer.echo(f"{identity}: 没有找到 · nothing is known of it", err=True)
        raise typer.Exit(1)
    typer.echo(orjson.dumps(told).decode() if as_json else for_people(told))


async def _find(identity: str, source: str | None) -> dict[str, Any] | None:
    db = await connect(postgres_dsn())
    try:
        found = (source, identity) if source else await find(db, identity)
        where, event_id = found or (source, identity)
        return await trace(db, event_id, where, SystemClock())
    finally:
        await db.close()


def for_people(told: dict[str, Any]) -> str:
    """The chain in lines."""
    event, decision = told["event"], told["decision"]
    rules = ", ".join(decision["rules"]) or "-"
    lines = [
        f"事件 event     {event['id']}  {event.get('type', '')}  {event['source']}",
        f"结果 outcome   {told['outcome']}  规则 rules: {rules}  版本 edition: {decision['edition'] or '-'}",
    ]
    if decision.get("why"):
        lines.append(f"原因 why       {decision['why']['zh']} {decision['why']['en']}")
    if "dead_letter" in told:
        lines.append(f"死信 dead letter {told['dead_letter']['id']}: {told['dead_letter']['reason']}")
    for r in told["referrals"]:
        law = ", ".join(f"{b['source']} {b['clause']} ({b['label']})" for b in r["basis"])
        lines.append(
            f"转介 referral  {r['number']}  {r['role']}  {r['agency']['kind']}@{r['agency']['area']}  {r['profile']}  {r['state']}"
        )
        lines.append(f"               依据 basis: {law}")
        for c in r["clocks"]:
            late = f"  超时 late since {c['breached_at'][:19]}" if c["breached_at"] else ""
            lines.append(f"               {c['name']:9} {c['due_at'][:19]}  {c['state']}{late}")
    for m in told["messages"]:
        lines.append(f"消息 message   {(m['at'] or '')[:19]}  {m['number']}  L{m['level']} {m['reason']}  {m['to_role']} {m['person'] or ''}  "
                     f"{m['channel']}: {m['outcome']}{' (' + m['detail'] + ')' if m['detail'] else ''}")  # fmt: skip
    lines += [
        f"{entry['at'][:19]}  {entry['what']}  " + " ".join(f"{k}={v}" for k, v in entry["detail"].items())
        for entry in told["timeline"]
    ]
    return "\n".join(lines)
