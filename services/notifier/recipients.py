"""Who must be told what happened to a referral: pure, by the ladder of domain analysis 4.3 and rules R7 and R11."""

from dataclasses import dataclass
from datetime import date

from events.agency import Agency
from events.referral import Classification, LadderClass, ReferralFact
from services.directory.agencies import reporting, responsible, same_line
from services.directory.kinds import KINDS
from services.notifier.ladder import Ladder, Tell

NAMED_BY_ROW = {"visit.overdue": "child_supervisor"}  # E84: the township's supervisor has the child visited


@dataclass(frozen=True, slots=True)
class Notice:
    """A post that must be told something about a referral, and by which channels; `text` names the template."""

    agency: Agency
    function: str
    level: int  # of the ladder; 0 = the first notice and everything beside the ladder
    reason: str
    channels: tuple[str, ...]
    text: str
    clock: str | None = None  # the ladder's clock: the notice is void once it stopped

    @property
    def post(self) -> str:
        """The post's key, as in services/directory/posts.py."""
        return f"{self.agency}/{self.function}"


def on_opened(referral: ReferralFact, table: Ladder) -> tuple[Notice, ...]:
    """A referral was made: the desk of its agency and of each second endpoint is told, unless it waits for consent."""
    if referral.state != "sent":
        return ()
    return _duty_officers(referral, table.first(referral.role, referral.severity).channels, "opened")


def on_changed(referral: ReferralFact, action: str, table: Ladder, on: date) -> tuple[Notice, ...]:
    """Somebody answered: who did not give the answer himself learns of it."""
    told = table.told_of.get(action)
    if told is None:
        return ()
    channels = told.channels or table.first(referral.role, referral.severity).channels
    own = _duty_officers(referral, channels, told.reason)
    return own + reporters(referral, table, on) if action == "close" and referral.role == "primary" else own


def reporters(referral: ReferralFact, table: Ladder, on: date) -> tuple[Notice, ...]:
    """Those agencies that reported learn that the matter has ended (R9; K01 art 11): the desk, or for C4 the named post."""
    paths = (path.split("/") for path in referral.feedback_to)
    found = (reporting(parts[1], parts[2], on) for parts in paths if len(parts) > 2 and parts[1] in KINDS)
    return tuple(
        Notice(each, desk(each, referral.classification), 0, "closed", table.feedback.channels, "feedback")
        for each in dict.fromkeys(found)
        if each is not None and each != referral.agency
    )


def on_warned(referral: ReferralFact, clock: str, table: Ladder) -> tuple[Notice, ...]:
    """A clock will soon be due: the same people by the same channels as at the opening."""
    return _duty_officers(referral, table.first(referral.role, referral.severity).channels, "warned", clock)


def on_breached(referral: ReferralFact, clock: str, level: int, table: Ladder, on: date) -> tuple[Notice, ...]:
    """A level of the ladder is reached on a day; a copy is only reminded, once."""
    step_class = ladder_class(referral, clock, table)
    if step_class == "CC":
        return _duty_officers(referral, table.reminder.channels, "reminder", clock) if level == 1 else ()
    found: dict[tuple[Agency, str], Notice] = {}
    for step in table.at(level, step_class, referral.profile):
        for tell in step.tell:
            who, function = _post(referral, tell, on)
            if function == "duty_officer":
                function = desk(who, referral.classification)
            notice = Notice(who, function, level, "breached", step.channels, tell.text, clock)
            found.setdefault((who, function), notice)
    return tuple(found.values())


def ladder_class(referral: ReferralFact, clock: str, table: Ladder) -> LadderClass:
    """The class whose ladder a clock climbs: legal overlays have one of their own."""
    return table.legal_overlays_as if clock.startswith("LEG-") else referral.ladder


def desk(agency: Agency, classification: Classification) -> str:
    """The function that hears first: the duty officer; of a sealed matter (C4) the named post alone (R7, domain 7.2).

    A kind without a named post hears of sealed matters through its duty leader, never at the desk.
    """
    if classification != "C4":
        return "duty_officer"
    kind = KINDS.get(agency.kind)
    return (kind.named_post(agency.level) if kind is not None else None) or "duty_leader"


def _duty_officers(
    referral: ReferralFact, channels: tuple[str, ...], reason: str, clock: str | None = None
) -> tuple[Notice, ...]:
    endpoints = dict.fromkeys((referral.agency, *referral.second_endpoints))
    return tuple(Notice(who, person(who, referral), 0, reason, channels, reason, clock) for who in endpoints)


def person(agency: Agency, referral: ReferralFact) -> str:
    """The function that hears first of a referral: the one that the row names (domain 3.5, E84), else the desk."""
    named = NAMED_BY_ROW.get(referral.event_type.rsplit(".v", 1)[0], "")
    kind = KINDS.get(agency.kind)
    if referral.classification != "C4" and kind is not None and named in kind.functions_at(agency.level):
        return named
    return desk(agency, referral.classification)


def _post(referral: ReferralFact, tell: Tell, on: date) -> tuple[Agency, str]:
    late = referral.agency
    if tell.agency == "late":
        return late, tell.function
    at = tell.at or "county"
    if at == "city" and late.level in ("city", "province"):
        at = "province"
    if tell.agency == "same_line":
        return same_line(late, at, on), tell.function
    who = responsible(tell.agency, at, referral.county, on) or same_line(late, at, on)
    if who == late and tell.head_if_late is not None:
        return who, tell.head_if_late
    return who, tell.function
