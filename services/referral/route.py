"""Who must be told: an event's facts and the rulebook give recipients with their legal basis (domain 3.0: R1–R3, R6–R14). Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from events.agency import Agency, Level
from events.envelope import Event
from events.referral import Basis, Role, Severity
from services.directory.agencies import KINDS, agency, responsible
from services.directory.territory import territory
from services.referral.deadlines import strictness
from services.referral.facts import MEDICAL, SCHOOLS, SHANGHAI, Facts, Given, row_of
from services.referral.rules import Recipient, Rule, Rulebook, TimerSpec, Tried, holds, matching, severity_of

# Which consent on file stands for a kind of recipient that needs one.
CONSENT_FOR = {"charity_federation": "charity", "social_org": "social_org"}
CHILD_SAFETY = {"CRITICAL", "HIGH"}
ROLE_RANK = {"primary": 0, "co": 1, "cc": 2}
R2_BASIS = (Basis(source="A", clause="3.2", label="policy"), Basis(source="PROP", clause="R2", label="default"))


@dataclass(frozen=True)
class Resolved:
    """One agency to be told, as what, with which clocks and why."""

    role: Role
    agency: Agency
    profile: str
    rules: tuple[str, ...]
    basis: tuple[Basis, ...]
    second: tuple[Agency, ...] = ()
    consent: bool = False
    after_release: bool = False
    side: str = "res"  # whose side it is on, for R2: res, huk, occ …


@dataclass
class Routing:
    """The whole answer for one event and one child."""

    row: str
    family: str
    severity: Severity
    classification: str
    rules: list[Rule]
    recipients: list[Resolved]
    timers: list[TimerSpec]
    derive: list[str]
    external_to: str | None
    tried: list[Tried]
    facts: Facts
    fallback: bool = False
    no_referral: Mapping[str, str] | None = None
    areas: dict[str, str | None] = field(default_factory=dict)


def source_agency(source: str) -> tuple[str, str]:
    """Kind and area code of a source path `/<kind>/<area>/<unit>`."""
    parts = source.split("/")
    return (parts[1], parts[2]) if len(parts) > 2 else ("", "")


def areas_of(event: Event, child: Mapping[str, Any], on: date) -> tuple[dict[str, str | None], str]:
    """Area codes by selector (res, huk, occ, source, school, holder), each falling back so that somebody is always found (R1)."""
    kind, area = source_agency(event.source)
    data = event.data
    res = child.get("residence_code") or data.get("residence_code")
    huk = child.get("hukou_code") or data.get("hukou_code")
    occ = data.get("occurrence_code") or res
    holder = str(data.get("duty_holder_org") or "").split("/")
    inside = territory().county
    res = res if inside(res) else None
    occ = occ if inside(occ) else None
    somewhere = res or occ or (huk if inside(huk) else None) or area
    res = res or somewhere
    pupil = str(data.get("pupil_at") or child.get("pupil_at") or "").split("/")
    return {
        "res": res,
        "huk": huk,
        "occ": occ or res,
        "source": area,
        "school": pupil[2] if len(pupil) > 3 else (area if kind in SCHOOLS else res),
        "holder": holder[2] if len(holder) > 3 else somewhere,
    }, kind


def given_for(event: Event, child: Mapping[str, Any], at: datetime) -> tuple[Given, dict[str, str | None]]:
    """The facts' raw material for one event about one child at a moment."""
    areas, kind = areas_of(event, child, at.astimezone(SHANGHAI).date())
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
          timer: str | None = None, known: Mapping[str, Any] | None = None) -> Routing:  # fmt: skip
    """Every agency that the rules in force at `at` name for this event; the fallback owner if none does (promise 3).

    With `timer` the rules for that timer are asked instead; `known` are facts that the case fixes.
    """
    given, areas = given_for(event, child, at)
    on = at.astimezone(SHANGHAI).date()
    facts = Facts(given, **(known or {}))
    severity = severity_of(rulebook, given.row, facts)
    facts.set("severity", severity)
    candidates = (
        rulebook.by_timer.get(timer, ())
        if timer
        else [*rulebook.by_event.get(given.row, ()), *rulebook.by_event.get("*", ())]
    )
    hits, tried = matching(candidates, facts, on)
    base = [rule for rule in hits if not rule.adds]
    about = catalogue(given.row)
    fallback = not base and timer is None
    if fallback:
        base = [rulebook.fallback]
    rules = base + [rule for rule in hits if rule.adds]
    silent = next((rule for rule in base if rule.no_referral), None)
    routing = Routing(
        row=given.row, family=about.FAMILY, severity=severity, classification=classified(about, given), rules=rules,
        recipients=[], timers=[t for rule in rules for t in rule.timers if holds(t.when, facts)],
        derive=[name for rule in rules for name in rule.derive], external_to=None, tried=tried, facts=facts, fallback=fallback,
        no_referral=silent.no_referral.model_dump() if silent and silent.no_referral else None, areas=areas,
    )  # fmt: skip
    found: list[Resolved] = []
    for rule in rules:
        for recipient in rule.to:
            if holds(recipient.when, facts):
                resolved = resolve(recipient, rule, routing, event, on)
                if resolved is not None:
                    found.append(resolved)
    if found and not timer:
        found += co_ordinators(found, routing, on)
    routing.recipients = once_each(found)
    return routing


