"""Who must be told: an event's facts and the rulebook give recipients with their legal basis (domain 3.0: R1–R3, R6–R14). Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from events.agency import Agency, Level
from events.data import EventData
from events.envelope import Event
from events.referral import Basis, Role
from services.directory.agencies import agency
from services.directory.territory import territory
from services.referral.deadlines import strictness
from services.referral.facts import SHANGHAI, Facts, Given, row_of
from services.referral.matching import holds, matching, severity_of
from services.referral.places import Areas, areas_of
from services.referral.receivers import Resolved, Routing, profile_for, resolve
from services.referral.rules import Rule, Rulebook, TimerSpec

ROLE_RANK = {"primary": 0, "co": 1, "cc": 2}
R2_BASIS = (Basis(source="A", clause="3.2", label="policy"), Basis(source="PROP", clause="R2", label="default"))


def given_for(event: Event, child: Mapping[str, Any], at: datetime) -> tuple[Given, Areas]:
    """The facts' raw material for one event about one child at a moment."""
    areas, kind = areas_of(event, child)
    name = event.type.rsplit(".v", 1)[0]
    row = row_of(event.type, event.data)
    county = territory().county
    given = Given(
        row=row,
        data=event.data,
        child=child,
        source_kind=kind,
        at=at,
        county={"res": county(areas["res"]), "huk": county(areas["huk"]), "occ": county(areas["occ"])},
        huk_outside=bool(areas["huk"]) and territory().outside(areas["huk"] or ""),
        reported_type=name if row != name else None,
        accepted_at=event.acceptedtime,
    )
    return given, areas


def route(rulebook: Rulebook, event: Event, child: Mapping[str, Any], at: datetime, catalogue: Any,
          among: Sequence[Rule] | None = None, known: Mapping[str, Any] | None = None) -> Routing:  # fmt: skip
    """Every agency that the rules in force at `at` name for this event; the fallback owner if none does (promise 3).

    With `among` only those rules are asked (a timer's, an answer's), and none need hold; `known` are facts that the case fixes.
    """
    given, areas = given_for(event, child, at)
    on = at.astimezone(SHANGHAI).date()
    facts = Facts(given, **(known or {}))
    severity = severity_of(rulebook, given.row, facts)
    facts.set("severity", severity)
    rows = [*rulebook.by_event.get(given.row, ()), *rulebook.by_event.get("*", ())]
    hits, tried = matching(rows if among is None else among, facts, on)
    base = [rule for rule in hits if not rule.adds]
    about = catalogue(given.row)
    fallback = not base and among is None
    if fallback:
        base = [rulebook.fallback]
    rules = base + [rule for rule in hits if rule.adds]
    severity = next((rule.severity for rule in rules if rule.severity), severity)
    silent = next((rule for rule in base if rule.no_referral), None)
    routing = Routing(
        row=given.row, family=family_of(about, event), severity=severity,
        classification=classified(event, given, catalogue), rules=rules,
        recipients=[], timers=[t for rule in rules for t in rule.timers if holds(t.when, facts)],
        derive=[name for rule in rules for name in derived_types(rule, facts)], external_to=None, tried=tried, facts=facts, fallback=fallback,
        no_referral=silent.no_referral.model_dump() if silent and silent.no_referral else None, areas=areas,
    )  # fmt: skip
    found: list[Resolved] = []
    for rule in rules:
        for recipient in rule.to:
            if holds(recipient.when, facts):
                found += resolve(recipient, rule, routing, event, on)
    if found and among is None and not any(rule.alone for rule in rules):
        found += co_ordinators(found, routing, on)
    routing.recipients = once_each(found)
    return routing


def classified(event: Event, given: Given, catalogue: Any) -> str:
    """The data class: the stricter of what the event's own type says of its data and of the row that it takes (E44)."""
    own, row = catalogue(given.reported_type or given.row), catalogue(given.row).CLASSIFICATION
    # Most types say the same of all their data: only the others are looked into.
    said = own.CLASSIFICATION
    if own.classification is not EventData.classification:
        said = own.model_construct(**event.data).classification()
    return str(max(said, row))


def family_of(about: Any, event: Event) -> str:
    """The event family of a row; where its data decide it, what they say."""
    return str(about.FAMILY if about.family is EventData.family else about.model_construct(**event.data).family())


def derived_types(rule: Rule, facts: Facts) -> tuple[str, ...]:
    """The event types that a rule publishes because of this event."""
    named = facts[rule.derive_as] if rule.derive_as else None
    return (*rule.derive, named) if named else rule.derive


def co_ordinators(found: list[Resolved], routing: Routing, on: date) -> list[Resolved]:
    """R2: who co-ordinates when residence and registration lie in different counties and both sides were told; not for LOW."""
    given = routing.facts.given
    sides = {r.side for r in found}
    if routing.severity == "LOW" or "huk" not in sides or not (sides & {"res", "occ"}):
        return []
    res = routing.areas["res"]

    def told(role: Role, level: Level, code: str | None) -> list[Resolved]:
        body = agency("civil_affairs", level, code, on)
        profile = profile_for(routing.severity, "civil_affairs", role)
        return [Resolved(role, body, profile, ("R2",), R2_BASIS, side="r2")] if body else []

    if given.huk_outside:
        return told("co", "province", res) + told("cc", "city", res)
    if not given.county.get("huk") or given.county.get("res") == given.county.get("huk"):
        return []
    city_res, city_huk = territory().city(res or "", on), territory().city(routing.areas["huk"] or "", on)
    if city_res == city_huk:
        return told("cc", "city", res)
    routing.timers.append(TimerSpec(what="r2.agreement", working_days=5))
    return told("cc", "city", res) + told("cc", "city", routing.areas["huk"])


def once_each(found: list[Resolved]) -> list[Resolved]:
    """R12: the same agency twice is one referral, with the stronger role, the stricter profile and both rules."""
    merged: dict[Agency, Resolved] = {}
    for r in found:
        known = merged.get(r.agency)
        if known is None:
            merged[r.agency] = r
            continue
        first, other = sorted((known, r), key=lambda x: ROLE_RANK[x.role])
        keeps = other.role == "cc" or strictness(first.profile) >= strictness(other.profile)
        profile = first.profile if keeps else other.profile
        merged[r.agency] = replace(
            first, profile=profile, rules=tuple(dict.fromkeys(known.rules + r.rules)),
            basis=tuple(dict.fromkeys(known.basis + r.basis)), second=tuple(dict.fromkeys(known.second + r.second)),
            consent=known.consent and r.consent, after_release=known.after_release and r.after_release,
            legal=tuple(dict.fromkeys(known.legal + r.legal)), legal_since=known.legal_since or r.legal_since,
            later=known.later and r.later, list_items=both_lists(known.list_items, r.list_items),
            consent_pending=both_lists(known.consent_pending, r.consent_pending), sealed=known.sealed or r.sealed,
        )  # fmt: skip
    return sorted(merged.values(), key=lambda x: ROLE_RANK[x.role])


def both_lists(first: tuple[int | str, ...], second: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """Two lists of service items as one: items by number, then programmes by code."""
    return tuple(sorted({*first, *second}, key=lambda item: (isinstance(item, str), str(item).zfill(3))))
