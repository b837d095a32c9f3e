"""A county's comparison that is told to run again, as after a relay that died, brings the same events and no others."""

from datetime import date, datetime

from events.agency import Agency
from events.codec import to_kafka
from events.envelope import Event
from events.sla import ObligationWarned
from services.chassis.clock import SHANGHAI
from services.chassis.context import Context
from services.chassis.record import StoredRecord
from services.chassis.work import transaction
from services.referral.handlers import on_sla
from services.referral.service import law_of

AT = datetime(2026, 3, 10, 11, tzinfo=SHANGHAI)


async def test_a_reminder_that_is_told_again_brings_no_other_events(context: Context) -> None:
    context.extras["law"] = law_of(None)
    facts = {
        "residence_code": "220122100",
        "age_years": 5,
        "child_categories": ["migrant"],
        "insured_at_residence": False,
    }
    await context.pool.execute("insert into referral.child values ('c_1', $1, $2)", facts, AT)
    warned = ObligationWarned(
        obligation="o1", number="V26-1", code="T06", visit=False, agency=Agency("civil_affairs", "county", "220122"), to_role="case_lead",
        county="220122", due_on=date(2026, 6, 30), due_at=AT, at=AT, fired_at=AT,
    )  # fmt: skip
    event = Event(
        id="w1", source="/shouhu/220000/tracker", type=warned.TYPE, time=AT, data=warned.model_dump(mode="json")
    )
    headers, value = to_kafka(event)
    told = []
    for offset in range(2):  # the second time a moment later, as after a relay that died
        async with transaction(context, "referral") as work:
            await on_sla(context, work, [StoredRecord("sla", 0, offset, 0, None, value, tuple(headers))])
            told.append([(dict(one.headers)["ce_id"], one.value) for one in work.outgoing])
            work.outgoing.clear()
    assert len(told[0]) == 1
    assert told[0] == told[1]
