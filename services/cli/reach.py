"""Where a command finds the system that is running."""

import json
from pathlib import Path

from services.chassis.kafka_address import KafkaAddress
from services.chassis.settings import Settings, load_settings


def postgres_dsn() -> str:
    """The PostgreSQL of the settings, or of the `shouhu up` that runs on this data directory.

    Raises SettingsFault when there is neither.
    """
    settings = load_settings()
    running = settings.data.expanduser() / "endpoints.json"
    if settings.postgres is None and running.exists():
        return str(json.loads(running.read_text(encoding="utf-8"))["postgres"])
    return settings.dsn


def kafka_address() -> KafkaAddress:
    """The Kafka of the settings, or of the `shouhu up` that runs on this data directory. Raises SettingsFault."""
    settings = load_settings()
    running = settings.data.expanduser() / "endpoints.json"
    if settings.kafka is None and running.exists():
        return KafkaAddress.parse(json.loads(running.read_text(encoding="utf-8"))["kafka"])
    return settings.broker


def channels_file(settings: Settings) -> Path | None:
    """The channels of the settings, or those that the `shouhu demo` running on this data directory uses; None if neither."""
    phone = settings.data.expanduser() / "phone-channels.yaml"
    running = settings.data.expanduser() / "endpoints.json"
    return settings.channels or (phone if phone.exists() and running.exists() else None)
