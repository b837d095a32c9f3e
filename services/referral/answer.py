"""An officer's answer and everything it brings about: returns and redirects find another receiver, releases let village tasks go (R4, R6). Pure."""

from datetime import datetime
from typing import Any

from events.agency import Agency
from events.referral import Basis, ReferralFact
from services.directory.agencies import KINDS, agency_at, fallback_owners
from services.referral import case_life, ids, life
from services.referral.case import Case, Referral, Timer
from services.referral.facts import SHANGHAI
from services.referral.life import Act, Refused
from services.referral.receivers import profile_for
from services.referral.terms import Terms

RELEASERS = life.POLICE
RETURN_BASIS = (Basis(source="PROP", clause="R4", label="default"),)


def answer(case: Case, referral: Referral, deed: Act, terms: Terms) -> None:
    """Do what somebody decided about a referral, with all that follows in the case. Raises Refused and changes nothing then."""
    cause = f"{referral.id}|{deed.request_id}"
    if deed.action in {"return", "redirect"}:
        check_receiver(referral, deed)
    # An exercise is ended by one person: nothing of it was real, whatever its recipients did.
    if deed.action == "void" and not referral.fact.exercise and _first_of_two(case, referral, deed):
        return
    on_hold = bool(referral.note.get("consent_pending"))
    life.act(case, referral, deed, terms)
    if deed.action in {"acknowledge", "accept", "start"}:
        _finish_redirect(case, referral, deed.at, terms)
    if deed.action == "return":
        reroute(case, referral, deed, terms, cause)
    elif deed.action == "redirect":
        redirect(case, referral, deed, terms, cause)
    elif deed.action == "hold":
        _review_timer(case, referral, deed)
    elif deed.action == "reopen":
        _restart(referral, ("feedback", "close"), deed.at, terms)
        second = other_primary(case, referral) if referral.fact.role == "primary" else None
        if second is not None:
            referral.fact = referral.fact.model_copy(update={"role": "co", "part_of": second.id})
        case_life.reopen_case(case, deed.at)
    elif deed.action in {"cancel", "void"}:
        _hand_on_redirect(case, referral, None, deed.at)
    elif deed.action == "consent" and on_hold:
        _restart(referral, ("ack", "start", "feedback", "close"), deed.at, terms)
    if deed.action in {"complete", "fail", "cancel", "void"}:
        start_waiting(case, referral, deed.at, terms)
    if deed.data.get("release_village"):
        release(case, referral, deed.at, terms)
    _cancel_timers(case, referral, deed)
    case_life.roll_up(case, deed.at)


def check_receiver(referral: Referral, deed: Act) -> None:
    """The competent receiver that a return or redirect names must exist and be another agency. Raises Refused."""
    kind, area = deed.data.get("kind"), deed.data.get("area")
    if not kind and not area:
        return
    if kind not in KINDS:
        raise Refused("no such kind of agency", (("data.kind", "known", "a kind of agency of the directory"),))
    found = receiver(str(kind), str(area or ""), deed.at)
    if found is None:
        raise Refused("no such agency there", (("data.area", "known", f"an area of Jilin that has a {kind}"),))
    if found == referral.fact.agency:
        raise Refused("that is the agency itself", (("data.kind", "other", "another agency"),))


def receiver(kind: str, area: str, at: datetime) -> Agency | None:
    """The agency of a kind for an area on the day of the act."""
    return agency_at(kind, area, at.astimezone(SHANGHAI).date())


def reroute(case: Case, referral: Referral, deed: Act, terms: Terms, cause: str) -> None:
    """R4: the returned matter goes to the receiver that was named; a second return, or none named, to the fallback owner."""
    named = (
        receiver(str(deed.data["kind"]), str(deed.data.get("area") or ""), deed.at) if deed.data.get("kind") else None
    )
    fallback = named is None or referral.returns >= 1
    target = fallback_owner(case, referral, deed.at) if fallback or named is None else named
    made = follow(case, referral, target, referral.fact.role, deed.at, terms, cause)
    made.returns = referral.returns + 1
    _hand_on_redirect(case, referral, made, deed.at)
    if fallback:
        made.note["fallback"] = True
    case.note(
        deed.at, "referral.rerouted", made.id, from_=referral.id, detail={"agency": str(target), "fallback": fallback}
    )


