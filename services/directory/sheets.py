"""Files as they are kept, YAML or CSV, into plain data that remembers where each value stood."""

from dataclasses import dataclass, field
from typing import Any

import yaml

from services.directory.faults import KEY, Fault, Loc, Place, Words, field_name


@dataclass
class Sheet:
    """A file's data, all scalars as text, the place of everything in it, and what could not be read."""

    file: str
    data: Any = None
    places: dict[Loc, Place] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def place(self, loc: Loc) -> Place:
        """Where a value stands; for one that is missing, where the thing stands that should hold it."""
        while loc not in self.places and loc:
            loc = loc[:-1]
        return self.places.get(loc, Place(1, 1))

    def fault(self, loc: Loc, expected: Words) -> None:
        """Record a fault at a value."""
        self.faults.append(Fault(self.file, self.place(loc), field_name(loc), expected))


def decoded(raw: bytes) -> str | None:
    """Text of a file saved as UTF-8 or, as spreadsheets in China do, GB 18030; None when it is neither."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def read_yaml(file: str, text: str) -> Sheet:
    """A YAML file. Scalars stay text, so that 0100 and 220122 are what was written."""
    sheet = Sheet(file)
    try:
        root = yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = Place(mark.line + 1, mark.column + 1) if mark is not None else Place(1, 1)
        sheet.faults.append(
            Fault(file, place, "", Words("不是可读的 YAML", f"readable YAML expected: {error.problem}"))
        )
        return sheet
    if root is not None:
        sheet.data = _plain(sheet, root, ())
    return sheet


def _plain(sheet: Sheet, node: yaml.Node, loc: Loc) -> Any:
    sheet.places[loc] = Place(node.start_mark.line + 1, node.start_mark.column + 1)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(sheet, each, (*loc, n)) for n, each in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key, value in node.value:
            name = str(key.value)
            place = Place(key.start_mark.line + 1, key.start_mark.column + 1)
            sheet.places[(*loc, name, KEY)] = place
            if name in found:
                sheet.faults.append(Fault(sheet.file, place, field_name((*loc, name)), _TWICE))
            found[name] = _plain(sheet, value, (*loc, name))
        return found
    return node.value


_TWICE = Words("同一名称出现两次", "the same name stands here twice; expected once")
