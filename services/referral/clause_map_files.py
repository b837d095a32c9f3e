"""Reads the policy texts and the clause map of a rulebook; every fault of every file at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from services.law import PACKAGED
from services.law.rulebook_file import RulebookFault, faults_of, load_yaml, read_file
from services.referral.clause_map import Entry, Parts
from services.referral.policy_text import PolicyText, split


@dataclass(frozen=True)
class ClauseMap:
    """The texts, the entries of the map in the order of the files, and the parts that entries may name."""

    texts: tuple[PolicyText, ...]
    entries: tuple[Entry, ...]
    parts: Parts


def root_of(rulebook: Path | None) -> Path:
    """Where texts and map are: in the rulebook itself, or in the packaged one when a copy was made without them."""
    return rulebook if rulebook is not None and (rulebook / "policy").is_dir() else PACKAGED


def read_clause_map(rulebook: Path | None = None) -> tuple[ClauseMap, list[str]]:
    """What can be read, and every fault of the files. RulebookFault if parts.yaml, on which all entries rest, cannot be read."""
    root = root_of(rulebook)
    faults: list[str] = []
    texts = tuple(_texts(root / "policy", faults))
    entries = tuple(_entries(root / "clauses", faults))
    return ClauseMap(texts, entries, read_file(root / "clauses" / "parts.yaml", Parts)), faults


def _texts(folder: Path, faults: list[str]) -> Iterator[PolicyText]:
    for path in sorted(folder.glob("*.md")):
        try:
            yield split(path.read_text("utf-8"))
        except ValidationError as error:
            faults += [f"policy/{path.name}:1: {'.'.join(map(str, f['loc']))}: {f['msg']}" for f in error.errors()]
        except (OSError, ValueError, yaml.YAMLError) as error:
            faults.append(f"policy/{path.name}:1: {error}")


def _entries(folder: Path, faults: list[str]) -> Iterator[Entry]:
    for path in sorted(folder.glob("[A-Z]*.yaml")):
        name = f"clauses/{path.name}"
        try:
            text = path.read_text("utf-8")
            loaded: Any = load_yaml(name, text)
        except (OSError, UnicodeDecodeError) as error:
            faults.append(f"{name}:1: cannot be read: {type(error).__name__}, expected a text in UTF-8")
            continue
        except RulebookFault as fault:
            faults += fault.faults
            continue
        if not isinstance(loaded, list):
            faults.append(f"{name}:1: something else, expected a list of entries")
            continue
        for position, entry in enumerate(loaded):
            try:
                yield Entry.model_validate(entry)
            except ValidationError as error:
                said = entry.get("id", "") if isinstance(entry, dict) else ""
                faults += faults_of(name, text, error, at=(position,), entry=str(said))
