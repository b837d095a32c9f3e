"""Listens for the heartbeat on behalf of the supervisor, and raises the alarm when it is not heard."""

import time
from datetime import datetime
from pathlib import Path

from services.chassis.alarm import Alarm
from services.chassis.clock import SystemClock
from services.chassis.heartbeat import MISSED, last, lost, silent_for

LOOK = 1.0  # seconds
AGAIN = 900.0  # seconds after which an alarm that goes on is repeated


class Heart:
    """Call it again and again. `every`: seconds between two beats."""

    def __init__(self, data: Path, every: float, alarm: Alarm) -> None:
        self._data, self._every, self._alarm = data, every, alarm
        self._since: datetime = SystemClock().now()
        self._next = 0.0
        self._told_at: float | None = None

    def __call__(self) -> bool:
        """Look, at most once a second; always goes on."""
        at = time.monotonic()
        if at >= self._next:
            self._next = at + LOOK
            self._look(at)
        return True

    def _look(self, at: float) -> None:
        beat = last(self._data)
        silence = silent_for(beat, self._since, SystemClock().now())
        if lost(silence, self._every):
            if self._told_at is None or at - self._told_at > AGAIN:
                self._told_at = at
                self._alarm.raise_(silent(silence, beat.at if beat else None), "silent")
        elif self._told_at is not None:
            self._told_at = None
            self._alarm.raise_("守护平台恢复:心跳已重新贯通 · Shouhu is back: the heartbeat goes through again", "back")


def silent(seconds: float, at: datetime | None) -> str:
    """What operations are told."""
    when = at.isoformat(timespec="seconds") if at else "never 从未"
    return (
        f"守护平台告警:心跳中断 {seconds:.0f} 秒,事件可能无人处理、无人通知(上次 {when})。见 infra/runbooks/heartbeat-lost.md · "
        f"Shouhu ALARM: no heartbeat for {seconds:.0f} s ({MISSED} missed; last {when}): events may reach nobody. "
        "See infra/runbooks/heartbeat-lost.md"
    )
