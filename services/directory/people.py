"""People who hold posts, and how they are reached."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from services.directory.duty import Roster
from services.directory.posts import Post

Channel = Literal["sms", "wecom", "voice"]
CHANNELS: tuple[Channel, ...] = get_args(Channel)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be told. `channels` maps a channel to the contact there; it stays out of every printed form."""

    id: str
    name: str
    channels: Mapping[str, str] = field(repr=False)
    sample: bool = False
    verified: bool = True  # False: no contact of theirs has been confirmed; what there is is used, with a warning


@dataclass(frozen=True, slots=True)
class Holding:
    """A person holds a post; the lower `position` is told first. `roster` says when; without one day and night."""

    post: Post
    person: Person
    position: int = 0
    roster: Roster | None = None


@dataclass(frozen=True, slots=True)
class Assignment:
    """Everybody who holds a post, in the order in which they are told; nobody leaves the post empty."""

    post: Post
    people: tuple[Person, ...]
