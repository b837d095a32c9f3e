"""Event by event: what it tells about its child (domain 1.2–1.7 into the names of section 6). Pure.

A suspicion never becomes a category by itself (domain 1, note d); what a type says by its very name does.
"""

from collections.abc import Callable, Mapping
from typing import Any

Told = Mapping[str, Any]
Learner = Callable[[Told, str], dict[str, Any]]

LEFT = "left_categories"  # categories that an event takes away
FORGOTTEN = "forgotten"  # facts that an event makes unknown again
LEFT_BEHIND_ITEMS = "left_items"  # service items that a child does not have where it lives now
# What is true of a place alone: it has to be asked anew in another county. Benefits that the registration pays go along.
OF_THE_PLACE = ("family_doctor", "insured_at_residence", "residence_permit", "enrolled", "pupil_at", "housing_difficulty", "special_school",
                "cross_region_bill", "emergency")  # fmt: skip
ITEMS_OF_THE_PLACE = tuple(n for n in range(1, 33) if n not in (10, 11, 14, 15))
STAGES = ("preschool", "compulsory", "senior_high", "vocational")
NOT_DISABILITY = {
    "PKU",
    "CH",
    "CHD",
    "pku",
    "ch",
    "chd",
}  # newborn screening that is no screening for a disability (E63)
ENROLLED_NO_MORE = {"left", "withdrawn", "dropped_out", "graduated", "removed", "not_enrolled"}
GRANTED = {"granted", "approved", "accepted", "yes", "recognised", "confirmed"}
ENDED = {"stopped", "ended", "exited", "cancelled", "revoked"}
# A benefit as sources name it -> the category or facts that its grant puts on file, and the service item that is then enjoyed.
BENEFITS: Mapping[str, tuple[dict[str, Any], int | None]] = {
    "orphan": ({"child_categories": ["orphan"]}, 10),
    "quasi_orphan": ({"child_categories": ["quasi_orphan"]}, 10),
    "de_facto_unattended": ({"child_categories": ["de_facto_unattended"]}, 10),
    "hiv": ({"child_categories": ["hiv"]}, 10),
    "low_income": ({"child_categories": ["low_income"], "low_income": True}, 14),
    "minimum_living": ({"child_categories": ["low_income"], "low_income": True}, 14),
    "dibao": ({"child_categories": ["low_income"], "low_income": True}, 14),
    "low_income_margin": ({"child_categories": ["low_income"], "low_income": True}, None),
    "rigid_expenditure": ({"child_categories": ["low_income"], "low_income": True}, None),
    "extreme_poverty": ({"child_categories": ["low_income"], "low_income": True}, 15),
    "tekun": ({"child_categories": ["low_income"], "low_income": True}, 15),
    "destitute_support": ({"child_categories": ["low_income"], "low_income": True}, 15),
    "temporary_relief": ({"emergency": False}, 16),
    "disability_allowance": ({}, 11),
    "two_subsidies": ({}, 11),
    "rehabilitation": ({"disability": {"rehab_need": False}}, 12),
    "rehab_aid": ({"disability": {"rehab_need": False}}, 12),
    "disability_certificate": ({"child_categories": ["disabled"], "disability": {"certified": True}}, None),
    "medical_insurance": ({"insured_at_residence": True}, 7),
    "housing": ({"housing_difficulty": False}, 9),
    "public_rental": ({"housing_difficulty": False}, 9),
    "rent_subsidy": ({"housing_difficulty": False}, 9),
}


def _tells(**facts: Any) -> Learner:
    return lambda data, source: dict(facts)


def _is(*categories: str, **facts: Any) -> Learner:
    return lambda data, source: {"child_categories": list(categories), **facts}


def _day(data: Told, *names: str) -> str | None:
    value = next((data[name] for name in names if data.get(name)), None)
    return None if value is None else str(value)[:10]


def _migrant(data: Told, source: str) -> dict[str, Any]:
    return {
        "child_categories": ["migrant"],
        "migrant_identified_on": _day(data, "occurred_at"),
        "resident_since": _day(data, "since"),
    }


def _moved(data: Told, source: str) -> dict[str, Any]:
    here, there = str(data.get("to_code") or ""), str(data.get("from_code") or "")
    told = {"residence_code": data.get("to_code"), "resident_since": _day(data, "date", "occurred_at")}
    if not here or not there or here[:6] == there[:6]:
        return told
    return told | {FORGOTTEN: list(OF_THE_PLACE), LEFT_BEHIND_ITEMS: list(ITEMS_OF_THE_PLACE)}


def _distressed(data: Told, source: str) -> dict[str, Any]:
    facts: dict[str, Any] = {"distressed": True, "distress_class": data.get("class")}
    told = {str(data.get("subtype")), *(str(f) for f in data.get("matched_facts") or ())}
    categories = sorted(told & CATEGORIES)
    return facts | ({"child_categories": categories} if categories else {})


# Categories that a screening (E102) may name as its subtype or matched fact; hiv never travels that way.
CATEGORIES = {
    "orphan", "quasi_orphan", "de_facto_unattended", "disabled", "seriously_ill", "low_income", "single_parent", "unregistered",
    "out_of_school", "wandering_history", "registered_poor", "social_orphan", "guardian_in_custody_or_detox", "privately_adopted",
    "guardianship_harmed", "trafficking_rescued",
}  # fmt: skip


