"""What is written of the digests; once per child and event."""

from collections.abc import Sequence

from services.chassis.database import Db
from services.referral.digest import Digest

WRITE = """insert into referral.digest
  select d.child_ref, d.event_source, d.event_id, d.at, d.kind, d.level, d.area, d.to_role, d.list_items, d.exercise
  from unnest($1::referral.digest[]) d on conflict do nothing"""


async def save_digests(db: Db, digests: Sequence[Digest]) -> None:
    """Write what the child directors are told; nothing to write, nothing asked."""
    if digests:
        await db.execute(WRITE, [digest.row() for digest in digests])
