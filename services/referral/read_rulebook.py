"""Reads the rulebook's files into one edition; a wrong file stops the start and every fault is named, not the first."""

import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from services.law import PACKAGED
from services.law.rulebook_file import RulebookFault
from services.referral.rules import LegalSource, Rule, Rulebook, SeverityRule

Model = TypeVar("Model", bound=BaseModel)


def read(directory: Path | None = None) -> Rulebook:
    """The rulebook of a directory (the packaged one without). Its edition is the newest check date and a hash of all files.

    Raises RulebookFault with all faults at once.
    """
    root = directory or PACKAGED
    faults: list[str] = []
    sources = {s.id: s for s in _folder(root / "sources", LegalSource, faults)}
    severities: dict[str, SeverityRule] = {}
    for entry in _folder(root / "severity", SeverityRule, faults):
        for name in entry.event:
            if name in severities:
                faults.append(f"severity: {name} is rated twice")
            severities[name] = entry
    rules = list(_folder(root / "routing", Rule, faults))
    seen: set[str] = set()
    for rule in rules:
        if rule.id in seen:
            faults.append(f"routing: the id {rule.id} stands twice")
        seen.add(rule.id)
    fallback = next((rule for rule in rules if rule.id == "fallback"), None)
    if fallback is None:
        faults.append("routing: a rule with id `fallback` is expected, for events that no row covers")
    if faults or fallback is None:
        raise RulebookFault(faults)
    by_event: dict[str, list[Rule]] = {}
    by_timer: dict[str, list[Rule]] = {}
    for rule in rules:
        for name in rule.event:
            by_event.setdefault(name, []).append(rule)
        if rule.on_timer:
            by_timer.setdefault(rule.on_timer, []).append(rule)
    checked = max((s.last_checked for s in sources.values()), default=None)
    return Rulebook(
        edition=f"{checked}+{digest(root)[:12]}", sources=sources, rules=tuple(rules), severities=severities,
        fallback=fallback, by_event=by_event, by_timer=by_timer,
    )  # fmt: skip


@cache
def packaged() -> Rulebook:
    """The rulebook that comes with the product."""
    return read()


def digest(root: Path) -> str:
    """A hash over every YAML file of the rulebook, names included."""
    total = hashlib.sha256()
    for path in sorted(root.rglob("*.yaml")):
        total.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def _folder(folder: Path, model: type[Model], faults: list[str]) -> Iterator[Model]:
    paths = sorted(folder.glob("*.yaml"))
    if not paths:
        faults.append(f"{folder.name}: files *.yaml are expected")
    for path in paths:
        yield from _entries(path, model, faults)


def _entries(path: Path, model: type[Model], faults: list[str]) -> Iterator[Model]:
    try:
        loaded: Any = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, yaml.YAMLError) as error:
        faults.append(f"{path.name}: cannot be read: {error}")
        return
    if not isinstance(loaded, list):
        faults.append(f"{path.name}: a list of entries is expected")
        return
    for position, entry in enumerate(loaded):
        try:
            yield model.model_validate(entry)
        except ValidationError as error:
            name = entry.get("id") or entry.get("event") if isinstance(entry, dict) else f"entry {position + 1}"
            for fault in error.errors():
                field = ".".join(str(part) for part in fault["loc"])
                faults.append(f"{path.name}: {name}: {field}: {fault['msg']}")
