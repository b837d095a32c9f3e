"""The embedded PostgreSQL and Kafka: real, kept over restarts, healed after kills, gone with their supervisor."""

import signal
import time
from pathlib import Path

import asyncpg
import psutil
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from services.chassis import process
from services.chassis.kafka_address import KafkaAddress
from services.cli.topics import Topic, make_topics
from services.embedded import kafka, postgres
from tests.system.embedded.supervision import Start, gone, pids, said

TOPIC = Topic(name="in.sample", partitions=1, retention_days=1, timestamp="LogAppendTime")


async def test_rows_survive_a_restart_and_fsync_is_on(tmp_path: Path) -> None:
    with postgres.running(tmp_path) as server:
        db = await asyncpg.connect(server.dsn)
        assert await db.fetchval("show fsync") == "on"
        assert await db.fetchval("show server_version_num") >= "180000"
        await db.execute("create table kept(n int); insert into kept values (7)")
        await db.close()
    with postgres.running(tmp_path) as server:
        db = await asyncpg.connect(server.dsn)
        assert await db.fetchval("select n from kept") == 7
        await db.close()


async def test_a_postmaster_file_that_names_a_foreign_process_does_not_stop_the_start(tmp_path: Path) -> None:
    with postgres.running(tmp_path):
        pass
    (tmp_path / "postgres" / "postmaster.pid").write_text(f"{psutil.Process().ppid()}\n/x\n1\n5432\n/x\n\n1 1\nready\n")
    with postgres.running(tmp_path) as server:
        db = await asyncpg.connect(server.dsn)
        assert await db.fetchval("select 1") == 1
        await db.close()


async def test_what_a_killed_postgres_left_behind_is_gone_before_the_next_one_starts(tmp_path: Path) -> None:
    """A server process that outlives its postmaster would go on writing into the cluster."""
    server = postgres.Postgres(tmp_path)
    server.prepare()
    command = server.command()
    child = process.launch(command)
    process.await_ready(child, server.ready, command)
    db = await asyncpg.connect(server.dsn)
    backend = psutil.Process(db.get_server_pid())
    backend.suspend()  # too busy to notice
    child.kill()
    child.wait()
    assert backend.is_running()
    postgres.Postgres(tmp_path).prepare()
    assert not backend.is_running()
    db.terminate()


def test_the_socket_of_postgres_is_in_a_directory_that_others_cannot_enter(tmp_path: Path) -> None:
    deep = tmp_path / ("long" * 30)
    with postgres.running(deep) as server:
        sockets = Path(server.dsn.split("host=")[1])
        assert sockets.stat().st_mode & 0o077 == 0
    assert not sockets.exists()


async def test_kafka_keeps_its_port_and_its_records_and_stamps_them_itself(tmp_path: Path) -> None:
    with kafka.running(tmp_path) as first:
        assert await make_topics(KafkaAddress.parse(first.address), [TOPIC]) == ["in.sample"]
        assert await make_topics(KafkaAddress.parse(first.address), [TOPIC]) == []
        producer = AIOKafkaProducer(bootstrap_servers=first.address, enable_idempotence=True)
        await producer.start()
        before = time.time() * 1000
        await producer.send_and_wait("in.sample", b"kept", timestamp_ms=1)
        await producer.stop()
    with kafka.running(tmp_path) as second:
        assert second.address == first.address
        reader = AIOKafkaConsumer(bootstrap_servers=second.address, auto_offset_reset="earliest")
        await reader.start()
        reader.assign([TopicPartition("in.sample", 0)])
        record = await reader.getone()
        await reader.stop()
        assert record.value == b"kept"
        assert record.timestamp >= before - 1000  # T is the broker's moment, not what the source says


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_java_and_postgres_end_with_their_supervisor(start: Start, tmp_path: Path, how: signal.Signals) -> None:
    supervisor = start("postgres", "kafka", "sleeper")
    running = pids(tmp_path, timeout=120)
    family = [child.pid for child in psutil.Process(supervisor.pid).children(recursive=True)]
    assert set(running.values()) <= set(family)
    supervisor.send_signal(how)
    said(supervisor)
    assert [pid for pid in family if not gone(pid, 15)] == []


def test_a_killed_postgres_and_a_killed_kafka_run_again(start: Start, tmp_path: Path) -> None:
    supervisor = start("postgres", "kafka")
    first = pids(tmp_path, timeout=120)
    for name in ("postgres", "kafka"):
        psutil.Process(first[name]).kill()
        now = pids(tmp_path, without=first[name], timeout=60)
        assert psutil.pid_exists(now[name])
    supervisor.send_signal(signal.SIGINT)
    assert "kafka runs again" in said(supervisor)
