"""Whether each rule is whole and uses only words that exist: facts, event types, kinds, profiles, clocks, timers. Pure."""

from collections.abc import Iterable, Iterator, Mapping

from services.directory.agencies import KINDS
from services.referral.check_coverage import Known
from services.referral.edition import Edition
from services.referral.fact_values import REPORT, Values
from services.referral.finding import Finding
from services.referral.matching import holds
from services.referral.profiles import Profiles, packaged_profiles
from services.referral.rules import Condition, Recipient, Rule

SPECIAL_KINDS = {"source", "superior_of_holder"}
OPERATIONAL = {"ack", "start", "feedback", "close"}
SET_BY_CODE = {"r2.agreement", "comparison.made"}
Place = tuple[int | str, ...]


def each_rule(edition: Edition, known: Known) -> Iterator[Finding]:
    """Everything that can be said of one rule without the others; then timers that nothing sets or nothing hears."""
    book = edition.rulebook
    everything = {name: values for facts in known.values() for name, values in facts.items()}
    for rule in book.rules:
        own = everything if not rule.event or "*" in rule.event else _facts(rule.event, known)
        for place, said in (*_when_asked(rule, known), *_facts_asked(rule, own), *_types(rule, known),
                            *_recipients(rule, edition.profiles), *_clocks(rule, edition.profiles), *_examples(rule)):  # fmt: skip
            yield Finding(rule.id, place, said)
    for name, rated in book.severities.items():
        for number, case in enumerate(rated.cases):
            for fact in case.when:
                if name in known and fact not in known[name]:
                    yield Finding(
                        name,
                        ("cases", number, "when", fact),
                        f"fact {fact} is unknown, expected a fact or a field of the event",
                    )
        if name not in known and name != REPORT:
            yield Finding(name, ("event",), f"event {name} is unknown, expected a type of the catalogue")
    for aggregate in book.aggregates:
        if aggregate.derive not in known:
            yield Finding(
                aggregate.derive, (), f"event {aggregate.derive} is unknown, expected a type that can be derived"
            )
    yield from _unheard(edition)
    for name in edition.profiles.profiles.keys() & packaged_profiles().profiles.keys():
        now, before = edition.profiles.ladder_class(name), packaged_profiles().ladder_class(name)
        if now != before:
            said = f"{name} has ladder {now}, expected {before} as in the other editions; give a new profile a name of its own"
            yield Finding(name, ("ladder",), said)


def _facts(events: Iterable[str], known: Known) -> dict[str, Values]:
    return {name: values for event in events for name, values in known.get(event, {}).items()}


def _when_asked(rule: Rule, known: Known) -> Iterator[tuple[Place, str]]:
    asked = sum((bool(rule.event), rule.on_timer is not None, rule.on_act is not None))
    if asked != 1 and rule.id != "fallback":
        yield (), "exactly one of event and on_timer and on_act is expected"
    for number, name in enumerate(rule.event):
        if name != "*" and name not in known:
            yield ("event", number), f"event {name} is unknown, expected a type of the catalogue without its version"
    if rule.on_act is not None:
        for kind in (*rule.on_act.by, *rule.on_act.receiver):
            if kind not in KINDS:
                yield ("on_act", "by"), f"kind {kind} is not in the directory, expected one of kinds.yaml"


def _facts_asked(rule: Rule, known: Mapping[str, Values]) -> Iterator[tuple[Place, str]]:
    asked: list[tuple[Place, Mapping[str, Condition]]] = [(("when",), rule.when)]
    asked += [(("to", n, "if"), r.when) for n, r in enumerate(rule.to)]
    asked += [(("timers", n, "if"), t.when) for n, t in enumerate(rule.timers)]
    asked += [(("timers", n, "cancelled_if"), t.cancelled_if) for n, t in enumerate(rule.timers)]
    asked += [(("overlays", n, "if"), o.when) for n, o in enumerate(rule.overlays)]
    for place, conditions in asked:
        for name, condition in conditions.items():
            yield from (((*place, name), said) for said in _condition(name, condition, known))
    named: list[tuple[Place, str | None]] = [
        ((field,), getattr(rule, field)) for field in ("derive_as", "ends_same", "once")
    ]
    named += [(("to", n, field), getattr(r, field)) for n, r in enumerate(rule.to) for field in ("kinds_from", "since")]
    named += [(("timers", n, "since"), t.since) for n, t in enumerate(rule.timers)]
    named += [(("overlays", n, "since"), o.since) for n, o in enumerate(rule.overlays)]
    for place, fact in named:
        if fact is not None and fact not in known:
            yield place, f"fact {fact} is unknown, expected a fact or a field of the event"


def _condition(name: str, condition: Condition, known: Mapping[str, Values]) -> Iterator[str]:
    if name not in known:
        yield f"fact {name} is unknown, expected a fact or a field of the event"
        return
    values = known[name].all
    if values is None:
        return
    named = (
        condition.any_of
        if condition.any_of is not None
        else (condition.equals,)
        if condition.equals is not None
        else ()
    )
    for value in named:
        if value != "unknown" and not any(
            value == v and isinstance(value, bool) == isinstance(v, bool) for v in values
        ):
            yield f"{value} is no value of {name}, expected one of {', '.join(map(str, values))}"


