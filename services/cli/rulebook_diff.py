"""`shouhu rulebook diff`: replay events under two editions and show whose referrals, recipients and due times would differ."""

import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import asyncpg
import orjson
import typer

from events.catalogue import check
from events.codec import Refusal, from_http
from events.envelope import Event
from services.chassis.clock import SystemClock
from services.chassis.settings import SettingsFault
from services.cli.event_files import FileFault, read_events
from services.cli.on_database import on_database
from services.cli.rulebook_check import Json
from services.cli.which_edition import edition_named
from services.law.rulebook_file import RulebookFault
from services.referral.compare import Difference, compare
from services.referral.laws import law_from

Which = Annotated[str, typer.Argument(help="A directory, an edition's id, or `running`. 目录、版本号或 running")]
Taken = list[tuple[Event, datetime]]
# Never outside the time asked for, oldest first, as they were accepted.
EVENTS = """select id, source, type, subject, time, accepted_at, exercise, data from intake.event_view
  where accepted_at >= $1 order by accepted_at, seq"""
ON_FILE = "select child_ref, facts from referral.child"
TOLD = 20  # differences that are printed for people; all of them with --json


def diff_command(
    a: Which,
    b: Which,
    events: Annotated[Path | None, typer.Option(help="CloudEvents as JSON or JSON Lines. 事件文件")] = None,
    days: Annotated[
        int | None, typer.Option(help="The last so many days' events of the running system. 最近天数", min=1)
    ] = None,
    as_json: Json = False,
) -> None:
    """Decide the same events under two editions, each on an empty desk, and show what would differ. Nothing is changed. 比较版本

    Receivers, roles, profiles, due times, timers, derived events. T of an event is when it was accepted; in a file its acceptedtime,
    else its time. Exit code 0 whether or not anything differs, 1 when an edition or the events cannot be read.
    """
    if (events is None) == (days is None):
        raise typer.BadParameter("expected exactly one of --events FILE and --days N")
    try:
        first, second = edition_named(a), edition_named(b)
        taken, skipped = _of_file(events) if events else (_of_days(days or 1), [])
        on_file = _on_file() if days else {}
    except (RulebookFault, FileFault, SettingsFault) as fault:
        typer.echo(str(fault), err=True)
        raise typer.Exit(1) from None
    found: list[Difference] = []
    with typer.progressbar(length=len(taken), file=sys.stderr, label="比较 · comparing") as bar:
        for difference in compare(law_from(first), law_from(second), taken, on_file):
            bar.update(1)
            if difference is not None:
                found.append(difference)
    if as_json:
        told = {
            "a": first.id,
            "b": second.id,
            "events": len(taken),
            "skipped": skipped,
            "differences": [vars(d) for d in found],
        }
        typer.echo(orjson.dumps(told).decode())
        return
    for line in skipped:
        typer.echo(f"略过 skipped: {line}")
    for difference in found[:TOLD]:
        typer.echo("\n".join(for_people(difference)))
    more = f" (其余见 --json · the others with --json: {len(found) - TOLD})" if len(found) > TOLD else ""
    typer.echo(f"{first.id} → {second.id}: {len(taken)} 个事件 events, {len(found)} 个不同 differ{more}")


def for_people(found: Difference) -> list[str]:
    """A difference in lines."""
    lines = [
        f"{found.type}  {found.event}  {found.at}  {found.outcome[0]}"
        + (f" → {found.outcome[1]}" if len(set(found.outcome)) > 1 else "")
    ]
    if found.rules[0] != found.rules[1]:
        lines.append(f"    规则 rules: {', '.join(found.rules[0]) or '—'} → {', '.join(found.rules[1]) or '—'}")
    lines += [f"  - {name}  {told['role']} {told['profile']}" for name, told in found.only_a.items()]
    lines += [f"  + {name}  {told['role']} {told['profile']}" for name, told in found.only_b.items()]
    for name, changes in found.changed.items():
        lines.append(f"  ~ {name}")
        lines += [f"      {what}: {_word(before)} → {_word(after)}" for what, (before, after) in changes.items()]
    lines += [f"  ~ {what}: {_word(before)} → {_word(after)}" for what, (before, after) in found.beside.items()]
    return lines


def _word(value: Any) -> str:
    return ", ".join(map(str, value)) or "—" if isinstance(value, list) else "—" if value is None else str(value)


def _of_file(file: Path) -> tuple[Taken, list[str]]:
    now, taken, skipped = SystemClock().now(), [], []
    for number, event in enumerate(
        from_http("application/cloudevents-batch+json", {}, orjson.dumps(read_events(file))), 1
    ):
        faults = event.errors if isinstance(event, Refusal) else check(event)
        if isinstance(event, Refusal) or faults:
            skipped.append(
                f"event {number}: {', '.join(f'{e.field}: {e.rule}, expected {e.expected}' for e in faults)}"
            )
            continue
        taken.append((event, event.acceptedtime or event.time or now))
    return taken, skipped


def _of_days(days: int) -> Taken:
    since = SystemClock().now() - timedelta(days=days)

    async def read(db: asyncpg.Connection) -> list[asyncpg.Record]:  # in parts: no single command may take long
        return [row async for row in db.cursor(EVENTS, since, prefetch=2000)]

    rows = on_database(read)
    return [
        (Event(id=r["id"], source=r["source"], type=r["type"], subject=r["subject"], time=r["time"], acceptedtime=r["accepted_at"],
               exercise=r["exercise"], data=r["data"]), r["accepted_at"])
        for r in rows
    ]  # fmt: skip


def _on_file() -> dict[str, dict[str, Any]]:
    return {row["child_ref"]: row["facts"] for row in on_database(lambda db: db.fetch(ON_FILE))}
