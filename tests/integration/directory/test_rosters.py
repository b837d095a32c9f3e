"""Rosters on a real PostgreSQL: loaded whole or not at all, looked at ahead, written back, told by, verified."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest
from typer.testing import CliRunner, Result

from services.chassis.clock import SystemClock
from services.cli.directory import app
from services.directory.people import Assignment, Person
from services.directory.posts import parse_post
from services.directory.sample import sample_people
from services.directory.working_days import known_days, working_days
from services.law.calendar import SHANGHAI, local_day
from services.notifier.outcome import SENT, Outcome
from services.notifier.parcel import Lane, Parcel
from services.notifier.plan_store import leave_of, plans_of
from services.notifier.roster import chain, needed_keys, next_person
from services.notifier.roster_store import duty_posts, load_holders, replace_assignments
from services.notifier.verification import Contact, NotSent, confirm, send_code, unverified

DESK = "education@county/220122/duty_officer"
LEADER = "education@county/220122/duty_leader"
NIGHT = datetime(2026, 11, 3, 20, 0, tzinfo=SHANGHAI)

ROSTER = """\
rosters:
  - kind: education
    level: county
    area: "220122"
    function: duty_officer
    shifts:
      - {name: 夜班, from: "17:30", to: "08:30", rotation: {every: day, start: 2026-11-02, groups: [[王一], [b]]}}
leave:
  - {person: b, from: 2026-11-05, to: 2026-11-06}
