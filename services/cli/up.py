"""`shouhu up`: every service in one supervised process tree."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from services.access.sample import NotLoopback
from services.chassis.data_lock import AlreadyRunning
from services.chassis.database import MigrationChanged
from services.chassis.process import StillOwned
from services.chassis.settings import SettingsFault, load_settings
from services.chassis.supervise import StartFailed, Told
from services.cli.system import System
from services.cli.topics import TopicsRefused
from services.embedded.jars import JarsUnavailable
from services.embedded.unprivileged import NoAccount
from services.phone.channels import Cloud

Tell = Callable[[str], None]
_MENDABLE = (SettingsFault, AlreadyRunning, StartFailed, StillOwned, JarsUnavailable, NoAccount, NotLoopback,
             MigrationChanged, TopicsRefused, OSError)  # fmt: skip


def up(
    sample: Annotated[
        bool, typer.Option("--sample", help="Load sample source, tokens and rosters if there are none. 载入示例数据")
    ] = False,
) -> None:
    """Run everything on this machine until Ctrl-C; also Kafka and PostgreSQL if none is given. 启动全部服务"""
    with system(sample=sample, phone=False) as running:
        say(f"Shouhu 守护 runs at {running.http} · Ctrl-C stops it; addresses in {running.endpoints}")
        running.run()


def say(line: str) -> None:
    """One line for people, on standard error: standard output is for results."""
    print(line, file=sys.stderr, flush=True)


@contextmanager
def system(*, sample: bool, phone: bool, tell: Tell = say, cloud: Cloud | None = None) -> Iterator[System]:
    """A system that is ready, stopped when the block ends for whatever reason; a fault ends the command with code 1."""
    whole: System | None = None
    try:
        whole = System(load_settings(), tell, sample=sample, phone=phone, cloud=cloud)
        whole.start()
        yield whole
    except Told:
        tell("Stopping …")
    except _MENDABLE as error:
        tell(str(error))
        raise typer.Exit(1) from None
    finally:
        if whole is not None:
            whole.stop()
            tell("Stopped.")
