"""Migrations are applied once, in order, by one process at a time, and never change afterwards."""

import asyncio
import time
from pathlib import Path

import asyncpg
import pytest

from services.chassis.database import MigrationChanged, migrate, migrations


def written(root: Path, service: str, name: str, sql: str) -> None:
    folder = root / service / "migrations"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(sql)


async def test_every_migration_is_applied_once_also_by_processes_that_start_together(
    database: str, tmp_path: Path
) -> None:
    written(tmp_path, "tracker", "0001_clock.sql", "create schema tracker2; create table tracker2.clock(id int);")
    written(tmp_path, "tracker", "0002_more.sql", "alter table tracker2.clock add due timestamptz;")
    applied = await asyncio.gather(*(migrate(database, tmp_path) for _ in range(3)))
    assert sorted(applied) == [[], [], ["tracker/0001_clock", "tracker/0002_more"]]


async def test_a_migration_that_fails_leaves_nothing_behind(database: str, tmp_path: Path) -> None:
    written(tmp_path, "tracker", "0001_clock.sql", "create schema half; create table half.clock(id nonsense);")
    with pytest.raises(asyncpg.UndefinedObjectError):
        await migrate(database, tmp_path)
    connection = await asyncpg.connect(database)
    assert await connection.fetchval("select to_regnamespace('half')") is None
    await connection.close()


async def test_a_migration_that_was_changed_after_it_was_applied_is_refused(database: str, tmp_path: Path) -> None:
    written(tmp_path, "tracker", "0001_clock.sql", "create schema changed;")
    await migrate(database, tmp_path)
    written(tmp_path, "tracker", "0001_clock.sql", "create schema changed_2;")
    with pytest.raises(MigrationChanged, match="tracker/0001_clock"):
        await migrate(database, tmp_path)


async def test_a_database_that_is_up_to_date_is_checked_in_a_moment(database: str) -> None:
    before = time.perf_counter()
    assert await migrate(database) == []
    assert time.perf_counter() - before < 1


def test_the_chassis_comes_first_then_the_services_by_name() -> None:
    services = [name.split("/")[0] for name in migrations()]
    assert services == sorted(services, key=lambda service: (service != "chassis", service))
    assert services[0] == "chassis"
