"""Facts about what a family asks for or still lacks, and which departments answer for it (domain analysis 1.6, 3.5)."""

from services.directory.kinds import KINDS
from services.referral.facts.core import Given, fact, known

# A need in the words of families and offices -> the department that answers for it.
ANSWERS_FOR = {
    "education": "education", "schooling": "education", "school": "education", "tuition": "education", "kindergarten": "education",
    "medical": "health", "treatment": "health", "illness": "health", "psychology": "health", "psychological": "health",
    "mental": "health", "mental_health": "health", "health_management": "health", "vaccination": "cdc",
    "insurance": "medical_insurance", "medical_cost": "medical_insurance",
    "rehab": "disabled_federation", "rehabilitation": "disabled_federation", "disability": "disabled_federation",
    "living": "civil_affairs", "livelihood": "civil_affairs", "income": "civil_affairs", "benefit": "civil_affairs",
    "relief": "civil_affairs", "care": "civil_affairs", "guardianship": "civil_affairs",
    "rent": "housing", "shelter": "civil_affairs", "jobs": "human_resources", "job": "human_resources",
    "employment": "human_resources", "training": "human_resources", "parenting": "womens_federation",
    "family_education": "womens_federation", "companionship": "youth_league", "social_work": "youth_league",
    "legal": "justice", "legal_aid": "justice", "bus": "transport", "bus_card": "transport",
    "hukou": "police", "household_registration": "police", "residence_permit": "police", "safety": "police",
}  # fmt: skip
# Nobody of these sees a name before consent: rows name them themselves, with consent.
BY_CONSENT = {"charity_federation", "social_org", "service_site"}
JOBS = {
    "jobs",
    "job",
    "employment",
    "work",
    "training",
    "skills",
    "employment_training",
    "parent_employment",
    "skill_training",
    "vocational_training",
}


@fact
def departments_needed(given: Given) -> tuple[str, ...] | None:
    """The departments that answer for the needs named (`needs` of E77, `need_codes` of E33); a kind of agency stands for itself."""
    codes = [*(given.data.get("needs") or ()), *(given.data.get("need_codes") or ())]
    kinds = {code if code in KINDS else ANSWERS_FOR.get(str(code)) for code in codes}
    return tuple(sorted(str(kind) for kind in kinds - {None} - BY_CONSENT)) or None


@fact
def need_is_work(given: Given) -> bool | None:
    """Parents ask for work or training; every other need of parents is help to bring up the child (E79)."""
    need = known(given.data.get("need"))
    return None if need is None else need in JOBS
