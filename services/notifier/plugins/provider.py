# mypy: disallow-untyped-calls=False, disallow-subclassing-any=False
# (apprise's classes have no annotations)
"""What our plugins for real providers have in common: how their URL is read, and what each of them must be able to do."""

import ipaddress
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import urllib3
from apprise.plugins.base import NotifyBase
from typing_extensions import override

from services.chassis.clock import Clock, SystemClock
from services.notifier.outcome import Outcome, Receipt
from services.notifier.parcel import Parcel, Question
from services.notifier.plugins.connection import Way, pool_of

ANY = "*"  # the template that every text without one of its own goes by


@dataclass(frozen=True, slots=True)
class Template:
    """A template registered with a provider, and which parameters of ours fill it, in its order."""

    id: str
    params: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Given:
    """What a channels file says beside the URL. `buttons`: presses on a card come back to us."""

    templates: Mapping[str, Template] = field(default_factory=dict)
    buttons: bool = False
    clock: Clock = field(default_factory=SystemClock)


class Provider(NotifyBase, ABC):
    """A provider with an account: `schema://key:secret@host/base?…`. HTTPS, but for a host on this machine.

    `promises`: it says later what became of a message. `wants`: what the URL must carry after `?`. One object serves
    all messages of a channel, from many threads.
    """

    service_name: Any = ""
    secure_protocol: Any = ""
    promises: ClassVar[bool] = False
    wants: ClassVar[tuple[str, ...]] = ()
    needs_template: ClassVar[bool] = False
    request_rate_per_sec = 0
    title_maxlen = 0
    attachment_support = False

    def __init__(
        self,
        options: Mapping[str, str],
        pool: urllib3.PoolManager | None = None,
        given: Given | None = None,
        **url: Any,
    ) -> None:
        super().__init__(**url)
        self.options = dict(options)
        missing = [name for name in self.wants if not self.options.get(name)]
        if not (self.user and self.password) or missing:
            raise TypeError(
                f"expected {self.secure_protocol}://key:secret@host/?{'&'.join(f'{n}=…' for n in self.wants)}"
            )
        self.key, self.secret = str(self.user), str(self.password)
        self.given = given or Given()
        scheme = "http" if _on_this_machine(self.host) else "https"
        port = f":{self.port}" if isinstance(self.port, int) else ""
        self.way = Way(
            pool or pool_of(1), f"{scheme}://{self.host}{port}{self.fullpath}",
            self.socket_connect_timeout, self.socket_read_timeout,
        )  # fmt: skip

    @abstractmethod
    def hand_over(self, parcel: Parcel) -> Outcome:
        """Hand it over once; never raises for what the network or the provider does."""

    def ask(self, question: Question) -> Receipt | None:
        """What the provider knows of a message; None if it cannot be asked, does not answer or knows of none."""
        return None

    def template(self, parcel: Parcel) -> Template | None:
        """The provider's template for a message."""
        return self.given.templates.get(parcel.template) or self.given.templates.get(ANY)

    def filled(self, template: Template, parcel: Parcel) -> dict[str, str]:
        """The template's parameters in its order; what a text does not have is empty."""
        return {name: parcel.params.get(name, "") for name in template.params}

    @override
    def send(self, body: str, title: str = "", notify_type: object = None, attach: object = None, **_: object) -> bool:
        """What apprise calls, with `to=` in the URL: True if the provider took it."""
        plain = Parcel(
            message_id="", referral="", to_role="", level=0, exercise=False, to=self.options.get("to", ""), channel="",
            text=body, reason="", kind="", agency_level="", area="", params={"text": body},
        )  # fmt: skip
        return self.hand_over(plain).result == "sent"

    @override
    def url(self, privacy: bool = False, *_: object, **__: object) -> str:
        """The URL without what is secret, whoever asks: it is shown and logged."""
        return f"{self.secure_protocol}://***:***@{self.host}/"

    @override
    def __repr__(self) -> str:
        return f"<{self.url()}>"

    @staticmethod
    @override
    def parse_url(url: str, *_: Any, **__: Any) -> dict[str, Any] | None:
        """The parts of a URL; None for one that is none."""
        parts: dict[str, Any] | None = NotifyBase.parse_url(url, verify_host=False)
        return parts if parts is None else parts | {"options": dict(parts.get("qsd") or {})}


def _on_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
