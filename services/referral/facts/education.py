"""Facts about schooling (domain analysis 1.4, 3.3)."""

from datetime import time

from events.child_learned import ENROLLED_NO_MORE
from services.referral.facts.child import age_years
from services.referral.facts.core import SHANGHAI, Given, fact, known


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
    stage = known(given.data.get("stage"))
    return None if stage is None else stage != "compulsory"


@fact
def school_age_3_to_18(given: Given) -> bool | None:
    """From three years old until the nineteenth birthday: education is told of a disability or a placement (E62, E64, E96)."""
    age = age_years(given)
    return None if age is None else 3 <= age <= 18


@fact
def now_enrolled(given: Given) -> bool | None:
    """The enrolment list says that the child has come to a school or stays there, not that it left (E52)."""
    status = known(given.data.get("status"))
    return None if status is None else status not in ENROLLED_NO_MORE
