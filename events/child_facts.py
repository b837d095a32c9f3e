"""What is on file about a child, and what an event adds to it or takes away (registry facts, domain section 6). Pure.

Absent means unknown, never false. Categories add up; `left_categories` of what was told takes them away again, `forgotten` makes facts
unknown again, `left_items` are services that stay behind where the child lived.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from events.child_learned import FORGOTTEN, LEARNERS, LEFT, LEFT_BEHIND_ITEMS, STAGES
from events.guardian_facts import merge_guardians, of_guardians, somebody_in_custody

# What an event's envelope tells about a child that later events and timers need.
ABOUT_CHILD = ("age_years", "sex", "residence_code", "hukou_code", "child_categories", "pupil_at", "rating")
IN_CUSTODY = "guardian_in_custody_or_detox"
ADDS_UP = ("enjoyed", "consent")
TAKEN_AWAY = (LEFT, FORGOTTEN, LEFT_BEHIND_ITEMS)  # of what was told: never on file
# T03 (A§2.2, B-T8): the categories, ratings and facts that put a child on the key-care list (心理和行为异常 and 自主求助 included).
KEY_CARE = frozenset({
    "orphan", "quasi_orphan", "de_facto_unattended", "disabled", "seriously_ill", "hiv", "low_income", "single_parent",
    "unregistered", "out_of_school", "wandering_history", "registered_poor", "social_orphan",
    "guardian_in_custody_or_detox", "privately_adopted", "guardianship_harmed", "trafficking_rescued",
})  # fmt: skip
KEY_CARE_RATINGS = frozenset({"insufficient", "improper", "absent", "harm", "key_care"})
KEY_CARE_FACTS = ("help_requested", "mental_abnormal", "behaviour_abnormal", "severe_disorder")
# B§2.2: the categories that make a distressed child (family, self or guardianship distress).
DISTRESSED = KEY_CARE - {"single_parent", "wandering_history"}


def learned(event_type: str, data: Mapping[str, Any], source: str = "") -> dict[str, Any]:
    """What an event of a type (version or none) tells about its child beyond the envelope, in the registry's own names.

    `source` is the event's source path. The result goes into `merge`; it may hold `left_categories`, and None for what has ended.
    """
    name = event_type.rsplit(".v", 1)[0]
    facts: dict[str, Any] = of_guardians(name, data)
    if name in LEARNERS:
        facts |= LEARNERS[name](data, source)
    if data.get("stage") in STAGES:
        facts.setdefault("stage", data["stage"])
    ages = (data.get("age_years"), *(child.get("age_years") for child in data.get("children") or ()))
    if any(age is not None for age in ages) and data.get("occurred_at"):
        facts["age_told_on"] = str(data["occurred_at"])[:10]
    return facts


def age_of(on_file: Mapping[str, Any], day: date) -> int | None:
    """A child's whole years on a day: by the birth date where it is on file, else as last told and the full years since (at least)."""
    born = on_file.get("born_on")
    if born is not None:
        born = date.fromisoformat(str(born))
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    age: int | None = on_file.get("age_years")
    told_on = on_file.get("age_told_on")
    if age is None or told_on is None:
        return age
    told = date.fromisoformat(str(told_on))
    return age + max(0, day.year - told.year - ((day.month, day.day) < (told.month, told.day)))


def together(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, Any]:
    """Two things told at once, still as told: what the second says wins, categories add up, what has ended stays written."""
    both = {**first, **{key: value for key, value in second.items() if value is not None}}
    if "child_categories" in both:
        both["child_categories"] = [
            *dict.fromkeys([*first.get("child_categories", ()), *(second.get("child_categories") or ())])
        ]
    return both


def merge(on_file: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    """What is on file after an event told something: newer values win, categories and lists add up, groups merge; None changes nothing."""
    gone = {*TAKEN_AWAY, *(told.get(FORGOTTEN) or ())}
    merged = {key: value for key, value in on_file.items() if key not in gone}
    if merged.get("enjoyed") and told.get(LEFT_BEHIND_ITEMS):
        merged["enjoyed"] = [item for item in merged["enjoyed"] if item not in told[LEFT_BEHIND_ITEMS]]
    for key, value in told.items():
        if value is None or key in TAKEN_AWAY:
            continue
        if key == "child_categories" or key in ADDS_UP:
            value = sorted({*(merged.get(key) or ()), *value}, key=str)
        elif key == "guardians":
            value = merge_guardians(merged.get(key) or {}, value)
        elif isinstance(value, Mapping) and isinstance(merged.get(key), Mapping):
            value = {**merged[key], **value}
        merged[key] = value
    return _without_left(merged, told)


def _without_left(merged: dict[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    """A category that an event took away is gone; a child of two guardians in custody stays one while one of them is."""
    left = set(told.get(LEFT) or ())
    if "guardians" in told and not somebody_in_custody(merged["guardians"]):
        left |= {IN_CUSTODY} - set(told.get("child_categories") or ())
    if left and merged.get("child_categories"):
        merged["child_categories"] = [c for c in merged["child_categories"] if c not in left]
    return merged


def key_care(child: Mapping[str, Any]) -> bool:
    """Whether what is on file puts the child on the key-care list (T03): a category, the rating, or a fact."""
    return (
        bool(KEY_CARE & set(child.get("child_categories") or ()))
        or child.get("rating") in KEY_CARE_RATINGS
        or any(child.get(fact) is True for fact in KEY_CARE_FACTS)
    )
