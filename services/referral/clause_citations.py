"""Whether citations of a policy text and the clause map agree: each leads to a section, and that section's entries name who cites it. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping, Set
from typing import NamedTuple

from services.referral.clause_map import CarrierKind, Entry
from services.referral.policy_text import DIGITS, PolicyText

# How citations name sections: 2.1, §2.1, 2(一), T8, L16, L2–L5.
SECTION = re.compile(r"§?(\d+)(?:\.(\d+)|[（(]([一二三四五六七八九十]+)[）)])?|([TL]\d+)(?:–([TL]\d+))?")


class Cited(NamedTuple):
    """Who cites what: a rule with its events, an obligation, a service item or a programme."""

    by: str
    kind: CarrierKind
    names: frozenset[str]  # one of them named by an entry of the section is enough
    source: str
    clause: str


def citation_faults(texts: Iterable[PolicyText], entries: Iterable[Entry], cited: Iterable[Cited]) -> list[str]:
    """Citations that lead to no section of their text, and sections whose entries do not name what cites them; one line each."""
    sections = {text.header.code: set(text.titles) for text in texts}
    named = _named(entries)
    found: list[str] = []
    for one in cited:
        if one.source in sections:
            wanted = [section for word in one.clause.split() for section in sections_of(one.source, word, sections)]
            if not wanted or None in wanted:
                found.append(f"{one.by}: cites {one.source} {one.clause}, and the text has no such section")
            for section in wanted:
                if section and one.names and not {(one.kind, name) for name in one.names} & named.get(section, set()):
                    found.append(f"{one.by}: cites {section}, and no entry of that section names it in the clause map")
    return list(dict.fromkeys(found))


def sections_of(source: str, word: str, sections: Mapping[str, Set[str]]) -> Iterator[str | None]:
    """The sections that a word of a citation names, None for one that the text does not have; nothing if it is just a word."""
    match = SECTION.fullmatch(word)
    if match is None:
        return
    chapter, part, spoken, first, last = match.groups()
    below = part or DIGITS.get(spoken or "")
    for name in [f"{chapter}.{below}" if below else chapter] if chapter else filter(None, (first, last)):
        yield next((full for full in (f"{source}§{name}", f"{source}-{name}") if full in sections[source]), None)


def _named(entries: Iterable[Entry]) -> dict[str, set[tuple[CarrierKind, str]]]:
    """What the entries of each section name; a chapter has what its parts have."""
    found: dict[str, set[tuple[CarrierKind, str]]] = {}
    for entry in entries:
        section = entry.id.rsplit("-", 1)[0]
        for own in {section, section.split(".")[0]}:
            found.setdefault(own, set()).update(
                (kind, str(name)) for carrier in entry.carried_by for kind, name in carrier.items()
            )
    return found