def _types(rule: Rule, known: Known) -> Iterator[tuple[Place, str]]:
    """Event types that the rule names beside those that it is asked for."""
    named: list[tuple[Place, str]] = [(("derive", n), name) for n, name in enumerate(rule.derive)]
    named += [(("ends", n), name) for n, name in enumerate(rule.ends)]
    named += [(("timers", n, "cancelled_by"), name) for n, t in enumerate(rule.timers) for name in t.cancelled_by]
    named += [(("on_act", "event"), name) for name in (rule.on_act.event if rule.on_act else ()) if name != "*"]
    for place, name in named:
        if name not in known and name != REPORT:
            yield place, f"event {name} is unknown, expected a type of the catalogue without its version"
    for field in ("ends_of", "ends_same"):
        if getattr(rule, field) and not rule.ends:
            yield (field,), f"{field} without `ends`, expected both or neither"
    if rule.outcome and not rule.ends:
        yield ("outcome",), "an outcome without `ends`, expected both or neither"
    for number, timer in enumerate(rule.timers):
        for act in timer.cancelled_by_acts:
            kind, colon, action = act.partition(":")
            if colon and (kind not in KINDS or not action):
                yield (
                    ("timers", number, "cancelled_by_acts"),
                    f"{act} is no kind:action, expected a kind of the directory before the colon",
                )


def _recipients(rule: Rule, profiles: Profiles) -> Iterator[tuple[Place, str]]:
    does = rule.to or rule.derive or rule.derive_as or rule.ends or rule.timers or rule.overlays or rule.stops
    if not does and not rule.no_referral:
        yield (), "nobody is told, and no_referral does not say why; expected recipients or no_referral"
    if rule.no_referral and rule.to:
        yield ("no_referral",), "somebody is told all the same, expected either recipients or no_referral"
    if rule.adds and any(r.role == "primary" for r in rule.to):
        yield ("adds",), "a row that adds brings no primary, expected co or cc"
    roles = {r.role for r in rule.to}
    if rule.event and not rule.adds and "co" in roles and "primary" not in roles:
        yield ("to",), "a row with co recipients needs a primary"
    for number, recipient in enumerate(rule.to):
        for field, said in _recipient(recipient, profiles):
            yield ("to", number, *field), said


def _recipient(recipient: Recipient, profiles: Profiles) -> Iterator[tuple[Place, str]]:
    for field, kinds in (("kind", (recipient.kind,)), ("instead", recipient.instead), ("second", recipient.second)):
        for kind in kinds:
            if kind is not None and kind not in KINDS and kind not in SPECIAL_KINDS:
                yield (field,), f"kind {kind} is not in the directory, expected one of kinds.yaml"
    offices = KINDS[recipient.kind].offices if recipient.kind in KINDS else {}
    level = "unit" if recipient.level == "county" and "county" not in offices else recipient.level
    if offices and level and level not in offices:
        yield (
            ("level",),
            f"{recipient.kind} has no office at level {recipient.level}, expected one of {', '.join(offices)}",
        )
    if recipient.profile and recipient.profile not in profiles.profiles and recipient.profile not in profiles.legal:
        yield ("profile",), f"profile {recipient.profile} is not in profiles.yaml, expected one of it or a LEG-… limit"
    for name in recipient.legal:
        if name not in profiles.legal or profiles.legal[name].limit is None:
            yield ("legal",), f"{name} is no legal limit with a figure, expected one of profiles_legal.yaml"


def _clocks(rule: Rule, profiles: Profiles) -> Iterator[tuple[Place, str]]:
    for number, overlay in enumerate(rule.overlays):
        if overlay.clock not in profiles.legal:
            yield (
                ("overlays", number, "clock"),
                f"{overlay.clock} is not in profiles_legal.yaml, expected a LEG-… limit of it",
            )
    for number, stop in enumerate(rule.stops):
        if stop.clock not in profiles.legal and stop.clock not in OPERATIONAL:
            yield (
                ("stops", number, "clock"),
                f"{stop.clock} is no clock, expected ack, start, feedback, close or a LEG-… limit",
            )
    named: list[tuple[Place, str]] = [
        (("overlays", n, "of"), kind) for n, overlay in enumerate(rule.overlays) for kind in overlay.of
    ]
    named += [(("stops", n, "of"), kind) for n, stop in enumerate(rule.stops) for kind in stop.of]
    named += [(("ends_of", n), kind) for n, kind in enumerate(rule.ends_of)]
    for place, kind in named:
        if kind not in KINDS:
            yield place, f"kind {kind} is not in the directory, expected one of kinds.yaml"
    for name in rule.on_act.profile if rule.on_act else ():
        if name not in profiles.profiles and name not in profiles.legal:
            yield ("on_act", "profile"), f"profile {name} is not in profiles.yaml, expected one of it or a LEG-… limit"


def _examples(rule: Rule) -> Iterator[tuple[Place, str]]:
    if not rule.examples:
        yield (), "no example, expected at least one that must match"
    if not any(e.matches for e in rule.examples):
        yield ("examples",), "no example that must match, expected one"
    if rule.when and not any(not e.matches for e in rule.examples):
        yield ("examples",), "no example that must not match, expected one"
    for number, example in enumerate(rule.examples):
        if holds(rule.when, example.given) != example.matches:
            said = "must match and does not" if example.matches else "matches and must not"
            yield ("examples", number), f"example {example.name!r}: {said}, expected conditions and example to agree"


def _unheard(edition: Edition) -> Iterator[Finding]:
    book = edition.rulebook
    sets = {spec.what: rule.id for rule in book.rules for spec in rule.timers if not spec.again}
    for what, setter in sets.items():
        if what not in book.by_timer:
            yield Finding(setter, ("timers",), f"timer {what}: no rule has on_timer: {what}, expected one")
    for what, hearing in book.by_timer.items():
        if what not in sets and what not in SET_BY_CODE:
            yield Finding(
                hearing[0].id, ("on_timer",), f"timer {what}: nothing sets it, expected a rule with timers: {what}"
            )
