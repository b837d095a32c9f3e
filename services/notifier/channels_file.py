"""The form of a channels file (SHOUHU_CHANNELS): every fault at once, and never what may be a secret."""

from ipaddress import IPv4Network, IPv6Network
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, RootModel, ValidationError, field_validator

from services.notifier.references import Missing, resolved

NAMES = ("sms", "wecom", "voice")
Name = Literal["sms", "wecom", "voice"]


class ChannelsFault(ValueError):
    """The channels file is wrong; `faults` lists all of it. No URL is repeated: it may hold a secret."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class TemplateEntry(_Part):
    """A template registered with the provider, and which parameters of ours fill it, in its order."""

    id: str = Field(min_length=1)
    params: tuple[str, ...] = ()


class CallbackEntry(_Part):
    """Where the provider tells us of receipts, replies and presses: `/callbacks/<path>/…` of our door.

    `allow`: the networks it calls from, for a provider that does not sign. `token`, `aes_key`: WeCom's seal.
    """

    path: str = Field(min_length=16, max_length=128, pattern=r"^[0-9A-Za-z_-]+$")
    allow: tuple[IPv4Network | IPv6Network, ...] = ()
    token: str = ""
    aes_key: str = Field(default="", pattern=r"^([0-9A-Za-z]{43})?$")


class Entry(_Part):
    """One channel."""

    url: str = Field(min_length=1)
    connections: int = Field(default=16, ge=1, le=128)
    templates: dict[str, TemplateEntry] = {}
    callback: CallbackEntry | None = None

    @field_validator("url")
    @classmethod
    def _secrets(cls, value: str) -> str:
        return resolved(value, in_url=True)


class _File(RootModel[dict[Name | Literal["drill"], Any]]):
    model_config = ConfigDict(hide_input_in_errors=True)


def read_entries(text: str) -> tuple[dict[tuple[str, bool], Entry], list[str]]:
    """Channels by name and whether they are for drills, with every fault of the others. Raises ChannelsFault for no file at all."""
    try:
        listed = _File.model_validate(yaml.safe_load(text) or {}).root
    except yaml.YAMLError:
        raise ChannelsFault(
            ["channels: not YAML; expected lines such as `sms: json://host:port/path?-to={to}`"]
        ) from None
    except ValidationError as error:
        places = {str(fault["loc"][0]) if fault["loc"] else "channels" for fault in error.errors()}
        raise ChannelsFault([f"{p}: not known; expected sms, wecom, voice or drill" for p in sorted(places)]) from None
    faults: list[str] = []
    drill = listed.pop("drill", {})
    if not isinstance(drill, dict):
        faults.append("drill: expected channels by name: sms, wecom, voice")
        drill = {}
    found = {}
    for exercise, entries in ((False, listed), (True, drill)):
        for name, given in entries.items():
            where = f"drill.{name}" if exercise else str(name)
            if name not in NAMES:
                faults.append(f"{where}: not known; expected sms, wecom or voice")
            elif (entry := _entry(where, given, faults)) is not None:
                found[str(name), exercise] = entry
    return found, faults


def _entry(where: str, given: Any, faults: list[str]) -> Entry | None:
    try:
        return Entry.model_validate({"url": given} if isinstance(given, str) else _with_secrets(given))
    except Missing as missing:
        faults.append(f"{where}: {missing}")
    except ValidationError as error:
        for fault in error.errors():
            place = ".".join([where, *map(str, fault["loc"])])
            faults.append(f"{place}: {fault['msg'].removeprefix('Value error, ')}")
    return None


def _with_secrets(given: Any) -> Any:
    """The same with the references of a callback replaced."""
    callback = given.get("callback") if isinstance(given, dict) else None
    if not isinstance(callback, dict):
        return given
    opened = {name: resolved(value) if isinstance(value, str) else value for name, value in callback.items()}
    return {**given, "callback": opened}
