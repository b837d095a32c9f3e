"""People who do not exist, for demonstrations, scenarios and tests: each is marked, no number rings anywhere."""

import zlib
from collections.abc import Iterable, Iterator
from datetime import date

from services.directory.agencies import agency_name
from services.directory.people import CHANNELS, Assignment, Person
from services.directory.posts import Post, every_post

# Where two people share a post in the sample, so that "the next person of the post" can be seen.
_TWO = frozenset({"duty_officer"})


def sample_people(on: date) -> Iterator[Assignment]:
    """One person, or two at a duty desk, for every post of Jilin."""
    serial = 0
    for post in every_post(on):
        people = []
        for nth in range(2 if post.function in _TWO else 1):
            serial += 1
            name = f"样例·{agency_name(post.agency)}{post.name()}{'' if nth == 0 else nth + 1}"
            people.append(_person(f"sample:{post.key}:{nth + 1}", name, serial))
        yield Assignment(post, tuple(people))


def scenario_people(posts: Iterable[Post]) -> Iterator[Assignment]:
    """Exactly one person for each of these posts; the same post always gives the same person."""
    for post in posts:
        name = f"情景·{agency_name(post.agency)}{post.name()}"
        yield Assignment(post, (_person(f"scenario:{post.key}", name, zlib.crc32(post.key.encode()) % 10**8),))


def _person(identity: str, name: str, serial: int) -> Person:
    # Mainland mobile numbers begin 13–19 and area codes 0: eleven digits beginning 100 belong to nobody.
    number = f"100{serial:08d}"
    return Person(identity, name, {channel: number for channel in CHANNELS}, sample=True)
