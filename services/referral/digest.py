"""Service items that are only told to the child director (domain section 6: 22, 25–27, 29, 31, P13, P14): each once per child. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from events.agency import Agency
from events.envelope import Event
from services.directory.agencies import agency
from services.referral.facts import SHANGHAI
from services.referral.join import Desk
from services.referral.policy_match import Code, Match
from services.referral.receivers import Routing

TO_ROLE = "child_director"
ON_FILE = "digested"


@dataclass(frozen=True)
class Digest:
    """What a child director is told of one child because of one event; no referral, no clock."""

    child: str
    event_source: str
    event_id: str
    at: datetime
    agency: Agency
    list_items: tuple[Code, ...]
    exercise: bool = False

    def row(self) -> tuple[Any, ...]:
        """As it is stored."""
        return (self.child, self.event_source, self.event_id, self.at, self.agency.kind, self.agency.level, self.agency.area, TO_ROLE,
                list(self.list_items), self.exercise)  # fmt: skip


def tell(desk: Desk, found: Match | None, routing: Routing, event: Event, child: str, at: datetime) -> None:
    """Put on the desk what the child director has not been told of this child yet."""
    on_file = desk.registry.get(child, {})
    new = tuple(code for code in (found.digest if found else ()) if code not in (on_file.get(ON_FILE) or ()))
    village = agency("village_committee", "village", routing.areas.get("res"), at.astimezone(SHANGHAI).date())
    if not new or village is None:
        return
    desk.registry[child] = {**on_file, ON_FILE: [*(on_file.get(ON_FILE) or ()), *new]}
    desk.digests.append(Digest(child, event.source, event.id, at, village, new, event.exercise))
