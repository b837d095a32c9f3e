"""Records that Kafka has acknowledged on the sources' own topics and the door has not read yet: accepted, and still on their way."""

from services.chassis.database import Db
from services.chassis.kafka_address import KafkaAddress
from services.chassis.log_reader import LogReader

TOPICS = "select 'in.' || name as topic from access.source"
POSITIONS = "select topic, part, next_offset from chassis.position where service = 'intake'"


async def unread(db: Db, kafka: KafkaAddress) -> dict[str, int]:
    """Unread records per source name; an offset without a record (a transaction's marker) counts until it is passed. Raises OSError."""
    topics = [row["topic"] for row in await db.fetch(TOPICS)]
    reader = LogReader(kafka, topics)
    try:
        known = await reader.partitions()
        ends, starts = await reader.ends(known), await reader.beginnings(known)
    finally:
        await reader.stop()
    at = {(row["topic"], row["part"]): row["next_offset"] for row in await db.fetch(POSITIONS)}
    waiting: dict[str, int] = {}
    for place, end in ends.items():
        left = end - max(at.get((place.topic, place.partition), 0), starts[place])
        if left > 0:
            name = place.topic.removeprefix("in.")
            waiting[name] = waiting.get(name, 0) + left
    return waiting
