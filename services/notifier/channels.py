"""The ways out to people, as apprise URLs by channel name. Only this module and plugins/ know apprise."""

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote, urlsplit

import apprise
import urllib3
import yaml
from pydantic import BaseModel, ConfigDict, Field, RootModel, ValidationError

from services.notifier.outcome import SENT, Outcome, refused, refused_for_now, unknown
from services.notifier.parcel import Lane, Parcel
from services.notifier.plugins.handover import Handover, pool_of

Name = Literal["sms", "wecom", "voice"]
OVERALL = 40.0  # seconds; shorter than the lease of a claim (deliver.py), longer than any provider's own time-outs
FIELDS = tuple(field.name for field in fields(Parcel))
FAST = ("json", "jsons", "shouhu", "shouhus")


class ChannelsFault(ValueError):
    """The channels file is wrong; `faults` lists all of it. No URL is repeated: it may hold a secret."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class _Address(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)
    url: str
    connections: int = Field(default=16, ge=1, le=128)


class _File(RootModel[dict[Name | Literal["drill"], Any]]):
    model_config = ConfigDict(hide_input_in_errors=True)


class Route:
    """One channel: its URL, its threads, its connections. `{to}` in the URL is the person's contact."""

    def __init__(self, address: _Address) -> None:
        self.address = address
        self._threads = ThreadPoolExecutor(address.connections, thread_name_prefix="channel")
        self._fast = urlsplit(address.url).scheme.lower() in FAST
        self._pool: urllib3.PoolManager | None = None
        self._target = lru_cache(4096)(self._make)
        self._parse: Any = Handover.parse_url  # apprise has no types here

    def _make(self, to: str) -> Any:
        url = self.address.url.replace("{to}", quote(to, safe=""))
        if not self._fast:
            return apprise.Apprise.instantiate(url)
        given: dict[str, Any] | None = self._parse(url)
        if not given:
            return None
        if self._pool is None:
            self._pool = pool_of(self.address.connections, verify=given.get("verify", True))
        return Handover(pool=self._pool, **given)

    def works(self) -> bool:
        """Whether apprise understands the URL."""
        try:
            return self._make("13800000000") is not None
        except (TypeError, ValueError, AttributeError):  # AppriseImproperlyConfigured is a TypeError
            return False

    async def send(self, parcel: Parcel) -> Outcome:
        """Hand over on a thread of this channel: one that hangs costs this channel a place, and no other."""
        hand = self._hand_over if self._fast else self._notify
        under_way = self._threads.submit(hand, parcel)
        try:
            return await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(under_way)), OVERALL)
        except TimeoutError:
            if under_way.cancel():
                return refused_for_now("no free connection")
            return unknown("no answer in time")

    def _hand_over(self, parcel: Parcel) -> Outcome:
        target = self._target("" if "{to}" not in self.address.url else parcel.to)
        told = {name: getattr(parcel, name) for name in FIELDS} | {
            "message": parcel.text,
            "title": "",
            "type": "info",
            "version": "1.0",
        }
        outcome: Outcome = target.hand_over(told)
        return outcome

    def _notify(self, parcel: Parcel) -> Outcome:
        target = self._make(parcel.to)  # one object per message: apprise keeps a shared time of last use in it
        if target is None:
            return refused("the channel does not take this contact")
        target.request_rate_per_sec = 0
        one = apprise.Apprise()
        one.add(target)
        match one.notify(body=parcel.text).status.name:
            case "SUCCESS":
                return SENT
            case "TIMEOUT" | "PARTIAL":
                return unknown("no answer in time")
            case _:
                return refused("the provider did not take it")

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


class AppriseChannels:
    """The channels of an installation, and apart from them those of drills. Implements `parcel.Channels`."""

    def __init__(self, routes: Mapping[tuple[str, bool], Route]) -> None:
        self._routes = dict(routes)

    def configured(self, exercise: bool) -> frozenset[str]:
        return frozenset(name for name, drill in self._routes if drill == exercise)

    def lanes(self) -> tuple[Lane, ...]:
        return tuple(Lane(name, drill, route.address.connections) for (name, drill), route in self._routes.items())

    async def send(self, parcel: Parcel) -> Outcome:
        route = self._routes.get((parcel.channel, parcel.exercise))
        if route is None:
            return refused("the channel is not configured")
        if not parcel.to:
            return refused("no contact")
        return await route.send(parcel)

    def close(self) -> None:
        """Let the threads go; what is under way in them ends by itself."""
        for route in self._routes.values():
            route.close()


def read_channels(text: str) -> AppriseChannels:
    """Channels from a file's text; raises ChannelsFault with every fault.

    `sms`, `wecom`, `voice`: an apprise URL, or `{url, connections}`. `drill`: the same three, for exercises only.
    """
    try:
        entries = _File.model_validate(yaml.safe_load(text) or {}).root
    except yaml.YAMLError:
        raise ChannelsFault(
            ["channels: not YAML; expected lines such as `sms: json://host:port/path?-to={to}`"]
        ) from None
    except ValidationError as error:
        places = {str(fault["loc"][0]) if fault["loc"] else "channels" for fault in error.errors()}
        raise ChannelsFault([f"{p}: not known; expected sms, wecom, voice or drill" for p in sorted(places)]) from None
    faults: list[str] = []
    drill = entries.pop("drill", {})
    if not isinstance(drill, dict):
        faults.append("drill: expected channels by name: sms, wecom, voice")
        drill = {}
    listed = [(str(name), False, entry) for name, entry in entries.items()]
    listed += [(str(name), True, entry) for name, entry in drill.items()]
    routes = {}
    for name, exercise, entry in listed:
        where = f"drill.{name}" if exercise else name
        if name not in ("sms", "wecom", "voice"):
            faults.append(f"{where}: not known; expected sms, wecom or voice")
        elif (route := _route(where, entry, faults)) is not None:
            routes[name, exercise] = route
    if faults:
        raise ChannelsFault(faults)
    return AppriseChannels(routes)


def load_channels(path: Path | None) -> AppriseChannels:
    """The channels of the file that SHOUHU_CHANNELS names; none without a file. Raises ChannelsFault."""
    return AppriseChannels({}) if path is None else read_channels(path.read_text(encoding="utf-8"))


def _route(where: str, entry: Any, faults: list[str]) -> Route | None:
    try:
        address = _Address.model_validate({"url": entry} if isinstance(entry, str) else entry)
    except ValidationError as error:
        faults += [f"{'.'.join([where, *map(str, fault['loc'])])}: {fault['msg']}" for fault in error.errors()]
        return None
    route = Route(address)
    if not route.works():
        faults.append(f"{where}: apprise does not know this kind of URL; expected for example json://host:port/path")
        return None
    return route
