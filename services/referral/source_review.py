"""Publishes which sources of the edition in force a person should look at again, so that operations see it without a command."""

from services.chassis.context import Context
from services.chassis.work import transaction
from services.referral.laws import laws_of
from services.referral.rules import LegalSource

WRITE = """insert into referral.source_review (id, title, number, status, last_checked)
  select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::date[])
  on conflict (id) do update set title = excluded.title, number = excluded.number, status = excluded.status,
  last_checked = excluded.last_checked"""
FORGET = "delete from referral.source_review where not (id = any($1::text[]))"


async def publish_reviews(context: Context) -> None:
    """The table says what the edition in force says; the same again changes nothing."""
    async with transaction(context, "referral") as work:
        found: list[LegalSource] = [
            source for source in laws_of(context).at(work.now).rulebook.sources.values() if source.status != "in_force"
        ]
        await work.db.execute(FORGET, [source.id for source in found])
        await work.db.execute(
            WRITE, [source.id for source in found], [source.title for source in found], [source.number for source in found],
            [source.status for source in found], [source.last_checked for source in found],
        )  # fmt: skip
