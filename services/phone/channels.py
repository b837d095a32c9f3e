"""How the notifier reaches the gateway: the content of a channels file in which every channel rings a phone here."""

from urllib.parse import urlsplit

NAMES = ("sms", "wecom", "voice")


def phone_channels(http: str) -> dict[str, object]:
    """The file's content for a gateway at `http://host:port`; drills ring the same phones."""
    url = f"json://{urlsplit(http).netloc}/phone/api/send"
    return {name: url for name in NAMES} | {"drill": {name: url for name in NAMES}}
