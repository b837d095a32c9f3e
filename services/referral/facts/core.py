"""What named facts are made of: the event about one child, what is on file, the moment; and where facts register."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from typing_extensions import override

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Given:
    """What facts are computed from: the event about one child, what the case already knows of that child, and the moment."""

    row: str  # event type without version, after a mandatory report was read as the event it carries
    data: Mapping[str, Any]
    child: Mapping[str, Any]  # age_years, residence_code, hukou_code, child_categories, pupil_at, rating …
    source_kind: str
    at: datetime
    county: Mapping[str, str | None] = field(default_factory=dict)  # res, huk, occ → county code, None if unknown
    huk_outside: bool = False
    reported_type: str | None = None  # the mandatory report's own type, when `row` was read from it
    accepted_at: datetime | None = None  # T of the event; earlier than `at` when a timer looks at it again


FACTS: dict[str, Callable[[Given], Any]] = {}


def fact(function: Callable[[Given], Any]) -> Callable[[Given], Any]:
    """Register a named fact; its docstring is its documentation."""
    FACTS[function.__name__] = function
    return function


class Facts(Mapping[str, Any]):
    """All facts of one event, computed when asked for; a name that is no fact function is a field of the event's data."""

    def __init__(self, given: Given, **fixed: Any) -> None:
        self.given = given
        self._known: dict[str, Any] = dict(fixed)

    @override
    def __getitem__(self, name: str) -> Any:
        if name not in self._known:
            function = FACTS.get(name)
            self._known[name] = function(self.given) if function else self.given.data.get(name)
        return self._known[name]

    @override
    def __iter__(self) -> Iterator[str]:
        return iter({**FACTS, **self.given.data, **self._known})

    @override
    def __len__(self) -> int:
        return len({**FACTS, **self.given.data, **self._known})

    def set(self, name: str, value: Any) -> None:
        """Fix a fact that depends on others, such as the severity."""
        self._known[name] = value


def any_true(*values: Any) -> bool | None:
    """True if one is true, None if none is but one is unknown, else False."""
    if any(value is True for value in values):
        return True
    return None if any(value is None for value in values) else False


def as_moment(value: Any) -> datetime | None:
    """A moment of an event's data; a day alone begins at 00:00 in Jilin."""
    if not isinstance(value, str):
        return value if isinstance(value, datetime) else None
    parsed = datetime.fromisoformat(value)
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=SHANGHAI)


def known(value: Any) -> Any:
    """The value, or None where the source said that it does not know."""
    return None if value == "unknown" else value
