"""Faults on purpose, for the fault test alone: only honoured when `SHOUHU_FAULTS` is set.

The value is a list such as `drop=0.01,seed=7`: throw away that share of the records between Faust and the handler.
"""

import logging
import random
from collections.abc import Callable

log = logging.getLogger(__name__)


def drops(faults: str | None) -> Callable[[], bool] | None:
    """Says for each record whether to throw it away; None when no faults are asked for. Raises ValueError."""
    given = dict(pair.split("=", 1) for pair in (faults or "").split(",") if "=" in pair)
    share = float(given.get("drop", 0))
    if not 0 <= share <= 1:
        raise ValueError("SHOUHU_FAULTS: drop is a share between 0 and 1")
    if not share:
        return None
    log.critical("FAULT TEST: throwing away %.1f %% of the records", 100 * share)
    dice = random.Random(given.get("seed"))
    return lambda: dice.random() < share
