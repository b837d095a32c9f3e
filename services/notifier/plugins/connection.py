"""HTTP to one provider: a bounded number of sockets, and what a failure of the network says about a message."""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import urllib3
from typing_extensions import override
from urllib3.connection import HTTPConnection
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, ReadTimeoutError

from services.notifier.outcome import SENT, Outcome, refused, refused_for_now, unknown

IDLE = 2.0  # seconds; servers close idle connections after five and more, and a message must not fall into that moment
LARGEST = 1 << 20  # octets of an answer that is read
# At DEBUG it writes every request's path: WeCom wants its secret and its token in there.
logging.getLogger("urllib3").setLevel(logging.INFO)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    body: bytes


class Way:
    """The way to one provider."""

    def __init__(self, pool: urllib3.PoolManager, base: str, connect: float, read: float) -> None:
        # Asked once: a request through the manager copies headers and looks for the pool again each time.
        self._pool = pool.connection_from_url(base)
        parsed = urllib3.util.parse_url(base)
        self.host = parsed.netloc or ""
        self._base = (parsed.path or "").rstrip("/")
        self._time_out = urllib3.Timeout(connect=connect, read=read)

    def exchange(
        self, method: str, path: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer | Outcome:
        """One request, never repeated. An Outcome when nothing came back; never raises for what the network does."""
        try:
            response = self._pool.urlopen(
                method, self._base + path, body=body, headers=dict(headers or {}), timeout=self._time_out,
                retries=False, redirect=False, preload_content=False,
            )  # fmt: skip
            content = response.read(LARGEST)
            response.release_conn() if len(content) < LARGEST else response.close()
            return Answer(response.status, content)
        except (NewConnectionError, ConnectTimeoutError):
            return refused_for_now("no connection", "no_connection")
        except ReadTimeoutError:
            return unknown("no answer in time")
        except (HTTPError, OSError) as error:
            return unknown(f"the connection broke ({type(error).__name__})")


def judged(status: int) -> Outcome:
    """What an HTTP status alone says about a message. A gateway's own time-out (504) is a silence, not a refusal."""
    if 200 <= status < 300:
        return SENT
    if status == 504:
        return unknown("HTTP 504")
    if status == 429:
        return refused_for_now("HTTP 429", "throttled")
    if status >= 500:
        return refused_for_now(f"HTTP {status}")
    return refused(f"HTTP {status}")


def pool_of(connections: int, verify: bool = True) -> urllib3.PoolManager:
    """A pool that never has more sockets open than `connections`, and drops those that were idle for long."""
    manager = urllib3.PoolManager(
        num_pools=2, maxsize=connections, block=True, cert_reqs="CERT_REQUIRED" if verify else "CERT_NONE"
    )
    manager.pool_classes_by_scheme = {"http": _FreshHTTP, "https": _FreshHTTPS}
    return manager


class _Fresh(urllib3.HTTPConnectionPool):
    @override
    def _get_conn(self, timeout: float | None = None) -> Any:
        connection = super()._get_conn(timeout)
        if time.monotonic() - getattr(connection, "put_back_at", 0.0) > IDLE:
            connection.close()
        return connection

    @override
    def _put_conn(self, conn: Any) -> None:
        if isinstance(conn, HTTPConnection):
            vars(conn)["put_back_at"] = time.monotonic()
        super()._put_conn(conn)


class _FreshHTTP(_Fresh):
    pass


class _FreshHTTPS(_Fresh, urllib3.HTTPSConnectionPool):
    pass
