"""The list of child-related 12345 items: what is on it, what is not, and who may read it."""

import pytest

from events.agency import Agency
from events.codec import to_kafka
from events.envelope import Event
from services.access import tokens
from services.chassis.record import StoredRecord
from services.chassis.work import transaction
from services.directory.people import Assignment, Person
from services.directory.posts import Post
from services.notifier.roster_store import replace_assignments
from services.referral.hotline import hotline_items, is_item
from tests.integration.referral.conftest import AT, Doors

LINE = "/digital_gov/220100/12345"


def lead(id_: str, class_: str | None, source: str = LINE, exercise: bool = False, **data: object) -> Event:
    told = {"channel": "12345", "child_known": False, "occurrence_code": "220122", "address_hash": f"h:{id_}",
            "confidence": "suspected", "occurred_at": AT.isoformat()}  # fmt: skip
    return Event(id=id_, source=source, type="hotline.lead.received.v1", time=AT, exercise=exercise,
                 data=told | ({"class": class_} if class_ else {}) | data)  # fmt: skip


async def take_in(doors: Doors, *events: Event) -> None:
    for event in events:
        headers, value = to_kafka(event)
        doors.sent += 1
        at = int(doors.world.clock.now().timestamp() * 1000)
        await doors.world.take_in(StoredRecord("in.sample", 0, doors.sent, at, None, value, tuple(headers)))


async def test_an_item_shows_its_class_county_and_answer_and_no_child(doors: Doors) -> None:
    await take_in(doors, lead("h1", "neglect"), lead("h2", None))
    items = (await doors.get("/hotline-items")).json()["items"]
    assert items[0] == {"source": LINE, "item": "h1", "class": "neglect", "county": "220122", "state": "sent", "outcome": None,
                        "accepted_at": AT.isoformat()}  # fmt: skip
    assert [(i["item"], i["class"]) for i in items] == [("h1", "neglect"), ("h2", None)]
    assert (await doors.get("/hotline-items", since="2026-09-10T00:00:00+08:00")).json() == {"items": []}
    assert (await doors.get("/hotline-items", since="yesterday")).status_code == 422


async def test_what_is_sealed_is_on_no_list_not_even_later(doors: Doors) -> None:
    await take_in(doors, lead("h1", "sexual_abuse"), lead("h2", "neglect"))
    async with doors.world.context.pool.acquire() as db:
        assert [item["item"] for item in await hotline_items(db)] == ["h2"]
        await db.execute("update referral.referral set fact = jsonb_set(fact, '{classification}', '\"C4\"')")
        assert await hotline_items(db) == []  # its case has become a sealed one


@pytest.mark.parametrize(
    "event", [lead("h1", "neglect", source="/youth_league/220100/12355"), lead("h1", "neglect", exercise=True)]
)
def test_other_lines_and_drills_are_no_items(event: Event) -> None:
    assert not is_item(event)


async def test_operations_and_civil_affairs_of_the_province_read_it_and_nobody_else(doors: Doors) -> None:
    province = Post(Agency("civil_affairs", "province", "220000"), "duty_officer")
    async with transaction(doors.world.context, "notifier") as work:
        await replace_assignments(work.db, [Assignment(province, (Person("p_province", "省厅", {"sms": "sms-p"}),))])
    made = await tokens.create(
        doors.world.context.pool, role="officer", name="province", person_id="p_province", now=AT
    )
    doors.headers["province"] = {"Authorization": f"Bearer {made.secret}"}
    answers = {
        who: (await doors.get("/hotline-items", who)).status_code
        for who in ("ops", "province", "civil", "lead", "hospital")
    }
    assert answers == {"ops": 200, "province": 200, "civil": 404, "lead": 404, "hospital": 404}
