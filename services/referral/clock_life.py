"""What answers and time do to one clock: met, breached, paused, cancelled. Pure; every function gives a new clock."""

from datetime import datetime, timedelta

from events.referral import ClockFact

ENDED = ("met", "cancelled")


def stopped(clock: ClockFact) -> bool:
    """Whether nothing can happen to the clock any more."""
    return clock.stopped_at is not None or clock.state in ENDED


def stop(clock: ClockFact, at: datetime) -> ClockFact:
    """The clock's step was done: met before the due time, else breached, even if nobody had noticed that yet.

    At the due instant itself the clock falls due first. A clock that has stopped stays as it is.
    """
    if stopped(clock):
        return clock
    met = (clock.remaining_seconds or 0) > 0 if clock.state == "paused" else at < clock.due_at
    if met and clock.breached_at is None:
        return clock.model_copy(update={"state": "met", "stopped_at": at, "remaining_seconds": None})
    return clock.model_copy(
        update={
            "state": "breached",
            "stopped_at": at,
            "breached_at": clock.breached_at or clock.due_at,
            "remaining_seconds": None,
        }
    )


def cancel(clock: ClockFact, at: datetime) -> ClockFact:
    """The step is no longer owed; a breach that had happened stays on record in `breached_at`."""
    if stopped(clock):
        return clock
    late = clock.breached_at or (clock.due_at if clock.state != "paused" and clock.due_at <= at else None)
    return clock.model_copy(
        update={"state": "cancelled", "stopped_at": at, "breached_at": late, "remaining_seconds": None}
    )


def pause(clock: ClockFact, at: datetime) -> ClockFact:
    """Stand still; `remaining_seconds` is what is left (negative: so long ago it fell due)."""
    if stopped(clock) or clock.state == "paused":
        return clock
    left = (clock.due_at - at) // timedelta(seconds=1)
    return clock.model_copy(update={"state": "paused", "remaining_seconds": left})


def resume(clock: ClockFact, at: datetime) -> ClockFact:
    """Run on: what had not yet happened moves by the length of the pause, what had happened stays."""
    if clock.state != "paused" or clock.remaining_seconds is None:
        return clock
    paused_at = clock.due_at - timedelta(seconds=clock.remaining_seconds)
    by = at - paused_at

    def moved(moment: datetime) -> datetime:
        return moment + by if moment > paused_at else moment

    late = clock.breached_at is not None or clock.due_at <= paused_at
    return clock.model_copy(
        update={
            "state": "breached" if late else "running",
            "due_at": moved(clock.due_at),
            "warn_at": moved(clock.warn_at) if clock.warn_at else None,
            "levels": tuple(level.model_copy(update={"at": moved(level.at)}) for level in clock.levels),
            "remaining_seconds": None,
        }
    )


def warned(clock: ClockFact, at: datetime) -> ClockFact:
    """The tracker said that the warning moment passed."""
    return clock.model_copy(update={"warned_at": clock.warned_at or at})


def breached(clock: ClockFact, at: datetime) -> ClockFact:
    """The tracker said that the due time passed; a clock that was met or cancelled meanwhile keeps its end."""
    if clock.state in ENDED or clock.breached_at is not None:
        return clock
    state = "breached" if clock.state == "running" else clock.state
    return clock.model_copy(update={"state": state, "breached_at": at})
