"""Where Kafka is and who we are to it, in one setting."""

import re
import ssl
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import unquote, urlsplit

from typing_extensions import override

EXPECTED = "expected host:port[,host:port] or sasl://user:password@host:port (sasls:// over TLS)"


@dataclass(frozen=True, slots=True)
class KafkaAddress:
    """Bootstrap servers, and with SASL/SCRAM the user; the password never shows in its text."""

    bootstrap: str
    user: str | None = None
    password: str | None = None
    tls: bool = False

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `host:port[,host:port]` or `sasl[s]://user:password@host:port[,…]`. Raises ValueError."""
        if "://" not in text:
            return cls(_servers(text))
        url = urlsplit(text)
        who, _, servers = url.netloc.rpartition("@")
        user, _, password = who.partition(":")
        if url.scheme not in ("sasl", "sasls") or not (user and password):
            raise ValueError(EXPECTED)
        return cls(_servers(servers), unquote(user), unquote(password), url.scheme == "sasls")

    def client(self) -> dict[str, Any]:
        """What every aiokafka client of ours is given."""
        given: dict[str, Any] = {"bootstrap_servers": self.bootstrap}
        if self.user is not None:
            given |= {
                "security_protocol": "SASL_SSL" if self.tls else "SASL_PLAINTEXT",
                "sasl_mechanism": "SCRAM-SHA-256",
                "sasl_plain_username": self.user,
                "sasl_plain_password": self.password,
            }
        if self.tls:
            given["ssl_context"] = ssl.create_default_context()
        return given

    @override
    def __str__(self) -> str:
        return self.bootstrap

    @override
    def __repr__(self) -> str:
        return f"KafkaAddress({self.bootstrap!r})"


def _servers(text: str) -> str:
    servers = [server.strip() for server in text.split(",")]
    if not all(re.fullmatch(r"(\[[0-9a-fA-F:]+\]|[A-Za-z0-9._-]+):\d{1,5}", server) for server in servers):
        raise ValueError(EXPECTED)
    return ",".join(servers)
