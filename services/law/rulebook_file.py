"""One YAML file of the rulebook as its strict model; a wrong file is refused with its name and every fault at once."""

from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError

Model = TypeVar("Model", bound=BaseModel)


class RulebookFault(Exception):
    """The rulebook cannot be used; `faults` says where, what and what was expected, one line each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def read_file(path: Path, model: type[Model]) -> Model:
    """The file's content; RulebookFault has one line per fault: file, field, what was wrong."""
    try:
        return model.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except (OSError, yaml.YAMLError) as error:
        raise RulebookFault([f"{path.name}: cannot be read: {error}"]) from None
    except ValidationError as error:
        faults = [(".".join(map(str, fault["loc"])), fault["msg"]) for fault in error.errors()]
        raise RulebookFault([f"{path.name}: {field or 'the whole file'}: {said}" for field, said in faults]) from None
