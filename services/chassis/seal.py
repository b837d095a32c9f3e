"""Encryption of the few fields that may not be read by whoever reads the database, and equality without reading.

Keys are files in `$SHOUHU_DATA/keys`, mode 0600. Whoever loses them loses what was sealed: back them up, apart from the
database.
"""

import base64
import fcntl
import hashlib
import hmac
import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import asyncpg
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

log = logging.getLogger(__name__)
ID, NONCE = 4, 12  # bytes


class KeyMissing(RuntimeError):
    """Something in the database was sealed with a key that is not in the key directory."""


class Unsealable(ValueError):
    """The bytes were not sealed by us for this purpose, or were changed."""


def key_id(key: bytes) -> bytes:
    """Four bytes that name a key without telling anything about it."""
    return hashlib.sha256(b"shouhu key id" + key).digest()[:ID]


class Seal:
    """AES-256-GCM with the id of the key in front of each value; HMAC-SHA256 fingerprints for equality."""

    def __init__(self, keys: Mapping[bytes, bytes], current: bytes, fingerprint_key: bytes) -> None:
        self._ciphers = {name: AESGCM(key) for name, key in keys.items()}
        self._current = current
        self._fingerprint_key = fingerprint_key

    @property
    def key_ids(self) -> dict[str, str]:
        """The id of every key at hand -> its purpose, `seal` or `fingerprint`."""
        return {name.hex(): "seal" for name in self._ciphers} | {key_id(self._fingerprint_key).hex(): "fingerprint"}

    @property
    def used(self) -> dict[str, str]:
        """As `key_ids`, but only those that new values are sealed with."""
        return {self._current.hex(): "seal", key_id(self._fingerprint_key).hex(): "fingerprint"}

    def seal(self, plain: bytes, aad: str) -> bytes:
        """Encrypt; `aad` says what the value is (table|column|row), and only the same words open it again."""
        nonce = os.urandom(NONCE)
        return self._current + nonce + self._ciphers[self._current].encrypt(nonce, plain, aad.encode())

    def open(self, sealed: bytes, aad: str) -> bytes:
        """Decrypt. Raises KeyMissing, or Unsealable when the value or its `aad` is not what was sealed."""
        name, nonce, body = sealed[:ID], sealed[ID : ID + NONCE], sealed[ID + NONCE :]
        if name not in self._ciphers:
            raise KeyMissing(f"sealing key {name.hex()} is not in the key directory")
        try:
            return self._ciphers[name].decrypt(nonce, body, aad.encode())
        except InvalidTag:
            raise Unsealable("the value was changed, or sealed for another purpose") from None

    def fingerprint(self, text: str) -> bytes:
        """32 bytes, the same for the same text, in this installation only; no way back to the text without the key."""
        return hmac.digest(self._fingerprint_key, text.encode(), "sha256")


def load_seal(directory: Path) -> Seal:
    """The keys in `directory`/keys; makes them at the first start, with a warning to back them up."""
    keys = directory / "keys"
    keys.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone(keys):
        sealing = sorted(keys.glob("seal-*.key")) or [_make(keys, "seal-0001")]
        fingerprint = sorted(keys.glob("fingerprint-*.key")) or [_make(keys, "fingerprint-0001")]
    by_id = {key_id(key): key for key in map(_read, sealing)}
    return Seal(by_id, key_id(_read(sealing[-1])), _read(fingerprint[-1]))


async def check_keys(seal: Seal, database: asyncpg.Pool | asyncpg.Connection) -> None:
    """Record the keys in use; raises KeyMissing naming every key that the database needs and the directory lacks."""
    needed = await database.fetch("select id, purpose from chassis.sealing_key")
    missing = sorted(f"{purpose} key {name}" for name, purpose in needed if name not in seal.key_ids)
    if missing:
        raise KeyMissing(f"the database needs {', '.join(missing)}; restore the backup of $SHOUHU_DATA/keys")
    await database.executemany(
        "insert into chassis.sealing_key(id, purpose) values ($1, $2) on conflict do nothing", seal.used.items()
    )


@contextmanager
def _alone(directory: Path) -> Iterator[None]:
    with (directory / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make(directory: Path, name: str) -> Path:
    key = os.urandom(32)
    path = directory / f"{name}-{key_id(key).hex()}.key"
    new = path.with_suffix(".new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(base64.b64encode(key) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    new.rename(path)
    log.warning("made the key %s: back it up now, apart from the database; without it sealed data is lost", path)
    return path


def _read(path: Path) -> bytes:
    key = base64.b64decode(path.read_bytes(), validate=False)
    if len(key) != 32:
        raise KeyMissing(f"{path} does not hold a 32-byte key in base64")
    return key
