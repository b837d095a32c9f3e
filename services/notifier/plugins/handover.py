# mypy: disallow-untyped-calls=False
# (apprise's classes have no annotations)
"""json:// and shouhu:// with an outcome: apprise's own JSON plugin waits between messages, opens a connection for each
and answers True or False, which cannot tell a refusal from a silence.
"""

import base64
from collections.abc import Mapping
from typing import Any

import orjson
import urllib3
from apprise import NotificationManager
from apprise.plugins.custom_json import NotifyJSON
from typing_extensions import override
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, ReadTimeoutError

from services.notifier.outcome import Outcome, refused_for_now, unknown
from services.notifier.plugins.connection import judged, pool_of


class Handover(NotifyJSON):
    """A JSON POST whose answer is read. It carries the message's own fields beside apprise's `message` and `title`."""

    service_name = "Shouhu"
    protocol = "shouhu"
    secure_protocol = "shouhus"
    request_rate_per_sec = 0
    title_maxlen = 0
    attachment_support = False

    def __init__(self, pool: urllib3.PoolManager | None = None, **given: Any) -> None:
        super().__init__(**given)
        self.pool = pool or pool_of(1)
        port = f":{self.port}" if isinstance(self.port, int) else ""
        self.address = f"{'https' if self.secure else 'http'}://{self.host}{port}{self.fullpath}"
        # Asked once: a request through the manager copies headers and looks for the pool again each time.
        self.way = self.pool.connection_from_url(self.address)
        self.path = urllib3.util.parse_url(self.address).request_uri
        self.sent_headers = {"Content-Type": "application/json", "User-Agent": "shouhu", **self.headers}
        if self.user:
            pair = base64.b64encode(f"{self.user}:{self.password or ''}".encode()).decode()
            self.sent_headers["Authorization"] = f"Basic {pair}"
        self.time_out = urllib3.Timeout(connect=self.socket_connect_timeout, read=self.socket_read_timeout)

    @override
    def send(self, body: str, title: str = "", notify_type: object = None, attach: object = None, **_: object) -> bool:
        """What apprise calls: True if the receiver took it."""
        return self.hand_over({"text": body, "message": body, "title": title}).result == "sent"

    def hand_over(self, fields: Mapping[str, object]) -> Outcome:
        """Post the fields once; never raises for what the network or the receiver does."""
        try:
            response = self.way.urlopen(
                str(self.method), self.path,
                body=orjson.dumps({**fields, **self.payload_extras}), headers=self.sent_headers, timeout=self.time_out,
                retries=False, redirect=False, preload_content=False,
            )  # fmt: skip
        except (NewConnectionError, ConnectTimeoutError):
            return refused_for_now("no connection", "no_connection")
        except ReadTimeoutError:
            return unknown("no answer in time")
        except (HTTPError, OSError) as error:
            return unknown(f"the connection broke ({type(error).__name__})")
        _finish(response)
        return judged(response.status)


def _finish(response: urllib3.BaseHTTPResponse) -> None:
    """Give the connection back if the answer is short, else close it: the status is what counts."""
    try:
        length = int(response.headers.get("content-length", "-1"))
        if 0 <= length <= 4096:
            response.read()
            response.release_conn()
        else:
            response.close()
    except (HTTPError, OSError, ValueError):
        response.close()


NotificationManager().add(Handover)
