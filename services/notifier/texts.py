"""What a message says: versioned templates filled with a number, a colour, a county and a deadline, nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, model_validator

from events.referral import Classification, Role, Severity
from services.chassis.clock import SHANGHAI
from services.law.rulebook_file import load_yaml

Lang = Literal["zh", "en"]
TEXTS = (
    "opened", "opened_cc", "opened_sealed", "reopened", "warned", "breached", "summary", "reminder", "undelivered",
    "closed", "feedback", "visit_due", "duty_due", "handover", "many", "many_news", "family_items", "contact_test",
)  # fmt: skip
PARAMS = (
    "text", "colour", "number", "county", "ack_by", "due", "clock", "lapse", "reached", "count", "day", "drill", "code", "minutes",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a text may be made of. It holds no child, no act and no office, so no template can name one."""

    number: str
    county: str  # its name in the language of the text
    severity: Severity
    classification: Classification
    role: Role
    level: int
    exercise: bool
    now: datetime
    clock: str | None = None
    due_at: datetime | None = None  # of that clock; of `ack` for a first notice


@dataclass(frozen=True, slots=True)
class Wording:
    """A text, and the same as a template's name with what fills it, for providers that take no free text.

    `params`: text (all of it, without the signature, which a provider adds), colour, number, county, ack_by, due, clock,
    lapse, reached, count, day, drill (a drill's mark, else empty); of a verification text, code and minutes.
    """

    text: str
    template: str
    params: Mapping[str, str]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Exercise(_Strict):
    before: str
    after: str


class AckBy(_Strict):
    before: str
    late: str
    none: str


class Moments(_Strict):
    same_day: str
    other_day: str
    day: str


class Lapse(_Strict):
    minutes: str
    hours: str
    days: str


class Templates(_Strict):
    """One language's texts."""

    edition: str
    sign: str
    exercise: Exercise
    colours: dict[Severity, str]
    sealed: str
    clocks: dict[str, str]
    reached: dict[int, str]
    several: str
    moment: Moments
    lapse: Lapse
    ack_by: AckBy
    ack_by_sealed: AckBy
    texts: dict[str, str]

    @model_validator(mode="after")
    def _has_every_text(self) -> Self:
        if missing := set(TEXTS) ^ set(self.texts):
            raise ValueError(f"texts missing or not known: {', '.join(sorted(missing))}")
        return self

    def render(self, text: str, facts: Facts, count: int = 1) -> str:
        """The message `text` about one referral, or about `count` of one event, of which it names the first."""
        return self.word(text, facts, count).text

    def word(self, text: str, facts: Facts, count: int = 1) -> Wording:
        """The same message with its template's name and parameters."""
        sealed = facts.classification == "C4"
        if text == "opened":
            text = "opened_sealed" if sealed else "opened_cc" if facts.role == "cc" else "opened"
        due = self._moment(facts.due_at, facts.now) if facts.due_at else ""
        late = facts.due_at is not None and facts.due_at <= facts.now
        words = self.ack_by_sealed if text == "opened_sealed" else self.ack_by
        ack_by = words.none if facts.due_at is None else words.late if late else words.before
        params = {
            "colour": self.sealed if sealed else self.colours[facts.severity],
            "number": self.several.format(number=facts.number, count=count) if count > 1 else facts.number,
            "county": facts.county,
            "ack_by": ack_by.format(due=due),
            "due": due,
            "clock": self.clocks.get(facts.clock or "ack", self.clocks["legal"]),
            "lapse": self._lapse(facts.now - facts.due_at) if late and facts.due_at else "",
            "reached": self.reached.get(facts.level, ""),
            "count": str(count),
            "day": self._day(facts.due_at) if facts.due_at else "",
        }
        before, after = (self.exercise.before, self.exercise.after) if facts.exercise else ("", "")
        unsigned = self.texts[text].format(sign="", **params)
        whole = f"{before}{self.texts[text].format(sign=self.sign, **params)}{after}"
        return Wording(whole, text, params | {"text": f"{before}{unsigned}{after}", "drill": before})

    def _day(self, at: datetime) -> str:
        local = (at - timedelta(microseconds=1)).astimezone(SHANGHAI)  # 00:00 is the end of the day before
        return self.moment.day.format(month=local.month, day=local.day)

    def _moment(self, at: datetime, now: datetime) -> str:
        local, today = at.astimezone(SHANGHAI), now.astimezone(SHANGHAI).date()
        midnight = (local.hour, local.minute) == (0, 0)
        day = local.date() - timedelta(days=1) if midnight else local.date()  # 00:00 is read as 24:00 of the day before
        hour = "24" if midnight else f"{local.hour:02d}"
        form = self.moment.same_day if day == today else self.moment.other_day
        return form.format(month=day.month, day=day.day, hour=hour, minute=f"{local.minute:02d}")

    def _lapse(self, late: timedelta) -> str:
        minutes = int(late.total_seconds() // 60)
        if minutes == 0:
            return ""
        if minutes < 120:
            return self.lapse.minutes.format(n=minutes)
        if minutes < 48 * 60:
            return self.lapse.hours.format(n=minutes // 60)
        return self.lapse.days.format(n=minutes // (24 * 60))


@cache
def templates(lang: Lang = "zh") -> Templates:
    """The texts of a language that this edition ships."""
    text = files("services.notifier").joinpath(f"templates/{lang}.yaml").read_text(encoding="utf-8")
    return Templates.model_validate(load_yaml(f"templates/{lang}.yaml", text))
