"""Reads the rulebook's files into one edition; a wrong file stops the start and every fault is named, not the first."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from services.law import PACKAGED
from services.law.calendar import HolidayYear
from services.law.rulebook_file import Files, RulebookFault, faults_of, files_in, line_of, load_yaml, parse
from services.referral.citations import citation_faults
from services.referral.edition import Edition, entries, event_severity
from services.referral.profiles import Profiles
from services.referral.read_service_list import services_of
from services.referral.rules import Aggregate, LegalSource, Rule, Rulebook, SeverityRule

NOT_DECIDING = "clauses/"
Model = TypeVar("Model", bound=BaseModel)
Result = TypeVar("Result")


def read(directory: Path | None = None) -> Rulebook:
    """The rules of a directory (the packaged ones without). Raises RulebookFault with all faults at once."""
    return (read_edition(files_in(directory)) if directory else packaged_edition()).rulebook


@cache
def packaged_edition() -> Edition:
    """The edition that comes with the product."""
    return read_edition(files_in(PACKAGED))


def packaged() -> Rulebook:
    """The rules that come with the product."""
    return packaged_edition().rulebook


def digest(files: Files) -> str:
    """A hash over every file that decides something, names included: a clause map that is worded anew is no new edition."""
    total = hashlib.sha256()
    for name in sorted(files):
        if name.startswith(NOT_DECIDING):
            continue
        total.update(name.encode() + b"\0" + files[name].encode())
    return total.hexdigest()


def read_edition(files: Files) -> Edition:
    """The edition that these files are: the newest check date and a hash of the files are its id.

    Raises RulebookFault with the faults of all files at once: of shape, then of what cites what.
    """
    reader = _Reader(files)
    sources = {s.id: s for s in reader.listed("sources", LegalSource, lambda s: s.id)}
    severities: dict[str, SeverityRule] = {}
    for entry in reader.listed("severity", SeverityRule):
        for name in entry.event:
            if name in severities:
                reader.faults.append(f"{reader.last()}: severity: {name} is rated twice, expected once")
            severities[name] = entry
            reader.origins[event_severity(name)] = reader.at
    rules = list(reader.listed("routing", Rule, lambda rule: rule.id))
    aggregates = tuple(reader.listed("aggregates", Aggregate, required=False))
    profiles = reader.tried(partial(Profiles.of, files))
    notices = [reader.tried(partial(parse, name, files[name], HolidayYear)) for name in entries(files, "calendar")]
    services = reader.tried(partial(services_of, files))
    fallback = next((rule for rule in rules if rule.id == "fallback"), None)
    if fallback is None:
        reader.faults.append(
            "routing/fallback.yaml:1: a rule with id `fallback` is expected, for events that no row covers"
        )
    if reader.faults or fallback is None or profiles is None:
        raise RulebookFault(reader.faults)
    checked = max((s.last_checked for s in sources.values()), default=None)
    book = Rulebook(
        edition=f"{checked}+{digest(files)[:12]}", sources=sources, rules=tuple(rules), severities=severities, fallback=fallback,
        by_event=_by(rules, lambda rule: rule.event), by_timer=_by(rules, lambda rule: (rule.on_timer,) if rule.on_timer else ()),
        by_act=_by(rules, lambda rule: rule.on_act.event if rule.on_act else ()), aggregates=aggregates,
        services=services, profiles=profiles,
    )  # fmt: skip
    edition = Edition(
        book.edition, files, book, profiles, tuple(notice for notice in notices if notice), reader.origins
    )
    if faults := citation_faults(edition):
        raise RulebookFault(faults)
    return edition


def _by(rules: list[Rule], asked: Callable[[Rule], tuple[str, ...]]) -> Mapping[str, list[Rule]]:
    found: dict[str, list[Rule]] = {}
    for rule in rules:
        for name in asked(rule):
            found.setdefault(name, []).append(rule)
    return found


class _Reader:
    """Reads lists of entries, collecting faults instead of stopping at the first."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self.faults: list[str] = []
        self.origins: dict[str, tuple[str, int]] = {}
        self.at: tuple[str, int] = ("", 0)

    def last(self) -> str:
        """File and line of the entry that was read last."""
        file, position = self.at
        return f"{file}:{line_of(self.files[file], (position,))}"

    def tried(self, read: Callable[[], Result]) -> Result | None:
        """What it reads, or None with its faults kept."""
        try:
            return read()
        except RulebookFault as fault:
            self.faults += fault.faults
            return None

    def listed(
        self, folder: str, model: type[Model], key: Callable[[Model], str] | None = None, *, required: bool = True
    ) -> Iterator[Model]:
        """Every entry of a folder's files that has its shape; with `key` each key once, and kept in `origins`."""
        names = list(entries(self.files, folder))
        if not names and required:
            self.faults.append(f"{folder}/: no file there, expected files *.yaml")
        for name in names:
            loaded = self.tried(partial(load_yaml, name, self.files[name]))
            if not isinstance(loaded, list):
                if loaded is not None or not self.files[name].strip():
                    self.faults.append(f"{name}:1: a list of entries is expected")
                continue
            for position, entry in enumerate(loaded):
                try:
                    made = model.model_validate(entry)
                except ValidationError as error:
                    called = str(entry.get("id") or entry.get("event") or "") if isinstance(entry, dict) else ""
                    self.faults += faults_of(
                        name, self.files[name], error, (position,), called or f"entry {position + 1}"
                    )
                    continue
                self.at = (name, position)
                if key is not None:
                    if key(made) in self.origins:
                        self.faults.append(f"{self.last()}: {folder}: the id {key(made)} stands twice, expected once")
                    self.origins[key(made)] = self.at
                yield made
