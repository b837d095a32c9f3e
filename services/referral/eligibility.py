"""Facts that the predicates of the service lists read (domain section 6), each from what is on file and from the event. Pure.

A name that is no function here is a fact on file, else a field of the event. Unknown is None, never False; a function's docstring is
what policy staff read.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from typing_extensions import override

from events.child_facts import DISTRESSED, age_of
from events.child_facts import key_care as on_key_care_list
from services.directory.territory import territory

Areas = Mapping[str, str | None]  # res, huk, occ -> area code
DISTRESS_RATINGS = {"insufficient", "improper", "absent", "harm", "key_care"}
NOT_A_PUPIL = "out_of_school"
SCHOOL_STAGES = ("compulsory", "senior_high", "vocational")

# Plain facts that a predicate may read (domain section 6), and those of our own that events leave on file.
FACTS_ON_FILE = frozenset({
    "resident_since", "residence_permit", "stage", "enrolled", "conditions_met", "income_test", "family_doctor", "insured_at_residence",
    "vaccination_gap", "health_gap", "childcare_wanted", "severe_disorder", "at_home", "housing_difficulty", "emergency",
    "no_able_supporters", "bereaved", "mental_abnormal", "internet_risk", "loneliness", "in_temporary_guardianship", "parents_employed",
    "parent_wants_training", "mother_wants_training", "parent_need", "special_school", "payee", "rating", "cross_region_bill",
    "community_rehab", "party_to_suit", "entering_university", "guardian_breach_in_court", "guardian_duty_failed", "warning_letter",
})  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What eligibility is computed from: the child on file, the event's data, the row, the day, and whose areas are meant."""

    child: Mapping[str, Any]
    row: str
    on: date
    data: Mapping[str, Any] = field(default_factory=dict)
    areas: Areas = field(default_factory=dict)

    def on_file(self, name: str) -> Any:
        """A plain fact: the registry's, else a field of the event; `unknown` is unknown."""
        value = self.child.get(name)
        value = self.data.get(name) if value is None else value
        return None if value == "unknown" else value

    def category(self, name: str) -> bool | None:
        """Whether the child has a category; unknown where nothing was ever told of its categories."""
        known = self.child.get("child_categories")
        return None if known is None else name in known


ELIGIBILITY: dict[str, Callable[[Asked], Any]] = {}


def eligibility(function: Callable[[Asked], Any]) -> Callable[[Asked], Any]:
    """Register a named fact of eligibility."""
    ELIGIBILITY[function.__name__] = function
    return function


