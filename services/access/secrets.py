"""Random secrets and how they are kept: only their SHA-256 lies in the database."""

import base64
import hashlib
import hmac
import secrets

_BYTES = 32


def new_secret(prefix: str) -> str:
    """A secret of 256 random bits, with a prefix by which leaked ones are recognised."""
    return f"{prefix}_{base64.urlsafe_b64encode(secrets.token_bytes(_BYTES)).decode().rstrip('=')}"


def at_rest(secret: str) -> bytes:
    """What is stored of a secret.

    A plain SHA-256 is enough, unlike for passwords: nobody can try 2^256 values, so a slow hash would buy nothing
    and cost its time on every request.
    """
    return hashlib.sha256(secret.encode()).digest()


def derived(secret: str, purpose: str) -> str:
    """A second secret that whoever holds the first one can compute, and nobody else."""
    return hmac.new(secret.encode(), purpose.encode(), hashlib.sha256).hexdigest()


def matches(one: str, other: str) -> bool:
    """Equality whose duration tells nothing."""
    return hmac.compare_digest(one.encode(), other.encode())
