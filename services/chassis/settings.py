"""What an installation is told by its environment. Every fault is reported at once, by the name of its variable."""

import re
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from services.chassis.kafka_address import KafkaAddress

SECRETS = Path("/run/secrets")  # where a container finds secrets as files (`shouhu_postgres`); the environment wins


class SettingsFault(ValueError):
    """What is wrong with the settings, one line for each; never a value, which may hold a password."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def _kafka(text: Any) -> Any:
    return KafkaAddress.parse(text) if isinstance(text, str) else text


def _postgres(text: Any) -> Any:
    if isinstance(text, str) and urlsplit(text).scheme not in ("postgres", "postgresql"):
        raise ValueError("expected a PostgreSQL address such as postgresql://user@host:5432/shouhu")
    return text


def _address(text: Any) -> Any:
    if not isinstance(text, str):
        return text
    host, colon, port = text.rpartition(":")
    if not (colon and host and re.fullmatch(r"\d{1,5}", port) and int(port) < 65536):
        raise ValueError("expected host:port, for example 127.0.0.1:8080 (port 0 = any free one)")
    return host.strip("[]"), int(port)


def _file(text: Any) -> Any:
    if text is None:
        return None
    path = Path(text).expanduser()
    if not path.exists():
        raise ValueError("expected a file or directory that exists")
    return path


class Settings(BaseSettings):
    """The settings of a process. `kafka` and `postgres` unset mean the embedded ones; the supervisor fills them in."""

    model_config = SettingsConfigDict(env_prefix="SHOUHU_", extra="ignore", hide_input_in_errors=True, frozen=True,
                                      arbitrary_types_allowed=True, env_ignore_empty=True,
                                      secrets_dir=SECRETS if SECRETS.is_dir() else None)  # fmt: skip

    kafka: Annotated[KafkaAddress | None, BeforeValidator(_kafka)] = None
    postgres: Annotated[str | None, BeforeValidator(_postgres)] = None
    data: Path = Path("~/.local/share/shouhu")
    http: Annotated[tuple[str, int], NoDecode, BeforeValidator(_address)] = ("127.0.0.1", 8080)
    health: Annotated[tuple[str, int], NoDecode, BeforeValidator(_address)] = (
        "127.0.0.1",
        0,
    )  # a worker's, without a door
    rulebook: Annotated[Path | None, BeforeValidator(_file)] = None
    channels: Annotated[Path | None, BeforeValidator(_file)] = None
    backlog: Annotated[int, Field(ge=1)] = 50_000  # events and messages that may wait before the door answers 429
    heartbeat: Annotated[int, Field(ge=1, le=3600)] = (
        60  # seconds between two signs of life; three missing ones are an alarm
    )
    alarm: str | None = None  # who is told of the silence: a command, an http(s):// or another URL of apprise
    faults: str | None = None  # for the fault test alone, see faults.py

    @property
    def dsn(self) -> str:
        """The PostgreSQL address; SettingsFault if none was given."""
        if self.postgres is None:
            raise SettingsFault(
                ["SHOUHU_POSTGRES: missing; expected the address of PostgreSQL, or start everything with `shouhu up`"]
            )
        return self.postgres

    @property
    def broker(self) -> KafkaAddress:
        """The Kafka address; SettingsFault if none was given."""
        if self.kafka is None:
            raise SettingsFault(
                ["SHOUHU_KAFKA: missing; expected Kafka's host:port, or start everything with `shouhu up`"]
            )
        return self.kafka

    @property
    def directory(self) -> Path:
        """`SHOUHU_DATA`, made with mode 0700 if it is not there."""
        path = self.data.expanduser()
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        return path


def load_settings(**given: Any) -> Settings:
    """The settings of this process's environment (`given` wins). Raises SettingsFault with every fault at once."""
    try:
        return Settings(**given)
    except ValidationError as error:
        faults = [
            f"{_variable(fault['loc'])}: {fault['msg'].removeprefix('Value error, ')}" for fault in error.errors()
        ]
        raise SettingsFault(sorted(faults)) from None


def _variable(loc: tuple[int | str, ...]) -> str:
    return f"SHOUHU_{str(loc[0]).removeprefix('SHOUHU_').upper()}"
