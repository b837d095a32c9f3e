"""Which agency a rule's recipient means for one event, with what it is asked (domain 3.0: R1, R2, R6, R7, R11, R14). Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from events.agency import Agency, Level
from events.envelope import Event
from events.referral import Basis, Role, Severity
from services.directory.agencies import KINDS, agency, agency_at, reporting, responsible
from services.directory.territory import territory
from services.referral.facts import MEDICAL, POLICE, SCHOOLS, Facts, as_moment
from services.referral.matching import Tried
from services.referral.places import Areas, source_agency
from services.referral.rules import Recipient, Rule, TimerSpec

# Which consent on file stands for a kind of recipient that needs one.
CONSENT_FOR = {"charity_federation": "charity", "social_org": "social_org"}
CHILD_SAFETY = {"CRITICAL", "HIGH"}
CARE = {"civil_affairs", "rescue_protection", "child_welfare_institution", "relief_station"}
R14_BASIS = (Basis(source="A", clause="2.5", label="policy"), Basis(source="B", clause="T9", label="policy"))


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
    legal: tuple[str, ...] = ()
    legal_since: datetime | None = None
    later: bool = False
    list_items: tuple[int | str, ...] = ()
    consent_pending: tuple[int | str, ...] = ()  # of list_items: those that wait for consent
    sealed: bool = False  # rests on a C4 fact, whatever the event's own class (R7)


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
    areas: Areas = field(default_factory=dict)


def resolve(recipient: Recipient, rule: Rule, routing: Routing, event: Event, on: date) -> Iterator[Resolved]:
    """The agencies that a rule's recipient means for this event; none where the rules leave it out."""
    for kind in kinds_of(recipient, routing):
        found = _source(event, on) if kind == "source" else _found(kind, recipient, routing, on)
        if found is None or _left_out(found, kind, recipient, routing):
            continue
        told = Resolved(
            recipient.role, found, recipient.profile or profile_for(routing.severity, found.kind, recipient.role),
            (rule.id,), rule.basis, seconds(recipient, found, routing, on), _asks(recipient, found, routing), recipient.after_release,
            "source" if kind == "source" else recipient.where, recipient.legal,
            as_moment(routing.facts[recipient.since]) if recipient.since else None, recipient.later, recipient.list_items,
        )  # fmt: skip
        yield told
        township = agency("township_government", "township", routing.areas["res"], on) if recipient.aid else None
        if township is not None and routing.classification != "C4":  # R14: help the family to apply
            yield replace(
                told, role="co", agency=township, profile="P4-SVC", rules=("R14",), basis=R14_BASIS, second=(), list_items=(),
                consent=False, legal=(), legal_since=None, side="res",
            )  # fmt: skip


def kinds_of(recipient: Recipient, routing: Routing) -> tuple[str, ...]:
    """The kinds of agency that a recipient means; a kind that nobody can name is civil affairs when it is the primary (promise 3)."""
    if recipient.kind == "superior_of_holder":
        return (superior_of(str(routing.facts["duty_holder_org"] or "")),)
    if recipient.kind is not None:
        return (recipient.kind,)
    named = routing.facts[recipient.kinds_from or ""]
    kinds = tuple(
        kind for kind in ((named,) if isinstance(named, str) else named or ()) if kind == "source" or kind in KINDS
    )
    return kinds or (("civil_affairs",) if recipient.role == "primary" else ())


def _found(kind: str, recipient: Recipient, routing: Routing, on: date) -> Agency | None:
    given, where = routing.facts.given, recipient.where
    if where == "huk":
        if given.huk_outside:  # R2: never an internal recipient outside the province
            routing.external_to = routing.areas["huk"]
            kind, where = "civil_affairs", "res"
        elif not given.county.get("huk"):
            where = "res"
    code = routing.areas[where]
    level = recipient.level
    if where == "owner":
        level = (routing.facts["owner"] or {}).get("level") or level
    if where == "addressee" and level is None:  # an office is found at its own level
        return agency_at(kind, code or "", on) or responsible(kind, default_level(kind), code, on)
    for candidate in (kind, *recipient.instead):
        found = agency(candidate, level or default_level(candidate), code, on)
        if found is not None:
            return found
    return responsible(kind, level or default_level(kind), code, on)


def _left_out(found: Agency, kind: str, recipient: Recipient, routing: Routing) -> bool:
    given = routing.facts.given
    reported = found.kind == given.source_kind and found.area == (
        territory().county(routing.areas["source"]) or found.area
    )
    if kind != "source" and reported and found.kind in MEDICAL | SCHOOLS and not recipient.even_if_source:
        return True
    # R7: sealed matters go to named posts only
    return routing.classification == "C4" and found.level in ("township", "village")


def _asks(recipient: Recipient, found: Agency, routing: Routing) -> bool:
    given = routing.facts.given.child.get("consent") or ()
    return recipient.consent and CONSENT_FOR.get(found.kind, "mental_health") not in given


def seconds(recipient: Recipient, found: Agency, routing: Routing, on: date) -> tuple[Agency, ...]:
    """Who is told too and may acknowledge too (R11; domain 2.2: the 110 desk receives every CRITICAL)."""
    named = tuple(a for a in (agency(k, "county", found.area, on) for k in recipient.second) if a is not None)
    if named or recipient.role == "cc" or routing.severity not in CHILD_SAFETY:
        return named
    beside = None
    if found.kind == "police_station" and routing.severity == "CRITICAL":
        beside = agency("police_command", "county", found.area, on)
    elif found.kind == "township_government":
        beside = agency("protection_station", "township", found.area, on)
    return (beside,) if beside else ()


def _source(event: Event, on: date) -> Agency | None:
    kind, code = source_agency(event.source)
    return reporting(kind, code, on) if kind in KINDS else None


def superior_of(holder: str) -> str:
    """The department above an organisation: hospital → health, school → education, else civil affairs."""
    kind = KINDS.get(source_agency(holder)[0])
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
        if kind in POLICE:
            return "P1-POL"
        if kind in CARE:
            return "P1-CIV"
        return "P1-MED" if kind in MEDICAL else "P1-GEN"
    return {"HIGH": "P2-GEN", "MEDIUM": "P3-GEN", "LOW": "P4-SVC"}[severity]
