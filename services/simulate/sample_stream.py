"""The sample mix: events as a province's systems might report them in an hour, about two messages each. For demo and benchmark.

Deterministic: the same run name gives the same events. Children do not exist; areas are real only to exercise routing.
"""

import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from events.envelope import Event
from services.directory.territory import territory

SHANGHAI = ZoneInfo("Asia/Shanghai")
Make = Callable[[random.Random, str, str, datetime], tuple[str, str, dict[str, Any]]]


def _absence(pick: random.Random, area: str, child: str, at: datetime) -> tuple[str, str, dict[str, Any]]:
    return "education.absence.unexplained.v1", f"/school/{area}/s{pick.randrange(9)}", {
        "consecutive_school_days": pick.choice((1, 1, 2)), "guardian_contacted": True, "guardian_reachable": True, "stage": "compulsory"}  # fmt: skip


def _returned(pick: random.Random, area: str, child: str, at: datetime) -> tuple[str, str, dict[str, Any]]:
    return "education.returned.v1", f"/school/{area}/s{pick.randrange(9)}", {"returned_at": _text(at)}


def _dropout(pick: random.Random, area: str, child: str, at: datetime) -> tuple[str, str, dict[str, Any]]:
    return (
        "education.dropout.suspected.v1",
        f"/school/{area}/s{pick.randrange(9)}",
        {"days_absent": 3, "stage": "compulsory"},
    )


def _deceased(pick: random.Random, area: str, child: str, at: datetime) -> tuple[str, str, dict[str, Any]]:
    return "guardian.deceased.v1", f"/health/{area}/h{pick.randrange(3)}", {
        "guardian_role": "father", "death_date": at.date().isoformat(), "other_guardian_status": "able"}  # fmt: skip


def _imprisoned(pick: random.Random, area: str, child: str, at: datetime) -> tuple[str, str, dict[str, Any]]:
    return (
        "guardian.imprisoned.v1",
        f"/court/{area}/c1",
        {"intake_date": at.date().isoformat(), "caregiver_known": False},
    )


def _violence(pick: random.Random, area: str, child: str, at: datetime) -> tuple[str, str, dict[str, Any]]:
    return "abuse.domestic_violence.suspected.v1", f"/hospital/{area}/h{pick.randrange(3)}", {
        "suspect_relation": "father", "injury_level": pick.choice(("none", "multiple")), "ongoing": False, "immediate_danger": False,
        "needs_medical": False}  # fmt: skip


def _alone(pick: random.Random, area: str, child: str, at: datetime) -> tuple[str, str, dict[str, Any]]:
    return "child.living_alone.v1", f"/village_committee/{area}/v{pick.randrange(9)}", {
        "since": _text(at - timedelta(hours=2)), "reachable_parent": True, "heating_ok": True}  # fmt: skip


def _missing(pick: random.Random, area: str, child: str, at: datetime) -> tuple[str, str, dict[str, Any]]:
    return "child.missing.v1", f"/police_command/{area}/110", {
        "last_seen_at": _text(at - timedelta(hours=1)), "suspected_cause": "unknown"}  # fmt: skip


def _found(pick: random.Random, area: str, child: str, at: datetime) -> tuple[str, str, dict[str, Any]]:
    return "child.found.v1", f"/police/{area}/p1", {"found_at": _text(at), "condition": "well"}


def _visit(pick: random.Random, area: str, child: str, at: datetime) -> tuple[str, str, dict[str, Any]]:
    nothing = dict.fromkeys(("livelihood", "guardianship", "health_schooling", "care_services"), "nothing")
    return "visit.completed.v1", f"/village_committee/{area}/v{pick.randrange(9)}", {
        "visit_at": _text(at), "rating": pick.choice(("good", "fair")), "child_seen": True, "findings": nothing}  # fmt: skip


def _permit(pick: random.Random, area: str, child: str, at: datetime) -> tuple[str, str, dict[str, Any]]:
    return "residence.permit.registered.v1", f"/police/{area}/p1", {
        "issued_at": at.date().isoformat(), "hukou_code": pick.choice(territory().counties)}  # fmt: skip


def _hotline(pick: random.Random, area: str, child: str, at: datetime) -> tuple[str, str, dict[str, Any]]:
    return "hotline.lead.received.v1", f"/digital_gov/{area}/12345", {
        "channel": "12345", "class": "domestic_violence", "caller_wants_anonymity": True, "ongoing": False}  # fmt: skip


def _livelihood(pick: random.Random, area: str, child: str, at: datetime) -> tuple[str, str, dict[str, Any]]:
    return "livelihood.difficulty.v1", f"/village_committee/{area}/v{pick.randrange(9)}", {"indicators": ["no_income"]}


def _mind(pick: random.Random, area: str, child: str, at: datetime) -> tuple[str, str, dict[str, Any]]:
    return (
        "child.mental.abnormal.v1",
        f"/school/{area}/s{pick.randrange(9)}",
        {"screen_level": "medium", "self_harm_flag": False},
    )


# Shares of a hundred. Absences are by far the most frequent report; what is grave is rare.
MIX: tuple[tuple[int, Make], ...] = (
    (46, _absence), (12, _found), (10, _visit), (8, _returned), (7, _deceased), (4, _dropout), (2, _imprisoned), (2, _violence), (2, _permit),
    (2, _hotline), (2, _livelihood), (1, _mind), (1, _alone), (1, _missing),
)  # fmt: skip


def stream(run: str, start: datetime, every: timedelta = timedelta(seconds=1)) -> Iterator[Event]:
    """Events without end, `every` apart; one in ten is about a child that was reported before."""
    pick = random.Random(run)
    areas = territory().counties
    seen: list[tuple[str, str]] = []
    at, number = start, 0
    while True:
        number += 1
        child, area = f"c_{run}_{number}", pick.choice(areas)
        if seen and pick.random() < 0.1:
            child, area = pick.choice(seen)
        seen = [*seen[-99:], (child, area)]
        kind, source, extra = pick.choices([m for _, m in MIX], [w for w, _ in MIX])[0](pick, area, child, at)
        yield _event(f"{run}-{number}", kind, source, child, area, at, pick, extra)
        at += every


def _event(
    event_id: str,
    kind: str,
    source: str,
    child: str,
    area: str,
    at: datetime,
    pick: random.Random,
    extra: dict[str, Any],
) -> Event:
    about = {"age_years": pick.randint(7, 15), "sex": pick.choice(("male", "female")), "residence_code": area, "hukou_code": area,
             "child_categories": pick.choice(([], [], ["left_behind"], ["migrant"]))}  # fmt: skip
    data: dict[str, Any] = {"occurrence_code": area, "occurred_at": _text(at), "confidence": "suspected", **extra}
    subject: str | None = child
    if kind.startswith("guardian."):
        data |= {"child_refs": [child], "children": [{"child_ref": child, **about}]}
        subject = None
    else:
        data = {**about, **data, "child_ref": child}
        if kind.startswith("education."):
            data["pupil_at"] = source
    return Event.model_validate(
        {"id": event_id, "source": source, "type": kind, "time": _text(at), "subject": subject, "data": data}
    )


def _text(at: datetime) -> str:
    return at.astimezone(SHANGHAI).isoformat(timespec="seconds")
