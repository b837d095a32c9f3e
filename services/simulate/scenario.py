"""The shape of a scenario file (design section 8), and the events that its steps mean. Every fault of a file is listed at once."""

import re
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, ValidationError

from events.envelope import Event

SHANGHAI = ZoneInfo("Asia/Shanghai")
# An authority's own act is confirmed, everything else a suspicion (court, police case, placement, registration, visit).
OWN_ACTS = re.compile(r"^(court\.|police\.|placement\.|visit\.completed|.*\.registered)")


class ScenarioFault(Exception):
    """The file is no scenario; `faults` says field by field what was expected."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def _aware(value: datetime) -> datetime:
    return value.replace(tzinfo=SHANGHAI) if value.tzinfo is None else value


Moment = Annotated[datetime, AfterValidator(_aware)]
Text = Annotated[str, BeforeValidator(lambda value: str(value) if isinstance(value, int) else value)]


class Strict(BaseModel):
    """Unknown words are faults."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Child(Strict):
    """What is on file about a child before the story starts."""

    age: int | None = None
    born_on: date | None = None
    sex: str | None = None
    residence: Text | None = None
    hukou: Text | None = None
    categories: tuple[str, ...] = ()
    pupil_at: str | None = None
    household: str | None = None
    rating: str | None = None
    consent: tuple[str, ...] = ()
    last_visit_on: date | None = None
    facts: dict[str, Any] = {}


class EventStep(Strict):
    """An event as a source reports it."""

    id: Text
    type: str
    source: str
    child: str | None = None
    children: tuple[str, ...] = ()
    occurrence: Text | None = None
    address_hash: str | None = None
    exercise: bool = False
    data: dict[str, Any] = {}


class ActStep(Strict):
    """Somebody answers a referral."""

    referral: dict[str, Any]
    action: str
    by: str | None = None
    data: dict[str, Any] = {}


class AgencyPart(Strict):
    """Any part of an agency."""

    kind: str | None = None
    level: str | None = None
    area: Text | None = None


class ChannelStep(Strict):
    """From now on a channel answers like this."""

    agency: AgencyPart = AgencyPart()
    role: str | None = None
    channel: Literal["sms", "wecom", "voice"] | None = None
    outcome: Literal["delivered", "failed", "no_receipt"]

    def agrees(self) -> dict[str, str]:
        """What a message must agree with for this answer: only what was said."""
        told = {**self.agency.model_dump(), "role": self.role, "channel": self.channel}
        return {name: value for name, value in told.items() if value is not None}


class Step(Strict):
    """One moment of the story: exactly one of event, act, resend, channel."""

    at: Moment
    event: EventStep | None = None
    act: ActStep | None = None
    resend: Text | None = None
    channel: ChannelStep | None = None


class Scenario(Strict):
    """A story on a clock that the file moves."""

    model_config = ConfigDict(extra="ignore", frozen=True)  # `expect` belongs to whoever checks
    scenario: str
    starts_at: Moment
    until: Moment
    children: dict[str, Child] = {}
    steps: tuple[Step, ...]


def load(path: Path) -> Scenario:
    """Read a scenario. Raises ScenarioFault with every fault."""
    try:
        scenario = Scenario.model_validate(yaml.load(path.read_text("utf-8"), yaml.CSafeLoader))
    except (OSError, yaml.YAMLError) as error:
        raise ScenarioFault([f"{path}: cannot be read: {error}"]) from None
    except ValidationError as error:
        raise ScenarioFault([f"{'.'.join(map(str, f['loc']))}: {f['msg']}" for f in error.errors()]) from None
    faults = [] if scenario.steps else ["steps: at least one step is expected"]
    for number, step in enumerate(scenario.steps, 1):
        if sum(x is not None for x in (step.event, step.act, step.resend, step.channel)) != 1:
            faults.append(f"steps.{number}: exactly one of event, act, resend, channel is expected")
        if step.event:
            for name in (*step.event.children, *((step.event.child,) if step.event.child else ())):
                if name not in scenario.children:
                    faults.append(f"steps.{number}.event: child {name} is not in `children`")
    if faults:
        raise ScenarioFault(faults)
    return scenario


def child_ref(name: str) -> str:
    """The pseudonym of a scenario's child."""
    return "c_" + re.sub(r"[^a-z0-9_]", "_", name.lower())


def child_data(child: Child, on: date) -> dict[str, Any]:
    """What an event carries about a child."""
    age = child.age
    if age is None and child.born_on is not None:
        age = on.year - child.born_on.year - ((on.month, on.day) < (child.born_on.month, child.born_on.day))
    told = {"age_years": age, "sex": child.sex, "residence_code": child.residence, "hukou_code": child.hukou,
            "child_categories": list(child.categories) or None}  # fmt: skip
    return {key: value for key, value in told.items() if value is not None}


def on_file(child: Child, at: datetime) -> dict[str, Any]:
    """What is on file about a child before the story starts, in the registry's names (events/child_facts.py)."""
    told = {**child_data(child, at.astimezone(SHANGHAI).date()), "pupil_at": child.pupil_at, "rating": child.rating,
            "consent": list(child.consent) or None, "born_on": child.born_on and child.born_on.isoformat(),
            "last_visit_on": child.last_visit_on and child.last_visit_on.isoformat(), **child.facts}  # fmt: skip
    return {key: value for key, value in told.items() if value is not None}


def event_of(step: EventStep, at: datetime, children: dict[str, Child]) -> Event:
    """The CloudEvent that a step means; the runner fills `occurred_at` and `confidence` where the file is silent."""
    on = at.astimezone(SHANGHAI).date()
    data: dict[str, Any] = {}
    subject = None
    about = [step.child] if step.child else list(step.children)
    if step.child and not step.type.startswith("guardian."):
        child = children[step.child]
        subject = child_ref(step.child)
        data |= {"child_ref": subject, **child_data(child, on)}
        data |= {k: v for k, v in (("pupil_at", child.pupil_at), ("household_ref", child.household)) if v}
    elif about:
        data["child_refs"] = [child_ref(name) for name in about]
        data["children"] = [{"child_ref": child_ref(name), **child_data(children[name], on)} for name in about]
        households = {children[name].household for name in about} - {None}
        if len(households) == 1:
            data["household_ref"] = households.pop()
    first = children[about[0]] if about else None
    occurrence = step.occurrence or (first.residence if first else None)
    if occurrence:
        data["occurrence_code"] = occurrence
    if step.address_hash:
        data["address_hash"] = step.address_hash
    data["occurred_at"] = at.astimezone(SHANGHAI).isoformat()
    data["confidence"] = "confirmed" if OWN_ACTS.match(step.type) else "suspected"
    told = {
        key: value.isoformat() if isinstance(value, (date, datetime)) else value for key, value in step.data.items()
    }
    return Event.model_validate({"id": step.id, "source": step.source, "type": step.type, "time": at.isoformat(), "subject": subject,
                                 "exercise": step.exercise, "data": data | told})  # fmt: skip
