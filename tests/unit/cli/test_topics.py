"""Which topics there should be, and what has to be done for it."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from services.cli.topics import FILE, Topic, plan, wanted

TEXT = Path(FILE).read_text(encoding="utf-8")


def test_every_registered_source_has_a_topic_of_its_own_whose_time_the_broker_says() -> None:
    topics = {topic.name: topic for topic in wanted(TEXT, ["in.sample", "in.school-9", "in.shouhu"])}
    assert {"in.sample", "in.school-9", "in.shouhu", "child-events", "referrals", "sla"} <= set(topics)
    assert {topic.timestamp for name, topic in topics.items() if name.startswith("in.")} == {"LogAppendTime"}
    assert topics["child-events"].timestamp == "CreateTime"
    assert not any("<" in name for name in topics)


def test_a_topic_grows_and_never_shrinks() -> None:
    few = Topic(name="a", partitions=4, retention_days=1, timestamp="CreateTime")
    assert plan([few], {}).create == [few]
    assert plan([few], {"a": 2}).grow == [few]
    assert plan([few], {"a": 8}) == ([], [])


def test_the_whole_set_of_settings_is_sent_since_a_change_replaces_it() -> None:
    topic = Topic(name="a", partitions=4, retention_days=30, timestamp="LogAppendTime")
    assert topic.config == {
        "cleanup.policy": "delete",
        "retention.ms": "2592000000",
        "message.timestamp.type": "LogAppendTime",
    }


def test_a_timestamp_type_that_kafka_does_not_know_is_refused() -> None:
    with pytest.raises(ValidationError, match="LogAppendTime"):
        wanted(TEXT.replace("timestamp: LogAppendTime", "timestamp: EventTime"), [])