def fallback_owner(case: Case, referral: Referral, at: datetime) -> Agency:
    """Who cannot refuse (promise 3): civil affairs of the county of residence, or if that refuses, the women's and children's committee."""
    first, second = fallback_owners(case.county, at.astimezone(SHANGHAI).date())
    return second if referral.fact.agency == first else first


def redirect(case: Case, referral: Referral, deed: Act, terms: Terms, cause: str) -> None:
    """Hand over without a gap: the old referral keeps its state and clocks until the new one is acknowledged."""
    target = receiver(str(deed.data["kind"]), str(deed.data["area"]), deed.at)
    assert target is not None  # check_receiver saw to it
    made = follow(case, referral, target, "co", deed.at, terms, cause)
    made.note["redirected_from"] = referral.id
    referral.fact = referral.fact.model_copy(update={"redirecting_to": made.id})


def _finish_redirect(case: Case, referral: Referral, at: datetime, terms: Terms) -> None:
    # What was redirected onwards before anybody acknowledged it waits for the last of the chain.
    expected, old = referral.id, case.referrals.get(referral.note.get("redirected_from", ""))
    while old is not None and old.fact.redirecting_to == expected:
        if old.open:
            life.end(case, old, "redirected", at, "system", f"acknowledged by {referral.fact.agency}", terms)
        if old.fact.role != referral.fact.role and not (old.fact.role == "primary" and other_primary(case, referral)):
            referral.change("take_over", at, "system", role=old.fact.role)
        expected, old = old.id, case.referrals.get(old.note.get("redirected_from", ""))


def other_primary(case: Case, referral: Referral) -> Referral | None:
    """Another open primary of the same child and family: there is never a second one (R5)."""
    same = case.open_of(referral.fact.child, referral.fact.family)
    return next((r for r in same if r.fact.role == "primary" and r.id != referral.id), None)


def _hand_on_redirect(case: Case, referral: Referral, to: Referral | None, at: datetime) -> None:
    """The receiver of a redirection is gone: the one who redirected waits for its successor, or for nobody any more."""
    old = case.referrals.get(referral.note.get("redirected_from", ""))
    if old is not None and old.fact.redirecting_to == referral.id:
        if to is not None:
            to.note["redirected_from"] = old.id
        old.change("redirect", at, "system", redirecting_to=to.id if to else None)


def follow(case: Case, old: Referral, target: Agency, role: str, at: datetime, terms: Terms, cause: str,
           profile: str | None = None) -> Referral:  # fmt: skip
    """A referral that continues another: same matter, T = this act (promise 6)."""
    use = profile or old.fact.profile
    rid = ids.referral_id(case.id, cause, target, old.fact.child, use)
    if rid in case.referrals:
        return case.referrals[rid]
    fact = old.fact.model_copy(update={
        "id": rid, "number": ids.number(rid, at), "agency": target, "role": role, "profile": use, "state": "sent", "version": 1,
        "opened_at": at, "part_of": old.id, "redirecting_to": None, "second_endpoints": (), "ladder": terms.ladder(use),
        "basis": (*old.fact.basis, *RETURN_BASIS), "clocks": terms.clocks(use, old.fact.severity, at),
    })  # fmt: skip
    made = Referral(fact=fact, rules=(*old.rules, "R4"), caused_by=cause, trace=old.trace, is_new=True)
    case.referrals[rid] = made
    case.note(at, "referral.opened", rid, part_of=old.id,
              detail={"agency": str(target), "role": role, "profile": use, "rules": list(made.rules)})  # fmt: skip
    return made


def _first_of_two(case: Case, referral: Referral, deed: Act) -> bool:
    """Void needs a second person: the first request is kept, the second with another token carries it out."""
    action = life.ACTIONS["void"]
    reason = life.why_not(referral, action, deed.who, deed.at)
    if reason is not None:
        raise Refused(reason, forbidden=not action.who & deed.who)
    missing = life.lacking(action, deed.data)
    if missing:
        raise Refused("something is missing", missing)
    asked = referral.note.get("void_asked_by")
    if asked and asked != deed.by:
        return False
    referral.note["void_asked_by"] = deed.by
    referral.change("void_asked", deed.at, "operations")
    case.note(deed.at, "referral.void_asked", referral.id, by=deed.by, detail={"reason": deed.data.get("reason")})
    return True