class Eligibility(Mapping[str, Any]):
    """All facts of one child for one match, computed when asked for."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self._known: dict[str, Any] = {}

    @override
    def __getitem__(self, name: str) -> Any:
        if name not in self._known:
            function = ELIGIBILITY.get(name)
            self._known[name] = function(self.asked) if function else self.asked.on_file(name)
        return self._known[name]

    @override
    def __iter__(self) -> Iterator[str]:
        return iter({**ELIGIBILITY, **self.asked.data, **self.asked.child})

    @override
    def __len__(self) -> int:
        return len({**ELIGIBILITY, **self.asked.data, **self.asked.child})


def months_between(start: date, end: date) -> int:
    """Whole months from one day to another; the corresponding day completes a month."""
    return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)


def _day(value: Any) -> date | None:
    return date.fromisoformat(str(value)[:10]) if value else None


def _between(asked: Asked, low: int, high: int) -> bool | None:
    age = age_years(asked)
    return None if age is None else low <= age <= high


@eligibility
def age_years(asked: Asked) -> int | None:
    """Age in whole years: from the birth date where it is on file, else as last told and the full years since."""
    return age_of({**asked.child, "age_years": asked.on_file("age_years")}, asked.on)


@eligibility
def preschool_age(asked: Asked) -> bool | None:
    """Three to six years old (item 2)."""
    return _between(asked, 3, 6)


@eligibility
def compulsory_age(asked: Asked) -> bool | None:
    """Six to fifteen years old: compulsory schooling (item 28; K07 art 11)."""
    return _between(asked, 6, 15)


@eligibility
def age_3_to_18(asked: Asked) -> bool | None:
    """Three to eighteen years old (item 13)."""
    return _between(asked, 3, 18)


@eligibility
def age_7_to_15(asked: Asked) -> bool | None:
    """Seven to fifteen years old (Changchun's item 13)."""
    return _between(asked, 7, 15)


@eligibility
def migrant(asked: Asked) -> bool | None:
    """A migrant child: on file as one, or one by the definition of A§2.1 when a residence permit says so."""
    return True if asked.category("migrant") or newly_migrant(asked) else asked.category("migrant")


@eligibility
def newly_migrant(asked: Asked) -> bool | None:
    """By A§2.1 a migrant child that nobody has identified yet: below 16, registered in another county (two core districts of one
    city do not count), here for six months; a residence permit stands for the six months when nobody knows since when."""
    if asked.child.get("migrant_identified_on"):
        return False
    age, res, huk = age_years(asked), asked.areas.get("res"), asked.areas.get("huk")
    if (age is not None and age >= 16) or not res or not huk:
        return False
    here, there, land = territory().county(res), territory().county(huk), territory()
    if here is None or here == there or huk[:6] == here:
        return False
    one_city = there is not None and land.city(here, asked.on) == land.city(there, asked.on)
    if there is not None and one_city and land.is_core(here, asked.on) and land.is_core(there, asked.on):
        return False
    since = _day(asked.on_file("resident_since"))
    if since is None:
        return True if asked.row == "residence.permit.registered" else None
    return months_between(since, asked.on) >= 6


@eligibility
def left_behind(asked: Asked) -> bool | None:
    """On file as a left-behind child (B§2.1)."""
    return asked.category("left_behind")


@eligibility
def distressed(asked: Asked) -> bool | None:
    """A child in distress (B§2.2): found to be one, by a category, or by the rating of its guardianship. HIV alone does not show here."""
    known = set(asked.child.get("child_categories") or ())
    if (
        asked.on_file("distressed") is True
        or known & (DISTRESSED - {"hiv"})
        or asked.on_file("rating") in DISTRESS_RATINGS
    ):
        return True
    return asked.category("distressed")


@eligibility
def key_care(asked: Asked) -> bool | None:
    """On the key-care list (T03). What is sealed, HIV or a severe disorder alone, does not show here: nobody else may learn of it
    (A-L8, A-L10, K21)."""
    shown = [c for c in asked.child.get("child_categories") or () if c != "hiv"]
    child = {**asked.child, "child_categories": shown, "severe_disorder": None}
    if on_key_care_list(child):
        return True
    return None if asked.child.get("child_categories") is None or asked.child.get("rating") is None else False


@eligibility
def low_income(asked: Asked) -> bool | None:
    """A household with minimum living allowance, in dire poverty, at their margin, or with rigid expenses: by category or income test."""
    if (
        asked.category("low_income")
        or asked.on_file("low_income") is True
        or asked.on_file("income_test") in ("met", True)
    ):
        return True
    return False if asked.on_file("low_income") is False or asked.on_file("income_test") in ("not_met", False) else None


@eligibility
def single_parent(asked: Asked) -> bool | None:
    """A single-parent family, by category or fact."""
    told = asked.on_file("single_parent")
    return True if asked.category("single_parent") else asked.category("single_parent") if told is None else told


def _disability(asked: Asked) -> Mapping[str, Any]:
    told = asked.on_file("disability")
    return told if isinstance(told, Mapping) else {}


@eligibility
def disabled(asked: Asked) -> bool | None:
    """A child with a disability: by category or certificate."""
    return True if asked.category("disabled") or disability_certified(asked) else asked.category("disabled")


@eligibility
def disability_certified(asked: Asked) -> bool | None:
    """There is a certificate: it is said, or its grade is on file."""
    about = _disability(asked)
    return True if about.get("grade") is not None and about.get("certified") is not False else about.get("certified")


@eligibility
def disability_suspected(asked: Asked) -> bool | None:
    """A screening was positive and nobody has certified or ruled it out."""
    return _disability(asked).get("suspected")


@eligibility
def disability_grade(asked: Asked) -> int | None:
    """The grade of the certificate, 1 the most severe."""
    return _disability(asked).get("grade")


@eligibility
def disability_category(asked: Asked) -> str | None:
    """The category of the disability."""
    return _disability(asked).get("category")


@eligibility
def rehab_need(asked: Asked) -> bool | None:
    """Somebody said that the child needs rehabilitation."""
    return _disability(asked).get("rehab_need")


@eligibility
def congenital_heart_disease(asked: Asked) -> bool | None:
    """The screening or the catalogue of serious illnesses names a congenital heart disease (P05)."""
    told = asked.data.get("screen_type") or asked.data.get("catalog_code")
    return (
        None
        if told is None
        else str(told).lower().startswith(("chd", "q20", "q21", "q22", "q23", "q24", "q25", "congenital_heart"))
    )


@eligibility
def pupil(asked: Asked) -> bool | None:
    """Goes to school or kindergarten: a school is on record, it is enrolled, or at a stage of school; out of school: no."""
    if asked.on_file("pupil_at") or asked.on_file("enrolled") is True:
        return True
    if asked.category(NOT_A_PUPIL) or asked.on_file("enrolled") is False:
        return False
    return True if asked.on_file("stage") in SCHOOL_STAGES else None


@eligibility
def months_since_arrival(asked: Asked) -> int | None:
    """Whole months since the child was identified as migrant (E19; now, if this event does it), else since it came here (item 29)."""
    if newly_migrant(asked):
        return 0
    since = _day(asked.child.get("migrant_identified_on")) or _day(asked.on_file("resident_since"))
    return None if since is None else months_between(since, asked.on)


def _of_category(name: str) -> Callable[[Asked], bool | None]:
    def known(asked: Asked) -> bool | None:
        return asked.category(name)

    known.__doc__ = f"On file as {name} (domain 1.0)."
    return known


for _name in ("orphan", "quasi_orphan", "de_facto_unattended", "hiv", "seriously_ill", "registered_poor"):
    ELIGIBILITY[_name] = _of_category(_name)
