"""The AsyncAPI 3 document, made from topics.yaml and the catalogue."""

from typing import Any

from events.catalogue import CATALOGUE
from events.messages import MESSAGES
from events.topics import Topic, topics

_TEXT = {"type": "string", "minLength": 1, "maxLength": 255}
_TIME = {"type": "string", "format": "date-time"}
# The CloudEvents project's header trait for Kafka's binary mode, held here so that a build needs no network.
_HEADERS: dict[str, Any] = {
    "type": "object",
    "required": ["content-type", "ce_specversion", "ce_id", "ce_source", "ce_type"],
    "properties": {
        "content-type": {"type": "string", "const": "application/json"},
        "ce_specversion": {"type": "string", "const": "1.0"},
        "ce_id": _TEXT,
        "ce_source": _TEXT | {"description": "/<kind>/<area code>/<unit>"},
        "ce_type": _TEXT,
        "ce_time": _TIME,
        "ce_subject": _TEXT | {"description": "child_ref in events of sources, case id in messages between services"},
        "ce_correlationid": _TEXT | {"description": "the case"},
        "ce_causationid": _TEXT | {"description": "the id of the direct cause"},
        "ce_traceparent": _TEXT | {"description": "W3C trace context of the source event"},
        "ce_tracestate": {"type": "string", "maxLength": 1024},
        "ce_dataclassification": {"type": "string", "enum": ["C1", "C2", "C3", "C4"]},
        "ce_exercise": {"type": "string", "enum": ["true", "false"], "description": "a drill"},
        "ce_acceptedtime": _TIME | {"description": "T: when the door accepted the event; written by intake alone"},
    },
}


def document() -> dict[str, Any]:
    """The whole document; payloads refer to the files in schemas/."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Shouhu 守护",
            "version": "1.0.0",
            "description": "Child-protection alert and referral: CloudEvents 1.0, binary (structured is accepted).",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": {_id(topic): _channel(topic) for topic in topics()},
        "operations": _operations(),
        "components": {
            "messageTraits": {"cloudEvent": {"headers": _HEADERS}},
            "messages": {name: _message(name) for name in sorted({**CATALOGUE, **MESSAGES})},
        },
    }


def _id(topic: Topic) -> str:
    return topic.name.replace("<source>", "source").replace(".", "-")


def _channel(topic: Topic) -> dict[str, Any]:
    channel: dict[str, Any] = {
        "address": topic.name.replace("<source>", "{source}"),
        "description": topic.summary,
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in topic.types()},
        "bindings": {
            "kafka": {
                "partitions": topic.partitions,
                "topicConfiguration": {
                    "cleanup.policy": ["delete"],
                    "retention.ms": int(topic.configuration()["retention.ms"]),
                    "max.message.bytes": int(topic.configuration()["max.message.bytes"]),
                },
                "bindingVersion": "0.4.0",
            }
        },
        "x-key": topic.key,
        "x-timestamp": topic.timestamp,
        "x-classification": topic.classification,
    }
    if topic.is_pattern:
        channel["parameters"] = {"source": {"description": "the name under which the source is registered"}}
    return channel


def _operations() -> dict[str, Any]:
    found = {}
    for topic in topics():
        for action, services in (("send", topic.producers), ("receive", topic.consumers)):
            for service in services:
                found[f"{service}-{action}-{_id(topic)}"] = {
                    "action": action,
                    "channel": {"$ref": f"#/channels/{_id(topic)}"},
                    "messages": [{"$ref": f"#/channels/{_id(topic)}/messages/{name}"} for name in topic.types()],
                }
    return found


def _message(name: str) -> dict[str, Any]:
    message: dict[str, Any] = {"name": name, "contentType": "application/json"}
    if name in CATALOGUE:
        kind = CATALOGUE[name]
        message |= {"title": kind.TITLE.zh, "summary": f"{kind.NUMBER} {kind.TITLE.en}"}
        message["x-classification"] = kind.CLASSIFICATION
        message["x-basis"] = kind.CLAUSE
        message["x-sources"] = list(kind.SOURCES)
    else:
        message["summary"] = (MESSAGES[name].__doc__ or "").partition("\n")[0]
    message["traits"] = [{"$ref": "#/components/messageTraits/cloudEvent"}]
    message["payload"] = {
        "schemaFormat": "application/schema+json;version=draft-2020-12",
        "schema": {"$ref": f"./schemas/{name}.json"},
    }
    return message
