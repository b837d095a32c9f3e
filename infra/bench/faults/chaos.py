"""The faults, at random moments: a seeded deck of strikes, so that even a short run meets every kind."""

import asyncio
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from infra.bench.faults.provider import MOODS, Provider
from infra.bench.faults.tree import Tree

SERVICES = ("web", "intake", "referral", "tracker", "notifier")
KILL, TERM, QUIT = signal.SIGKILL, signal.SIGTERM, signal.SIGQUIT
# PostgreSQL: SIGQUIT is its immediate shutdown, SIGKILL leaves the server processes to notice. Kafka: SIGKILL.
STORES = (("postgres", QUIT), ("postgres", KILL), ("kafka", KILL))
MOOD_LASTS = (2.0, 4.5)  # seconds
EVERY = (0.8, 2.2)
# What a killed notifier had claimed is free at once where somebody saw it die, else after the lease (60 s); so short runs
# strike it early and then let it be.
SPARED = "notifier"

Strike = tuple[str, signal.Signals]


@dataclass
class Chaos:
    """Strikes processes and spoils the provider's mood; `done` counts what really happened."""

    tree: Tree
    provider: Provider
    seed: int
    spare_after: float = float("inf")  # seconds after which the notifier is struck no more
    done: Counter[str] = field(default_factory=Counter)

    async def strike(self, seconds: float) -> None:
        """Strike for so long. With two processes down already the turn passes: a system that is all down meets no fault."""
        dice = random.Random(self.seed)
        start = time.monotonic()
        for name, how in self._deck(dice):
            await asyncio.sleep(dice.uniform(*EVERY))
            passed = time.monotonic() - start
            if passed > seconds:
                return
            if (
                len(self.tree.down()) < 2
                and not (name == SPARED and passed > self.spare_after)
                and self.tree.strike(name, how)
            ):
                self.done[f"{how.name} {name}"] += 1

    async def upset(self) -> None:
        """Put the provider from one mood into another, until cancelled; then it is fine."""
        dice = random.Random(self.seed + 1)
        try:
            while True:
                for mood in dice.sample(MOODS, len(MOODS)):
                    self.done[f"provider {mood}"] += 1
                    await self.provider.feel(mood)
                    await asyncio.sleep(dice.uniform(*MOOD_LASTS))
                    await self.provider.feel("fine")
                    await asyncio.sleep(dice.uniform(0.3, 1.5))
        finally:
            await self.provider.feel("fine")

    def _deck(self, dice: random.Random) -> Iterator[Strike]:
        """Every kind of strike once in random order, again and again; the notifier's turn comes first of all."""
        yield SPARED, KILL
        while True:
            deck: list[Strike] = [(name, KILL) for name in SERVICES if name != SPARED] + list(STORES)
            deck += [(dice.choice(SERVICES), TERM), (dice.choice(SERVICES), KILL)]
            dice.shuffle(deck)
            yield from deck
            yield SPARED, dice.choice((KILL, KILL, TERM))
