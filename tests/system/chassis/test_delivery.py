"""Nothing accepted is lost and nothing takes effect twice, whatever happens to processes and to Faust."""

import asyncio
import random
import signal
from pathlib import Path

from services.chassis.kafka_address import KafkaAddress
from tests.system.chassis.crowd import crowd, read_all


async def test_records_that_the_framework_drops_are_handled_all_the_same(
    kafka: KafkaAddress, database: str, tmp_path: Path, topic_prefix: str
) -> None:
    async with crowd(kafka, database, tmp_path, f"{topic_prefix}in", workers=2, SHOUHU_FAULTS="drop=0.05") as many:
        await many.feed(1000, rate=400)
        found = await many.until_all_are_handled()
        assert (found.fed, found.lost, found.doubled) == (1000, [], {})
        assert "FAULT TEST" in many.logs()


async def test_every_record_keeps_the_moment_at_which_kafka_took_it(
    kafka: KafkaAddress, database: str, tmp_path: Path, topic_prefix: str
) -> None:
    """T of an event that came over Kafka is that moment, also of a record that was read again after a gap."""
    async with crowd(kafka, database, tmp_path, f"{topic_prefix}in", workers=1, SHOUHU_FAULTS="drop=0.2") as many:
        await many.feed(200, rate=400)
        await many.until_all_are_handled()
        taken = {(r.partition, r.offset, r.timestamp) for r in await read_all(kafka, many.topic)}
        assert {tuple(row) for row in await many.query("select part, off, at from seen.handled")} == taken


async def test_killed_workers_lose_nothing_double_nothing_and_publish_everything(
    kafka: KafkaAddress, database: str, tmp_path: Path, topic_prefix: str
) -> None:
    dice = random.Random(7)
    async with crowd(kafka, database, tmp_path, f"{topic_prefix}in", workers=2, PAUSE="0.02") as many:
        feeding = asyncio.create_task(many.feed(3000, rate=400))
        for handled in (300, 800, 1300, 1800, 2300):
            await many.until_handled(handled)
            await asyncio.sleep(dice.uniform(0, 0.3))
            how = dice.choice([signal.SIGKILL, signal.SIGKILL, signal.SIGTERM])
            assert many.end(many.workers[0], how) in (-how, 0)
            many.start()
        await feeding
        found = await many.until_all_are_handled()
        assert (found.fed, found.lost, found.doubled) == (3000, [], {})
        await many.until_published()
        assert {event.id for event in await many.published()} == {f"e{n}" for n in range(3000)}


async def test_a_process_frozen_inside_a_transaction_stops_nobody_and_harms_nothing_when_it_wakes(
    kafka: KafkaAddress, database: str, tmp_path: Path, topic_prefix: str
) -> None:
    async with crowd(kafka, database, tmp_path, f"{topic_prefix}in", workers=2) as many:
        await many.feed(300, rate=300, do={150: "freeze"})
        await many.until((tmp_path / "frozen").exists)
        found = await many.until_all_are_handled()
        assert (found.fed, found.lost, found.doubled) == (300, [], {})
        zombie = int((tmp_path / "frozen").read_text())
        (worker,) = [worker for worker in many.workers if worker.pid == zombie]
        worker.send_signal(signal.SIGCONT)
        await many.feed(200, rate=300)
        found = await many.until_all_are_handled(restart=True)
        assert (found.fed, found.lost, found.doubled) == (500, [], {})


async def test_a_poison_record_is_one_dead_letter_and_a_bug_for_one_record_is_one_after_three_tries(
    kafka: KafkaAddress, database: str, tmp_path: Path, topic_prefix: str
) -> None:
    async with crowd(kafka, database, tmp_path, f"{topic_prefix}in", workers=1) as many:
        await many.feed(200, do={50: "poison", 120: "bug"})
        found = await many.until_all_are_handled(restart=True)
        assert (found.fed, found.lost, found.doubled) == (200, [], {})
        rows = await many.query("select event_id, reason, rule, state from chassis.dead_letter order by event_id")
        assert [(row["event_id"], row["rule"]) for row in rows] == [("e120", "handler_failed"), ("e50", "test")]
        assert rows[0]["reason"].startswith("handling it failed 3 times: KeyError at worker_app.py:")
        assert many.exits == [70, 70]
        assert await many.query("select * from chassis.attempt") == []


async def test_without_the_delivery_rule_the_same_faults_lose_and_double_records(
    kafka: KafkaAddress, database: str, tmp_path: Path, topic_prefix: str
) -> None:
    """The reckoning itself is under test: it must notice."""
    faults = {"ORDINARY": "1", "SHOUHU_FAULTS": "drop=0.05", "PAUSE": "0.05"}
    async with crowd(kafka, database, tmp_path, f"{topic_prefix}in", workers=1, **faults) as many:
        await many.feed(200)
        await many.until_handled(20)
        await many.feed(400)
        await asyncio.sleep(0.1)
        many.end(many.workers[0])
        many.start()
        await many.feed(50)
        found = await many.until_all_are_handled(within=8)
        assert found.lost
        assert found.doubled
