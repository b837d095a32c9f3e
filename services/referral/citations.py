"""Whether every citation of an edition resolves to a source, and to one that was in force. Pure."""

from collections.abc import Iterator

from events.referral import Basis
from services.law.calendar import Citation
from services.law.rulebook_file import line_of, load_yaml
from services.referral.edition import Edition, event_severity
from services.referral.rules import InForce, LegalSource

Cited = Basis | Citation
MAP_FILES = ("profiles.yaml", "profiles_legal.yaml", "clock_ladder.yaml")


def citation_faults(edition: Edition) -> list[str]:
    """A line for each citation of an unknown source and for each entry that is in force while its source is not."""
    return [*_rules(edition), *_severities(edition), *_files(edition)]


def _rules(edition: Edition) -> Iterator[str]:
    for rule in edition.rulebook.rules:
        for number, basis in enumerate(rule.basis):
            for said in _wrong(edition, basis, rule.in_force):
                yield f"{edition.place(rule.id, 'basis', number)}: {rule.id}: basis: {said}"


def _severities(edition: Edition) -> Iterator[str]:
    told: set[int] = set()
    for name, entry in edition.rulebook.severities.items():
        if id(entry) in told:
            continue
        told.add(id(entry))
        for number, basis in enumerate(entry.basis):
            for said in _wrong(edition, basis, None):
                yield f"{edition.place(event_severity(name), 'basis', number)}: {name}: basis: {said}"


def _files(edition: Edition) -> Iterator[str]:
    """Profiles, legal limits, ladders, holiday notices and service lists: every mapping with source, clause and label in them is a citation."""
    for name in (*MAP_FILES, *(file for file in edition.files if file.startswith(("calendar/", "service_list/")))):
        for at, cited in _citations(load_yaml(name, edition.files[name]), ()):
            for said in _wrong(edition, cited, None):
                field = (*at, "source")
                yield f"{name}:{line_of(edition.files[name], field)}: {'.'.join(map(str, field))}: {said}"


def _citations(value: object, at: tuple[int | str, ...]) -> Iterator[tuple[tuple[int | str, ...], Citation]]:
    if isinstance(value, dict):
        if {"source", "clause", "label"} <= value.keys():
            yield at, Citation.model_validate(value)
        else:
            for name, below in value.items():
                yield from _citations(below, (*at, name))
    elif isinstance(value, list):
        for number, below in enumerate(value):
            yield from _citations(below, (*at, number))


def _wrong(edition: Edition, cited: Cited, in_force: InForce | None) -> Iterator[str]:
    source = edition.rulebook.sources.get(cited.source)
    if source is None:
        yield f"source {cited.source} is not in sources.yaml, expected an id of sources/*.yaml"
        return
    if source.read == "memory" and cited.label != "unverified":
        yield f"{source.id} was not read, so the label is {cited.label} and expected is unverified"
    if in_force is not None and cited.label != "default":
        yield from _outside(source, in_force)


def _outside(source: LegalSource, rule: InForce) -> Iterator[str]:
    """A rule may begin when its source does and must end when its source ends."""
    if not source.in_force.covers(rule.from_):
        yield f"{source.id} is not in force on {rule.from_}, expected a rule from {source.in_force.from_} on"
    elif source.in_force.to is not None and (rule.to is None or rule.to > source.in_force.to):
        yield f"{source.id} ends on {source.in_force.to}, expected in_force.to not later than that"
