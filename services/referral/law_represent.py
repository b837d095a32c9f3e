"""The law as the API gives it to people who read it: rules of an event type, the clocks they use, the sources they cite. Pure."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from events.catalogue import CATALOGUE
from services.referral.activation import Activation
from services.referral.profiles import Limit, Profiles
from services.referral.represent import legal_label
from services.referral.rules import Condition, Recipient, Rule, Rulebook

EVERY = "*"  # rules of no event type of their own, such as those about any event, stand under this name


def index_out(book: Rulebook, known: Iterable[Activation], holding: Activation | None) -> dict[str, Any]:
    """The edition in force, what is proposed, and every event type with the ids of its rules."""
    waiting = (a for a in known if a.state != "withdrawn" and a is not holding)
    return {
        "edition": book.edition, "from": holding.from_date.isoformat() if holding else None,
        "activations": [{"edition": a.edition, "from": a.from_date.isoformat(), "state": a.state} for a in waiting],
        "types": [{"type": name, "rules": [rule.id for rule in rules_of(book, name)]} for name in _types(book)],
    }  # fmt: skip


def law_of_type(book: Rulebook, event: str) -> dict[str, Any] | None:
    """Everything that holds for an event type (without version); None for one that there is not."""
    if event not in _types(book):
        return None
    rules, rated = rules_of(book, event), book.severities.get(event)
    profiles = book.profiles
    return {
        "type": event, "edition": book.edition,
        "severity": {
            "default": rated.default, "basis": _dumped(rated.basis),
            "cases": [{"severity": case.severity, "when": conditions_out(case.when)} for case in rated.cases],
        } if rated else None,
        "rules": [rule_out(rule) for rule in rules],
        "profiles": _profiles(profiles, rules), "legal": _legal(profiles, rules),
    }  # fmt: skip


def source_out(book: Rulebook, source: str) -> dict[str, Any] | None:
    """A law, policy or notice, and the rules that cite it; None for one that there is not."""
    found = book.sources.get(source)
    if found is None:
        return None
    cited = [
        {"rule": rule.id, "types": list(rule.event), "clause": basis.clause, "label": basis.label}
        for rule in book.rules for basis in rule.basis if basis.source == source
    ]  # fmt: skip
    return {**found.model_dump(mode="json", by_alias=True), "cited_by": cited}


def rules_of(book: Rulebook, event: str) -> list[Rule]:
    """The rules of an event type: those asked at once, those asked after an answer, those of their timers."""
    if event == EVERY:
        placed = {rule.id for name in _types(book) if name != EVERY for rule in rules_of(book, name)}
        return [rule for rule in book.rules if rule.id not in placed]
    first, answered = book.by_event.get(event, ()), book.by_act.get(event, ())
    timers = {timer.what for rule in (*first, *answered) for timer in rule.timers if not timer.again}
    later = [rule for what in sorted(timers) for rule in book.by_timer.get(what, ())]
    found = {rule.id: rule for rule in (*first, *answered, *later)}
    return list(found.values())


def rule_out(rule: Rule) -> dict[str, Any]:
    """One rule, whole enough to be read by people."""
    act = rule.on_act
    return {
        "id": rule.id, "event": list(rule.event), "on_timer": rule.on_timer, "adds": rule.adds,
        "on_act": {"action": act.action, "by": list(act.by), "role": act.role} if act else None,
        "basis": _dumped(rule.basis), "from": rule.in_force.from_.isoformat(), "to": rule.in_force.to.isoformat() if rule.in_force.to else None,
        "when": conditions_out(rule.when), "recipients": [_recipient(each) for each in rule.to], "derive": list(rule.derive),
        "no_referral": rule.no_referral.model_dump() if rule.no_referral else None,
        "action": rule.action.model_dump() if rule.action else None,
    }  # fmt: skip


def conditions_out(when: Mapping[str, Condition]) -> list[dict[str, Any]]:
    """Conditions as fact, operator and value; `unknown`: whether an unknown fact counts as fulfilled."""
    return [
        {"fact": fact, **each.model_dump(mode="json", exclude_none=True, exclude={"unknown"}), "unknown": each.unknown == "match"}
        for fact, each in when.items()
    ]  # fmt: skip


def _types(book: Rulebook) -> list[str]:
    names = {name.rpartition(".")[0] for name in CATALOGUE}
    return [*sorted(names | {name for name in book.by_event if name != EVERY}), EVERY]


def _recipient(each: Recipient) -> dict[str, Any]:
    return {
        "role": each.role, "kind": each.kind, "kinds_from": each.kinds_from, "level": each.level, "where": each.where,
        "profile": each.profile, "when": conditions_out(each.when), "second": list(each.second), "instead": list(each.instead),
        "consent": each.consent, "after_release": each.after_release, "legal": list(each.legal), "list_items": list(each.list_items),
    }  # fmt: skip


def _profiles(profiles: Profiles | None, rules: Iterable[Rule]) -> list[dict[str, Any]]:
    used = {each.profile for rule in rules for each in rule.to if each.profile}
    return [
        {
            "id": each.id, "use": each.use.model_dump(), "label": "default", "basis": _dumped(each.citations), "legal": list(each.legal),
            "clocks": {name: _limit(limit) for name, limit in each.clocks.items()},
        }
        for name, each in (profiles.profiles.items() if profiles else ()) if name in used
    ]  # fmt: skip


def _legal(profiles: Profiles | None, rules: Iterable[Rule]) -> list[dict[str, Any]]:
    if profiles is None:
        return []
    recipients = [each for rule in rules for each in rule.to]
    used = {name for each in recipients for name in each.legal} | {o.clock for rule in rules for o in rule.overlays}
    used |= {each.profile for each in recipients if each.profile in profiles.legal}
    used |= {
        name
        for each in recipients
        if each.profile in profiles.profiles
        for name in profiles.profiles[each.profile].legal
    }
    return [
        {
            "id": each.id, "duty": each.duty.model_dump(), "limit": _limit(each.limit) if each.limit else None, "silent": each.silent,
            "label": legal_label(each), "at_once": each.at_once, "basis": _dumped(each.citations),
        }
        for name, each in profiles.legal.items() if name in used
    ]  # fmt: skip


def _limit(limit: Limit) -> dict[str, Any]:
    """The one form of a limit; lengths of time in minutes."""
    ((form, value),) = ((name, getattr(limit, name)) for name in limit.model_fields_set)
    if isinstance(value, timedelta):
        return {"form": form, "value": int(value.total_seconds() // 60)}
    if form == "end_of_day":
        return {"form": form, "value": int(value.within_if_serious.total_seconds() // 60)}
    return {"form": form, "value": value.strftime("%H:%M") if form == "by_time" else value}


def _dumped(cited: Iterable[Any]) -> list[dict[str, str]]:
    return [{"source": each.source, "clause": each.clause, "label": each.label} for each in cited]
