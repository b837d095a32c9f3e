# mypy: disallow-untyped-calls=False
# (apprise's classes have no annotations)
"""The ways out to people, as apprise URLs by channel name. Only this module and plugins/ know apprise."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import apprise
import urllib3

from services.chassis.clock import Clock, SystemClock
from services.notifier.channels_file import ChannelsFault, Entry, read_entries
from services.notifier.outcome import SENT, Outcome, Receipt, refused, unknown
from services.notifier.parcel import Lane, Parcel, Question
from services.notifier.plugins.aliyun_sms import AliyunSms
from services.notifier.plugins.aliyun_voice import AliyunVoice
from services.notifier.plugins.connection import pool_of
from services.notifier.plugins.handover import Handover
from services.notifier.plugins.provider import ANY, Given, Provider, Template
from services.notifier.plugins.tencent_sms import TencentSms
from services.notifier.plugins.tencent_voice import TencentVoice
from services.notifier.plugins.wecom import WeCom
from services.notifier.route import Carrier, Route, fields_of
from services.notifier.texts import PARAMS, TEXTS

__all__ = ["AppriseChannels", "ChannelsFault", "load_channels", "read_channels"]

PROVIDERS: Mapping[str, type[Provider]] = {
    kind.secure_protocol: kind for kind in (WeCom, AliyunSms, AliyunVoice, TencentSms, TencentVoice)
}
PLAIN = ("json", "jsons", "shouhu", "shouhus")
KNOWN_TEXTS = frozenset({*TEXTS, "verification", ANY})


class PlainCarrier:
    """json:// and shouhu://: one object for each address, all on one pool. `{to}` in the URL is the person's contact."""

    def __init__(self, entry: Entry) -> None:
        self._url, self._connections = entry.url, entry.connections
        self._pool: urllib3.PoolManager | None = None
        self._target = lru_cache(4096)(self._make)

    def _make(self, to: str) -> Any:
        given: Any = Handover.parse_url(self._url.replace("{to}", quote(to, safe="")))
        if not given:
            return None
        self._pool = self._pool or pool_of(self._connections, verify=given.get("verify", True))
        return Handover(pool=self._pool, **given)

    def works(self) -> bool:
        """Whether it is a URL at all."""
        return self._make("13800000000") is not None

    def hand_over(self, parcel: Parcel) -> Outcome:
        """Post the message's fields."""
        outcome: Outcome = self._target(parcel.to if "{to}" in self._url else "").hand_over(fields_of(parcel))
        return outcome

    def ask(self, question: Question) -> Receipt | None:
        """A plain receiver cannot be asked."""
        return None


class AnyCarrier:
    """Any other URL of apprise, which says yes or no and nothing else."""

    def __init__(self, entry: Entry) -> None:
        self._url = entry.url

    def _make(self, to: str) -> Any:
        return apprise.Apprise.instantiate(self._url.replace("{to}", quote(to, safe="")))

    def works(self) -> bool:
        """Whether apprise understands the URL."""
        return self._make("13800000000") is not None

    def hand_over(self, parcel: Parcel) -> Outcome:
        """Through apprise itself."""
        target = self._make(parcel.to)  # one object per message: apprise keeps a shared time of last use in it
        if target is None:
            return refused("the channel does not take this contact", "bad_number")
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

    def ask(self, question: Question) -> Receipt | None:
        """Apprise has no receipts."""
        return None


@dataclass(frozen=True, slots=True)
class Opened:
    """A channel of the file, ready for use. `promises`: its provider says later what became of a message."""

    entry: Entry
    schema: str
    route: Route
    promises: bool
    account: str = ""  # of a provider: the first part of its credentials, such as WeCom's company


class AppriseChannels:
    """The channels of an installation, and apart from them those of drills. Implements `parcel.Channels`."""

    def __init__(self, opened: Mapping[tuple[str, bool], Opened]) -> None:
        self.opened = dict(opened)

    def configured(self, exercise: bool) -> frozenset[str]:
        return frozenset(name for name, drill in self.opened if drill == exercise)

    def lanes(self) -> tuple[Lane, ...]:
        return tuple(
            Lane(name, drill, each.entry.connections, each.promises) for (name, drill), each in self.opened.items()
        )

    async def send(self, parcel: Parcel) -> Outcome:
        found = self.opened.get((parcel.channel, parcel.exercise))
        if found is None:
            return refused("the channel is not configured", "not_configured")
        if not parcel.to:
            return refused("no contact", "bad_number")
        return await found.route.send(parcel)

    async def ask(self, question: Question) -> Receipt | None:
        found = self.opened.get((question.channel, question.exercise))
        return await found.route.ask(question) if found is not None and question.to else None

    def close(self) -> None:
        """Let the threads go; what is under way in them ends by itself."""
        for each in self.opened.values():
            each.route.close()


