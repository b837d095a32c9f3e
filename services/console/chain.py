"""A trace as its page shows it: the answer of GET /api/v1/events/{id}/trace, in order, with what is waited for. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from events.agency import Agency
from services.console.narrative import said
from services.console.texts import Text
from services.console.waiting import ClockLine, clock_lines, moment, next_due

_HANDED_OVER = frozenset({"sent", "delivered", "unknown"})
_ENDED = frozenset({"closed", "returned", "redirected", "cancelled", "void"})


@dataclass(frozen=True, slots=True)
class Leg:
    """One referral of the chain."""

    number: str
    agency: Agency
    role: str
    state: str
    severity: str
    basis: tuple[Mapping[str, Any], ...]
    clocks: tuple[ClockLine, ...]
    due: ClockLine | None

    @property
    def ended(self) -> bool:
        return self.state in _ENDED or (self.role == "cc" and self.state == "acknowledged")


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the timeline."""

    at: datetime
    said: str
    number: str


@dataclass(frozen=True, slots=True)
class Chain:
    """Everything of one event; `turn` is the referral whose step is owed first, `waiting` how many owe one, `open` how many
    have not ended; `told` whether a message was handed over."""

    event: Mapping[str, Any]
    outcome: str
    rules: tuple[str, ...]
    edition: str
    case: str
    legs: tuple[Leg, ...]
    messages: tuple[Mapping[str, Any], ...]
    timeline: tuple[Step, ...]
    turn: Leg | None
    waiting: int
    open: int
    told: bool


def chain_of(body: Mapping[str, Any], now: datetime, text: Text) -> Chain:
    """The chain in an answer of the trace."""
    legs = tuple(_leg(each, now) for each in body.get("referrals") or ())
    owing = sorted(
        (leg for leg in legs if not leg.ended and leg.due is not None),
        key=lambda leg: leg.due.due_at if leg.due else now,
    )
    numbers = {str(each["id"]): each["number"] for each in body.get("referrals") or ()}
    decision = body.get("decision") or {}
    messages = sorted(body.get("messages") or (), key=lambda each: str(each.get("at") or ""))
    return Chain(
        event=body.get("event") or {},
        outcome=str(body.get("outcome") or "pending"),
        rules=tuple(_rule(rule) for rule in decision.get("rules") or ()),
        edition=str(decision.get("edition") or ""),
        case=str(decision.get("case") or ""),
        legs=legs,
        messages=tuple({**each, "at": moment(each["at"]) if each.get("at") else None,
                        "number": numbers.get(str(each.get("referral")), each.get("referral") or "")} for each in messages),
        timeline=tuple(_step(each, numbers, text) for each in body.get("timeline") or ()),
        turn=owing[0] if owing else None,
        waiting=len(owing),
        told=any(each.get("outcome") in _HANDED_OVER for each in messages),
        open=sum(1 for leg in legs if not leg.ended),
    )  # fmt: skip


def _leg(each: Mapping[str, Any], now: datetime) -> Leg:
    clocks = clock_lines(each.get("clocks") or (), now)
    agency = each["agency"]
    return Leg(
        number=each["number"], agency=Agency(agency["kind"], agency["level"], agency["area"]), role=each["role"],
        state=each["state"], severity=str(each.get("severity") or ""), basis=tuple(each.get("basis") or ()), clocks=clocks,
        due=next_due(clocks),
    )  # fmt: skip


def _rule(rule: Any) -> str:
    return str(rule.get("id", "")) if isinstance(rule, Mapping) else str(rule)


def _step(each: Mapping[str, Any], numbers: Mapping[str, str], text: Text) -> Step:
    ids = each.get("ids") or {}
    number = numbers.get(str(ids.get("referral", "")), "")
    return Step(moment(each["at"]), said(str(each["what"]), {**ids, **(each.get("detail") or {})}, text), number)
