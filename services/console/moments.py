"""Time as people read it: Beijing time, 24 hours, and how long is left."""

from datetime import datetime, timedelta

from services.chassis.clock import SHANGHAI
from services.console.texts import Text

_DAY, _HOUR, _MINUTE = 86_400, 3_600, 60


def span(length: timedelta, text: Text) -> str:
    """A length of time in its two largest units: 2 天 3 小时, 14 分钟; rounded down, never negative."""
    seconds = max(0, int(length.total_seconds()))
    if seconds < _MINUTE:
        return text("time.under_a_minute")
    parts = (
        ("days", seconds // _DAY),
        ("hours", seconds % _DAY // _HOUR),
        ("minutes", seconds % _HOUR // _MINUTE),
    )
    first = next(i for i, (_, n) in enumerate(parts) if n)
    return " ".join(text(f"time.{unit}", n=n) for unit, n in parts[first : first + 2] if n)


def when(at: datetime, now: datetime, text: Text, *, seconds: bool = False) -> str:
    """A moment beside now: 今天 20:19, 明天 08:00, 10月5日 17:00; with its year where that is another one."""
    at, now = at.astimezone(SHANGHAI), now.astimezone(SHANGHAI)
    clock = at.strftime("%H:%M:%S" if seconds else "%H:%M")
    days = (at.date() - now.date()).days
    if days in (0, 1):
        return text("time.today" if days == 0 else "time.tomorrow", clock=clock)
    if at.year == now.year:
        return text("time.day", month=at.month, day=at.day, clock=clock)
    return text("time.full", year=at.year, month=at.month, day=at.day, clock=clock)


def exact(at: datetime) -> str:
    """A moment for machines and for `title`: ISO 8601 in Beijing time."""
    return at.astimezone(SHANGHAI).isoformat(timespec="seconds")
