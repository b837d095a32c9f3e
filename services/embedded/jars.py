"""The jars of Apache Kafka: fetched once from Maven Central, each checked against the sum we committed."""

import hashlib
import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

KAFKA_VERSION = "4.1.1"
PINNED = Path(__file__).with_name(f"kafka-{KAFKA_VERSION}.sha256")
AT_ONCE = 4
TRIES = 3


class JarsUnavailable(RuntimeError):
    """Kafka's jars could not be fetched, or are not what we pinned."""


class Jar(NamedTuple):
    """A jar by its Maven coordinate and the SHA-256 of its bytes."""

    group: str
    artifact: str
    version: str
    sha256: str

    @property
    def file(self) -> str:
        """Its file name."""
        return f"{self.artifact}-{self.version}.jar"


def pinned(file: Path = PINNED) -> list[Jar]:
    """The jars of the pinned version, in class path order."""
    jars = []
    for line in file.read_text().splitlines():
        digest, coordinate = line.split()
        group, artifact, version = coordinate.split(":")
        jars.append(Jar(group, artifact, version, digest))
    return jars


def cache_directory() -> Path:
    """Where they are kept: one place for every installation of this user, so that they are fetched once."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "shouhu" / f"kafka-{KAFKA_VERSION}"


def say(line: str) -> None:
    """Progress for people: on standard error, which no script parses."""
    print(line, file=sys.stderr, flush=True)


def class_path(directory: Path | None = None, tell: Callable[[str], None] = say) -> list[Path]:
    """Every jar, fetched if it is missing or damaged. Raises JarsUnavailable."""
    directory = directory or cache_directory()
    jars = pinned()
    missing = [jar for jar in jars if not _good(directory / jar.file, jar.sha256)]
    if missing:
        directory.mkdir(parents=True, exist_ok=True)
        _fetch(missing, directory, tell)
    return [directory / jar.file for jar in jars]


def _good(file: Path, sha256: str) -> bool:
    return file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest() == sha256


def _fetch(jars: list[Jar], directory: Path, tell: Callable[[str], None]) -> None:
    tell(f"Fetching Apache Kafka {KAFKA_VERSION} from Maven Central, once: {len(jars)} files, about 45 MB …")
    began = time.monotonic()
    done: list[int] = []

    def one(jar: Jar) -> None:
        done.append(_fetch_one(jar, directory))
        megabytes = sum(done) / 1e6
        tell(f"  {len(done):2d}/{len(jars)}  {megabytes:5.1f} MB  {time.monotonic() - began:4.1f} s  {jar.file}")

    try:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for _ in pool.map(one, jars):
                pass
    except JarsUnavailable:
        raise
    except Exception as error:
        raise JarsUnavailable(
            f"Apache Kafka {KAFKA_VERSION} could not be fetched from Maven Central ({type(error).__name__}: {error}). "
            "Without a network, set SHOUHU_KAFKA to the address (host:port) of a Kafka that is running, "
            f"or copy the files named in {PINNED.name} to {directory}."
        ) from error


def _fetch_one(jar: Jar, directory: Path) -> int:
    from jgo.config import GlobalSettings  # slow to import, and needed once
    from jgo.maven import MavenContext

    for attempt in range(TRIES):
        with TemporaryDirectory(dir=directory, prefix=".fetch-") as scratch:
            try:
                repositories = GlobalSettings.load().repositories or None  # the user's own mirror, from jgo.conf
                context = MavenContext(repo_cache=Path(scratch), remote_repos=repositories, timeout=30)
                got = context.project(jar.group, jar.artifact).at_version(jar.version).artifact().resolve()
            except Exception:
                if attempt == TRIES - 1:
                    raise
                continue
            if _good(got, jar.sha256):
                size = got.stat().st_size
                got.replace(directory / jar.file)
                return size
    raise JarsUnavailable(
        f"{jar.file} as fetched is not the file whose SHA-256 is pinned in {PINNED.name}; it was thrown away. "
        "Something between here and Maven Central changes files; or set SHOUHU_KAFKA to use a Kafka of your own."
    )
