"""PostgreSQL and Kafka may go away at any moment and come back: no process ends, nothing is lost or doubled."""

import asyncio
import signal
from pathlib import Path
from subprocess import Popen

from services.chassis import process
from services.chassis.database import migrate
from services.chassis.kafka_address import KafkaAddress
from services.embedded.kafka import Kafka
from services.embedded.postgres import Postgres
from tests.system.chassis.crowd import crowd


def started(part: Postgres | Kafka) -> "Popen[bytes]":
    """Start it and wait until it is ready."""
    part.prepare()
    command = part.command()
    running = process.launch(command)
    process.await_ready(running, part.ready, command)
    return running


async def test_a_restart_of_postgresql_and_a_killed_kafka_lose_and_double_nothing(
    tmp_path: Path, topic_prefix: str
) -> None:
    (tmp_path / "workers").mkdir()
    database, broker = Postgres(tmp_path / "postgres"), Kafka(tmp_path / "kafka")
    running = {"database": started(database), "broker": started(broker)}
    try:
        await migrate(database.dsn)
        address = KafkaAddress.parse(broker.address)
        async with crowd(address, database.dsn, tmp_path / "workers", f"{topic_prefix}in", workers=2) as many:
            feeding = asyncio.create_task(many.feed(1500, rate=200))
            await many.until_handled(200)
            process.stop(running["database"], database.command())
            await asyncio.sleep(2)
            running["database"] = started(database)
            await asyncio.sleep(1)
            running["broker"].send_signal(signal.SIGKILL)
            running["broker"].wait()
            await asyncio.sleep(1)
            running["broker"] = started(broker)
            await feeding
            found = await many.until_all_are_handled(within=40)
            assert (found.fed, found.lost, found.doubled) == (1500, [], {})
            await many.until_published(within=20)
            assert {event.id for event in await many.published()} == {f"e{n}" for n in range(1500)}
            assert many.exits == []
            assert all(worker.poll() is None for worker in many.workers)
    finally:
        for part, name in ((database, "database"), (broker, "broker")):
            process.stop(running[name], part.command())
            part.after_stop()
