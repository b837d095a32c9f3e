"""`shouhu topics`: make the topics of events/topics.yaml, and one for each registered source."""

import asyncio
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

import asyncpg
import typer
import yaml
from aiokafka.admin import AIOKafkaAdminClient, NewPartitions, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import for_code
from pydantic import BaseModel, ConfigDict

import events
from services.access import sources
from services.chassis.database import connect
from services.chassis.kafka_address import KafkaAddress
from services.cli.reach import kafka_address, postgres_dsn

FILE = Path(events.__file__).with_name("topics.yaml")
PER_SOURCE = "in.<source>"
ALREADY_EXISTS = 36
DAY = 86_400_000  # ms

app = typer.Typer(help="Kafka topics. Kafka 主题", no_args_is_help=True)


class TopicsRefused(RuntimeError):
    """Kafka did not make or change a topic."""


class Topic(BaseModel):
    """What Kafka must know of a topic; the rest of its entry is for people and checked with the contracts."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)
    name: str
    partitions: int
    retention_days: int
    timestamp: Literal["CreateTime", "LogAppendTime"]

    @property
    def config(self) -> dict[str, str]:
        """The whole set of its settings: a change replaces all of them."""
        return {
            "cleanup.policy": "delete",
            "retention.ms": str(self.retention_days * DAY),
            "message.timestamp.type": self.timestamp,
        }


class Plan(NamedTuple):
    """What has to be done on a Kafka for the topics to be as they should."""

    create: list[Topic]
    grow: list[Topic]


def wanted(text: str, source_topics: Iterable[str]) -> list[Topic]:
    """The topics of the file, with `in.<source>` standing for each source's own."""
    listed = [Topic.model_validate(entry) for entry in yaml.safe_load(text)["topics"]]
    pattern = next(topic for topic in listed if topic.name == PER_SOURCE)
    plain = [topic for topic in listed if topic.name != PER_SOURCE]
    known = {topic.name for topic in plain}
    return plain + [
        pattern.model_copy(update={"name": name}) for name in sorted(set(source_topics)) if name not in known
    ]


def plan(topics: Iterable[Topic], partitions: Mapping[str, int]) -> Plan:
    """`partitions` = what there is. A topic never loses partitions: its keys would move, and their order with them."""
    made = list(topics)
    return Plan(
        [topic for topic in made if topic.name not in partitions],
        [topic for topic in made if partitions.get(topic.name, topic.partitions) < topic.partitions],
    )


async def apply_topics(kafka: KafkaAddress, dsn: str) -> list[str]:
    """Make what is missing, add partitions, set retention and timestamps; returns the names that were made or grown."""
    db = await connect(dsn)
    try:
        source_topics = [source.topic for source in await sources.listed(db)]
    except asyncpg.UndefinedTableError:
        source_topics = []
    finally:
        await db.close()
    return await make_topics(kafka, wanted(FILE.read_text(encoding="utf-8"), source_topics))


async def make_topics(kafka: KafkaAddress, topics: list[Topic]) -> list[str]:
    """Make these topics as they should be. Raises TopicsRefused with every refusal of Kafka."""
    admin = AIOKafkaAdminClient(**kafka.client())
    await admin.start()
    try:
        described = await admin.describe_topics()
        to_do = plan(topics, {found["topic"]: len(found["partitions"]) for found in described})
        faults: list[str] = []
        if to_do.create:
            # -1: as many copies as the broker makes by default, one on a single node, three in a cluster.
            answer = await admin.create_topics(
                [NewTopic(topic.name, topic.partitions, -1, {}, topic.config) for topic in to_do.create]
            )
            faults += _faults(answer.topic_errors)
        if to_do.grow:
            answer = await admin.create_partitions(
                {topic.name: NewPartitions(topic.partitions) for topic in to_do.grow}
            )
            faults += _faults(answer.topic_errors)
        changed = [topic for topic in topics if topic not in to_do.create]
        if changed:
            await admin.alter_configs(
                [ConfigResource(ConfigResourceType.TOPIC, topic.name, configs=topic.config) for topic in changed]
            )
    finally:
        await admin.close()
    if faults:
        raise TopicsRefused("\n".join(faults))
    return [topic.name for topic in (*to_do.create, *to_do.grow)]


def _faults(errors: Iterable[tuple[object, ...]]) -> list[str]:
    refused = [(error[0], error[1]) for error in errors if error[1] not in (0, ALREADY_EXISTS)]
    return [f"{name}: {for_code(code).__name__}" for name, code in refused]


@app.command()
def apply(as_json: Annotated[bool, typer.Option("--json", help="Print JSON only. 只输出 JSON")] = False) -> None:
    """Create the topics of topics.yaml and of every registered source; change retention where it differs. 创建主题"""
    made = asyncio.run(apply_topics(kafka_address(), postgres_dsn()))
    if as_json:
        typer.echo(json.dumps({"made": made}))
    else:
        typer.echo("\n".join(f"{name} 已创建 · made" for name in made) or "无需更改 · nothing to change")


@app.callback()
def _group() -> None:
    """A group, though it has one command: `shouhu topics apply`."""
