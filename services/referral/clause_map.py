"""The clause map: for every clause of a policy text, what carries it here, or why nothing does; and what is wrong with a map. Pure.

An entry names its clause by id, by its first words and by a digest of all its words: a text that was shifted or changed is noticed, and
somebody has to read the clause again before the entry is good.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.referral.policy_text import Clause, PolicyText

Says = Literal["trigger", "duty", "limit", "agency"]
CarrierKind = Literal[
    "event", "timer", "item", "programme", "profile", "legal", "rule", "fact", "category", "kind", "part", "source"
]
Carrier = Mapping[CarrierKind, str | int]
PROVINCE = "A"  # the edition of the service list that running text means
MOST_NAMED = 5  # clauses that are named beside a missing carrier
LEAST_WORDS = 4  # characters by which an entry names the beginning of its clause, unless the clause is shorter


class Strict(BaseModel):
    """Base of what is read from the map's files: frozen, and a word it does not know is a fault."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Words(Strict):
    """A text for people."""

    zh: Annotated[str, Field(min_length=1)]
    en: Annotated[str, Field(min_length=1)]


class Entry(Strict):
    """What one clause says and what carries it.

    `reason` names why nothing carries it and nothing should; `lacks` says what should and is not there yet; `note` is for the reader.
    """

    id: str
    begins: Annotated[str, Field(min_length=1)]
    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{8}$")]
    says: tuple[Says, ...] = ()
    carried_by: tuple[Carrier, ...] = ()
    reason: Annotated[str, Field(min_length=1)] | None = None
    lacks: Words | None = None
    note: Words | None = None

    @model_validator(mode="after")
    def _carried_or_not(self) -> Self:
        if (self.reason is not None) == bool(self.carried_by or self.lacks):
            raise ValueError("either carried_by (or lacks: what should carry it and is not there yet), or reason")
        if any(len(carrier) != 1 for carrier in self.carried_by):
            raise ValueError("every carrier is one pair, such as {event: child.missing}")
        return self

    def named(self, kind: CarrierKind, name: str | int) -> str:
        """A carrier's full name: an item is one of the list in which the clause stands; running text means the province's."""
        if kind != "item":
            return str(name)
        row = re.match(r"([A-Z])-L\d", self.id)
        return f"{row[1] if row else PROVINCE}-{name}"


class Part(Words):
    """A general rule (R1 …) or a part of the platform that carries clauses, and the file in which it is found."""

    at: str


class Parts(Strict):
    """The general rules, the parts and the reasons that an entry may name."""

    rules: Mapping[str, Part]
    parts: Mapping[str, Part]
    reasons: Mapping[str, Words]


@dataclass(frozen=True)
class Carriers:
    """What an entry may name: carriers by kind (items with their list, as `A-7`), event types that no rule reaches, and reasons."""

    there: Mapping[CarrierKind, Set[str]]
    unreached: Set[str] = frozenset()
    reasons: Set[str] = frozenset()


def digest(text: str) -> str:
    """Eight characters that change with any word of a clause."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def faults(texts: Iterable[PolicyText], entries: Sequence[Entry], carriers: Carriers) -> list[str]:
    """Every fault of a map, one line each: a clause without an entry or the other way round, a changed text, a carrier that is not there."""
    clauses = {clause.id: clause for text in texts for clause in text.clauses}
    found: list[str] = []
    seen: set[str] = set()
    for entry in entries:
        if entry.id in seen:
            found.append(f"{entry.id}: stands twice in the clause map")
        seen.add(entry.id)
        clause = clauses.get(entry.id)
        if clause is None:
            found.append(f"{entry.id}: the policy text has no such clause")
        else:
            found += [f"{entry.id}: {fault}" for fault in _words(entry, clause)]
        if entry.reason is not None and entry.reason not in carriers.reasons:
            found.append(f"{entry.id}: reason {entry.reason} is unknown, expected one of clauses/parts.yaml")
    found += _carried(entries, carriers)
    found += [
        f"{i}: no entry in the clause map; it begins {c.text[:12]!r}" for i, c in clauses.items() if i not in seen
    ]
    return found


def _words(entry: Entry, clause: Clause) -> Iterator[str]:
    if not clause.text.startswith(entry.begins):
        yield f"begins with {clause.text[:12]!r}, and the entry says {entry.begins!r}"
    elif len(entry.begins) < min(LEAST_WORDS, len(clause.text)):
        yield f"begins: {LEAST_WORDS} characters of the clause are expected, as {clause.text[:LEAST_WORDS]!r}"
    if entry.digest != digest(clause.text):
        yield f"its words have changed: read it again, mend the entry, then write digest: {digest(clause.text)}"


def _carried(entries: Sequence[Entry], carriers: Carriers) -> Iterator[str]:
    """One line per carrier that is not good, with the clauses that rest on it: often they are many."""
    resting: dict[tuple[CarrierKind, str], list[str]] = {}
    for entry in entries:
        for carrier in entry.carried_by:
            for kind, name in carrier.items():
                resting.setdefault((kind, entry.named(kind, name)), []).append(entry.id)
    for (kind, name), ids in resting.items():
        on_it = ", ".join(ids[:MOST_NAMED]) + (f" and {len(ids) - MOST_NAMED} more" if len(ids) > MOST_NAMED else "")
        if name not in carriers.there.get(kind, ()):
            yield f"{kind} {name} does not exist, and carries {on_it}"
        elif kind == "event" and name in carriers.unreached:
            yield f"event {name} has neither a row nor a no_referral in the routing, and carries {on_it}"
