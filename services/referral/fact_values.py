"""Which values a fact can have, as far as its type tells: what the check of a rulebook has to try. Pure."""

import types
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from events.data import EventData
from events.referral import Severity
from services.referral.facts import FACTS, SITUATIONS
from services.referral.rules import Condition

REPORT = "reporting.mandatory.filed"
ELSE = "something else"
# Facts that a decision fixes itself: the severity, R2's agreement, the reason code of an officer's answer.
DECIDED: Mapping[str, Any] = {"severity": Severity, "sides_agreed": bool, "answer": str | None}


@dataclass(frozen=True)
class Values:
    """`all` when they can be listed, else None; `optional`: it may be unknown too."""

    all: tuple[Any, ...] | None
    optional: bool

    def to_try(self, conditions: Iterable[Condition]) -> list[Any]:
        """One value for everything that these conditions can tell apart."""
        found: list[Any] = list(self.all) if self.all is not None else []
        if self.all is None:
            for condition in conditions:
                found += _around(condition)
        if self.optional:
            found.append(None)
        return list({(type(value), value): value for value in found}.values())


def facts_of(catalogue: Mapping[str, type[EventData]]) -> dict[str, dict[str, Values]]:
    """For every event type (without version) that has rows: each fact that its rows may ask for, with its values.

    A mandatory report (E44) has no row itself: the type that carries it may lack its own fields and has the report's.
    """
    models = {name.rsplit(".v", 1)[0]: model for name, model in catalogue.items()}
    report = _fields(models[REPORT], carried=True) if REPORT in models else {}
    carried = set(SITUATIONS.values())
    computed = {name: _values(get_type_hints(function).get("return", Any)) for name, function in FACTS.items()}
    computed |= {name: _values(hint) for name, hint in DECIDED.items()}
    return {
        name: {**(report if name in carried else {}), **_fields(model, carried=name in carried), **computed}
        for name, model in models.items()
        if name != REPORT
    }


def _fields(model: type[EventData], *, carried: bool) -> dict[str, Values]:
    found = {}
    for wire, name in model.wire_fields().items():
        field = model.model_fields[name]
        values = _values(field.annotation)
        found[wire] = Values(values.all, values.optional or carried or not field.is_required())
    return found


def _values(hint: Any) -> Values:
    origin = get_origin(hint)
    if origin is Annotated:
        return _values(get_args(hint)[0])
    if origin in (Union, types.UnionType):
        parts = [_values(part) for part in get_args(hint)]
        listed = None if any(p.all is None for p in parts) else tuple(v for p in parts for v in p.all or ())
        return Values(listed, any(p.optional for p in parts))
    if origin is Literal:
        values = get_args(hint)
        return Values(tuple(v for v in values if v not in ("unknown", None)), "unknown" in values or None in values)
    if hint is bool:
        return Values((True, False), optional=False)
    if hint is type(None):
        return Values((), optional=True)
    return Values(None, optional=hint is Any)


def _around(condition: Condition) -> list[Any]:
    if condition.equals is not None:
        return [True, False] if isinstance(condition.equals, bool) else [condition.equals, ELSE]
    if condition.any_of is not None:
        return [*condition.any_of, ELSE]
    edge = condition.below if condition.below is not None else condition.at_least
    return [] if edge is None else [edge - 1, edge]
