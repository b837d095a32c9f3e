"""Whether whoever a rule names is to be found in every county, and village bodies are kept out of danger (R6). Pure."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache

from events.agency import Level
from events.data import EventData
from services.directory.agencies import KINDS, agency, responsible
from services.directory.territory import territory
from services.referral.check_coverage import Known
from services.referral.combinations import TooMany, term, together
from services.referral.edition import Edition
from services.referral.finding import Finding
from services.referral.receivers import default_level
from services.referral.rules import Recipient, Rule

DANGER = {"CRITICAL", "HIGH"}
MOST_NAMED = 5


def offices(edition: Edition, on: date) -> Iterator[Finding]:
    """Every kind that a rule names stands at that level in every county, or the rule or the directory says what stands in."""
    for rule in edition.rulebook.rules:
        for number, recipient in enumerate(rule.to):
            kinds = [kind for kind in (recipient.kind, *recipient.instead) if kind in KINDS]
            if not kinds:
                continue
            missing = frozenset.intersection(
                *(_missing(kind, recipient.level or default_level(kind), on) for kind in kinds)
            )
            if missing:
                named = ", ".join(sorted(missing)[:MOST_NAMED]) + (" …" if len(missing) > MOST_NAMED else "")
                yield Finding(rule.id, ("to", number, "kind"),
                              f"{kinds[0]} does not exist in {len(missing)} counties ({named}) and nothing is said to stand in, "
                              "expected `instead`, or stands_in in kinds.yaml")  # fmt: skip


@cache
def _missing(kind: str, level: Level, on: date) -> frozenset[str]:
    """The counties in which the kind has no office at that level nor above it, and kinds.yaml does not say what stands in."""
    if "stands_in" in KINDS[kind].model_fields_set:
        return frozenset()
    places = (*territory().counties, *territory().nodes)
    return frozenset(place for place in places if not _there(kind, level, place, on))


def _there(kind: str, level: Level, place: str, on: date) -> bool:
    if agency(kind, level, place, on) is not None:
        return True
    found = responsible(kind, level, place, on)
    return found is not None and found.kind == kind


def released(edition: Edition, known: Known, types: Mapping[str, type[EventData]]) -> Iterator[Finding]:
    """R6: in a row about harm a village-level body waits for its release whenever the event can be CRITICAL or HIGH."""
    for rule in edition.rulebook.rules:
        harm = [name for name in rule.event if name in types and types[name].FAMILY == "harm"]
        for number, recipient in enumerate(rule.to):
            if (
                harm
                and _village(recipient)
                and not recipient.after_release
                and _in_danger(edition, rule, recipient, harm, known)
            ):
                yield Finding(
                    rule.id,
                    ("to", number),
                    f"{recipient.kind} is of a village and would be told of danger at once, expected after_release: true (R6)",
                )


def _village(recipient: Recipient) -> bool:
    if recipient.kind not in KINDS:
        return False
    return (recipient.level or default_level(recipient.kind)) == "village"


def _in_danger(edition: Edition, rule: Rule, recipient: Recipient, harm: list[str], known: Known) -> bool:
    for name in harm:
        try:
            found = together(
                [term(rule.when, recipient.when)], edition.rulebook.severities.get(name), known.get(name, {})
            )
        except TooMany:
            return True
        if any(one.hold and one.severity in DANGER for one in found):
            return True
    return False
