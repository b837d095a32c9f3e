"""Editions in PostgreSQL: put in force by two persons, switched at midnight, and a case keeps the one it was opened under."""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest
from typer.testing import CliRunner, Result

from events.codec import to_kafka
from events.envelope import Event
from events.sla import TimerDue
from services.access import tokens
from services.chassis.clock import SimulatedClock, SystemClock
from services.chassis.context import Context
from services.chassis.record import StoredRecord
from services.chassis.work import transaction
from services.cli.on_database import on_database
from services.cli.rulebook import app
from services.law import PACKAGED
from services.law.calendar import local_day
from services.law.rulebook_file import files_in
from services.referral import editions, handlers
from services.referral.activation import NotAllowed, Person
from services.referral.edition import Edition
from services.referral.laws import Laws
from services.referral.read_rulebook import packaged_edition, read_edition
from tests.integration.referral.conftest import Doors
from tests.unit.referral.clock_examples import jilin
from tests.unit.referral.story_desk import HARM, event

EVENING = jilin("09-09 22:00")  # a Wednesday
TOMORROW = date(2026, 9, 10)
LI, WANG = Person("t_li", "Li"), Person("t_wang", "Wang")
runner = CliRunner()


def other_edition() -> Edition:
    """The packaged one, but a HIGH suspicion of violence gives police a milder profile, and a child missing for six hours too."""
    files = files_in(PACKAGED)
    harm, where = files["routing/harm.yaml"], files["routing/whereabouts.yaml"]
    milder = "{role: primary, kind: police_station, where: occ, profile: P2-GEN, second: [police_command]}"
    assert milder in harm
    files["routing/harm.yaml"] = harm.replace(milder, milder.replace("P2-GEN", "P3-GEN"))
    start = where.index("- id: whereabouts.missing.6h")
    files["routing/whereabouts.yaml"] = where[:start] + where[start:].replace("role: co,", "role: cc,", 1)
    return read_edition(files)


@pytest.fixture
async def laws(context: Context) -> Laws:
    """A referral service as it starts, in the evening, with another edition loaded."""
    context.clock = SimulatedClock(EVENING)
    made = Laws(packaged_edition())
    await made.open(context.pool, EVENING)
    context.extras["laws"] = made
    await editions.store_edition(context.pool, OTHER.id, OTHER.files, "test", EVENING)
    return made


OTHER = other_edition()


async def put_in_force(context: Context, *who: Person, at: datetime = EVENING) -> list[str]:
    steps: list[str] = []
    for person in who:
        async with context.pool.acquire() as db, db.transaction():
            steps.append(await editions.activate(db, OTHER.id, TOMORROW, person, at))
    return steps


async def hear(context: Context, told: Event, at: datetime) -> None:
    assert isinstance(context.clock, SimulatedClock)
    context.clock.move_to(at)
    headers, value = to_kafka(told)
    record = StoredRecord("child-events", 0, 0, int(at.timestamp() * 1000), None, value, tuple(headers))
    async with transaction(context, "referral") as work:
        await handlers.on_child_events(context, work, [record])


async def police_profile(context: Context, event_id: str) -> str:
    found: str = await context.pool.fetchval(
        "select profile from referral.referral where event_id = $1 and role = 'primary'", event_id
    )
    return found


async def test_one_proposes_another_approves_and_nobody_does_both(context: Context, laws: Laws) -> None:
    assert await put_in_force(context, LI) == ["propose"]
    with pytest.raises(NotAllowed, match="proposed by the same person"):
        await put_in_force(context, LI)
    with pytest.raises(NotAllowed, match="same person"):
        await put_in_force(context, Person("t_li", "the same token by another name"))
    await laws.ready(context.pool, EVENING + timedelta(hours=3))
    assert laws.at(jilin("09-10 00:00")).rulebook.edition == packaged_edition().id  # proposed only: nothing changes
    assert await put_in_force(context, WANG) == ["approve"]
    with pytest.raises(NotAllowed, match="approved already, by Wang"):
        await put_in_force(context, Person("t_third", "Zhao"))
    row = await context.pool.fetchrow("select * from referral.activation_view")
    assert row is not None
    assert (row["proposed_by"], row["approved_by"], row["approved_at"]) == ("t_li", "t_wang", EVENING)


