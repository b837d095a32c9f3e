"""A small service to test the delivery rule with: it records every handling, publishes an event for each, and can fail.

Table seen.handled has no unique key: a record handled twice shows. An event's `data.do` says what happens: nothing,
`poison` (the handler buries it), `bug` (the handler raises), `freeze` (the process stops itself, once, inside the
transaction). With ORDINARY set it consumes as Faust's documentation says, without the rule: the tests must notice.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from events.codec import from_kafka
from events.envelope import Event
from services.chassis.faust_source import FaustSource
from services.chassis.hard_exit import end_process
from services.chassis.logs import start_logging
from services.chassis.record import Record
from services.chassis.relay import Relay
from services.chassis.service import Context, Service, open_context, run
from services.chassis.settings import load_settings
from services.chassis.work import Work, transaction

TOPICS = tuple(os.environ["TOPICS"].split(","))
OUT = os.environ["OUT"]


def freeze_once(frozen: Path) -> None:
    """Stop this process as SIGSTOP does, unless a process did so before."""
    if not frozen.exists():
        frozen.write_text(str(os.getpid()))
        os.kill(os.getpid(), signal.SIGSTOP)


async def handle(context: Context, work: Work, records: Sequence[Record]) -> None:
    """Handle some records of one topic."""
    rows = []
    for record in records:
        with work.on(record):
            event = from_kafka(record.headers, record.value)
            what = event.data.get("do")
            if what == "poison":
                work.bury(record, reason="it was meant to be buried", rule="test")
                continue
            if what == "bug":
                raise KeyError("a bug for this one record")
            if what == "freeze":
                freeze_once(Path(os.environ["FROZEN"]))
            rows.append((record.topic, record.partition, record.offset, os.getpid(), record.timestamp))
            work.publish(
                OUT, event.id, Event(id=event.id, source="/test", type="seen.v1", data={"n": event.data.get("n")})
            )
    await work.db.executemany("insert into seen.handled values ($1, $2, $3, $4, $5)", rows)
    if pause := float(os.environ.get("PAUSE", "0")):
        await asyncio.sleep(pause)


SERVICE = Service(name=os.environ.get("SERVICE", "counting"), topics=TOPICS, handle=handle)


async def ordinary() -> None:
    """One transaction for each batch, and the position is Kafka's committed offset."""
    settings = load_settings()
    start_logging("ordinary")
    context = await open_context(settings, "ordinary")

    async def take(records: Sequence[Record]) -> None:
        async with transaction(context, SERVICE.name) as work:
            await handle(context, work, records)

    source = FaustSource(SERVICE.name, TOPICS, settings.broker, settings.directory / "faust", settings.faults)
    await source.start(take)
    await Relay(context, SERVICE.name).run()


async def main() -> None:
    """Run as the delivery rule says, or the ordinary way."""
    try:
        await (ordinary() if "ORDINARY" in os.environ else run(SERVICE, load_settings(), doors=False))
    except Exception as error:
        end_process(1, "could not run", error)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