"""


@pytest.fixture
def shouhu_directory(database: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Awaitable[Result]]:
    """`shouhu directory …`, in a thread of its own, for a command starts an event loop of its own."""
    monkeypatch.setenv("SHOUHU_POSTGRES", database)

    async def run(*arguments: str) -> Result:
        return await asyncio.to_thread(CliRunner().invoke, app, list(arguments))

    return run


Command = Callable[..., Awaitable[Result]]


async def people(db: asyncpg.Connection) -> None:
    """Two officers and a leader."""
    a, b, leader = (
        Person(i, n, {"sms": f"1380000000{k}"})
        for k, (i, n) in enumerate([("a", "王一"), ("b", "李二"), ("l", "钱四")])
    )
    await replace_assignments(db, [Assignment(parse_post(DESK), (a, b)), Assignment(parse_post(LEADER), (leader,))])


async def told(db: asyncpg.Connection, at: datetime) -> tuple[str, str]:
    posts = chain(parse_post(DESK), "220122", local_day(at))
    seat = next_person(posts, await load_holders(db, needed_keys(posts)), failed=(), at=at.astimezone(UTC))
    assert seat is not None
    return seat.person.id, seat.stage


async def test_whoever_has_the_shift_is_told_and_the_leader_where_there_is_none(
    db: asyncpg.Connection, shouhu_directory: Command, tmp_path: Path
) -> None:
    await people(db)
    (tmp_path / "r.yaml").write_text(ROSTER, encoding="utf-8")
    done = await shouhu_directory("load", str(tmp_path / "r.yaml"), "--json")
    assert json.loads(done.stdout) == {"posts": 0, "people": 0, "rosters": 1, "leave": 1, "faults": []}
    assert await told(db, NIGHT) == ("b", "post")
    assert await told(db, NIGHT + timedelta(days=1)) == ("a", "post")
    assert await told(db, NIGHT + timedelta(hours=14)) == ("l", "leader")  # ten in the morning
    assert await told(db, NIGHT + timedelta(days=2)) == ("l", "leader")  # on leave


async def test_only_whoever_has_the_shift_is_on_duty_for_the_post(
    db: asyncpg.Connection, shouhu_directory: Command, tmp_path: Path
) -> None:
    await people(db)
    (tmp_path / "r.yaml").write_text(ROSTER, encoding="utf-8")
    await shouhu_directory("load", str(tmp_path / "r.yaml"))
    assert await duty_posts(db, "b", NIGHT) == {DESK}
    assert await duty_posts(db, "a", NIGHT) == frozenset()
    assert await duty_posts(db, "l", NIGHT) == {LEADER}  # no shift plan: day and night


async def test_an_empty_roster_puts_the_post_back_to_day_and_night(
    db: asyncpg.Connection, shouhu_directory: Command, tmp_path: Path
) -> None:
    await people(db)
    for text in (ROSTER, ROSTER.split("    shifts:")[0]):
        (tmp_path / "r.yaml").write_text(text, encoding="utf-8")
        assert (await shouhu_directory("load", str(tmp_path / "r.yaml"))).exit_code == 0
    assert await plans_of(db) == []
    assert await told(db, NIGHT + timedelta(hours=14)) == ("a", "post")


async def test_a_wrong_roster_loads_nothing_of_any_file(
    db: asyncpg.Connection, shouhu_directory: Command, tmp_path: Path
) -> None:
    await people(db)
    (tmp_path / "a.yaml").write_text(ROSTER, encoding="utf-8")
    (tmp_path / "b.csv").write_text(
        "机构类别,层级,区划代码,岗位,日期,班次,开始,结束,值班人员\n"
        "education,county,220122,duty_leader,2026-11-05,夜班,17:30,08:30,孙五\n",
        encoding="utf-8",
    )
    done = await shouhu_directory("load", str(tmp_path), "--json")
    assert done.exit_code == 1
    assert [(f["file"], f["line"], f["column"]) for f in json.loads(done.stdout)["faults"]] == [("b.csv", 2, 9)]
    assert (await plans_of(db), await leave_of(db)) == ([], [])


async def test_the_coming_days_are_shown_with_their_holes_and_check_warns_of_them(
    db: asyncpg.Connection, shouhu_directory: Command, tmp_path: Path
) -> None:
    await people(db)
    assert "day and night" in (await shouhu_directory("roster", "preview")).stdout
    (tmp_path / "r.yaml").write_text(ROSTER.split("leave:")[0], encoding="utf-8")
    await shouhu_directory("load", str(tmp_path / "r.yaml"))
    done = await shouhu_directory("roster", "preview", "--days", "3", "--post", DESK)
    assert done.exit_code == 1
    assert "!!" in done.stdout
    assert "王一(a)" in done.stdout
    (ahead,) = json.loads((await shouhu_directory("roster", "preview", "--days", "30", "--json")).stdout)
    stretches = ahead["stretches"]
    assert ahead["stands_in"] == LEADER
    assert [s["to"] for s in stretches[:-1]] == [s["from"] for s in stretches[1:]]
    assert {bool(s["people"]) for s in stretches if not s["hole"]} == {True}
    found = json.loads((await shouhu_directory("check", "--json", "--area", "220122")).stdout)
    assert {hole["post"] for hole in found["holes"]} == {DESK}
    assert {hole["stands_in"] for hole in found["holes"]} == {LEADER}


async def test_check_is_clean_for_the_sample_and_a_roster_without_holes(
    db: asyncpg.Connection, shouhu_directory: Command, tmp_path: Path
) -> None:
    await replace_assignments(db, sample_people(local_day(SystemClock().now())))
    assert (await shouhu_directory("check")).exit_code == 0
    whole = ROSTER.split("leave:")[0].replace("17:30", "08:30").replace("王一", f"sample:{DESK}:1")
    (tmp_path / "r.yaml").write_text(whole.replace("[b]", f"['sample:{DESK}:2']"), encoding="utf-8")
    assert (await shouhu_directory("load", str(tmp_path / "r.yaml"))).exit_code == 0
    done = await shouhu_directory("check", "--json")
    assert (done.exit_code, json.loads(done.stdout)["holes"]) == (0, [])
    await replace_assignments(db, [Assignment(parse_post(DESK), ())])
    found = json.loads((await shouhu_directory("check", "--json")).stdout)
    assert found["strangers"] == [{"post": DESK, "people": [f"sample:{DESK}:1", f"sample:{DESK}:2"]}]


async def test_a_number_that_cannot_exist_is_said_before_it_matters(
    db: asyncpg.Connection, shouhu_directory: Command
) -> None:
    await replace_assignments(db, sample_people(local_day(SystemClock().now())))
    real = Person("r", "真人", {"sms": "10000000001", "wecom": "r"})
    await replace_assignments(db, [Assignment(parse_post(DESK), (real,))])
    done = await shouhu_directory("check", "--json")
    assert done.exit_code == 1
    assert json.loads(done.stdout)["impossible"] == [{"post": DESK, "person": "r", "channel": "sms"}]
    assert "10000000001" not in done.output


@pytest.mark.parametrize("suffix", ["yaml", "csv", "xlsx"])
async def test_what_is_exported_loads_again(
    db: asyncpg.Connection, shouhu_directory: Command, tmp_path: Path, suffix: str
) -> None:
    await people(db)
    (tmp_path / "r.yaml").write_text(ROSTER, encoding="utf-8")
    await shouhu_directory("load", str(tmp_path / "r.yaml"))
    out = tmp_path / f"out.{suffix}"
    assert (await shouhu_directory("roster", "export", str(out))).exit_code == 0
    assert (await shouhu_directory("load", str(out))).exit_code == 0
    assert [made.post.key for made in await plans_of(db)] == [DESK]


async def test_ones_own_shifts_come_as_a_calendar(
    db: asyncpg.Connection, shouhu_directory: Command, tmp_path: Path
) -> None:
    await people(db)
    (tmp_path / "r.yaml").write_text(ROSTER, encoding="utf-8")
    await shouhu_directory("load", str(tmp_path / "r.yaml"))
    text = (await shouhu_directory("roster", "ics", "a", "--days", "10")).stdout
    assert text.count("BEGIN:VEVENT") in (5, 6)
    assert "李二" not in text


class Outbox:
    """A channel that keeps what it is given."""

    def __init__(self) -> None:
        self.sent: list[Parcel] = []

    def configured(self, exercise: bool) -> frozenset[str]:
        return frozenset() if exercise else frozenset({"sms"})

    def lanes(self) -> tuple[Lane, ...]:
        return (Lane("sms", False, 1),)

    async def send(self, parcel: Parcel) -> Outcome:
        self.sent.append(parcel)
        return SENT


async def verified(db: asyncpg.Connection, person: str = "a") -> bool:
    return next(h.person.verified for h in (await load_holders(db, [DESK]))[DESK] if h.person.id == person)


async def test_a_contact_counts_once_its_owner_has_read_the_code(db: asyncpg.Connection) -> None:
    await people(db)
    outbox, now, contact = Outbox(), NIGHT, Contact("a", "sms")
    assert contact in await unverified(db)
    assert (await send_code(db, outbox, contact, "123456", now)).result == "sent"
    assert "123456" in outbox.sent[0].text
    assert await confirm(db, contact, "654321", now) == "wrong"
    assert not await verified(db)
    assert await confirm(db, contact, "123456", now) == "verified"
    assert await verified(db)
    assert await confirm(db, contact, "123456", now) == "no_code"


async def test_a_code_ends_after_half_an_hour_five_tries_or_with_another_number(db: asyncpg.Connection) -> None:
    await people(db)
    outbox, now, contact = Outbox(), NIGHT, Contact("a", "sms")
    await send_code(db, outbox, contact, "111111", now)
    with pytest.raises(NotSent, match="less than a minute"):
        await send_code(db, outbox, contact, "222222", now)
    assert await confirm(db, contact, "111111", now + timedelta(minutes=30)) == "expired"
    await send_code(db, outbox, contact, "222222", now + timedelta(minutes=31))
    later = now + timedelta(minutes=32)
    assert [await confirm(db, contact, "000000", later) for _ in range(6)] == [*["wrong"] * 5, "no_code"]
    await send_code(db, outbox, contact, "333333", later)
    await replace_assignments(db, [Assignment(parse_post(DESK), (Person("a", "王一", {"sms": "13900000000"}),))])
    assert await confirm(db, contact, "333333", later) == "no_code"


async def test_a_verified_contact_is_used_alone_and_a_changed_one_must_prove_itself_anew(
    db: asyncpg.Connection,
) -> None:
    both = {"sms": "13800000000", "wecom": "wang"}
    await replace_assignments(db, [Assignment(parse_post(DESK), (Person("a", "王一", both),))])
    (holding,) = (await load_holders(db, [DESK]))[DESK]
    assert (holding.person.channels, holding.person.verified) == (both, False)  # better unproven than nobody
    await send_code(db, Outbox(), Contact("a", "sms"), "123456", NIGHT)
    await confirm(db, Contact("a", "sms"), "123456", NIGHT)
    (holding,) = (await load_holders(db, [DESK]))[DESK]
    assert (holding.person.channels, holding.person.verified) == ({"sms": "13800000000"}, True)
    await replace_assignments(db, [Assignment(parse_post(DESK), (Person("a", "王一", both),))])
    assert await verified(db)  # the same roster again changes nothing
    await replace_assignments(
        db, [Assignment(parse_post(DESK), (Person("a", "王一", {**both, "sms": "13900000000"}),))]
    )
    assert not await verified(db)


async def test_a_code_that_cannot_be_sent_says_why(db: asyncpg.Connection, shouhu_directory: Command) -> None:
    await people(db)
    done = await shouhu_directory("verify", "send", "a")
    assert (done.exit_code, "not configured" in done.stdout) == (1, True)
    assert (await shouhu_directory("verify", "confirm", "a", "sms", "123456")).exit_code == 1


async def test_a_roster_counts_by_the_newest_holiday_notice(db: asyncpg.Connection) -> None:
    assert await known_days(db) == working_days()  # before the running system published any
    notice = {"year": 2027, "citation": {"source": "K23", "clause": "a notice for a test", "label": "unverified"},
              "holidays": [{"name": "元旦", "from": "2027-01-01", "to": "2027-01-03"}], "make_up_working_days": []}  # fmt: skip
    await db.execute("insert into referral.calendar_year values (2027, $1, $2)", NIGHT, notice)
    known = await known_days(db)
    assert known.loaded(date(2027, 6, 1))
    assert not known.is_working_day(date(2027, 1, 1))
