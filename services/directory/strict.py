"""The directory's own data, read strictly: all faults at once, each with its place, never the value."""

import os
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from services.directory.faults import field_name

_PACKAGE = Path(__file__).parent


class Strict(BaseModel):
    """Base of everything read from a directory file: unknown names are faults, values are never repeated in errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class DirectoryFault(ValueError):
    """A directory file is wrong; `faults` lists everything that is wrong with it."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


M = TypeVar("M", bound=BaseModel)


def read_packaged(name: str, model: type[M]) -> M:
    """A data file of the directory as its model; raises DirectoryFault with every fault.

    A file of the same name in the directory that SHOUHU_DIRECTORY names takes the place of the packaged one.
    """
    own = os.environ.get("SHOUHU_DIRECTORY")
    path = Path(own).expanduser() / name if own else None
    try:
        return model.model_validate(_read(path if path is not None and path.is_file() else _PACKAGE / name))
    except ValidationError as error:
        raise DirectoryFault(
            [
                f"{name}: {field_name(fault['loc'])}: {fault['msg'].removeprefix('Value error, ')}"
                for fault in error.errors()
            ]
        ) from None


@cache
def _read(path: Path) -> Any:
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        at = getattr(error, "problem_mark", None)
        place = f":{at.line + 1}:{at.column + 1}" if at is not None else ""
        raise DirectoryFault(
            [f"{path.name}{place}: readable YAML in UTF-8 expected ({type(error).__name__})"]
        ) from None
