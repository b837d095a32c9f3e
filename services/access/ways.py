"""How the notifier helps an officer to sign in: it knows people's contacts, can send to them, and has WeCom's account.

The composition puts an implementation in `context.extras["sign_in_ways"]` as a function without arguments: made when first used.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol


class Ways(Protocol):
    """Contacts are verified ones only."""

    def by_code(self) -> bool:
        """Whether any channel can carry a code."""
        ...

    async def person_reached_at(self, contact: str) -> str | None:
        """The one person with this contact; None when there is none, or more than one."""
        ...

    async def send_code(self, person: str, code: str, minutes: int, now: datetime) -> bool:
        """Send a code to a person's own contact; False when no channel took it."""
        ...

    def wecom_address(self, back: str, state: str) -> str | None:
        """Where WeCom asks who somebody is and sends them to `back` (an address of ours); None without WeCom."""
        ...

    def own_address(self) -> str:
        """Where our door is, as WeCom's registration knows it; empty when nobody said."""
        ...

    async def wecom_person(self, code: str) -> str | None:
        """The person for whom WeCom gave this code."""
        ...


class Door(Protocol):
    """What holds the composition's extras: the chassis's Context does."""

    @property
    def extras(self) -> dict[str, Any]: ...


def ways_of(door: Door) -> Ways | None:
    """The ways of this installation; None where nobody provides any."""
    make: Callable[[], Ways | None] | None = door.extras.get("sign_in_ways")
    return make() if make is not None else None
