import copy
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from events.catalogue import CATALOGUE
from events.generate import outputs, refusals, write
from events.schema import breaks, schema_of
from tests.contract.events.event_examples import HERE

NAME = "child.missing.v1"
SCHEMA = schema_of(CATALOGUE[NAME], NAME)


def changed(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    schema = copy.deepcopy(SCHEMA)
    change(schema)
    return schema


@pytest.mark.parametrize(
    "change",
    [
        lambda schema: schema["properties"].update(colour={"type": "string", "title": "Colour"}),
        lambda schema: schema["$defs"]["Child"]["properties"].update(height={"type": "integer"}),
        lambda schema: schema.update(description="said better", title="Another"),
        lambda schema: schema["required"].reverse(),
    ],
)
def test_new_optional_fields_and_better_words_are_no_break(change: Callable[[dict[str, Any]], object]) -> None:
    assert breaks(SCHEMA, changed(change)) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda schema: schema["properties"].pop("clothing_ref"),
        lambda schema: schema["required"].append("last_seen_at"),
        lambda schema: schema["required"].remove("confidence"),
        lambda schema: schema["properties"].update(last_seen_at={"type": "integer"}),
        lambda schema: schema["properties"]["confidence"]["enum"].append("certain"),
        lambda schema: schema["properties"]["confidence"]["enum"].remove("unknown"),
        lambda schema: schema["$defs"]["Child"]["properties"].pop("sex"),
        lambda schema: schema["$defs"]["Child"]["required"].append("sex"),
        lambda schema: schema.update(additionalProperties=True),
        lambda schema: schema["properties"]["child_refs"].update(maxItems=1),
    ],
)
def test_everything_else_breaks_the_version(change: Callable[[dict[str, Any]], object]) -> None:
    assert breaks(SCHEMA, changed(change))


def test_the_generator_writes_nothing_when_a_version_would_break(tmp_path: Path) -> None:
    shutil.copytree(HERE / "schemas", tmp_path / "schemas")
    file = tmp_path / "schemas" / f"{NAME}.json"
    older = changed(lambda schema: schema["properties"].update(gone={"type": "string"}))
    file.write_text(json.dumps(older), "utf-8")
    assert write(tmp_path) == [f"{NAME}: data.gone: removed"]
    assert json.loads(file.read_text("utf-8")) == older
    assert not (tmp_path / "asyncapi.yaml").exists()


def test_the_generator_refuses_to_forget_a_type(tmp_path: Path) -> None:
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas" / "child.lost.v1.json").write_text("{}", "utf-8")
    assert refusals(tmp_path) == ["child.lost.v1: removed"]
    assert write(tmp_path, replaced=["child.lost.v1"]) == []
    assert not (tmp_path / "schemas" / "child.lost.v1.json").exists()


def test_the_generator_writes_the_same_twice(tmp_path: Path) -> None:
    assert write(tmp_path) == []
    first = {path: (tmp_path / path).read_text("utf-8") for path in outputs()}
    assert write(tmp_path) == []
    assert first == {path: (tmp_path / path).read_text("utf-8") for path in outputs()}


def test_the_committed_schemas_are_not_broken_by_the_models() -> None:
    assert refusals(HERE) == []
