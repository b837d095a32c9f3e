"""Reads the service lists and programmes of a rulebook; a wrong file is refused with every fault at once."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any, TypeVar

from pydantic import ValidationError

from services.directory.agencies import KINDS
from services.directory.territory import territory
from services.law import PACKAGED
from services.law.rulebook_file import Files, RulebookFault, faults_of, files_in, line_of, load_yaml
from services.referral.eligibility import ELIGIBILITY, FACTS_ON_FILE, Asked, Eligibility
from services.referral.policy_match import judge_item, judge_programme
from services.referral.rules import RuleModel
from services.referral.service_list import Item, ListEdition, MatchExample, Programme, ServiceList

FOLDER = "service_list/"
EDITIONS, PROGRAMMES = f"{FOLDER}editions.yaml", f"{FOLDER}programmes.yaml"
PROVINCE = "A"
ITEMS = range(1, 33)
EXAMPLE_DAY = date(2026, 3, 10)  # the day on which the entries' own examples are judged
EXAMPLE_AREA = {"A": "220382", "C": "220102"}
Model = TypeVar("Model", bound=RuleModel)


@cache
def packaged_services() -> ServiceList:
    """The lists that come with the product."""
    return read_services(files_in(PACKAGED))


def read_services(files: Files) -> ServiceList:
    """The lists among a rulebook's files. Raises RulebookFault with every fault: shape, then numbers, kinds, facts and examples."""
    reader = _Reader(files)
    names = [name for name in sorted(files) if name.startswith(FOLDER)]
    editions = reader.listed([EDITIONS], ListEdition)
    programmes = reader.listed([PROGRAMMES], Programme)
    items = reader.listed([name for name in names if name not in (EDITIONS, PROGRAMMES)], Item)
    if not reader.faults:
        services = ServiceList({e.id: e for e in editions}, tuple(items), tuple(programmes))
        reader.faults += [*_numbers(services, reader), *_words(services, reader), *_examples(services, reader)]
    if reader.faults:
        raise RulebookFault(reader.faults)
    return services


def services_of(files: Files) -> ServiceList:
    """The lists of an edition; the packaged ones for a rulebook that has none of its own. Raises RulebookFault."""
    if not any(name.startswith(FOLDER) for name in files):
        return packaged_services()
    own = {name: text for name, text in files.items() if name.startswith(FOLDER)}
    packaged = {name: text for name, text in files_in(PACKAGED).items() if name.startswith(FOLDER)}
    return packaged_services() if own == packaged else read_services(own)


class _Reader:
    """Reads lists of entries, collects faults, and knows where each entry stands."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self.faults: list[str] = []
        self._at: dict[int, tuple[str, int]] = {}

    def listed(self, names: Iterable[str], model: type[Model]) -> list[Model]:
        """Every entry of these files that has its shape."""
        found = []
        for name in names:
            try:
                loaded: Any = load_yaml(name, self.files.get(name, ""))
            except RulebookFault as fault:
                self.faults += fault.faults
                continue
            if not isinstance(loaded, list):
                self.faults.append(f"{name}:1: a list of entries is expected")
                continue
            for position, entry in enumerate(loaded):
                try:
                    made = model.model_validate(entry)
                except ValidationError as error:
                    self.faults += faults_of(name, self.files[name], error, (position,), f"entry {position + 1}")
                    continue
                self._at[id(made)] = (name, position)
                found.append(made)
        return found

    def place(self, entry: object, *field: int | str) -> str:
        """File and line of a field of an entry."""
        name, position = self._at[id(entry)]
        return f"{name}:{line_of(self.files[name], (position, *field))}"


def _numbers(services: ServiceList, reader: _Reader) -> Iterator[str]:
    seen: set[tuple[str, int]] = set()
    for item in services.items:
        if item.edition not in services.editions:
            yield f"{_called(item, reader)}: edition {item.edition} is unknown, expected an id of editions.yaml"
        elif services.editions[item.edition].area == territory().province and not item.to:
            yield f"{_called(item, reader)}: to: nobody gives it, expected at least one department"
        if (item.edition, item.number) in seen:
            yield f"{_called(item, reader)}: stands twice, expected once"
        seen.add((item.edition, item.number))
    for edition in services.editions.values():
        if edition.area == territory().province:
            for number in ITEMS:
                if (edition.id, number) not in seen:
                    yield f"{FOLDER}: item {number} of {edition.id} is missing, expected all of {ITEMS.start}–{ITEMS.stop - 1}"
    codes: set[str] = set()
    for programme in services.programmes:
        if programme.code in codes:
            yield f"{reader.place(programme, 'code')}: {programme.code} stands twice, expected once"
        codes.add(programme.code)


def _called(item: Item, reader: _Reader) -> str:
    """Where an item stands and what it is; looked up for a fault alone, because finding a line reads the file again."""
    return f"{reader.place(item, 'number')}: {item.edition} item {item.number}"


def _words(services: ServiceList, reader: _Reader) -> Iterator[str]:
    """Kinds that the directory does not have, and facts that nobody can know."""
    entries: list[Item | Programme] = [*services.items, *services.programmes]
    for entry in entries:
        for number, department in enumerate(entry.to):
            if department.kind not in KINDS:
                yield f"{reader.place(entry, 'to', number)}: to: kind {department.kind} is unknown, expected one of the directory"
        for where, asked in _asked(entry):
            for name in asked:
                if name not in ELIGIBILITY and name not in FACTS_ON_FILE:
                    yield f"{reader.place(entry, *where)}: {'.'.join(map(str, where))}: fact {name} is unknown, expected one of section 6"


def _asked(entry: Item | Programme) -> Iterator[tuple[tuple[int | str, ...], Iterable[str]]]:
    yield from ((("conditions", n), alternative) for n, alternative in enumerate(entry.conditions))
    yield from ((("to", n, "if"), department.when) for n, department in enumerate(entry.to))
    if isinstance(entry, Item):
        yield from ((("conditions_b", n), alternative) for n, alternative in enumerate(entry.conditions_b))
        yield from ((("offers", n, "if"), offer.when) for n, offer in enumerate(entry.offers))
        yield ("sealed_by",), entry.sealed_by


def _examples(services: ServiceList, reader: _Reader) -> Iterator[str]:
    for entry, number, verdict in judged_examples(services):
        example = entry.examples[number]
        if verdict != example.due:
            place = reader.place(entry, "examples", number)
            yield f"{place}: example `{example.name}`: due {verdict}, expected {example.due}"


def judged_examples(services: ServiceList) -> Iterator[tuple[Item | Programme, int, str]]:
    """Every example of the lists, by its entry and number, with what the lists say of it."""
    for item in services.items:
        area = EXAMPLE_AREA.get(item.edition, EXAMPLE_AREA[PROVINCE])
        whole = services.item(item.number, area, EXAMPLE_DAY) or item
        for number, example in enumerate(item.examples):
            yield item, number, judge_item(whole, example_facts(example, area))[0]
    for programme in services.programmes:
        for number, example in enumerate(programme.examples):
            facts = example_facts(example, EXAMPLE_AREA[PROVINCE])
            yield programme, number, judge_programme(programme, example.event, facts)[0]


def example_facts(example: MatchExample, area: str) -> Eligibility:
    """The facts of an example: what it gives is on file, and is what the event says."""
    given: Mapping[str, Any] = example.given
    return Eligibility(Asked(given, example.event, EXAMPLE_DAY, given, {"res": area, "huk": area, "occ": area}))