def _harm(data: Told, source: str) -> dict[str, Any]:
    return {"child_categories": ["guardianship_harmed"]} if data.get("confidence") == "confirmed" else {}


def _breach(data: Told, source: str) -> dict[str, Any]:
    return {"guardian_breach_in_court": True} if source.startswith("/court/") else {"guardian_breach_in_case": True}


def _court_order(data: Told, source: str) -> dict[str, Any]:
    in_court = source.startswith("/court/") or data.get("issuer") == "court"
    return {"family_education_ordered": True, **({"guardian_breach_in_court": True} if in_court else {})}


def _enrolled(data: Told, source: str) -> dict[str, Any]:
    enrolled = data.get("status") not in ENROLLED_NO_MORE
    school = data.get("school_ref")
    at_school = school if enrolled and isinstance(school, str) and school.startswith("/") else None
    return {"enrolled": enrolled, "pupil_at": at_school, **({LEFT: ["out_of_school"]} if enrolled else {})}


def _disability(data: Told, source: str) -> dict[str, Any]:
    told = {"category": data.get("category"), "grade": data.get("grade"), "certified": True, "suspected": False}
    return {"child_categories": ["disabled"], "disability": {k: v for k, v in told.items() if v is not None}}


def _screened(data: Told, source: str) -> dict[str, Any]:
    return {} if data.get("screen_type") in NOT_DISABILITY else {"disability": {"suspected": True}}


def _parent_need(data: Told, source: str) -> dict[str, Any]:
    return {"parent_need": data.get("need")}


def _visited(data: Told, source: str) -> dict[str, Any]:
    seen = data.get("child_seen") is True
    return {"rating": data.get("rating"), "last_visit_on": _day(data, "visit_at", "occurred_at") if seen else None}


def _decided(data: Told, source: str) -> dict[str, Any]:
    facts, item = BENEFITS.get(str(data.get("benefit")), ({}, None))
    result = str(data.get("result") or "")
    if result in GRANTED:
        return {**facts, **({"enjoyed": [item]} if item else {})}
    if result in ENDED:
        return {
            LEFT: list(facts.get("child_categories", ())),
            **({"low_income": False} if "low_income" in facts else {}),
        }
    return {}


LEARNERS: Mapping[str, Learner] = {
    "guardian.duty.refused": _tells(guardian_duty_failed=True),
    "guardian.duty.neglected": _tells(guardian_duty_failed=True),
    "guardian.breach.found_in_case": _breach,
    "child.migrant.identified": _migrant,
    "child.left_behind.identified": _is("left_behind"),
    "child.mobility.changed": _moved,
    "child.wandering": _is("wandering_history"),
    "child.trafficking.rescued": _is("trafficking_rescued"),
    "child.private_adoption.found": _is("privately_adopted"),
    "child.unregistered": _is("unregistered"),
    "child.deceased": _tells(deceased=True),
    "help.requested.by_family": _tells(help_requested=True),
    "child.distressed.identified": _distressed,
    "abuse.guardian_harm.suspected": _harm,
    "education.dropout.suspected": _tells(dropout_suspected=True),
    "education.dropout.confirmed": _is("out_of_school", enrolled=False, dropout_suspected=False),
    "education.not_enrolled": _is("out_of_school", enrolled=False),
    "education.returned": lambda data, source: {LEFT: ["out_of_school"], "enrolled": True, "dropout_suspected": False},
    "education.enrolment.updated": _enrolled,
    "child.mental.abnormal": _tells(mental_abnormal=True),
    "child.self_harm.risk": _tells(mental_abnormal=True),
    "child.behaviour.misconduct": _tells(behaviour_abnormal=True),
    "child.mental.severe_disorder": _tells(severe_disorder=True, at_home=True),
    "child.serious_illness": _is("seriously_ill"),
    "child.hiv.infected": _is("hiv"),
    "child.disability.certified": _disability,
    "child.disability.suspected": _screened,
    "child.rehab_need": _tells(disability={"rehab_need": True}),
    "health.management.gap": _tells(health_gap=True),
    "health.vaccination.gap": _tells(vaccination_gap=True),
    "insurance.uninsured": _tells(insured_at_residence=False),
    "livelihood.difficulty": _tells(livelihood_difficulty=True),
    "livelihood.emergency": _tells(emergency=True),
    "housing.difficulty": _tells(housing_difficulty=True),
    "residence.permit.registered": _tells(residence_permit=True),
    "residence.permit.missing": _tells(residence_permit=False),
    "benefit.decided": _decided,
    "service.parent_need": _parent_need,
    "visit.completed": _visited,
    "risk.rating.changed": lambda data, source: {"rating": data.get("to")},
    "online.harmful_content.found": _tells(internet_risk=True),
    "online.child_victim.identified": _tells(internet_risk=True),
    "police.warning_letter.issued": _tells(warning_letter=True),
    "order.family_education.issued": _court_order,
    "placement.temporary.started": _tells(in_temporary_guardianship=True),
    "placement.temporary.ended": _tells(in_temporary_guardianship=False),
    "placement.longterm.started": lambda data, source: {
        "in_temporary_guardianship": False, "in_longterm_guardianship": True, "placement_form": data.get("form")},
}  # fmt: skip
