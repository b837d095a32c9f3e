"""Runs a county's comparison when it is about to fall due: reads the children on file there, and publishes what each is due."""

from datetime import datetime

from services.chassis.work import Work
from services.referral.case import END_STATES
from services.referral.comparison import comparison_events
from services.referral.service_list import ServiceList

# Children read at once. A county may have tens of thousands: without a question to the database in between, its transaction
# would be ended as idle (5 s), for ever anew, and nothing else of this process would go on meanwhile.
AT_ONCE = 500
CHILDREN = """select child_ref, facts from referral.child where left(facts->>'residence_code', 6) = $1 and child_ref > $2
  order by child_ref limit $3"""
HELD = """select child, array_agg(fact->'list_items') as items from referral.referral
  where child = any($1::text[]) and role <> 'cc' and state <> all($2::text[]) and jsonb_array_length(fact->'list_items') > 0 group by child"""


async def compare_county(work: Work, services: ServiceList, county: str, at: datetime, cause: str) -> int:
    """How many events were published; the same comparison gives the same events (their ids follow from its cause)."""
    made, after = 0, ""
    while children := await work.db.fetch(CHILDREN, county, after, AT_ONCE):
        after = children[-1]["child_ref"]
        rows = await work.db.fetch(HELD, [row["child_ref"] for row in children], sorted(END_STATES))
        held = {row["child"]: {code for items in row["items"] for code in items} for row in rows}
        for row in children:
            child = row["child_ref"]
            for event in comparison_events(services, child, row["facts"], held.get(child, set()), at, cause):
                work.publish("in.shouhu", child, event)
                made += 1
    return made
