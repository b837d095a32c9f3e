"""Who runs PostgreSQL when we are root, which PostgreSQL refuses to be run by."""

import os
import pwd
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ACCOUNT = "shouhu"
PROGRAMS = Path("/var/cache/shouhu")


class NoAccount(RuntimeError):
    """There is no account to run PostgreSQL as, and none could be made."""


@dataclass(frozen=True, slots=True)
class Account:
    """The ids of an account that owns nothing but PostgreSQL's files."""

    uid: int
    gid: int


def account() -> Account | None:
    """For root the system account `shouhu`, made if missing; None for an ordinary user, who runs PostgreSQL himself."""
    if os.geteuid() != 0:
        return None
    if sys.platform != "linux":
        raise NoAccount("PostgreSQL refuses to run as root; start Shouhu as an ordinary user, or give SHOUHU_POSTGRES")
    for make in (
        ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", ACCOUNT],
        ["adduser", "-S", "-D", "-H", ACCOUNT],  # BusyBox
    ):
        try:
            entry = pwd.getpwnam(ACCOUNT)
            return Account(entry.pw_uid, entry.pw_gid)
        except KeyError:
            if shutil.which(make[0]):
                subprocess.run(make, check=False, capture_output=True)
    try:
        entry = pwd.getpwnam(ACCOUNT)
    except KeyError:
        raise NoAccount(
            f"PostgreSQL refuses to run as root, and the system account {ACCOUNT!r} could not be made;"
            " start Shouhu as an ordinary user, or give SHOUHU_POSTGRES"
        ) from None
    return Account(entry.pw_uid, entry.pw_gid)


def reachable(programs: Path, who: Account | None) -> Path:
    """`programs`, or a copy of it where `who` may enter no directory above it (a checkout under /root, say)."""
    if who is None or all(folder.stat().st_mode & 0o001 for folder in programs.resolve().parents):
        return programs
    stamp = f"{programs.parent.name}-{int(programs.stat().st_mtime)}"
    copy = PROGRAMS / stamp
    if not copy.exists():
        PROGRAMS.mkdir(parents=True, exist_ok=True, mode=0o755)
        partial = PROGRAMS / f"{stamp}.{os.getpid()}"
        shutil.copytree(programs, partial, symlinks=True)
        try:
            partial.rename(copy)
        except OSError:  # another process was faster
            shutil.rmtree(partial)
    return copy
