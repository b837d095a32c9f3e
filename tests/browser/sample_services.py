"""Referrals with service items, consent and legal limits, a digest, obligations and messages, as the services write them."""

from datetime import date, datetime, timedelta
from typing import Any

from events.agency import Agency
from events.referral import ClockFact, Level, ReferralFact
from services.chassis.database import Db
from services.referral.case import Case, Referral
from services.referral.digest import Digest
from services.referral.join import Desk
from services.referral.save import save
from services.referral.save_digest import save_digests

SOURCE = "/hospital/220122/h1"
WAITS, RUNS, LEGAL = "JL26-CNSN1111", "JL26-SRVC2222", "JL26-LEGL3333"
VILLAGE = Agency("village_committee", "village", "220122100201")


async def load(db: Db, now: datetime) -> None:
    """Two matches, one of which waits for consent, and a missing child with its limit in law."""
    desk = Desk()
    decisions: list[tuple[Any, ...]] = []
    for number, event, type_ in (
        (WAITS, "s1", "child.serious_illness.v1"), (RUNS, "s2", "child.migrant.identified.v1"), (LEGAL, "s3", "child.missing.v1"),
    ):  # fmt: skip
        await db.execute(
            "insert into intake.event(source, id, type, time, accepted_at, via, registered, exercise, data)"
            " values ($1, $2, $3, $4, $4, 'http', 'sample', false, $5)",
            SOURCE, event, type_, now, {"child_ref": "c_8h2k", "age_years": 4},
        )  # fmt: skip
        case = Case(
            id=f"case_{event}",
            opened_at=now,
            children=[f"c_{event}"],
            county="220122",
            edition="2026-01-01.3f2a",
            is_new=True,
        )
        desk.add(case)
        referral = _referral(number, event, type_, now)
        case.referrals[referral.id] = referral
        decisions.append((SOURCE, event, type_, "referred", [case.id], ["r"], None, [], case.edition, now, now, False))
    await save(db, desk, (), now, decisions)


def _referral(number: str, event: str, type_: str, now: datetime) -> Referral:
    legal = number == LEGAL
    clocks = () if number == WAITS else tuple(_clock(name, now) for name in ("ack", "start"))
    if legal:
        clocks = (
            *clocks,
            _clock("LEG-POL-MISSING", now).model_copy(
                update={"kind": "legal", "legal_due_at": now + timedelta(hours=9)}
            ),
        )
        clocks = (*clocks, _clock("LEG-CT-PPO-TERM", now).model_copy(update={"kind": "legal", "levels": ()}))
    fact = ReferralFact(
        id=f"r_{event}", number=number, case=f"case_{event}", child=f"c_{event}", event_source=SOURCE, event_id=event, event_type=type_,
        family="whereabouts" if legal else "services", role="primary", profile="P1-POL" if legal else "P4-SVC", ladder="P1" if legal else "P4",
        agency=Agency("police", "county", "220122") if legal else Agency("civil_affairs", "county", "220122"),
        severity="CRITICAL" if legal else "LOW", classification="C3", state="on_hold" if number == WAITS else "sent", version=1,
        opened_at=now, county="220122", clocks=clocks, list_items=(1, 13, "P04") if number == RUNS else ("P04",) if number == WAITS else (),
    )  # fmt: skip
    note = {"consent_pending": True} if number == WAITS else {"consent_items": ["P04"]} if number == RUNS else {}
    return Referral(fact=fact, rules=(), note=note, is_new=True)


def _clock(name: str, now: datetime) -> ClockFact:
    due = now + timedelta(hours=2)
    return ClockFact(
        name=name, started_at=now, due_at=due, provisional=name == "start", levels=(Level(level=1, at=due),)
    )


async def load_digest(db: Db, now: datetime) -> None:
    """Two digests for the child director of a village."""
    await save_digests(
        db,
        [
            Digest("c_8h2k", SOURCE, "s2", now, VILLAGE, (22, "P13")),
            Digest("c_9m3x", SOURCE, "s4", now, VILLAGE, (25,)),
        ],
    )


async def load_obligations(db: Db, now: datetime, count: int = 3) -> None:
    """Duties of the county's civil affairs: one overdue, one warned, the rest open; and one that was done."""
    for n in range(count + 1):
        state = "done" if n == count else ("overdue", "warned", "open")[min(n, 2)]
        due = date(2026, 1, 5) + timedelta(days=400 * n) if n else date(2026, 1, 5)
        await db.execute(
            "insert into tracker.obligation(id, number, code, part, child_ref, kind, level, area, role, period, opens_on, due_on, due_at,"
            " warn_on, state, provisional, known_at, overdue_at)"
            " values ($1, $2, 'T05', 'half_year', null, 'civil_affairs', 'county', '220122', 'case_lead', $3, $4, $4, $5, '{}', $6, $7, $8, $9)",
            f"o{n:03}", f"V26-{n:08}", f"2026-H{n}", due, datetime.combine(due, datetime.min.time(), now.tzinfo), state, n == 1, now,
            now if state == "overdue" else None,
        )  # fmt: skip


async def load_message(db: Db, now: datetime) -> None:
    """A message about the missing child: the post's own officer was away, so the leader was told."""
    await db.execute(
        "insert into notifier.notice(id, cause, gathering, referral_id, number, case_id, county, role, severity, classification, kind,"
        " agency_level, area, function, level, reason, text, channels, exercise, not_before, created_at, state, failed)"
        " values ('n1', 'x', 'g', 'r_s3', $1, 'case_s3', '220122', 'primary', 'CRITICAL', 'C3', 'police', 'county', '220122',"
        " 'duty_officer', 0, 'opened', 'opened', '{sms}', false, $2, $2, 'told', '{}')",
        LEGAL, now,
    )  # fmt: skip
    await db.execute(
        "insert into notifier.message(id, notice_id, referral_ids, numbers, kind, agency_level, area, to_role, level, reason, person_id,"
        " person_name, text, exercise, warnings, usable, created_at, state, duty)"
        " values ('m1', 'n1', '{r_s3}', array[$1], 'police', 'county', '220122', 'duty_leader', 1, 'undelivered', 'p9', '带班一', 't', false,"
        " '{}', '{sms}', $2, 'reached', $3)",
        LEGAL, now,
        {"meant": "police@county/220122/duty_officer", "post": "police@county/220122/duty_leader", "stage": "leader", "because": "rotation",
         "shift": "夜班", "from": "2026-10-02T09:00:00+00:00", "to": "2026-10-03T01:00:00+00:00",
         "passed_over": [{"post": "police@county/220122/duty_officer", "because": "on_leave"}]},
    )  # fmt: skip
    await db.execute(
        "insert into notifier.delivery(message_id, channel, person_id, exercise, priority, position, state, detail, attempts, slow, next_at, at,"
        " contact_masked) values ('m1', 'sms', 'p9', false, 0, 0, 'sent', '', 1, false, $1, $1, '***0001')",
        now,
    )  # fmt: skip