async def test_two_tokens_of_one_person_are_one_person(context: Context, laws: Laws) -> None:
    await put_in_force(context, Person("t_1", "Li", "p_li"))
    with pytest.raises(NotAllowed, match="same person"):
        await put_in_force(context, Person("t_2", "Li's other token", "p_li"))


async def test_a_day_that_has_begun_is_decided(context: Context, laws: Laws) -> None:
    with pytest.raises(NotAllowed, match="2026-09-10 has begun"):
        await put_in_force(context, LI, at=jilin("09-10 00:00"))
    await put_in_force(context, LI)
    with pytest.raises(NotAllowed, match="2026-09-10 has begun"):
        await put_in_force(context, WANG, at=jilin("09-10 00:00"))


async def test_an_edition_that_is_not_loaded_cannot_be_proposed(context: Context, laws: Laws) -> None:
    with pytest.raises(NotAllowed, match="is not loaded"):
        async with context.pool.acquire() as db, db.transaction():
            await editions.activate(db, "2020-01-01+nothing", TOMORROW, LI, EVENING)


async def test_what_was_approved_may_be_withdrawn_until_its_day_begins(context: Context, laws: Laws) -> None:
    await put_in_force(context, LI, WANG)
    async with context.pool.acquire() as db, db.transaction():
        await editions.withdraw(db, OTHER.id, TOMORROW, LI, EVENING)
    await laws.ready(context.pool, jilin("09-10 00:00"))
    assert laws.at(jilin("09-10 12:00")).rulebook.edition == packaged_edition().id
    await put_in_force(context, WANG, LI)  # proposed anew
    with pytest.raises(NotAllowed, match="is in force since 2026-09-10"):
        async with context.pool.acquire() as db, db.transaction():
            await editions.withdraw(db, OTHER.id, TOMORROW, LI, jilin("09-10 00:00"))


async def test_the_services_switch_at_midnight_without_a_restart(context: Context, laws: Laws) -> None:
    await hear(context, event(HARM, EVENING, "before", "c_0"), EVENING)
    await put_in_force(context, LI, WANG)
    last, first = jilin("09-09 23:59:59"), jilin("09-10 00:00")
    await hear(context, event(HARM, last, "last", "c_1"), last)
    await hear(context, event(HARM, first, "first", "c_2"), first)
    await hear(
        context, event(HARM, last, "late", "c_3"), first + timedelta(minutes=5)
    )  # T decides, not when it is handled
    assert [await police_profile(context, name) for name in ("before", "last", "first", "late")] == [
        "P2-GEN", "P2-GEN", "P3-GEN", "P2-GEN"]  # fmt: skip
    found = await context.pool.fetch("select event_id, edition from referral.decision_view")
    assert {row["event_id"] for row in found if row["edition"] == OTHER.id} == {"first"}


async def test_a_case_keeps_its_edition_and_what_is_new_is_decided_by_the_new_one(context: Context, laws: Laws) -> None:
    await hear(context, event("child.missing", EVENING, "gone", "c_1"), EVENING)
    await put_in_force(context, LI, WANG)
    morning = jilin("09-10 04:00")
    await hear(context, event(HARM, morning, "harm", "c_1"), morning)
    timer = await context.pool.fetchrow("select * from referral.timer where what = 'missing.6h'")
    assert timer is not None
    due = TimerDue(timer=timer["id"], case=timer["case_id"], what="missing.6h", at=timer["due_at"], fired_at=morning)
    await sla(context, due, morning)
    case = await context.pool.fetchrow("select * from referral.case_view")
    assert case is not None
    assert case["edition"] == packaged_edition().id
    assert await police_profile(context, "harm") == "P3-GEN"
    roles = await context.pool.fetch(
        "select role, detail->>'rules' as rules from referral.referral where event_id = 'gone'"
    )
    assert {row["role"] for row in roles if "whereabouts.missing.6h" in row["rules"]} == expected_roles()


def expected_roles() -> set[str]:
    """What the packaged edition, not the other, asks for after six hours."""
    (rule,) = packaged_edition().rulebook.by_timer["missing.6h"]
    assert rule.to != OTHER.rulebook.by_timer["missing.6h"][0].to
    return {recipient.role for recipient in rule.to}


