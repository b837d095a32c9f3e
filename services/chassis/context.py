"""What lives as long as the process and is handed to everything that does work."""

from dataclasses import dataclass, field
from typing import Any

import asyncpg

from services.chassis.clock import Clock, SystemClock
from services.chassis.seal import Seal
from services.chassis.settings import Settings
from services.chassis.wake import OutboxWake


@dataclass
class Context:
    """The process: settings, pool, clock, keys; `extras` holds what a service makes once at its start."""

    settings: Settings
    pool: asyncpg.Pool
    seal: Seal
    clock: Clock = field(default_factory=SystemClock)
    wake: OutboxWake = field(default_factory=OutboxWake)
    extras: dict[str, Any] = field(default_factory=dict)
