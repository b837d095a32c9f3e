"""Everything that can carry a clause of a policy text, gathered from all services: its name, what it is called, and where it is found."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, get_args

import yaml

from events.catalogue import CATALOGUE
from events.data import ChildCategory
from services.directory.agencies import KINDS
from services.referral.clause_citations import Cited
from services.referral.clause_map import CarrierKind, Carriers, Parts
from services.referral.eligibility import ELIGIBILITY
from services.referral.facts import FACTS
from services.referral.profiles import Profiles
from services.referral.rules import Rulebook

ROOT = Path(__file__).parents[2]
RULEBOOK = "services/referral/rulebook"
# Data of other services is read as data: their code is none of the law's business.
OBLIGATIONS = "services/tracker/obligations"
SERVICE_LIST = f"{RULEBOOK}/service_list"
# A mandatory report and a hotline item take the row of the event that they carry (E44, E90), and need none of their own.
CARRY = frozenset({"reporting.mandatory.filed", "hotline.lead.received"})


class Found(NamedTuple):
    """What a carrier is called in Chinese, and its file below the repository's root."""

    zh: str
    at: str


Entry = tuple[dict[str, Any], str]
Shelf = Mapping[CarrierKind, Mapping[str, Found]]


def shelf(rulebook: Rulebook, profiles: Profiles, parts: Parts, directory: Path | None = None) -> Shelf:
    """Everything that an entry of the clause map may name, as it is now; items with their list, as `A-7`.

    `directory` is the edition's own if it is not the packaged one.
    """
    listed = [*_entries((directory or ROOT / RULEBOOK) / "service_list", "basis")]
    types = {name.rsplit(".v", 1)[0]: model for name, model in CATALOGUE.items()}
    return {
        "event": {n: Found(f"{m.NUMBER} {m.TITLE.zh}", f"events/schemas/{m.TYPE}.json") for n, m in types.items()},
        "timer": {
            e["code"]: Found(f"{e['code']} {e['title']['zh']}", at) for e, at in _entries(ROOT / OBLIGATIONS, "code")
        },
        "item": {f"{e['edition']}-{e['number']}": Found(f"第{e['number']}项", at) for e, at in listed if "number" in e},
        "programme": {e["code"]: Found(f"{e['code']} {e['zh']}", at) for e, at in listed if "code" in e},
        "profile": {n: Found(f"{n} {p.use.zh}", f"{RULEBOOK}/profiles.yaml") for n, p in profiles.profiles.items()},
        "legal": {n: Found(f"{n} {p.duty.zh}", f"{RULEBOOK}/profiles_legal.yaml") for n, p in profiles.legal.items()},
        "rule": {n: Found(f"{n} {p.zh}", p.at) for n, p in parts.rules.items()},
        "fact": dict(_facts(listed)),
        "category": {n: Found(n, "events/data.py") for n in get_args(ChildCategory)},
        "kind": {n: Found(k.zh, "services/directory/kinds.yaml") for n, k in KINDS.items()},
        "part": {n: Found(p.zh, p.at) for n, p in parts.parts.items()},
        "source": {n: Found(s.title, f"{RULEBOOK}/policy/{n}.md") for n, s in rulebook.sources.items()},
    }


def carriers(rulebook: Rulebook, profiles: Profiles, parts: Parts, directory: Path | None = None) -> Carriers:
    """The names on the shelf, the event types that no row of the routing reaches, and the reasons."""
    there = shelf(rulebook, profiles, parts, directory)
    reached = {name for name, rules in rulebook.by_event.items() if any(not rule.adds for rule in rules)}
    names = {kind: found.keys() for kind, found in there.items()}
    return Carriers(names, there["event"].keys() - reached - CARRY, parts.reasons.keys())


def policy_citations(rulebook: Rulebook, directory: Path | None = None) -> Iterator[Cited]:
    """Every rule, obligation, service item and programme that cites a policy text."""
    for rule in rulebook.rules:
        events = frozenset(rule.event) - {"*"}
        yield from (Cited(rule.id, "event", events, b.source, b.clause) for b in rule.basis if b.label == "policy")
    for folder in (ROOT / OBLIGATIONS, (directory or ROOT / RULEBOOK) / "service_list"):
        for entry, at in _entries(folder, "basis"):
            kind, name = _kind_of(entry, at)
            for b in entry["basis"]:
                if b["label"] == "policy":
                    yield Cited(f"{at.rsplit('/', 1)[1]}: {name}", kind, frozenset({name}), b["source"], b["clause"])


def _kind_of(entry: Mapping[str, Any], at: str) -> tuple[CarrierKind, str]:
    if "number" in entry:
        return "item", str(entry["number"])
    return ("timer" if at.startswith(OBLIGATIONS) else "programme"), entry["code"]


def _facts(listed: Sequence[Entry]) -> Iterator[tuple[str, Found]]:
    """Facts of rules, facts of eligibility, and what the service lists ask of a child's file by its plain name."""
    for entry, at in listed:
        yield from ((name, Found(name, at)) for condition in entry.get("conditions", ()) for name in condition)
    for name, function in {**ELIGIBILITY, **FACTS}.items():
        yield name, Found(name, f"{function.__module__.replace('.', '/')}.py")


def _entries(folder: Path, key: str) -> Iterator[Entry]:
    """Every entry with this key of the lists in a folder's files, and its file as it is in the repository."""
    for path in sorted(folder.glob("*.yaml")):
        at = f"{OBLIGATIONS if folder == ROOT / OBLIGATIONS else SERVICE_LIST}/{path.name}"
        for entry in yaml.load(path.read_text("utf-8"), yaml.CSafeLoader):
            if isinstance(entry, dict) and key in entry:
                yield entry, at
