"""The dead man's switch on a running system: a sign of life through the whole pipeline, and an alarm by a second way when it stays away."""

import json
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import psutil
import pytest

from services.chassis.clock import SystemClock
from services.chassis.heartbeat import MISSED, last
from tests.system.cli.test_up import endpoints, start_up

EVERY = 2
WITHIN = (MISSED + 1) * EVERY + EVERY + 3  # seconds: what decisions say, with a look of the supervisor and of this test


def until(holds: Callable[[], Any], seconds: float) -> float:
    """Wait until it holds; how long it took."""
    begin = time.monotonic()
    while not holds():
        assert time.monotonic() - begin < seconds, f"not within {seconds} s"
        time.sleep(0.1)
    return time.monotonic() - begin


@pytest.fixture(scope="module")
def alive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path]]:
    """A system whose heart beats every two seconds, and the file that its alarm command appends to."""
    place = tmp_path_factory.mktemp("heart")
    data, alarms = place / "data", place / "alarms.jsonl"
    write = "import json,os,sys; print(json.dumps([os.environ['SHOUHU_ALARM_STATE'], sys.stdin.read()]), file=open(sys.argv[1], 'a'))"
    script = place / "alarm.py"
    script.write_text(write)
    supervisor = start_up(data, SHOUHU_HEARTBEAT=str(EVERY), SHOUHU_ALARM=f"{sys.executable} {script} {alarms}")
    try:
        endpoints(data)
        yield data, alarms
    finally:
        supervisor.kill()
        supervisor.communicate()


def told(alarms: Path) -> list[list[str]]:
    """What the alarm's command was given."""
    return [json.loads(line) for line in alarms.read_text().splitlines()] if alarms.exists() else []


def test_signs_of_life_come_through_are_shown_and_count_nowhere(alive: tuple[Path, Path]) -> None:
    data, alarms = alive
    until(lambda: last(data), 30)
    first = last(data)
    assert first is not None
    until(lambda: (last(data) or first).at > first.at, 3 * EVERY)
    web = endpoints(data)["http"]
    assert httpx.get(f"{web}/healthz", trust_env=False).json()["heartbeat_seconds"] < WITHIN
    notifier = endpoints(data)["health"]["notifier"]
    assert "shouhu_heartbeat_seconds 1" in httpx.get(f"{notifier}/metrics", trust_env=False).text
    assert told(alarms) == []


async def test_no_event_and_no_decision_is_left_of_them(alive: tuple[Path, Path]) -> None:
    data, _ = alive
    db = await asyncpg.connect(endpoints(data)["postgres"])
    try:
        assert await db.fetchval("select count(*) from intake.event") == 0
        assert await db.fetchval("select count(*) from referral.decision") == 0
        assert await db.fetchval("select count(*) from chassis.dead_letter") == 0
    finally:
        await db.close()


@pytest.mark.parametrize("name", ["referral", "postgres"])
def test_whatever_stands_still_the_alarm_comes_in_time_and_says_when_it_is_over(
    alive: tuple[Path, Path], name: str
) -> None:
    data, alarms = alive
    pid = endpoints(data)["pids"][name]
    until(lambda: (beat := last(data)) and (SystemClock().now() - beat.at).total_seconds() < 2 * EVERY, 30)
    before = len(told(alarms))
    send_family(pid, signal.SIGSTOP)
    try:
        until(lambda: len(told(alarms)) > before, WITHIN)
        state, text = told(alarms)[-1]
        assert state == "silent"
        assert "心跳中断" in text
    finally:
        send_family(pid, signal.SIGCONT)
    until(lambda: told(alarms)[-1][0] == "back", 90)


def send_family(pid: int, how: signal.Signals) -> None:
    """Signal a process with all of its own: PostgreSQL is many."""
    process = psutil.Process(pid)
    for each in (process, *process.children(recursive=True)):
        each.send_signal(how)
