"""Packaged data and people's files, read strictly: all faults at once, each with its place, never the value."""

from functools import cache
from importlib.resources import files
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from services.directory.faults import field_name


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
    """A data file of this package as its model; raises DirectoryFault with every fault."""
    try:
        return model.model_validate(_packaged(name))
    except ValidationError as error:
        raise DirectoryFault(
            [f"{name}: {field_name(fault['loc'])}: {fault['msg']}" for fault in error.errors()]
        ) from None


@cache
def _packaged(name: str) -> Any:
    text = files("services.directory").joinpath(name).read_text(encoding="utf-8")
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
