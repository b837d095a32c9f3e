"""From a notice to a message: which person, on which channels, in which words. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.directory.posts import Post
from services.directory.territory import territory
from services.notifier.attempt import plan
from services.notifier.roster import Seat
from services.notifier.rows import PRIORITY, DeliveryRow, MessageRow, NoticeRow, derived
from services.notifier.storm import MANY, NEWS, TOGETHER, channels_of, first_due, text_of
from services.notifier.texts import Facts, Lang, Wording, templates

UNVERIFIED = "no contact of this person is verified"


@dataclass(frozen=True, slots=True)
class Composed:
    """A message and the channels that it starts with."""

    message: MessageRow
    deliveries: tuple[DeliveryRow, ...]


def compose(
    notices: Sequence[NoticeRow], seat: Seat, *, configured: frozenset[str], order: Sequence[str], now: datetime
) -> Composed:
    """The message that tells a seat of one or more notices of one gathering; the first of them is the one named.

    Whoever stands in for somebody who could not be reached is told so (`undelivered`: level 0 within the post, else 1).
    Without any usable channel the message says so and has one refused delivery for each channel that was wanted.
    """
    first = notices[0]
    stands_in = seat.stage != "post" or bool(first.failed)
    many = first.text == MANY
    worded = wording(notices, "undelivered" if stands_in else text_of(notices) if many else first.text, now)
    wanted = channels_of(notices) if many else first.channels
    chosen = plan(wanted, order, configured, frozenset(seat.person.channels))
    message = MessageRow(
        id=derived("message", first.id, seat.person.id),
        notice_id=first.id,
        referral_ids=tuple(dict.fromkeys(n.referral_id for n in notices)),
        numbers=tuple(dict.fromkeys(n.number for n in notices)),
        kind=seat.post.agency.kind,
        agency_level=seat.post.agency.level,
        area=first.area if seat.stage == "post" else seat.post.agency.area,
        to_role=seat.post.function,
        level=(0 if seat.stage == "post" else 1) if stands_in else first.level,
        reason="undelivered" if stands_in else TOGETHER if many else first.reason,
        person_id=seat.person.id,
        person_name=seat.person.name,
        text=worded.text,
        exercise=first.exercise,
        warnings=chosen.warnings if seat.person.verified else (*chosen.warnings, UNVERIFIED),
        usable=chosen.usable,
        created_at=now,
        state="open" if chosen.channels else "unreached",
        duty=duty_record(first.post, seat),
        template=worded.template,
        params=worded.params,
    )
    if chosen.channels:
        rows = [delivery(message, first, channel, n, now) for n, channel in enumerate(chosen.channels)]
    else:
        why = "exercise: no drill channel" if first.exercise else "no usable channel"
        rows = [
            replace(delivery(message, first, channel, n, now), state="refused", detail=why, at=now)
            for n, channel in enumerate(wanted)
        ]
    return Composed(message, tuple(rows))


def delivery(message: MessageRow, notice: NoticeRow, channel: str, position: int, now: datetime) -> DeliveryRow:
    """One more channel of a message, to be tried at once."""
    return DeliveryRow(
        message_id=message.id,
        channel=channel,
        person_id=message.person_id,
        exercise=message.exercise,
        priority=PRIORITY[notice.severity],
        position=position,
        state="queued",
        detail="",
        attempts=0,
        slow=False,
        next_at=now,
        claimed_at=None,
        at=None,
        contact_masked="",
    )


def wording(notices: Sequence[NoticeRow], text: str, now: datetime, lang: Lang = "zh") -> Wording:
    """What a message about these notices says."""
    first = notices[0]
    facts = Facts(
        number=first.number,
        county=territory().name(first.county or first.area, lang),
        severity=first.severity,
        classification=first.classification,
        role=first.role,
        level=first.level,
        exercise=first.exercise,
        now=now,
        clock=first.clock,
        due_at=first_due(notices) if text in (MANY, NEWS) else first.due_at,
    )
    return templates(lang).word(text, facts, len({n.number for n in notices}))


def duty_record(meant: Post, seat: Seat) -> dict[str, object]:
    """Who was on duty and why, as it is kept with the message: the post meant and the post told, the turn, who was passed over.

    `because`: holder (no shift plan), or fixed, rotation, table, swap, cover of the shift; moments in UTC.
    """
    turn = seat.why.turn
    kept: dict[str, object] = {"meant": meant.key, "post": seat.post.key, "stage": seat.stage, "because": "holder"}
    if turn is not None:
        kept |= {
            "because": turn.because,
            "shift": turn.shift,
            "from": turn.begins.isoformat(),
            "to": turn.ends.isoformat(),
        }
        kept |= {"instead_of": turn.instead_of} if turn.instead_of else {}
    if seat.why.passed:
        kept["passed_over"] = [{"post": post, "because": empty} for post, empty in seat.why.passed]
    return kept


def masked(contact: str) -> str:
    """A contact as it may be shown: its last four characters at most."""
    return f"***{contact[-4:]}" if len(contact) >= 8 else "***"
