"""Runs a county's comparison when it is about to fall due: what each child on file there is due, and what waited for it (P09)."""

from datetime import datetime

from services.chassis.work import Work
from services.referral import store
from services.referral.case import END_STATES
from services.referral.comparison import comparison_events
from services.referral.follow_up import after_comparison
from services.referral.laws import Laws
from services.referral.publish import publish
from services.referral.save import save
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


# Owners of a matter of E05 that a prison reported who have told nothing of it so far; the prison helps from the comparison on (P09).
INMATES_CHILDREN = """select r.id, r.case_id from referral.referral r join referral.case c on c.id = r.case_id
  where r.state not in ('closed', 'returned', 'redirected', 'cancelled', 'void') and c.state = 'open' and c.county = $1 and r.role = 'primary'
    and r.fact->>'event_type' like 'guardian.imprisoned.%' and r.event_source like '/prison/%' and not exists (
      select from referral.referral p where p.case_id = r.case_id and p.child is not distinct from r.child and p.fact->'list_items' @> '["P09"]')
  order by r.id"""


async def ask_prisons(work: Work, laws: Laws, county: str, at: datetime) -> int:
    """Ask each prison that holds a guardian of a child of the county to help, where the owner's first report did not; returns how many."""
    rows = await work.db.fetch(INMATES_CHILDREN, county)
    if not rows:
        return 0
    desk = await store.desk_of(work.db, {row["case_id"] for row in rows})
    await laws.ready(work.db, at, {case.edition for case in desk.cases.values()})
    for row in rows:
        case = desk.cases[row["case_id"]]
        referral = case.referrals[row["id"]]
        after_comparison(
            laws.of(case.edition, at), case, referral, desk.registry.get(referral.fact.child or "", {}), at
        )
    await save(work.db, desk, (), at)
    publish(work, desk)
    return len(rows)
