"""One YAML file of the rulebook as its strict model; every fault at once, each with file, line, field and what was expected."""

from collections.abc import Hashable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from typing_extensions import override

Model = TypeVar("Model", bound=BaseModel)
Files = Mapping[str, str]
"""A rulebook as it is kept: path below its directory -> text, YAML files only."""


class RulebookFault(Exception):
    """The rulebook cannot be used; `faults` says where, what and what was expected, one line each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class _Loader(yaml.CSafeLoader):
    """YAML without surprises: a key that stands twice is a fault, because one of the two would silently get lost."""

    @override
    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen and isinstance(key, yaml.ScalarNode) and key.value != "<<":
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key.value} stands twice, expected once", key.start_mark
                )
            seen.add(key.value if isinstance(key, yaml.ScalarNode) else "")
        return super().construct_mapping(node, deep)


def files_in(directory: Path) -> dict[str, str]:
    """Every YAML file below a directory; RulebookFault names each that cannot be read."""
    found: dict[str, str] = {}
    faults: list[str] = []
    for path in sorted(directory.rglob("*.yaml")):
        name = path.relative_to(directory).as_posix()
        try:
            found[name] = path.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            faults.append(f"{name}:1: cannot be read: {type(error).__name__}, expected a text in UTF-8")
    if not found and not faults:
        faults.append(f"{directory.name}: no file *.yaml there, expected the directory of a rulebook")
    if faults:
        raise RulebookFault(faults)
    return found


def load_yaml(name: str, text: str) -> Any:
    """What a file says; RulebookFault with its name and line when it is no YAML."""
    try:
        return yaml.load(text, _Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        said = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise RulebookFault([f"{name}:{line}: cannot be read: {said}, expected YAML"]) from None


def line_of(text: str, loc: Iterable[int | str]) -> int:
    """The line on which the deepest part of a field's place stands; parts that the text does not have are passed over."""
    node = yaml.compose(text, Loader=yaml.CSafeLoader)
    line = 0
    for part in loc:
        if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line
        elif isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if key.value == str(part):
                    line, node = key.start_mark.line, value
                    break
    return line + 1


def faults_of(
    name: str, text: str, error: ValidationError, at: tuple[int | str, ...] = (), entry: str = ""
) -> list[str]:
    """A line per fault of a model: file, line, entry, field, what was wrong and expected; `at` is where the model stands in the file."""
    told = []
    for fault in error.errors(include_url=False):
        field = ".".join(map(str, fault["loc"])) or "the whole entry"
        said = fault["msg"].removeprefix("Value error, ")
        if fault["type"] == "extra_forbidden":
            said = "not a field here, expected none of this name"
        parts = (f"{name}:{line_of(text, (*at, *fault['loc']))}", entry, field, said)
        told.append(": ".join(part for part in parts if part))
    return told


def parse(name: str, text: str, model: type[Model]) -> Model:
    """A file's text as its model; RulebookFault has one line per fault."""
    loaded = load_yaml(name, text)
    try:
        return model.model_validate(loaded)
    except ValidationError as error:
        raise RulebookFault(faults_of(name, text, error)) from None


def read_file(path: Path, model: type[Model]) -> Model:
    """The file's content; RulebookFault has one line per fault: file, line, field, what was wrong."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RulebookFault(
            [f"{path.name}:1: cannot be read: {type(error).__name__}, expected a text in UTF-8"]
        ) from None
    return parse(path.name, text, model)