def _review_timer(case: Case, referral: Referral, deed: Act) -> None:
    what = f"hold.review:{referral.id}"
    tid = ids.timer_id(case.id, what, deed.request_id)
    case.timers[tid] = Timer(tid, what, max(life.review_moment(str(deed.data["review_on"])), deed.at), False,
                             referral.fact.child, {}, is_new=True)  # fmt: skip


def review_due(case: Case, referral_id: str, at: datetime, terms: Terms) -> None:
    """The review date came: the referral goes on by itself."""
    referral = case.referrals.get(referral_id)
    if referral is not None and referral.fact.state == "on_hold" and not referral.note.get("consent_pending"):
        life.act(case, referral, Act("resume", frozenset({"system"}), "system", at, f"review|{at.isoformat()}"), terms)


def _restart(referral: Referral, names: tuple[str, ...], at: datetime, terms: Terms) -> None:
    anew = {c.name: c for c in terms.clocks(referral.fact.profile, referral.fact.severity, at) if c.name in names}
    if not anew:  # a profile that is one limit of law: what is done again has our own deadlines (promise 4)
        profile = profile_for(referral.fact.severity, referral.fact.agency.kind, referral.fact.role)
        clocks = terms.clocks(profile, referral.fact.severity, at)
        anew = {c.name: c for c in clocks if c.name in names}
    kept = tuple(anew.pop(c.name, c) for c in referral.fact.clocks)
    referral.fact = referral.fact.model_copy(update={"clocks": kept + tuple(anew.values())})


def start_waiting(case: Case, ended: Referral, at: datetime, terms: Terms) -> None:
    """However the first office of an application ends its part, the next one's clocks begin: nobody waits without one (promise 4)."""
    for referral in case.referrals.values():
        fact = referral.fact
        if referral.note.get("later") and referral.open and not fact.clocks and fact.event_id == ended.fact.event_id:
            clocks = terms.clocks(fact.profile, fact.severity, at)
            referral.change("clocks", at, "system", clocks=clocks)
            case.note(at, "clock.started", referral.id, detail={"clock": fact.profile, "why": "handed over"})


def release(case: Case, by: Referral, at: datetime, terms: Terms) -> None:
    """R6: police or county civil affairs let the village-level tasks go; T = this act."""
    agency_of = by.fact.agency
    if agency_of.kind not in RELEASERS and not (agency_of.kind == "civil_affairs" and agency_of.level == "county"):
        raise Refused("only police or county civil affairs release village tasks", forbidden=True)
    for entry in case.held:
        opened_from_held(case, entry, at, terms, f"release|{by.id}")
    case.held.clear()


def opened_from_held(case: Case, entry: dict[str, Any], at: datetime, terms: Terms, cause: str) -> Referral:
    """The referral that a held village task becomes."""
    target = Agency(**entry["agency"])
    rid = ids.referral_id(case.id, cause, target, entry["child"], entry["profile"])
    fact = ReferralFact(
        id=rid, number=ids.number(rid, at), case=case.id, child=entry["child"], event_source=entry["event"]["source"],
        event_id=entry["event"]["id"], event_type=entry["event"]["type"], family=entry["family"], role=entry["role"], agency=target,
        profile=entry["profile"], ladder=terms.ladder(entry["profile"]), severity=entry["severity"],
        classification=entry["classification"], state="sent", version=1, opened_at=at, county=case.county, exercise=case.exercise,
        basis=tuple(Basis(**b) for b in entry["basis"]), clocks=terms.clocks(entry["profile"], entry["severity"], at),
    )  # fmt: skip
    made = Referral(fact=fact, rules=tuple(entry["rules"]), caused_by=cause, is_new=True)
    case.referrals[rid] = made
    case.note(
        at,
        "referral.opened",
        rid,
        detail={"agency": str(target), "role": fact.role, "profile": fact.profile, "rules": entry["rules"]},
    )
    return made


def _cancel_timers(case: Case, referral: Referral, deed: Act) -> None:
    name = f"{referral.fact.agency.kind}:{deed.action}"
    for timer in case.timers.values():
        asks = "child_seen" in timer.cancelled_by_acts
        seen = asks and deed.data.get("child_seen") is True
        if asks and deed.data.get("child_seen") is False:
            continue  # an answer that nobody saw the child ends nothing
        if (
            timer.state == "set"
            and timer.child in (referral.fact.child, None)
            and (name in timer.cancelled_by_acts or seen)
        ):
            timer.state = "cancelled"
            case.note(deed.at, "timer.cancelled", referral.id, timer=timer.id, detail={"what": timer.what})
