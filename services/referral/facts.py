"""Named facts that rules may ask for, each computed from the event, the case and the moment.

A plain field of the event's data is a fact under its own name. Everything else is a function here, registered by `@fact`, whose
docstring is what policy staff read. A fact that cannot be known is None, never False (domain 1, note 0).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from typing_extensions import override

SHANGHAI = ZoneInfo("Asia/Shanghai")
INJURIES = {"minor", "multiple", "serious"}
GUARDIANS = {
    "father", "mother", "parent", "parents", "stepfather", "stepmother", "guardian", "grandfather", "grandmother",
    "grandparent", "foster_parent", "adoptive_father", "adoptive_mother", "delegate_caregiver", "carer", "caregiver",
}  # fmt: skip
FAMILY = GUARDIANS | {"family", "brother", "sister", "sibling", "uncle", "aunt", "relative"}
MEDICAL = {
    "hospital",
    "childrens_hospital",
    "maternal_child_health",
    "community_health_center",
    "mental_health_hospital",
}
SCHOOLS = {"school", "kindergarten", "childcare"}
POLICE = {"police", "police_station", "police_command"}
# T03 (A§2.2, B-T8): the categories that put a child on the key-care list.
KEY_CARE = {
    "orphan", "quasi_orphan", "de_facto_unattended", "disabled", "seriously_ill", "hiv", "low_income", "single_parent",
    "unregistered", "out_of_school", "wandering_history", "registered_poor", "social_orphan",
    "guardian_in_custody_or_detox", "privately_adopted", "guardianship_harmed", "trafficking_rescued",
}  # fmt: skip
KEY_CARE_RATINGS = {"insufficient", "improper", "absent", "harm", "key_care"}
# K24 art 4: the nine situations; where the article covers several event types, the one that protects sooner.
SITUATIONS = {
    1: "abuse.sexual.suspected",
    2: "abuse.sexual.suspected",
    3: "abuse.sexual.suspected",
    4: "abuse.domestic_violence.suspected",
    5: "child.self_harm.risk",
    6: "child.abandoned",
    7: "child.trafficking.suspected",
    8: "abuse.forced_begging.suspected",
    9: "abuse.unlawful_harm.imminent",
}


@dataclass(frozen=True, slots=True)
class Given:
    """What facts are computed from: the event about one child, what the case already knows of that child, and the moment."""

    row: str  # event type without version, after a mandatory report was read as the event it carries
    data: Mapping[str, Any]
    child: Mapping[str, Any]  # age_years, residence_code, hukou_code, child_categories, pupil_at, rating …
    source_kind: str
    at: datetime
    county: Mapping[str, str | None] = field(default_factory=dict)  # res, huk, occ → county code, None if unknown
    huk_outside: bool = False
    reported_type: str | None = None  # the mandatory report's own type, when `row` was read from it
    accepted_at: datetime | None = None  # T of the event; earlier than `at` when a timer looks at it again


FACTS: dict[str, Callable[[Given], Any]] = {}


def fact(function: Callable[[Given], Any]) -> Callable[[Given], Any]:
    """Register a named fact; its docstring is its documentation."""
    FACTS[function.__name__] = function
    return function


class Facts(Mapping[str, Any]):
    """All facts of one event, computed when asked for; a name that is no fact function is a field of the event's data."""

    def __init__(self, given: Given, **fixed: Any) -> None:
        self.given = given
        self._known: dict[str, Any] = dict(fixed)

    @override
    def __getitem__(self, name: str) -> Any:
        if name not in self._known:
            function = FACTS.get(name)
            self._known[name] = function(self.given) if function else self.given.data.get(name)
        return self._known[name]

    @override
    def __iter__(self) -> Iterator[str]:
        return iter({**FACTS, **self.given.data, **self._known})

    @override
    def __len__(self) -> int:
        return len({**FACTS, **self.given.data, **self._known})

    def set(self, name: str, value: Any) -> None:
        """Fix a fact that depends on others, such as the severity."""
        self._known[name] = value


def row_of(event_type: str, data: Mapping[str, Any]) -> str:
    """Which row of the routing table an event takes; a mandatory report takes that of the event it carries (E44, K24 art 4)."""
    name = event_type.rsplit(".v", 1)[0]
    if name == "reporting.mandatory.filed":
        return SITUATIONS.get(data.get("situation_code", 9), SITUATIONS[9])
    return name


def _any(*values: Any) -> bool | None:
    """True if one is true, None if none is but one is unknown, else False."""
    if any(value is True for value in values):
        return True
    return None if any(value is None for value in values) else False


def as_moment(value: Any) -> datetime | None:
    """A moment of an event's data; a day alone begins at 00:00 in Jilin."""
    if not isinstance(value, str):
        return value if isinstance(value, datetime) else None
    parsed = datetime.fromisoformat(value)
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=SHANGHAI)


def _known(value: Any) -> Any:
    return None if value == "unknown" else value


@fact
def danger(given: Given) -> bool | None:
    """Ongoing, injured or in immediate danger (E34, E35, E37); a mandatory report of situation 4 names injuries itself."""
    injury = _known(given.data.get("injury_level"))
    if injury is None and given.reported_type and given.data.get("situation_code") == 4:
        return True
    injured = None if injury is None else injury in INJURIES
    return _any(given.data.get("ongoing"), given.data.get("immediate_danger"), injured)


