"""Putting an edition in force: proposed by one person, approved by another, from a day that has not begun yet. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from services.referral import ids

Step = Literal["propose", "approve"]


class NotAllowed(Exception):
    """It cannot be done; the message says why and what was expected."""


@dataclass(frozen=True)
class Person:
    """Who acts: the id of a token or an account, its name, and the person of the roster behind it, if known."""

    id: str
    name: str
    person: str | None = None

    def same_as(self, id_: str, person: str | None) -> bool:
        """Whether that is the same person, as far as anybody can know."""
        return self.id == id_ or (self.person is not None and self.person == person)


@dataclass(frozen=True)
class Activation:
    """An edition that somebody wants in force from the beginning of a day in Jilin."""

    id: str
    edition: str
    from_date: date
    proposed_by: str
    proposed_name: str
    proposed_person: str | None
    proposed_at: datetime
    approved_by: str | None = None
    approved_name: str | None = None
    approved_at: datetime | None = None
    withdrawn_by: str | None = None
    withdrawn_name: str | None = None
    withdrawn_at: datetime | None = None

    @property
    def state(self) -> Literal["proposed", "approved", "withdrawn"]:
        """What became of it."""
        if self.withdrawn_at is not None:
            return "withdrawn"
        return "approved" if self.approved_at is not None else "proposed"


def in_force(activations: Iterable[Activation], on: date) -> Activation | None:
    """The approved activation that holds on a day: the latest day begun; of one day the one approved last. None: the edition that the
    process was started with."""
    holding = [a for a in activations if a.state == "approved" and a.from_date <= on]
    return max(holding, key=lambda a: (a.from_date, a.approved_at or a.proposed_at, a.id), default=None)


def next_step(standing: Sequence[Activation], edition: str, from_date: date, who: Person, today: date) -> Step:
    """What the same words said by this person mean now. Raises NotAllowed: the day has begun, the same person, or nothing is left to do."""
    if from_date <= today:
        raise NotAllowed(f"from: {from_date} has begun, expected a day after {today}: what was decided stays decided")
    for one in standing:
        if one.edition == edition and one.from_date == from_date and one.state != "withdrawn":
            if one.state == "approved":
                raise NotAllowed(f"{edition} from {from_date} is approved already, by {one.approved_name}")
            if who.same_as(one.proposed_by, one.proposed_person):
                raise NotAllowed(
                    f"proposed by the same person ({one.proposed_name}), expected another one's token or account"
                )
            return "approve"
    return "propose"


def proposed(standing: Sequence[Activation], edition: str, from_date: date, who: Person, now: datetime) -> Activation:
    """A new proposal after all these."""
    return Activation(
        ids.activation_id(edition, from_date, len(standing)), edition, from_date, who.id, who.name, who.person, now
    )


def withdrawable(standing: Sequence[Activation], edition: str, from_date: date, today: date) -> Activation:
    """The activation that may still be taken back. Raises NotAllowed when there is none or its day has begun."""
    found = next(
        (a for a in standing if (a.edition, a.from_date) == (edition, from_date) and a.state != "withdrawn"), None
    )
    if found is None:
        raise NotAllowed(f"{edition} from {from_date}: nothing of that kind stands, see shouhu rulebook list")
    if found.state == "approved" and from_date <= today:
        raise NotAllowed(f"{edition} is in force since {from_date}; activate another edition instead")
    return found
