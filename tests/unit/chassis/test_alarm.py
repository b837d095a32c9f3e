"""The second way to operations: a command, an address, a URL of apprise; whatever goes wrong with it, the supervisor goes on."""

import json
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from services.chassis.alarm import Alarm
from services.chassis.heartbeat import Beat, file_of, last, lost, note, silent_for

T = datetime(2026, 9, 9, 10, 0, tzinfo=UTC)


@pytest.fixture
def heard() -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """Somebody on the loopback address who is told."""
    told: list[dict[str, Any]] = []

    class Ear(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing."""

    server = HTTPServer(("127.0.0.1", 0), Ear)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port, told
    server.shutdown()


def test_a_command_is_given_the_text_and_what_it_is_about(tmp_path: Path) -> None:
    script, out = tmp_path / "a.py", tmp_path / "out"
    script.write_text(
        "import os, sys; open(sys.argv[1], 'w').write(os.environ['SHOUHU_ALARM_STATE'] + ' ' + sys.stdin.read())"
    )
    said: list[str] = []
    alarm = Alarm(f"{sys.executable} {script} {out}", said.append)
    alarm.raise_("心跳中断", "silent")
    alarm.wait()
    assert out.read_text() == "silent 心跳中断"
    assert said == ["心跳中断"]


def test_an_address_gets_it_as_json(heard: tuple[int, list[dict[str, Any]]]) -> None:
    port, told = heard
    alarm = Alarm(f"http://127.0.0.1:{port}/alarm", lambda _: None)
    alarm.raise_("心跳中断", "silent")
    alarm.wait()
    assert told == [{"text": "心跳中断", "state": "silent"}]


def test_any_other_url_goes_through_apprise(heard: tuple[int, list[dict[str, Any]]]) -> None:
    port, told = heard
    alarm = Alarm(f"json://127.0.0.1:{port}/", lambda _: None)
    alarm.raise_("心跳中断", "silent")
    alarm.wait()
    assert [each["message"] for each in told] == ["心跳中断"]


@pytest.mark.parametrize(
    "where", ["/no/such/command", "http://127.0.0.1:1/", f"{sys.executable} -c raise", "'unclosed"]
)
def test_an_alarm_that_cannot_be_sent_is_said_and_stops_nobody(where: str) -> None:
    said: list[str] = []
    alarm = Alarm(where, said.append)
    alarm.raise_("心跳中断", "silent")
    alarm.wait()
    assert said[0] == "心跳中断"
    assert "SHOUHU_ALARM" in said[1]
    assert where not in said[1]  # it may hold a secret


def test_without_any_way_it_is_said_on_standard_error() -> None:
    said: list[str] = []
    Alarm(None, said.append).raise_("心跳中断", "silent")
    assert said == ["心跳中断"]


def test_a_beat_is_read_as_it_was_noted_and_a_broken_file_is_no_beat(tmp_path: Path) -> None:
    assert last(tmp_path) is None
    note(tmp_path, Beat(T, T + timedelta(seconds=1)))
    assert last(tmp_path) == Beat(T, T + timedelta(seconds=1))
    file_of(tmp_path).write_text('{"at": 3}')
    assert last(tmp_path) is None


def test_three_missed_beats_are_an_alarm_and_two_are_not() -> None:
    beat = Beat(T, T)
    for seconds, alarm in ((60, False), (180, False), (240, False), (241, True)):
        assert lost(silent_for(beat, T - timedelta(days=1), T + timedelta(seconds=seconds)), 60) is alarm


def test_a_system_that_just_began_is_not_silent_because_of_an_old_beat() -> None:
    old = Beat(T - timedelta(days=3), T - timedelta(days=3))
    assert silent_for(old, T, T + timedelta(seconds=5)) == 5
    assert silent_for(None, T, T + timedelta(seconds=5)) == 5
