"""JSON Schema 2020-12 of every type, and the rule by which a version may grow."""

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema
from typing_extensions import override

from events.catalogue import CATALOGUE
from events.data import EventData
from events.messages import MESSAGES

_ALL: dict[str, type[BaseModel]] = {**CATALOGUE, **MESSAGES}
_WORDS = frozenset({"title", "description", "$id", "$schema", "$comment", "$defs"})


class _Plain(GenerateJsonSchema):
    """Without the titles that pydantic makes up from field names."""

    @override
    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def schemas() -> dict[str, dict[str, Any]]:
    """Type -> schema of its `data`."""
    return {name: schema_of(model, name) for name, model in sorted(_ALL.items())}


def schema_of(model: type[BaseModel], name: str) -> dict[str, Any]:
    """The schema of one type's `data`."""
    body = model.model_json_schema(schema_generator=_Plain)
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"urn:shouhu:schema:{name}"}
    if issubclass(model, EventData):
        head["$comment"] = f"{model.NUMBER} {model.TITLE.zh} | {model.TITLE.en}"
    return head | body


def breaks(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """Why `new` is not a version that may replace `old` under the same type: anything but new optional fields.

    Readers of either edition must understand events of the other, so even a longer list of values needs a new version.
    """
    return list(_differences("data", _resolved(old, old), _resolved(new, new)))


def _resolved(node: Any, root: dict[str, Any]) -> Any:
    """The schema without references and without words that people alone read."""
    if isinstance(node, list):
        return [_resolved(item, root) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return _resolved(root["$defs"][node["$ref"].rpartition("/")[2]], root)
    plain = {key: value for key, value in node.items() if key not in _WORDS and key != "properties"}
    resolved = {key: _resolved(value, root) for key, value in plain.items()}
    if "properties" in node:
        # Field names are data here: one may be called `title`.
        resolved["properties"] = {name: _resolved(field, root) for name, field in node["properties"].items()}
    return resolved


def _differences(path: str, old: Any, new: Any) -> list[str]:
    if isinstance(old, dict) and isinstance(new, dict):
        found: list[str] = []
        for key in sorted(old.keys() | new.keys()):
            if key == "properties":
                found += _field_differences(path, old.get(key, {}), new.get(key, {}))
            elif key == "required":
                found += [] if set(old.get(key, [])) == set(new.get(key, [])) else [f"{path}: other required fields"]
            else:
                found += _differences(path, old.get(key), new.get(key))
        return found
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        return [fault for one, other in zip(old, new, strict=True) for fault in _differences(path, one, other)]
    return [] if old == new else [f"{path}: another form"]


def _field_differences(path: str, old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    found = []
    for name, field in old.items():
        inner = f"{path}.{name}"
        found += _differences(inner, field, new[name]) if name in new else [f"{inner}: removed"]
    return found
