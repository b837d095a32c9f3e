"""Reads the service lists and programmes of a rulebook; a wrong file is refused with every fault at once."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any, TypeVar

from pydantic import ValidationError

from services.directory.agencies import KINDS
from services.law import PACKAGED
from services.law.rulebook_file import Files, RulebookFault, faults_of, files_in, load_yaml
from services.referral.eligibility import Asked, Eligibility
from services.referral.policy_match import judge_item, judge_programme
from services.referral.rules import RuleModel
from services.referral.service_list import Item, ListEdition, MatchExample, Programme, ServiceList

FOLDER = "service_list/"
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
    """The lists among a rulebook's files. Raises RulebookFault with every fault: shape, then numbers, kinds and examples."""
    faults: list[str] = []
    names = [name for name in sorted(files) if name.startswith(FOLDER)]
    editions = list(_entries(files, [n for n in names if n == f"{FOLDER}editions.yaml"], ListEdition, faults))
    programmes = list(_entries(files, [n for n in names if n == f"{FOLDER}programmes.yaml"], Programme, faults))
    items = list(
        _entries(files, [n for n in names if n.split("/")[1] not in ("editions.yaml", "programmes.yaml")], Item, faults)
    )
    if faults:
        raise RulebookFault(faults)
    services = ServiceList({e.id: e for e in editions}, tuple(items), tuple(programmes))
    faults = [*_numbers(services), *_kinds(services), *_examples(services)]
    if faults:
        raise RulebookFault(faults)
    return services


def services_of(files: Files) -> ServiceList:
    """The lists of an edition; the packaged ones for a rulebook that has none of its own. Raises RulebookFault."""
    if not any(name.startswith(FOLDER) for name in files):
        return packaged_services()
    own = {name: text for name, text in files.items() if name.startswith(FOLDER)}
    packaged = {name: text for name, text in files_in(PACKAGED).items() if name.startswith(FOLDER)}
    return packaged_services() if own == packaged else read_services(own)


def _entries(files: Files, names: Iterable[str], model: type[Model], faults: list[str]) -> Iterator[Model]:
    for name in names:
        loaded: Any = load_yaml(name, files[name])
        if not isinstance(loaded, list):
            faults.append(f"{name}:1: a list of entries is expected")
            continue
        for position, entry in enumerate(loaded):
            try:
                yield model.model_validate(entry)
            except ValidationError as error:
                faults += faults_of(name, files[name], error, (position,), f"entry {position + 1}")


def _numbers(services: ServiceList) -> Iterator[str]:
    counted = Counter((item.edition, item.number) for item in services.items)
    for (edition, number), times in counted.items():
        if edition not in services.editions:
            yield f"{FOLDER}: item {number}: edition {edition} is not in editions.yaml"
        if times > 1:
            yield f"{FOLDER}: {edition} item {number} stands {times} times, expected once"
    for number in ITEMS:
        if (PROVINCE, number) not in counted:
            yield f"{FOLDER}: item {number} of the province's list is missing"
    for code, times in Counter(p.code for p in services.programmes).items():
        if times > 1:
            yield f"{FOLDER}programmes.yaml: {code} stands {times} times, expected once"


def _kinds(services: ServiceList) -> Iterator[str]:
    for item in services.items:
        if item.edition == PROVINCE and not item.to:
            yield f"{FOLDER}: item {item.number}: `to` is expected: who gives it"
    for called, to in [(f"item {i.number}", i.to) for i in services.items] + [
        (p.code, p.to) for p in services.programmes
    ]:
        for department in to:
            if department.kind not in KINDS:
                yield f"{FOLDER}: {called}: kind {department.kind} is not in the directory"


def _examples(services: ServiceList) -> Iterator[str]:
    for called, example, verdict in judged_examples(services):
        if verdict != example.due:
            yield f"{FOLDER}: {called}: example `{example.name}`: due {verdict}, expected {example.due}"


def judged_examples(services: ServiceList) -> Iterator[tuple[str, MatchExample, str]]:
    """Every example of the lists with what the lists say of it."""
    for item in services.items:
        area = EXAMPLE_AREA.get(item.edition, EXAMPLE_AREA[PROVINCE])
        whole = services.item(item.number, area, EXAMPLE_DAY)
        for example in item.examples:
            if whole is not None:
                yield f"{item.edition} item {item.number}", example, judge_item(whole, example_facts(example, area))[0]
    for programme in services.programmes:
        for example in programme.examples:
            facts = example_facts(example, EXAMPLE_AREA[PROVINCE])
            yield programme.code, example, judge_programme(programme, example.event, facts)[0]


def example_facts(example: MatchExample, area: str) -> Eligibility:
    """The facts of an example: what it gives is on file, and is what the event says."""
    given: Mapping[str, Any] = example.given
    return Eligibility(Asked(given, example.event, EXAMPLE_DAY, given, {"res": area, "huk": area, "occ": area}))
