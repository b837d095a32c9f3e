from pathlib import Path

import pytest

import events.topics
from events.messages import MESSAGES
from events.referral import Message, ReferralFact
from events.topics import Topic, read, topic, topics

GOOD = Path(events.topics.__file__).with_name("topics.yaml").read_text("utf-8")


@pytest.mark.parametrize(
    ("right", "wrong", "place"),
    [
        ("producers: [tracker]", "producers: [traker]", "producers"),
        ("consumers: [intake]", "consumer: [intake]", "consumer"),
        ("timestamp: CreateTime", "timestamp: createtime", "timestamp"),
        ("partitions: 8", "partitions: eight", "partitions"),
        ("partitions: 8", "partitions: 0", "partitions"),
        ("retention_days: 30", "retention_days: 30d", "retention_days"),
        ("classification: C2", "classification: C9", "classification"),
        ("name: sla", "name: SLA", "name"),
        ("referral.opened.v1", "referral.opend.v1", "referral.opend.v1"),
    ],
)
def test_a_typing_error_in_the_topics_is_refused_and_its_place_named(right: str, wrong: str, place: str) -> None:
    assert right in GOOD
    with pytest.raises(ValueError, match=r"topics\.yaml") as refused:
        read(GOOD.replace(right, wrong))
    assert place in str(refused.value)


def test_a_topic_named_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        read(GOOD.replace("name: sla", "name: referrals"))


def test_a_topic_has_one_writing_service_but_for_derived_events_and_dead_letters() -> None:
    several = {entry.name for entry in topics() if len(entry.producers) > 1}
    assert several == {"in.shouhu", "dead-letters"}


def test_a_source_has_a_topic_of_its_own_by_the_pattern() -> None:
    own = topic("in.school-s1")
    assert isinstance(own, Topic)
    assert (own.name, own.producers, own.is_pattern) == ("in.school-s1", ("source",), False)
    assert topic("in.shouhu").producers == ("referral", "tracker")


@pytest.mark.parametrize("name", ["in.", "nothing", "referral"])
def test_there_is_no_other_topic(name: str) -> None:
    with pytest.raises(KeyError):
        topic(name)


def test_the_broker_gives_the_time_where_deadlines_run_from_it_and_nothing_is_compacted() -> None:
    for entry in topics():
        configuration = entry.configuration()
        assert configuration["cleanup.policy"] == "delete"
        incoming = entry.name.startswith("in.")
        assert (configuration["message.timestamp.type"] == "LogAppendTime") is incoming


def test_a_topic_that_may_tell_of_a_sealed_matter_is_of_its_class() -> None:
    whole = {kind.TYPE for kind in MESSAGES.values() if tells_of_a_child(kind)}
    telling = [entry for entry in topics() if "catalogue" in entry.carries or whole & set(entry.carries)]
    assert {entry.name for entry in telling} == {"in.shouhu", "in.<source>", "child-events", "referrals", "sla"}
    assert {entry.classification for entry in telling} == {"C4"}


def tells_of_a_child(kind: type[Message]) -> bool:
    """Whether a message carries a whole referral, or says of itself that it is sealed."""
    fields = kind.model_fields
    return "sealed" in fields or ("referral" in fields and fields["referral"].annotation is ReferralFact)
