"""The supervisor with small programs: again for ever, and nothing outlives it."""

import os
import signal
import time
from pathlib import Path

import psutil
import pytest

from tests.system.embedded.supervision import Start, gone, pids, said


def test_a_killed_program_runs_again_and_its_death_is_explained(start: Start, tmp_path: Path) -> None:
    supervisor = start("sleeper")
    first = pids(tmp_path)["sleeper"]
    os.kill(first, signal.SIGKILL)
    second = pids(tmp_path, without=first)["sleeper"]
    assert psutil.pid_exists(second)
    supervisor.send_signal(signal.SIGINT)
    lines = said(supervisor)
    assert "sleeper died" in lines
    assert "SIGKILL" in lines
    assert "asleep" in lines  # the last lines of its log


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_told_to_stop_it_leaves_no_program_behind(start: Start, tmp_path: Path, how: signal.Signals) -> None:
    supervisor = start("sleeper")
    sleeper = pids(tmp_path)["sleeper"]
    supervisor.send_signal(how)
    assert "stopped" in said(supervisor)
    assert gone(sleeper, 0.1)


def test_programs_end_soon_after_the_supervisor_was_killed(start: Start, tmp_path: Path) -> None:
    supervisor = start("sleeper")
    sleeper = pids(tmp_path)["sleeper"]
    supervisor.kill()
    assert gone(sleeper, 5)


def test_a_program_that_ignored_the_death_of_its_supervisor_is_ended_by_the_next_one(
    start: Start, tmp_path: Path
) -> None:
    killed = start("stubborn")
    stubborn = pids(tmp_path)["stubborn"]
    time.sleep(0.5)  # until it ignores the signal
    killed.kill()
    assert not gone(stubborn, 1)
    start("stubborn")
    assert gone(stubborn, 30)


def test_a_second_supervisor_names_the_first_and_changes_nothing(start: Start, tmp_path: Path) -> None:
    first = start("sleeper")
    sleeper = pids(tmp_path)["sleeper"]
    second = start("sleeper")
    answer = said(second)
    assert second.returncode == 1
    assert f"pid {first.pid}" in answer
    assert "http://127.0.0.1:1" in answer
    assert psutil.pid_exists(sleeper)


def test_a_program_that_never_gets_ready_stops_the_start_with_its_own_words(start: Start) -> None:
    supervisor = start("sleeper", "mayfly")
    lines = said(supervisor, 60)
    assert supervisor.returncode == 1
    assert "my wings are wet" in lines


def test_wrong_settings_stop_the_start_at_once(start: Start) -> None:
    supervisor = start("astray")
    lines = said(supervisor, 20)
    assert supervisor.returncode == 1
    assert "SHOUHU_X: expected y" in lines
    assert "again in" not in lines
