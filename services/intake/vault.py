"""The identity vault: the one place that sees who a child is. It gives a pseudonym, the same for new and known.

At rest an identity is sealed (AES-GCM); equality is decided by a keyed fingerprint. The pseudonym comes from the same
kind of keyed hash under a name of its own, so neither an ID number nor a list of all ID numbers leads to it without
the key file.
"""

import base64
from datetime import datetime

import asyncpg
import orjson

from services.chassis.seal import Seal
from services.intake.documents import Identity

_REF_BYTES = 15  # 120 bits: 24 characters of base32 without padding


async def child_ref(db: asyncpg.Connection, seal: Seal, identity: Identity, source: str, now: datetime) -> str:
    """The pseudonym of a child, made if it is not known yet. `source` is the registered source that asks.

    Without a document, name and birth date prove a child only within one source: two children of one name and one
    birthday, told by two sources, must not become one case.
    """
    words = _equal_by(identity, source)
    ref = _pseudonym(seal, words)
    sealed = seal.seal(orjson.dumps(identity.model_dump(mode="json")), f"intake.child|{ref}")
    known: str | None = await db.fetchval(
        "insert into intake.child(child_ref, fingerprint, document_kind, sealed, first_seen_at)"
        " values ($1, $2, $3, $4, $5) on conflict (fingerprint) do nothing returning child_ref",
        ref, seal.fingerprint(f"child {words}"), identity.document_kind, sealed, now,
    )  # fmt: skip
    return known or ref


def _equal_by(identity: Identity, source: str) -> str:
    if identity.document_kind == "none":
        return canonical([identity.document_kind, source, identity.name, identity.birth_date.isoformat()])
    return canonical([identity.document_kind, identity.number])


def canonical(words: list[str]) -> str:
    """Words as one string from which no other list of words can come."""
    return orjson.dumps(words).decode()


def _pseudonym(seal: Seal, words: str) -> str:
    keyed = seal.fingerprint(f"child_ref {words}")[:_REF_BYTES]
    return "c_" + base64.b32encode(keyed).decode().lower()
