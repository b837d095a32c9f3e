"""The identity vault: the one place that sees who a child is. It gives a pseudonym, the same for new and known.

At rest an identity is sealed (AES-GCM); equality is decided by a keyed fingerprint. The pseudonym comes from the same
kind of keyed hash under a name of its own, so neither an ID number nor a list of all ID numbers leads to it without
the key file.
"""

import base64
import logging
from collections.abc import Collection
from datetime import date, datetime

import asyncpg
import orjson

from services.chassis.seal import KeyMissing, Seal, Unsealable
from services.intake.documents import Identity

log = logging.getLogger(__name__)

_REF_BYTES = 15  # 120 bits: 24 characters of base32 without padding


async def child_ref(db: asyncpg.Connection, seal: Seal, identity: Identity, source: str, now: datetime) -> str:
    """The pseudonym of a child, made if it is not known yet. `source` is the registered source that asks.

    Without a document, name and birth date prove a child only within one source: two children of one name and one
    birthday, told by two sources, must not become one case.
    """
    words = _equal_by(identity, source)
    ref = _pseudonym(seal, words)
    sealed = seal.seal(orjson.dumps(identity.model_dump(mode="json")), _place(ref))
    known: str | None = await db.fetchval(
        "insert into intake.child(child_ref, fingerprint, document_kind, sealed, first_seen_at)"
        " values ($1, $2, $3, $4, $5) on conflict (fingerprint) do nothing returning child_ref",
        ref, seal.fingerprint(f"child {words}"), identity.document_kind, sealed, now,
    )  # fmt: skip
    return known or ref


async def birth_dates(db: asyncpg.Connection, seal: Seal, refs: Collection[str]) -> dict[str, date]:
    """When those of these children were born whom the vault knows. Stays inside the door: no page or event shows it."""
    if not refs:
        return {}
    rows = await db.fetch("select child_ref, sealed from intake.child where child_ref = any($1)", list(refs))
    born = {}
    for row in rows:
        try:
            identity = orjson.loads(seal.open(row["sealed"], _place(row["child_ref"])))
        except (KeyMissing, Unsealable):
            # A check less is better than an alert less: what the vault cannot open says nothing about the event.
            log.exception("the identity of a child cannot be opened; its age is not checked")
            continue
        born[row["child_ref"]] = date.fromisoformat(identity["birth_date"])
    return born


def _place(ref: str) -> str:
    return f"intake.child|{ref}"


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
