"""What kinds of agency there are, at which levels, on duty when, and led by whom."""

from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from events.agency import Level
from services.directory.strict import Strict, read_packaged
from services.directory.territory import Code, Label, Lang, Named

Duty = Literal["h24", "on_call", "working_days"]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]

# Functions that every agency has; a head stands at the top of agencies from the county up.
_EVERYWHERE = ("duty_officer", "duty_leader")
_HEADED: frozenset[Level] = frozenset({"county", "city", "province"})


class Function(Named):
    """What a seat is for: whether who holds it answers referrals, and whether it is a named post for sealed matters."""

    acts: bool = True
    sealed: bool = False
    told: bool = False

    @property
    def must_be_held(self) -> bool:
        """Whether messages are addressed to it."""
        return self.told or self.sealed


class Areas(Strict):
    codes: tuple[Code, ...]
    label: Label


class Kind(Strict):
    """A kind of agency; `offices` is its levels and what it is called there."""

    zh: str
    en: str
    offices: dict[Level, str] = Field(min_length=1)
    called: dict[Code, str] = Field(default_factory=dict)
    duty: Duty
    line: Name | None = None
    stands_in: Name = "civil_affairs"
    areas: Areas | None = None
    listed: bool = False
    functions: dict[Level, tuple[Name, ...]] = Field(default_factory=dict)
    flags: frozenset[Literal["medical", "school", "police"]] = frozenset()

    @cached_property
    def levels(self) -> tuple[Level, ...]:
        return tuple(self.offices)

    @property
    def medical(self) -> bool:
        return "medical" in self.flags

    @property
    def school(self) -> bool:
        return "school" in self.flags

    @property
    def police(self) -> bool:
        return "police" in self.flags

    def functions_at(self, level: Level) -> tuple[str, ...]:
        """Functions of this kind's posts at a level."""
        head = ("bureau_head",) if level in _HEADED else ()
        return (*_EVERYWHERE, *head, *self.functions.get(level, ()))

    def named_post(self, level: Level) -> str | None:
        """The function that alone hears of sealed matters (R7, domain analysis 7.2); None where the kind has none."""
        return next((name for name in self.functions.get(level, ()) if FUNCTIONS[name].sealed), None)

    def office_of(self, level: Level, code: str, area: str) -> str:
        """What the office at a level in an area is called, given the area's code and name: 农安县民政局."""
        if code in self.called:
            return self.called[code]
        office = self.offices.get(level, self.zh)
        return office.replace("{area}", area) if "{area}" in office else f"{area}{office}"

    def name(self, lang: Lang = "zh") -> str:
        return self.zh if lang == "zh" else self.en


class KindsFile(Strict):
    functions: dict[Name, Function]
    kinds: dict[Name, Kind]

    @model_validator(mode="after")
    def _refers_to_what_exists(self) -> Self:
        faults = [
            f"{name}.{what}: no kind {other!r}"
            for name, kind in self.kinds.items()
            for what, other in (("line", kind.line), ("stands_in", kind.stands_in))
            if other is not None and other not in self.kinds
        ]
        for name, kind in self.kinds.items():
            for level, functions in kind.functions.items():
                if level not in kind.offices:
                    faults.append(f"{name}.functions: no office at level {level!r}")
                faults += [f"{name}.functions.{level}: no function {f!r}" for f in functions if f not in self.functions]
        if faults:
            raise ValueError("; ".join(faults))
        return self


_FILE = read_packaged("kinds.yaml", KindsFile)
KINDS = _FILE.kinds
FUNCTIONS = _FILE.functions
