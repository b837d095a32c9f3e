"""The roster on a real PostgreSQL: files go in whole or not at all, and holders come out in one query."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import asyncpg
import pytest
from typer.testing import CliRunner, Result

from services.cli.directory import app
from services.directory.people import Assignment, Person
from services.directory.posts import parse_post
from services.directory.sample import sample_people
from services.notifier.roster import chain, needed_keys, next_person
from services.notifier.roster_store import held_posts, is_empty, load_holders, load_sample, replace_assignments

DAY = date(2026, 10, 2)
NOW = datetime(2026, 10, 2, 12, 14, tzinfo=UTC)
DESK = "education@county/220122/duty_officer"
LEADER = "education@county/220122/duty_leader"


def assignment(key: str, *people: Person) -> Assignment:
    return Assignment(parse_post(key), people)


def person(identity: str, **channels: str) -> Person:
    return Person(identity, f"名{identity}", channels)


async def contacts(db: asyncpg.Connection) -> list[tuple[str, str]]:
    return [tuple(row) for row in await db.fetch("select person_id, channel from notifier.contact order by 1, 2")]


async def test_holders_come_back_as_they_were_loaded(db: asyncpg.Connection) -> None:
    second, first = person("b", sms="10000000002"), person("a", sms="10000000001", wecom="a")
    await replace_assignments(db, [assignment(DESK, first, second), assignment(LEADER, second)])
    holders = await load_holders(db, [DESK, LEADER, "health@county/220122/duty_officer"])
    unproven = [replace(each, verified=False) for each in (first, second)]
    assert [holding.person for holding in holders[DESK]] == unproven
    assert [holding.person for holding in holders[LEADER]] == unproven[1:]
    assert set(holders) == {DESK, LEADER}


async def test_loading_again_replaces_what_is_named_and_leaves_the_rest(db: asyncpg.Connection) -> None:
    await replace_assignments(db, [assignment(DESK, person("a", sms="10000000001", voice="10000000001"))])
    await replace_assignments(db, [assignment(LEADER, person("b", sms="10000000002"))])
    await replace_assignments(db, [assignment(DESK, person("c", sms="10000000003"))])
    assert await held_posts(db) == {DESK: True, LEADER: True}
    assert [h.person.id for h in (await load_holders(db, [DESK]))[DESK]] == ["c"]
    await replace_assignments(db, [assignment(DESK, person("c", wecom="c"))])
    assert await contacts(db) == [("b", "sms"), ("c", "wecom")]


async def test_an_empty_list_leaves_the_post_to_whoever_stands_in(db: asyncpg.Connection) -> None:
    await replace_assignments(
        db, [assignment(DESK, person("a", sms="10000000001")), assignment(LEADER, person("b", sms="1"))]
    )
    await replace_assignments(db, [assignment(DESK)])
    posts = chain(parse_post(DESK), "220122", DAY)
    seat = next_person(posts, await load_holders(db, needed_keys(posts)), failed=(), at=NOW)
    assert seat is not None
    assert (seat.person.id, seat.stage) == ("b", "leader")


async def test_a_load_that_fails_in_the_database_leaves_everything_as_it_was(db: asyncpg.Connection) -> None:
    await replace_assignments(db, [assignment(DESK, person("a", sms="10000000001"))])
    with pytest.raises(asyncpg.CheckViolationError):
        await replace_assignments(
            db, [assignment(DESK, person("b", sms="10000000002")), assignment(LEADER, person("c", fax="1"))]
        )
    assert [h.person.id for h in (await load_holders(db, [DESK]))[DESK]] == ["a"]


async def test_the_whole_sample_is_loaded_and_marked(db: asyncpg.Connection) -> None:
    assert await load_sample(db, DAY) > 9000
    assert await load_sample(db, DAY) == 0
    assert await db.fetchval("select bool_and(sample) from notifier.post_holder_view")
    assert all((await held_posts(db)).values())


async def test_the_published_view_shows_no_contact(db: asyncpg.Connection) -> None:
    await replace_assignments(db, [assignment(DESK, person("a", sms="10000000001"))])
    row = await db.fetchrow("select * from notifier.post_holder_view")
    assert row is not None
    assert dict(row) == {
        "post_key": DESK, "kind": "education", "level": "county", "area": "220122", "function": "duty_officer",
        "person_id": "a", "name": "名a", "position": 0, "sample": False,
    }  # fmt: skip


ROSTER = """
posts:
  - kind: education
    level: county
    area: "220122"
    function: duty_officer
    people: [{id: a, name: 王某, channels: {sms: "10000000001"}}]
"""
WRONG = ROSTER + "  - {kind: education, level: county, area: '210102', function: duty_leader, people: []}\n"


@pytest.fixture
def shouhu_directory(database: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Awaitable[Result]]:
    """`shouhu directory …`, in a thread of its own, for a command starts an event loop of its own."""
    monkeypatch.setenv("SHOUHU_POSTGRES", database)

    async def run(*arguments: str) -> Result:
        return await asyncio.to_thread(CliRunner().invoke, app, list(arguments))

    return run


Command = Callable[..., Awaitable[Result]]


async def test_load_says_how_many_posts_and_people_it_loaded(
    db: asyncpg.Connection, shouhu_directory: Command, tmp_path: Path
) -> None:
    (tmp_path / "roster.yaml").write_text(ROSTER)
    done = await shouhu_directory("load", str(tmp_path / "roster.yaml"), "--json")
    assert done.exit_code == 0
    assert json.loads(done.stdout) == {"posts": 1, "people": 1, "faults": []}
    assert set(await held_posts(db)) == {DESK}


async def test_a_wrong_file_loads_nothing_and_names_every_fault(
    db: asyncpg.Connection, shouhu_directory: Command, tmp_path: Path
) -> None:
    (tmp_path / "roster.yaml").write_text(WRONG.replace("10000000001", "secret"))
    done = await shouhu_directory("load", str(tmp_path / "roster.yaml"), "--json")
    assert done.exit_code == 1
    faults = json.loads(done.stdout)["faults"]
    assert [(fault["line"], fault["column"], fault["field"]) for fault in faults] == [
        (7, 48, "posts[1].people[1].channels.sms"),
        (8, 44, "posts[2].area"),
    ]
    assert "secret" not in done.output
    assert await is_empty(db)


async def test_check_names_the_posts_that_nobody_holds_and_fails(
    db: asyncpg.Connection, shouhu_directory: Command
) -> None:
    await replace_assignments(db, sample_people(DAY))
    assert (await shouhu_directory("check")).exit_code == 0
    await replace_assignments(db, [assignment(DESK)])
    done = await shouhu_directory("check", "--json", "--area", "220122")
    assert done.exit_code == 1
    assert json.loads(done.stdout)["empty"] == [DESK]
    assert (await shouhu_directory("check", "--area", "220322")).exit_code == 0
    assert "农安县" in (await shouhu_directory("check")).stdout
