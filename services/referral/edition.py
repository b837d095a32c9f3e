"""One edition of the law, whole: rules, sources, severities, clocks and calendar as one set of files, and where each entry stands."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from services.law.calendar import Calendar, HolidayYear
from services.law.rulebook_file import Files, line_of
from services.referral.profiles import Profiles
from services.referral.rules import Rulebook


@dataclass(frozen=True)
class Edition:
    """An edition that was read without a fault. `origins`: id of a rule, event type of a severity … -> its file and position."""

    id: str
    files: Files
    rulebook: Rulebook
    profiles: Profiles
    notices: tuple[HolidayYear, ...]
    origins: Mapping[str, tuple[str, int]]

    def place(self, entry: str, *field: int | str) -> str:
        """`routing/harm.yaml:12`: the file and line of an entry's field."""
        file, position = self.origins[entry]
        return f"{file}:{line_of(self.files[file], (position, *field))}"

    def calendar(self) -> Calendar:
        """The working days that the edition's own holiday notices give."""
        return Calendar.of(self.notices)


def event_severity(name: str) -> str:
    """The key of `origins` under which an event type's severity stands."""
    return f"severity of {name}"


def entries(files: Files, folder: str) -> Iterator[str]:
    """The files of one folder, in order."""
    return (name for name in sorted(files) if name.startswith(f"{folder}/"))
