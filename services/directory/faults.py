"""A fault in a file that people keep: where it is and what was expected there, never the value that stands there."""

from dataclasses import dataclass
from typing import NamedTuple

Loc = tuple[int | str, ...]
# Last part of the place of a name itself, as opposed to its value (pydantic's own mark).
KEY = "[key]"


class Words(NamedTuple):
    """A sentence in both languages."""

    zh: str
    en: str


class Place(NamedTuple):
    """Line (a table's row) and column, both counted from 1 as editors and spreadsheets do."""

    line: int
    column: int


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing that is wrong with a file."""

    file: str
    place: Place
    field: str
    expected: Words

    @property
    def text(self) -> str:
        """The fault in one line, as compilers print theirs: file, line, column, field, what was expected."""
        at = f"{self.file}:{self.place.line}:{self.place.column}"
        return f"{at}: {self.field}: {self.expected.zh} · {self.expected.en}"

    def as_json(self) -> dict[str, str | int]:
        """The fault with the names that `--json` prints."""
        return {
            "file": self.file,
            "line": self.place.line,
            "column": self.place.column,
            "field": self.field,
            "expected": self.expected.en,
            "expected_zh": self.expected.zh,
        }


class FileFaults(ValueError):
    """Files are wrong; `faults` is everything that is wrong with them, in the order of the files."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(fault.text for fault in faults))
        self.faults = faults


def field_name(loc: Loc) -> str:
    """A place in a file as people read it: `posts[3].people[1].name`, counted from 1."""
    parts = (f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in loc if part != KEY)
    return "".join(parts).removeprefix(".")
