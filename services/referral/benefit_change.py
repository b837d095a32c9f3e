"""What a change of a child's facts means for its benefit: possibly due now (E73), or possibly over (E74, 应退未退). Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from services.referral.benefit_status import STATUSES, Held, held

ELIGIBLE, EXIT = "benefit.eligibility.suspected", "benefit.exit.suspected"
# Events that may end what a benefit rests on, and the fact that they change (E12, E13; a death or a find changes the test itself).
ENDING = {"guardian.released": "guardian_released", "guardian.rights.restored": "guardian_restored"}
BENEFIT_ITEM = 10
SEALED = "hiv"


@dataclass(frozen=True)
class Suspicion:
    """An event to derive: its type and what it tells beyond the child."""

    type: str
    told: Mapping[str, Any] = field(default_factory=dict)


def suspicions(before: Mapping[str, Any], after: Mapping[str, Any], row: str, child: str, on: date, *, unsafe: bool = False
               ) -> list[Suspicion]:  # fmt: skip
    """What follows from a child's file before and after an event: a status that newly holds and nobody has recognised, or a benefit
    whose ground is gone. A matter has one correlation key: the child, the benefit and the day of the change."""
    recognised: set[str] = {status for status in STATUSES if status in (after.get("child_categories") or ())}
    now = held(after, on)
    if recognised:
        return _exit(recognised, now, after, row, child, on)
    was = held(before, on)
    if now is None or (was is not None and was.status == now.status) or BENEFIT_ITEM in (after.get("enjoyed") or ()):
        return []
    told = {
        "category": now.status,
        "matched_facts": list(now.matched_facts),
        **_change(child, now.status, now.since, on),
    }
    return [Suspicion(ELIGIBLE, told | ({"unsafe": True} if unsafe else {}))]


def compared(child: Mapping[str, Any], ref: str, on: date) -> list[Suspicion]:
    """What a comparison (T06, T08) finds: every status that holds and is not recognised, whenever it began."""
    return suspicions({}, child, "comparison", ref, on)


def _exit(
    recognised: set[str], now: Held | None, after: Mapping[str, Any], row: str, child: str, on: date
) -> list[Suspicion]:
    changed = ENDING.get(row)
    if changed is None or SEALED in (after.get("child_categories") or ()) or (now and now.status in recognised):
        return []
    benefit = next(status for status in STATUSES if status in recognised)
    return [Suspicion(EXIT, {"benefit": benefit, "changed_fact": changed, **_change(child, benefit, on, on)})]


def _change(child: str, benefit: str, since: date | None, on: date) -> dict[str, Any]:
    """When it changed, and the key of the matter: the same status from the same day is one matter, however often it is compared."""
    return {
        "changed_at": (since or on).isoformat(),
        "correlation_key": f"{child}:{benefit}:{since.isoformat() if since else 'undated'}",
    }
