"""Every fault of the settings is reported at once, by name and never by value."""

import pytest

from services.chassis.kafka_address import KafkaAddress
from services.chassis.settings import SettingsFault, load_settings


def test_every_fault_is_reported_at_once_by_the_name_of_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOUHU_KAFKA", "sasl://user:very-secret@")
    monkeypatch.setenv("SHOUHU_POSTGRES", "mysql://root:very-secret@x")
    monkeypatch.setenv("SHOUHU_HTTP", "8080")
    monkeypatch.setenv("SHOUHU_RULEBOOK", "/nowhere")
    with pytest.raises(SettingsFault) as caught:
        load_settings()
    names = [fault.split(":")[0] for fault in caught.value.faults]
    assert names == ["SHOUHU_HTTP", "SHOUHU_KAFKA", "SHOUHU_POSTGRES", "SHOUHU_RULEBOOK"]
    assert "very-secret" not in str(caught.value)
    assert all("expected" in fault for fault in caught.value.faults)


def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOUHU_KAFKA", "")
    settings = load_settings()
    assert (settings.kafka, settings.http) == (None, ("127.0.0.1", 8080))


def test_what_is_needed_and_missing_is_named() -> None:
    with pytest.raises(SettingsFault, match="SHOUHU_POSTGRES: missing"):
        _ = load_settings(postgres=None).dsn


@pytest.mark.parametrize("text", ["localhost:9092", "a:1,b:2", "[::1]:9092"])
def test_a_plain_kafka_address_is_its_servers(text: str) -> None:
    assert KafkaAddress.parse(text).client() == {"bootstrap_servers": text}


def test_a_kafka_address_with_a_password_signs_in_and_does_not_show_it() -> None:
    address = KafkaAddress.parse("sasl://intake:p%40ss@k1:9092,k2:9092")
    client = address.client()
    assert (client["bootstrap_servers"], client["sasl_plain_username"], client["sasl_plain_password"]) == (
        "k1:9092,k2:9092", "intake", "p@ss",
    )  # fmt: skip
    assert "p@ss" not in f"{address} {address!r}"


@pytest.mark.parametrize("text", ["", "localhost", "http://x:1", "sasl://x:1", "a:1,,b:2"])
def test_an_unreadable_kafka_address_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="expected host:port"):
        KafkaAddress.parse(text)
