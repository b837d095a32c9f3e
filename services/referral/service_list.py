"""The shape of the service lists and named programmes (domain section 6), and which edition holds for a place on a day."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from pydantic import Field

from events.referral import Basis
from services.directory.territory import territory
from services.referral.rules import Condition, InForce, RuleModel

Level = Literal["province", "city", "county", "township", "village", "unit"]
Verdict = Literal["yes", "no", "unknown"]
Alternatives = tuple[dict[str, Condition], ...]
"""Each is a conjunction; one that holds is enough, and none at all means everybody."""


class Department(RuleModel):
    """Who gives a service: a kind of agency, where, and under which further conditions."""

    kind: str
    level: Level | None = None
    where: Literal["res", "huk", "occ", "source"] = "res"
    when: dict[str, Condition] = Field(default_factory=dict, alias="if")


class Offer(RuleModel):
    """What comes on top of a service under further conditions: a text for people, it changes no recipient."""

    when: dict[str, Condition] = Field(default_factory=dict, alias="if")
    zh: str
    en: str
    label: Literal["policy", "law", "default", "unverified"] = "policy"


class MatchExample(RuleModel):
    """A child that is, is not, or may be due a service."""

    name: str
    event: str = "residence.permit.registered"
    given: dict[str, Any] = Field(default_factory=dict)  # what is on file, and fields of the event
    due: Verdict
    to: tuple[str, ...] = ()  # kinds that give it, where the example says so


class ListEdition(RuleModel):
    """A list as it was issued: whose, for which area, from when."""

    id: str
    title: str
    source: str
    area: str  # the province's or a city's code
    in_force: InForce


class Item(RuleModel):
    """One numbered item of the province's list, or what a city's list adds to it (then `head` and `to` may be left out)."""

    edition: str
    number: int = Field(ge=1, le=99)
    head: str = ""
    subject: str = ""
    service: str = ""
    content: str
    en: str = ""
    department: str  # as printed, or as reconciled
    note: str | None = None  # what is not certain: Chinese / English
    basis: tuple[Basis, ...] = Field(min_length=1)
    scope: Literal["migrant", "all", "B"] = "migrant"
    form: Literal["referral", "digest"] = "referral"
    to: tuple[Department, ...] = ()
    sealed_by: tuple[str, ...] = ()  # facts that make a referral for this item C4
    conditions: Alternatives = ()
    conditions_b: Alternatives = ()  # for children whom scope B reaches; the same as `conditions` when empty
    offers: tuple[Offer, ...] = ()
    examples: tuple[MatchExample, ...] = ()


class Programme(RuleModel):
    """A named programme: on its own `events`, or with every match."""

    code: str = Field(pattern=r"^P\d{2}$")
    zh: str
    en: str
    basis: tuple[Basis, ...] = Field(min_length=1)
    events: tuple[str, ...] = ()
    to: tuple[Department, ...] = ()
    conditions: Alternatives = ()
    form: Literal["referral", "digest", "row", "item", "later"] = "referral"
    consent: bool = False
    aid: bool = False  # R14: the township helps the family to apply
    first_in: tuple[str, ...] = ()  # area flags where it comes first
    of_items: tuple[int, ...] = ()
    examples: tuple[MatchExample, ...] = ()


@dataclass(frozen=True)
class ServiceList:
    """All editions and programmes; `in_force` gives the items for a place on a day."""

    editions: Mapping[str, ListEdition]
    items: tuple[Item, ...]
    programmes: tuple[Programme, ...]
    _made: dict[tuple[tuple[str, ...], str], tuple[Item, ...]] = field(default_factory=dict, repr=False, compare=False)

    def in_force(self, residence: str | None, on: date) -> tuple[Item, ...]:
        """The items that hold for a residence on a day: the province's, widened by its city's (A§3.1: never narrowed)."""
        here = {territory().province, territory().city(residence, on)}
        holding = [e for e in self.editions.values() if e.area in here and e.in_force.covers(on)]
        key = (tuple(e.id for e in holding), "")
        if key not in self._made:
            self._made[key] = self._widened(holding)
        return self._made[key]

    def _widened(self, holding: list[ListEdition]) -> tuple[Item, ...]:
        found: dict[int, Item] = {}
        for edition in sorted(holding, key=lambda e: (e.area != territory().province, e.in_force.from_)):
            local = edition.area != territory().province
            for item in self.items:
                if item.edition == edition.id:
                    whole = found.get(item.number)
                    found[item.number] = widened(whole, item) if local and whole else item
        return tuple(found[number] for number in sorted(found))

    def item(self, number: int, residence: str | None, on: date) -> Item | None:
        """One item as it holds there on a day."""
        return next((item for item in self.in_force(residence, on) if item.number == number), None)

    def programme(self, code: str) -> Programme | None:
        """One programme."""
        return next((p for p in self.programmes if p.code == code), None)


def widened(whole: Item, local: Item) -> Item:
    """The province's item with a city's text, departments and additions; conditions add up, so nobody loses a service."""
    more = whole.conditions + local.conditions if whole.conditions else ()
    return whole.model_copy(
        update={
            "edition": local.edition, "content": local.content, "department": local.department, "note": local.note or whole.note,
            "basis": (*whole.basis, *local.basis), "conditions": more, "offers": (*whole.offers, *local.offers),
            "to": local.to or whole.to, "examples": (*whole.examples, *local.examples),
        }
    )  # fmt: skip