async def sla(context: Context, due: TimerDue, at: datetime) -> None:
    told = Event(id="t", source="/shouhu/220000/tracker", type=due.TYPE, time=at, data=due.model_dump(mode="json"))
    headers, value = to_kafka(told)
    record = StoredRecord("sla", 0, 0, int(at.timestamp() * 1000), None, value, tuple(headers))
    async with transaction(context, "referral") as work:
        await handlers.on_sla(context, work, [record])


async def test_an_edition_that_a_later_programme_cannot_read_leaves_the_running_one(
    context: Context, laws: Laws
) -> None:
    await put_in_force(context, LI, WANG)
    await context.pool.execute(
        """update referral.edition set files = '{"routing/x.yaml": "- id: ["}' where id = $1""", OTHER.id
    )
    noon = jilin("09-10 12:00")
    await hear(context, event(HARM, noon, "e", "c_1"), noon)
    assert await police_profile(context, "e") == "P2-GEN"


async def test_the_same_over_http(doors: Doors) -> None:
    pool, clock = doors.world.context.pool, doors.world.context.clock
    await editions.store_edition(pool, OTHER.id, OTHER.files, "test", clock.now())
    wanted = {"edition": OTHER.id, "from": "2026-09-10"}

    async def post(path: str, who: str) -> tuple[int, str]:
        answer = await doors.http.post(f"/api/v1/rulebook/{path}", json=wanted, headers=doors.headers[who])
        return answer.status_code, answer.json().get("state") or answer.json()["detail"]

    assert (await post("activations", "station"))[0] == 403
    assert await post("activations", "ops") == (200, "proposed")
    assert (await post("activations", "ops"))[0] == 409
    assert await post("activations", "ops2") == (200, "approved")
    told = (await doors.get("/rulebook/editions")).json()
    assert told["in_force"] is None
    assert [a["state"] for a in told["activations"]] == ["approved"]
    assert await post("withdrawals", "ops") == (200, "withdrawn")


@pytest.fixture
def command(database: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Result]:
    """`shouhu rulebook …` on the test's database."""
    monkeypatch.setenv("SHOUHU_POSTGRES", database)
    monkeypatch.setenv("SHOUHU_DATA", str(tmp_path))
    monkeypatch.delenv("SHOUHU_RULEBOOK", raising=False)
    return lambda *arguments: runner.invoke(app, [*arguments, "--json"])


def test_the_commands_know_a_person_by_the_token(command: Callable[..., Result], database: str, tmp_path: Path) -> None:
    async def prepare(db: asyncpg.Connection) -> None:
        await editions.store_edition(db, OTHER.id, OTHER.files, "test", EVENING)
        for name in ("li", "wang"):
            made = await tokens.create(db, role="operations", name=name, now=EVENING)
            (tmp_path / name).write_text(made.secret)
        (tmp_path / "officer").write_text(
            (await tokens.create(db, role="officer", name="o", person_id="p", now=EVENING)).secret
        )

    on_database(prepare)
    day = (local_day(SystemClock().now()) + timedelta(days=3)).isoformat()

    def activate(who: str, name: str = "activate") -> tuple[int, str]:
        done = command(name, OTHER.id, "--from", day, "--token-file", str(tmp_path / who))
        told = json.loads(done.stdout)
        return done.exit_code, told.get("state") or told["faults"][0]

    assert activate("nobody")[1].startswith("--token-file:")
    assert "expected a valid token of role operations" in activate("officer")[1]
    assert activate("li") == (0, "proposed")
    assert activate("li")[0] == 1
    assert activate("wang") == (0, "approved")
    (listed,) = json.loads(command("list").stdout)["activations"]
    assert (listed["from_date"], listed["proposed_name"], listed["approved_name"]) == (day, "li", "wang")
    assert activate("li", "withdraw") == (0, "withdrawn")


def test_a_wrong_rulebook_is_not_loaded_by_halves(command: Callable[..., Result], tmp_path: Path) -> None:
    wrong = tmp_path / "wrong"
    for name, text in files_in(PACKAGED).items():
        (wrong / name).parent.mkdir(parents=True, exist_ok=True)
        (wrong / name).write_text(text.replace("kind: procuratorate,", "kind: wizards,", 1), "utf-8")
    refused = command("load", str(wrong))
    assert refused.exit_code == 1
    assert any("kind wizards is not in the directory" in fault for fault in json.loads(refused.stdout)["faults"])
    assert json.loads(command("list").stdout)["editions"] == []