def classified(about: Any, given: Given) -> str:
    """The data class of the row; a mandatory report that names a suspect's class is sealed like E36 (C4) whatever row it takes."""
    return "C4" if given.reported_type and given.data.get("suspect_class") else str(about.CLASSIFICATION)


def resolve(recipient: Recipient, rule: Rule, routing: Routing, event: Event, on: date) -> Resolved | None:
    """The agency that a rule's recipient means for this event; None where the rules leave it out."""
    given = routing.facts.given
    kind = recipient.kind
    where = recipient.where
    if kind == "source":
        return _source(recipient, rule, routing, event, on)
    if kind == "superior_of_holder":
        kind = superior_of(str(given.data.get("duty_holder_org") or ""))
    if where == "huk":
        if given.huk_outside:  # R2: never an internal recipient outside the province
            routing.external_to = routing.areas["huk"]
            kind, where = "civil_affairs", "res"
        elif not given.county.get("huk"):
            where = "res"
    level = recipient.level or default_level(kind)
    code = routing.areas[where]
    found = None
    for candidate in (kind, *recipient.instead):
        found = agency(candidate, recipient.level or default_level(candidate), code, on)
        if found is not None:
            break
    found = found or responsible(kind, level, code, on)
    if found is None:
        return None
    same_body = found.kind == given.source_kind and found.area == (given_county(routing, "source") or found.area)
    if same_body and found.kind in MEDICAL | SCHOOLS and not recipient.even_if_source:
        return None
    if routing.classification == "C4" and found.level in ("township", "village"):
        return None  # R7: sealed matters go to named posts only
    profile = recipient.profile or profile_for(routing.severity, found.kind, recipient.role)
    second = tuple(a for a in (agency(k, "county", found.area, on) for k in recipient.second) if a is not None)
    if found.kind == "police_station" and routing.severity == "CRITICAL" and recipient.role != "cc" and not second:
        desk = agency(
            "police_command", "county", found.area, on
        )  # R11 and domain 2.2: the 110 desk receives every CRITICAL
        second = (desk,) if desk else ()
    asked = recipient.consent and CONSENT_FOR.get(found.kind, "mental_health") not in (given.child.get("consent") or ())
    return Resolved(recipient.role, found, profile, (rule.id,), rule.basis, second, asked,
                    recipient.after_release, recipient.where)  # fmt: skip


def given_county(routing: Routing, selector: str) -> str | None:
    """The county of a selector's area."""
    return territory().county(routing.areas[selector])


def _source(recipient: Recipient, rule: Rule, routing: Routing, event: Event, on: date) -> Resolved | None:
    kind, code = source_agency(event.source)
    if kind not in KINDS:
        return None
    found = agency(kind, default_level(kind), code, on)
    if found is None:
        return None
    return Resolved(recipient.role, found, recipient.profile or profile_for(routing.severity, kind, recipient.role),
                    (rule.id,), rule.basis, side="source")  # fmt: skip


def superior_of(holder: str) -> str:
    """The department above an organisation that had to report (E45): hospital → health, school → education, else civil affairs."""
    parts = holder.split("/")
    kind = KINDS.get(parts[1]) if len(parts) > 1 else None
    return (kind.line if kind else None) or "civil_affairs"


def default_level(kind: str) -> Level:
    """The level that a bare kind means: county, else what the kind has (unit for stations, schools and hospitals)."""
    offices = KINDS[kind].offices
    order: tuple[Level, ...] = ("county", "unit", "township", "village", "city", "province")
    return next(level for level in order if level in offices)


def profile_for(severity: Severity, kind: str, role: Role) -> str:
    """The profile of an event's severity for a kind, where the row prints none (domain 3, notation; 4.2, 4.5)."""
    if role == "cc":
        return "CC-URG" if severity in CHILD_SAFETY else "CC-STD"
    if severity == "CRITICAL":
        if kind in {"police", "police_station", "police_command"}:
            return "P1-POL"
        if kind in {"civil_affairs", "rescue_protection", "child_welfare_institution", "relief_station"}:
            return "P1-CIV"
        return "P1-MED" if kind in MEDICAL else "P1-GEN"
    return {"HIGH": "P2-GEN", "MEDIUM": "P3-GEN", "LOW": "P4-SVC"}[severity]


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
        )  # fmt: skip
    return sorted(merged.values(), key=lambda x: ROLE_RANK[x.role])
