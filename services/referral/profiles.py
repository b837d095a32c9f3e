"""The shape of the rulebook's clocks: profiles, legal limits, ladders; and what is stricter. Pure but for `load`."""

from collections.abc import Iterator, Mapping
from datetime import time, timedelta
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from events.referral import LadderClass
from services.law.calendar import Citation
from services.law.rulebook_file import Files, RulebookFault, files_in, line_of, parse

RULEBOOK = Path(__file__).parent / "rulebook"
ClockName = Literal["ack", "start", "feedback", "close"]
Count = Annotated[int, Field(ge=1)]
Citations = Annotated[tuple[Citation, ...], Field(min_length=1)]
# domain R5: any P1 is stricter than P2, P2 than P3, P3 than P4; a copy is below all
STRICTNESS: dict[str, int] = {"P1": 4, "P2": 3, "P3": 2, "P4": 1, "CC": 0}


class Strict(BaseModel):
    """Base of the rulebook's entries: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class EndOfDay(Strict):
    """24:00 of the same day; a serious matter may not take longer than this."""

    within_if_serious: timedelta


class Limit(Strict):
    """How long a clock runs: exactly one of these, as described at the head of profiles.yaml."""

    elapsed: timedelta | None = None
    working_days: Count | None = None
    natural_days: Count | None = None
    months: Count | None = None
    end_of: Literal["month", "year"] | None = None
    end_of_day: EndOfDay | None = None
    end_of_school_day: Literal[True] | None = None
    by_time: time | None = None
    absence_school_day: Count | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if len(self.model_fields_set) != 1:
            raise ValueError(f"a limit has exactly one form, expected one of {', '.join(Limit.model_fields)}")
        return self


class Words(Strict):
    """A text for people."""

    zh: str
    en: str


class Profile(Strict):
    """What an agency owes after a referral: its clocks, its ladder class, the legal limits shown beside them."""

    id: str
    use: Words
    ladder: LadderClass
    citations: Citations
    clocks: dict[ClockName, Limit]
    legal: tuple[str, ...] = ()


class LegalClock(Strict):
    """A limit set by law (LEG-…): a clock of its own. Without a limit the law names no figure and no clock starts."""

    id: Annotated[str, Field(pattern=r"^LEG-[A-Z0-9-]+$")]
    duty: Words
    starts: str
    limit: Limit | None = None
    roll: bool = True  # a last day off moves to the next working day, for limits in days and months
    at_once: bool = False
    silent: bool = False  # a term, not a duty of who bears it: shown, but no warning and no ladder
    ended_by: Literal["acknowledge", "start", "feedback", "complete", "handed_over"] | None = (
        None  # which answer does what law asks; else an event does
    )
    on_breach: tuple[
        Annotated[str, Field(pattern=r"^[a-z_]+@(county|city|province)$")], ...
    ] = ()  # who gets a copy when it is late
    citations: Citations


class Step(Strict):
    """When a level of the ladder is reached after the due time."""

    elapsed: timedelta | None = None
    working_days: Count | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if len(self.model_fields_set) != 1:
            raise ValueError("a level has exactly one form, expected elapsed or working_days")
        return self


class Warn(Strict):
    """When a clock warns before its due time."""

    percent_of: dict[ClockName, Annotated[int, Field(gt=0, lt=100)]] = {}
    at_on_due_day: time | None = None


class Ladder(Strict):
    """The moments of one ladder class."""

    warn: Warn = Warn()
    levels: Annotated[tuple[Step, ...], Field(min_length=1, max_length=4)]


class _ProfilesFile(Strict):
    urgent: Citations
    profiles: tuple[Profile, ...]


class _LegalFile(Strict):
    roll_citation: Citation
    clocks: tuple[LegalClock, ...]


class _LadderFile(Strict):
    citations: Citations
    ladders: dict[LadderClass, Ladder]


FILES: Mapping[str, type[Strict]] = {
    "profiles.yaml": _ProfilesFile, "profiles_legal.yaml": _LegalFile, "clock_ladder.yaml": _LadderFile,
}  # fmt: skip


class Profiles(Strict):
    """Every profile, legal limit and ladder of one edition of the rulebook."""

    profiles: dict[str, Profile]
    legal: dict[str, LegalClock]
    ladders: dict[LadderClass, Ladder]

    @classmethod
    def load(cls, rulebook: Path = RULEBOOK) -> Self:
        """The clocks of a rulebook's directory; RulebookFault names file, line and field."""
        return cls.of(files_in(rulebook))

    @classmethod
    def of(cls, files: Files) -> Self:
        """From the texts of profiles.yaml, profiles_legal.yaml and clock_ladder.yaml; RulebookFault with every fault."""
        faults: list[str] = []
        read: dict[str, Any] = {}
        for name, model in FILES.items():
            try:
                read[name] = parse(name, files[name], model)
            except KeyError:
                faults.append(f"{name}:1: the file is missing, expected in the rulebook")
            except RulebookFault as fault:
                faults += fault.faults
        if faults:
            raise RulebookFault(faults)
        profiles, legal = read["profiles.yaml"].profiles, read["profiles_legal.yaml"].clocks
        for name, key, entries in (("profiles.yaml", "profiles", profiles), ("profiles_legal.yaml", "clocks", legal)):
            ids = [entry.id for entry in entries]
            faults += [f"{name}:{line_of(files[name], (key, n))}: {i}: the id stands twice, expected once"
                       for n, i in enumerate(ids) if i in ids[:n]]  # fmt: skip
        made = cls(profiles={p.id: p for p in profiles}, legal={c.id: c for c in legal},
                   ladders=read["clock_ladder.yaml"].ladders)  # fmt: skip
        for position, profile in enumerate(profiles):
            for field, said in made.unmet(profile):
                faults.append(
                    f"profiles.yaml:{line_of(files['profiles.yaml'], ('profiles', position, field))}: {profile.id}: {field}: {said}"
                )
        if faults:
            raise RulebookFault(faults)
        return made

    def unmet(self, profile: Profile) -> Iterator[tuple[str, str]]:
        """What a profile refers to and is not there: field, and what was wrong and expected."""
        if profile.ladder not in self.ladders:
            yield "ladder", f"no ladder {profile.ladder}, expected one of clock_ladder.yaml"
        for name in profile.legal:
            if name not in self.legal or self.legal[name].limit is None:
                yield "legal", f"{name} is no legal limit with a figure, expected one of profiles_legal.yaml"

    def ladder_class(self, profile: str) -> LadderClass:
        """The ladder class of a profile, a legal limit (LEG-…, as P3) included; KeyError names an unknown one."""
        if profile in self.legal:
            return "P3"
        if profile not in self.profiles:
            raise KeyError(f"profile: {profile} is unknown, expected one of profiles.yaml or a LEG-… limit")
        return self.profiles[profile].ladder

    def strictness(self, profile: str) -> int:
        """A profile's place in the order of domain R5, 0 (copy) to 4 (P1)."""
        return STRICTNESS[self.ladder_class(profile)]

    def stricter(self, a: str, b: str) -> bool:
        """Whether profile a is strictly stricter than profile b (domain R5)."""
        return self.strictness(a) > self.strictness(b)


@cache
def packaged_profiles() -> Profiles:
    """The profiles that come with the product."""
    return Profiles.load()
