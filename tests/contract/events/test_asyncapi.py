from typing import Any

import pytest
import yaml

from events.topics import topics
from tests.contract.events.event_examples import HERE

DOCUMENT: dict[str, Any] = yaml.safe_load((HERE / "asyncapi.yaml").read_text("utf-8"))


def references(node: Any) -> list[str]:
    if isinstance(node, list):
        return [found for item in node for found in references(item)]
    if not isinstance(node, dict):
        return []
    own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
    return own + [found for item in node.values() for found in references(item)]


@pytest.mark.parametrize("reference", sorted(set(references(DOCUMENT))))
def test_every_reference_leads_somewhere(reference: str) -> None:
    if reference.startswith("#/"):
        node: Any = DOCUMENT
        for step in reference[2:].split("/"):
            node = node[step]
    else:
        assert (HERE / reference).is_file()


def test_every_operation_names_its_action_and_messages_of_its_own_channel() -> None:
    for operation in DOCUMENT["operations"].values():
        assert operation["action"] in ("send", "receive")
        channel = operation["channel"]["$ref"]
        assert all(message["$ref"].startswith(f"{channel}/messages/") for message in operation["messages"])


def test_every_topic_is_a_channel_and_every_message_travels_on_one() -> None:
    addresses = {channel["address"] for channel in DOCUMENT["channels"].values()}
    assert addresses == {topic.name.replace("<source>", "{source}") for topic in topics()}
    travelling = {name for channel in DOCUMENT["channels"].values() for name in channel["messages"]}
    assert travelling == set(DOCUMENT["components"]["messages"])


def test_a_parameter_of_an_address_is_described() -> None:
    for channel in DOCUMENT["channels"].values():
        assert ("{source}" in channel["address"]) == ("source" in channel.get("parameters", {}))
