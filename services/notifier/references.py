"""Secrets of the channels file: `${env:NAME}` or `${file:/path}` stands where the secret belongs."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

_REFERENCE = re.compile(r"\$\{(env|file):([^}]+)\}")


class Missing(ValueError):
    """What a reference names is not there; the message names the reference, never a secret."""


def resolved(text: str, *, in_url: bool = False, environ: Mapping[str, str] = os.environ) -> str:
    """The text with its references replaced, in a URL percent-encoded. Raises Missing."""

    def secret(found: re.Match[str]) -> str:
        kind, name = found.groups()
        value = environ.get(name) if kind == "env" else _content(name)
        if not value:
            raise Missing(
                f"${{{kind}:{name}}} is not set" if kind == "env" else f"${{{kind}:{name}}} cannot be read, or is empty"
            )
        return quote(value, safe="") if in_url else value

    return _REFERENCE.sub(secret, text)


def _content(name: str) -> str | None:
    try:
        return Path(name).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None
