"""Who gets a copy because somebody is late: where law or policy names a supervisor (domain analysis 4.3, 4.4). Pure."""

from datetime import datetime, timedelta

from events.agency import Level
from events.referral import Basis
from services.directory.agencies import responsible
from services.referral import ids
from services.referral.answer import follow
from services.referral.case import Case, Referral, Timer
from services.referral.clock_life import stopped
from services.referral.facts import POLICE, SHANGHAI
from services.referral.receivers import profile_for
from services.referral.terms import Terms

LATE_START = "start.late:"
LEVELS: dict[str, Level] = {"county": "county", "city": "city", "province": "province"}  # that on_breach may name
MANDATORY_LATE = timedelta(hours=24)  # domain 4.3: a police or education `start` of a mandatory report this late
DUTIES = (Basis(source="PROP", clause="E100", label="default"),)
SUPERVISION = (Basis(source="A", clause="3.2", label="policy"), Basis(source="B", clause="T6", label="policy"))


def legal_breach(case: Case, late: Referral, clock: str, at: datetime, terms: Terms) -> None:
    """A legal limit passed: those whom 4.4 names for it get a copy, once."""
    limit = terms.limit(clock)
    for named in limit.on_breach if limit else ():
        kind, _, level = named.partition("@")
        basis = tuple(Basis(**c.model_dump()) for c in limit.citations) if limit else ()
        copy_to(case, late, kind, LEVELS[level], at, terms, f"{late.id}|{clock}|breach", clock, basis)


def watch_start(case: Case, late: Referral, due: datetime) -> None:
    """A mandatory report whose police or school authority has not begun: look again a day later."""
    kind = late.fact.agency.kind
    if not late.fact.event_type.startswith("reporting.mandatory.filed") or kind not in POLICE | {"education"}:
        return
    what = f"{LATE_START}{late.id}"
    tid = ids.timer_id(case.id, what, late.id)
    case.timers.setdefault(tid, Timer(tid, what, due + MANDATORY_LATE, False, late.fact.child, {}, is_new=True))


def start_still_late(case: Case, referral_id: str, at: datetime, terms: Terms) -> None:
    """A day has passed: the procuratorate of the county gets a copy unless somebody began meanwhile (检察建议 route)."""
    late = case.referrals.get(referral_id)
    if late is None or not late.open or any(c.name == "start" and stopped(c) for c in late.fact.clocks):
        return
    copy_to(case, late, "procuratorate", "county", at, terms, f"{late.id}|start|24h", "4.3 mandatory", SUPERVISION)


def tell_superior(case: Case, late: Referral, at: datetime, terms: Terms) -> None:
    """E100: the superior that stands with an overdue duty gets a copy when its owner is silent up to the second level, once."""
    named = (late.note.get("told") or {}).get("superior")
    if named:
        cause = f"{late.id}|superior"
        copy_to(case, late, named["kind"], LEVELS[named["level"]], at, terms, cause, "E100 superior", DUTIES)


def copy_to(
    case: Case, late: Referral, kind: str, level: Level, at: datetime, terms: Terms, cause: str, rule: str,
    basis: tuple[Basis, ...],
) -> None:  # fmt: skip
    """A copy of a late referral, unless that agency already has a referral of the child's family."""
    target = responsible(kind, level, late.fact.agency.area, at.astimezone(SHANGHAI).date())
    known = any(r.fact.agency == target and r.fact.child == late.fact.child and r.fact.family == late.fact.family
                and (r.open or r.fact.role == "cc") for r in case.referrals.values())  # fmt: skip
    if target is None or known:
        return
    made = follow(case, late, target, "cc", at, terms, cause, profile_for(late.fact.severity, kind, "cc"))
    made.rules = (*late.rules, rule)
    made.fact = made.fact.model_copy(update={"basis": (*late.fact.basis, *basis)})
