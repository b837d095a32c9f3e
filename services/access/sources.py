"""The registry of sources: added, listed, looked up by name."""

from datetime import datetime

import asyncpg

from services.access.db import Db
from services.access.registration import ANY, Registration

SAMPLE = Registration("sample", "sample", "220000", (ANY,), sample=True)

_SELECT = """
select name, kind, area, types, sample, array(
    select '/' || o.kind || '/' || o.area || '/' || o.name from access.source o
    where (o.kind, o.area) = (s.kind, s.area) and o.name <> s.name) as reserved
from access.source s
"""
_ADD = """
insert into access.source as s(name, kind, area, types, sample, registered_at) values ($1, $2, $3, $4, $5, $6)
on conflict (name) do update set kind = $2, area = $3, types = $4
where (s.kind, s.area, s.types) is distinct from ($2, $3, $4::text[]) and s.kind <> 'shouhu' and s.sample = $5
returning name
"""


async def add(db: Db, registration: Registration, now: datetime) -> bool:
    """Register a source, or change what a registered one may send; False if nothing changed.

    Raises ValueError when the name is one of the product's own.
    """
    r = registration
    if await db.fetchval(_ADD, r.name, r.kind, r.area, list(r.types), r.sample, now) is not None:
        return True
    known = await registered(db, r.name)
    if known is None or (known.kind, known.area, known.types, known.sample) != (r.kind, r.area, r.types, r.sample):
        raise ValueError(f"name: {r.name} is one of the product's own sources; choose another")
    return False


async def registered(db: Db, name: str) -> Registration | None:
    """The source of that name."""
    row = await db.fetchrow(_SELECT + "where s.name = $1", name)
    return None if row is None else _registration(row)


async def listed(db: Db) -> list[Registration]:
    """Every source, by name."""
    return [_registration(row) for row in await db.fetch(_SELECT + "order by s.name")]


def _registration(row: asyncpg.Record) -> Registration:
    return Registration(**{**row, "types": tuple(row["types"]), "reserved": frozenset(row["reserved"])})