def read_channels(text: str, clock: Clock | None = None) -> AppriseChannels:
    """Channels from a file's text; raises ChannelsFault with every fault.

    `sms`, `wecom`, `voice`: an apprise URL, or `{url, connections, templates, callback}`. `drill`: the same three, for
    exercises only. `clock` is what requests are signed by.
    """
    entries, faults = read_entries(text)
    opened = {}
    for (name, exercise), entry in entries.items():
        where = f"drill.{name}" if exercise else name
        schema = urlsplit(entry.url).scheme.lower()
        wrong = _wrong(where, schema, entry)
        carrier = None if wrong else _carrier(schema, entry, clock or SystemClock())
        if carrier is None:
            faults += wrong or [f"{where}: {_expected(schema)}"]
        else:
            promises = schema in PROVIDERS and PROVIDERS[schema].promises
            account = carrier.key if isinstance(carrier, Provider) else ""
            opened[name, exercise] = Opened(entry, schema, Route(carrier, entry.connections), promises, account)
    paths = [each.callback.path for each in entries.values() if each.callback]
    if len(paths) != len(set(paths)):
        faults.append("callback.path: expected a different one for each channel")
    if faults:
        raise ChannelsFault(faults)
    return AppriseChannels(opened)


def load_channels(path: Path | None, clock: Clock | None = None) -> AppriseChannels:
    """The channels of the file that SHOUHU_CHANNELS names; none without a file. Raises ChannelsFault."""
    return AppriseChannels({}) if path is None else read_channels(path.read_text(encoding="utf-8"), clock)


def _carrier(schema: str, entry: Entry, clock: Clock) -> Carrier | None:
    try:
        if schema in PROVIDERS:
            kind = PROVIDERS[schema]
            templates = {name: Template(each.id, each.params) for name, each in entry.templates.items()}
            parts = kind.parse_url(entry.url)
            pool = pool_of(entry.connections)
            return (
                None
                if parts is None
                else kind(pool=pool, given=Given(templates, entry.callback is not None, clock), **parts)
            )
        made = PlainCarrier(entry) if schema in PLAIN else AnyCarrier(entry)
        return made if made.works() else None
    except (TypeError, ValueError, AttributeError):  # AppriseImproperlyConfigured is a TypeError
        return None


def _expected(schema: str) -> str:
    kind = PROVIDERS.get(schema)
    if kind is None:
        return "apprise does not know this kind of URL; expected for example json://host:port/path"
    wants = "&".join(f"{name}=…" for name in kind.wants)
    return f"expected {schema}://key:secret@host/{'?' if wants else ''}{wants}"


def _wrong(where: str, schema: str, entry: Entry) -> list[str]:
    kind, faults = PROVIDERS.get(schema), []
    if kind is None and (entry.templates or entry.callback):
        return [f"{where}: templates and callback belong to {', '.join(PROVIDERS)}"]
    if kind is None:
        return []
    if kind.needs_template and not entry.templates:
        faults.append(f"{where}.templates: missing; expected the provider's template for each text, or for `{ANY}`")
    for name, template in entry.templates.items():
        if name not in KNOWN_TEXTS:
            faults.append(f"{where}.templates.{name}: not known; expected one of {', '.join(sorted(KNOWN_TEXTS))}")
        faults += [
            f"{where}.templates.{name}.params: {each} is not known; expected {', '.join(PARAMS)}"
            for each in template.params
            if each not in PARAMS
        ]
    callback = entry.callback
    if callback is not None and schema == "wecom" and not (callback.token and callback.aes_key):
        faults.append(f"{where}.callback: WeCom signs; expected token and aes_key")
    if callback is not None and schema != "wecom" and not callback.allow:
        faults.append(f"{where}.callback.allow: this provider does not sign; expected the networks it calls from")
    return faults
