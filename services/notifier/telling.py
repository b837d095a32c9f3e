"""From notices to messages: finds the person of each post and keeps the message, in the transaction given."""

import logging
from collections.abc import Sequence
from dataclasses import replace

from services.chassis.clock import SHANGHAI
from services.chassis.work import Work
from services.notifier import store
from services.notifier.compose import Composed, compose, wording
from services.notifier.desk import Desk
from services.notifier.pace import await_hand_over, hold_back
from services.notifier.roster import Holders, Seat, chain, needed_keys, next_person, roster_of
from services.notifier.rows import MessageRow, NoticeRow
from services.notifier.storm import MANY, TOGETHER, in_order

log = logging.getLogger(__name__)


async def take(work: Work, desk: Desk, rows: Sequence[NoticeRow]) -> None:
    """Keep notices (a known one changes nothing) and tell those that need not wait."""
    new = await store.unknown(work.db, rows) if rows else []
    await store.keep(work.db, [row for row in new if row.not_before > work.now])
    await tell(work, desk, [row for row in new if row.not_before <= work.now])


async def tell(work: Work, desk: Desk, rows: Sequence[NoticeRow]) -> None:
    """Keep these notices with the message of each: one for a gathering, and none where one still waits that can name it too."""
    if not rows:
        return
    gatherings: dict[str, list[NoticeRow]] = {}
    for row in rows:
        gatherings.setdefault(row.gathering, []).append(row)
    waiting = await store.unstarted(work.db, gatherings)
    joined = {message.notice_id: gatherings.pop(gathering) for gathering, message in waiting.items()}
    await _join(work, desk, {message.notice_id: message for message in waiting.values()}, joined)
    groups = [in_order(group) if group[0].text == MANY else group for group in gatherings.values()]
    seats = await find_seats(work, desk, [group[0] for group in groups])
    composed, changed, told = [], [], []
    for group, seat, waits in zip(groups, seats, await hold_back(work, groups, seats), strict=True):
        if waits is not None:
            continue
        if seat is not None:
            composed.append(_composed(desk, group, seat, work))
        told += [(row, seat) for row in group]
        changed += [
            replace(row, state="telling" if seat else "undelivered", merged_into=group[0].id if n else None)
            for n, row in enumerate(group)
        ]
        if seat is None:
            log.critical("nobody on any roster for post %s, referral %s", group[0].post.key, group[0].number)
    await await_hand_over(work, [row for row, _ in told], [seat for _, seat in told])
    await store.keep(work.db, changed, composed)
    await give_up_on_unusable(work, desk, composed)


async def give_up_on_unusable(work: Work, desk: Desk, composed: Sequence[Composed]) -> None:
    """People without any usable channel are passed over at once; without channels nobody needs to be asked."""
    stuck = [each.message for each in composed if each.message.state == "unreached"]
    if stuck:
        await pass_on(work, desk, stuck)


async def pass_on(work: Work, desk: Desk, unreached: Sequence[MessageRow]) -> None:
    """The next person is told what these messages did not bring to theirs."""
    groups = await store.gathered(work.db, {message.notice_id for message in unreached})
    roots, changed, ended = [], [], []
    for message in unreached:
        group = groups[message.notice_id]
        root = replace(group[0], failed=tuple(dict.fromkeys((*group[0].failed, message.person_id))))
        groups[message.notice_id] = [root, *group[1:]]
        changed.append(root)
        if root.state == "telling" and desk.channels.configured(root.exercise):
            roots.append(root)
        elif root.state == "telling":
            ended.append(root.id)
    seats = await find_seats(work, desk, roots)
    composed = []
    for root, seat in zip(roots, seats, strict=True):
        if seat is None:
            log.critical("nobody could be reached for post %s, referral %s", root.post.key, root.number)
            ended.append(root.id)
        else:
            composed.append(_composed(desk, groups[root.id], seat, work))
    await store.keep(work.db, changed, composed)
    await store.end_notices(work.db, ended, "undelivered")
    await give_up_on_unusable(work, desk, composed)


async def find_seats(work: Work, desk: Desk, rows: Sequence[NoticeRow]) -> list[Seat | None]:
    """Who is told of each notice now; the post's own people first, and whoever answers for them only when asked for."""
    own = {key for row in rows for key in needed_keys([(row.post, "post")])}
    holders = dict(await desk.holders(work.db, own)) if own else {}
    found = [next_person([(row.post, "post")], holders, failed=row.failed, at=work.now) for row in rows]
    left = [row for row, seat in zip(rows, found, strict=True) if seat is None]
    if not left:
        return _with_rosters(rows, found, holders)
    on = work.now.astimezone(SHANGHAI).date()
    chains = {row.id: chain(row.post, row.county, on) for row in left}
    further = {key for posts in chains.values() for key in needed_keys(posts)} - own
    holders |= await desk.holders(work.db, further)
    found = [
        seat or next_person(chains[row.id], holders, failed=row.failed, at=work.now)
        for row, seat in zip(rows, found, strict=True)
    ]
    return _with_rosters(rows, found, holders)


def _with_rosters(rows: Sequence[NoticeRow], seats: Sequence[Seat | None], holders: Holders) -> list[Seat | None]:
    return [
        seat if seat is None or (roster := roster_of(row.post, holders)) is None else replace(seat, roster=roster)
        for row, seat in zip(rows, seats, strict=True)
    ]


def _composed(desk: Desk, group: Sequence[NoticeRow], seat: Seat, work: Work) -> Composed:
    configured = desk.channels.configured(group[0].exercise)
    made = compose(group, seat, configured=configured, order=desk.table.channel_order, now=work.now)
    for warning in made.message.warnings:
        log.info("message %s: %s", made.message.id, warning)
    return made


async def _join(work: Work, desk: Desk, messages: dict[str, MessageRow], joined: dict[str, list[NoticeRow]]) -> None:
    if not joined:
        return
    groups = await store.gathered(work.db, joined)
    late = [row for new in joined.values() for row in new]
    await await_hand_over(work, late, await find_seats(work, desk, late))
    changed, reworded = [], []
    for root, new in joined.items():
        whole = [*groups[root], *new]
        message = messages[root]
        text = whole[0].text if message.reason in (whole[0].reason, TOGETHER) else "undelivered"
        worded = wording(whole, text, work.now)
        changed += [replace(row, state="telling", merged_into=root) for row in new]
        reworded.append(
            replace(
                message,
                referral_ids=tuple(dict.fromkeys(row.referral_id for row in whole)),
                numbers=tuple(dict.fromkeys(row.number for row in whole)),
                text=worded.text,
                template=worded.template,
                params=worded.params,
            )
        )
    await store.keep(work.db, changed)
    await store.reword(work.db, reworded)
