import inspect
import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from events import messages
from events.catalogue import CATALOGUE, check, parse
from events.codec import STRUCTURED, from_http, from_kafka, to_http, to_kafka, to_structured
from events.data import EventData
from events.envelope import Event
from events.generate import outputs
from events.messages import MESSAGES
from events.reported import ReportedEvent
from tests.contract.events.event_examples import EXAMPLES, HERE


def read(example: dict[str, Any]) -> Event:
    (event,) = from_http(STRUCTURED, [], json.dumps(example).encode())
    assert isinstance(event, Event), event
    return event


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_good_and_reads_the_same_after_every_binding(name: str) -> None:
    event = read(EXAMPLES[name])
    assert json.loads(to_structured(event)) == EXAMPLES[name]
    assert from_kafka(*to_kafka(event)) == event
    headers, body = to_http(event)
    assert from_http("application/json", headers, body) == [event]


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_keeps_its_contract(name: str) -> None:
    event = read(EXAMPLES[name])
    if event.type in CATALOGUE:
        assert check(event) == []
        assert event.type == parse(event).TYPE
    else:
        message = MESSAGES[event.type].model_validate(event.data)
        assert message.model_dump(mode="json", exclude_unset=True) == event.data


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_lies_in_the_folder_of_its_type_and_keeps_the_committed_schema(name: str) -> None:
    example = EXAMPLES[name]
    assert example["type"] == name.partition("/")[0]
    schema = json.loads((HERE / "schemas" / f"{example['type']}.json").read_text("utf-8"))
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    assert list(validator.iter_errors(example["data"])) == []


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_full_example_uses_every_field_of_its_own_and_there_is_a_minimal_one(name: str) -> None:
    own = CATALOGUE[name].wire_fields().keys() - EventData.wire_fields().keys()
    assert own <= EXAMPLES[f"{name}/full"]["data"].keys()
    required = {field for field, form in CATALOGUE[name].model_fields.items() if form.is_required()}
    assert required <= EXAMPLES[f"{name}/minimal"]["data"].keys()


@pytest.mark.parametrize("name", [name for name in EXAMPLES if name.endswith("/full") and name[:-5] in CATALOGUE])
def test_a_field_that_is_not_in_the_contract_is_refused_by_model_and_schema_alike(name: str) -> None:
    example = json.loads(json.dumps(EXAMPLES[name]))
    example["data"]["invented"] = True
    assert [fault.field for fault in check(read(example))] == ["data.invented"]
    schema = json.loads((HERE / "schemas" / f"{example['type']}.json").read_text("utf-8"))
    assert not Draft202012Validator(schema).is_valid(example["data"])


def test_types_folders_and_schema_files_agree() -> None:
    types = {*CATALOGUE, *MESSAGES}
    assert {file.name.removesuffix(".json") for file in (HERE / "schemas").iterdir()} == types
    assert {folder.name for folder in (HERE / "examples").iterdir()} == types
    assert not CATALOGUE.keys() & MESSAGES.keys()


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_class_is_called_like_its_type(name: str) -> None:
    *words, version = name.split(".")
    assert version == "v1"
    assert CATALOGUE[name].__name__ == "".join(part.capitalize() for word in words for part in word.split("_"))


def test_no_type_is_left_out_of_the_catalogue() -> None:
    def kinds(base: type[EventData]) -> set[type[EventData]]:
        return {base} | {kind for child in base.__subclasses__() for kind in kinds(child)}

    assert kinds(EventData) - {EventData, ReportedEvent} == set(CATALOGUE.values())
    defined = {kind for _, kind in inspect.getmembers(messages, inspect.isclass) if getattr(kind, "TYPE", "")}
    assert defined == set(MESSAGES.values())


OUTPUTS = outputs()


@pytest.mark.parametrize("path", OUTPUTS)
def test_what_is_committed_is_what_the_models_say(path: str) -> None:
    assert (HERE / path).read_text("utf-8") == OUTPUTS[path], "run: make schemas"