@fact
def able_carer_known(given: Given) -> bool | None:
    """Another guardian who is able, or a carer, is known to be there (E02, E05, E06, E07, E09)."""
    other = _known(given.data.get("other_guardian_status"))
    by_other = None if other is None else other in {"able", "capable"}
    return _any(by_other, given.data.get("caregiver_known"))


@fact
def age_years(given: Given) -> int | None:
    """The child's age in whole years, from the event or from what the case knows."""
    value = given.data.get("age_years")
    return value if value is not None else given.child.get("age_years")


@fact
def winter_without_heating(given: Given) -> bool | None:
    """No heating between 15 October and 15 April (PROP, E22)."""
    local = given.at.astimezone(SHANGHAI)
    winter = (local.month, local.day) >= (10, 15) or (local.month, local.day) <= (4, 15)
    if not winter:
        return False
    heating = given.data.get("heating_ok")
    return None if heating is None else not heating


@fact
def parents_unreachable_24h(given: Given) -> bool | None:
    """The parents have been unreachable for 24 hours since the stated facts began (`since`, else T; E22)."""
    if given.data.get("reachable_parent") is not False:
        return None if given.data.get("reachable_parent") is None else False
    since = as_moment(given.data.get("since")) or given.accepted_at or given.at
    return given.at - since >= timedelta(hours=24)


@fact
def source_kind(given: Given) -> str:
    """What kind of body reported: the first part of the event's source."""
    return given.source_kind


@fact
def source_is_medical(given: Given) -> bool:
    """A hospital or other medical institution reported."""
    return given.source_kind in MEDICAL


@fact
def source_is_school(given: Given) -> bool:
    """A school, kindergarten or childcare reported."""
    return given.source_kind in SCHOOLS


@fact
def source_is_police(given: Given) -> bool:
    """The police reported."""
    return given.source_kind in POLICE


@fact
def school_related_or_reported(given: Given) -> bool | None:
    """It has to do with school, or a school reported it (B-T6)."""
    return _any(given.data.get("school_related"), given.source_kind in SCHOOLS)


@fact
def is_pupil(given: Given) -> bool | None:
    """The child goes to school: a school is on record for it. Out of school on record: no. Else unknown."""
    if given.data.get("pupil_at") or given.child.get("pupil_at"):
        return True
    return False if "out_of_school" in categories(given) else None


def categories(given: Given) -> set[str]:
    """The child's categories, from the event and from what the case knows."""
    return set(given.data.get("child_categories") or ()) | set(given.child.get("child_categories") or ())


@fact
def key_care(given: Given) -> bool:
    """The child is on the key-care list: by category or by rating (T03; A§2.2, B-T8)."""
    rating = given.data.get("rating") or given.child.get("rating")
    return bool(categories(given) & KEY_CARE) or rating in KEY_CARE_RATINGS


@fact
def in_register(given: Given) -> bool:
    """The child is in a register: left-behind, migrant or key care (E46)."""
    return bool(categories(given) & {"left_behind", "migrant"}) or bool(key_care(given))


@fact
def guardian_unreached_by_17(given: Given) -> bool | None:
    """It is 17:00 or later and the school says that the guardian could not be reached (E46)."""
    reachable = given.data.get("guardian_reachable")
    if reachable is None:
        return None
    return reachable is False and given.at.astimezone(SHANGHAI).time() >= time(17)


@fact
def consecutive_school_days(given: Given) -> int | None:
    """Days of unexplained absence in a row; at three it is a suspected drop-out (E46, E48)."""
    value: int | None = given.data.get("consecutive_school_days")
    return value


@fact
def not_compulsory_stage(given: Given) -> bool | None:
    """The stage is said, and it is not compulsory schooling (E49, E50)."""
    stage = _known(given.data.get("stage"))
    return None if stage is None else stage != "compulsory"


@fact
def hukou_elsewhere(given: Given) -> bool | None:
    """Household registration lies in another county than residence, or outside the province (R1, R2)."""
    if given.huk_outside:
        return True
    res, huk = given.county.get("res"), given.county.get("huk")
    return None if res is None or huk is None else res != huk


@fact
def hukou_outside_province(given: Given) -> bool:
    """Household registration lies in another province (R2)."""
    return given.huk_outside


@fact
def suspect_is_guardian(given: Given) -> bool | None:
    """The suspect is a parent, guardian or carer."""
    relation = _known(given.data.get("suspect_relation"))
    return None if relation is None else relation in GUARDIANS


@fact
def suspect_is_family(given: Given) -> bool | None:
    """The suspect belongs to the family (E36: suspect_class; elsewhere suspect_relation)."""
    by_class = _known(given.data.get("suspect_class"))
    relation = _known(given.data.get("suspect_relation"))
    return _any(None if by_class is None else by_class == "family", None if relation is None else relation in FAMILY)


@fact
def infant(given: Given) -> bool | None:
    """Under one year old, or said to be an infant (E28)."""
    age = age_years(given)
    return _any(given.data.get("infant"), None if age is None else age < 1)


@fact
def is_mandatory_report(given: Given) -> bool:
    """The event came as a mandatory report (E44)."""
    return given.reported_type is not None
