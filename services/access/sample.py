"""Sample access for demo and tests: a source and three tokens in files, only ever on a loopback address."""

import ipaddress
import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from services.access import sources, tokens
from services.access.db import Db
from services.access.roles import Role
from services.chassis.settings import SettingsFault

_TOKENS: Mapping[str, Role] = {
    "sample-source": "source",
    "sample-officer": "officer",
    "sample-operations": "operations",
}


class NotLoopback(SettingsFault):
    """Sample access was asked for, or is still valid, where others could reach it."""

    def __init__(self, why: str) -> None:
        super().__init__([f"SHOUHU_HTTP: {why}"])


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches the address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def token_file(data: Path, name: str) -> Path:
    """Where a sample token lies: `sample-source`, `sample-officer`, `sample-operations`."""
    return data / f"{name}.token"


async def register_sample_source(db: Db, now: datetime) -> None:
    """The source `sample` with its topic `in.sample`; it may send every type. A repeat changes nothing."""
    await sources.add(db, sources.SAMPLE, now)


async def load_sample_access(db: Db, data: Path, host: str, now: datetime) -> None:
    """Sample source and tokens, the tokens' secrets in files of `data` with mode 0600; those that are valid are kept.

    Raises NotLoopback unless `host`, on which we shall listen, is a loopback address.
    """
    if not is_loopback(host):
        raise NotLoopback(
            f"sample data and sample tokens are refused on {host}, where anybody could use them; "
            "expected a loopback address such as 127.0.0.1:8080, or a start without --sample"
        )
    await register_sample_source(db, now)
    for name, role in _TOKENS.items():
        file = token_file(data, name)
        if file.exists() and await tokens.caller_of(db, file.read_text().strip(), now):
            continue
        made = await tokens.create(
            db, role=role, name=name, now=now, source="sample" if role == "source" else None, sample=True
        )
        _write(file, made.secret)


async def refuse_sample_access_elsewhere(db: Db, host: str, now: datetime) -> None:
    """Called whenever a door opens: raises NotLoopback if sample tokens are valid and `host` is no loopback address."""
    if is_loopback(host):
        return
    valid = await db.fetchval(
        "select count(*) from access.token where sample and revoked_at is null"
        " and (expires_at is null or expires_at > $1)", now,
    )  # fmt: skip
    if valid:
        raise NotLoopback(
            f"{valid} sample tokens are valid in this database, and {host} can be reached by others; "
            "expected a loopback address such as 127.0.0.1:8080, or end them: shouhu token revoke --sample"
        )


async def revoke_sample_tokens(db: Db, now: datetime) -> int:
    """End every sample token; returns how many."""
    rows = await db.fetch(
        "update access.token set revoked_at = $1 where sample and revoked_at is null returning id", now
    )
    return len(rows)


def _write(file: Path, secret: str) -> None:
    new = file.with_suffix(".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(secret + "\n")
    new.rename(file)
