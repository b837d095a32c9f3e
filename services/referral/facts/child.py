"""Facts about the child: age, school, registers, where it is registered (domain analysis 0, 1.0, 2.4)."""

from events.child_facts import age_of
from events.child_facts import key_care as on_key_care_list
from services.referral.facts.core import SHANGHAI, Given, any_true, fact


@fact
def age_years(given: Given) -> int | None:
    """The child's age in whole years, from the event, or from what is on file and the years since."""
    value: int | None = given.data.get("age_years")
    return value if value is not None else age_of(given.child, given.at.astimezone(SHANGHAI).date())


@fact
def infant(given: Given) -> bool | None:
    """Under one year old, or said to be an infant (E28)."""
    age = age_years(given)
    return any_true(given.data.get("infant"), None if age is None else age < 1)


@fact
def is_pupil(given: Given) -> bool | None:
    """The child goes to school: a school is on record for it, or that it is enrolled. Out of school on record: no. Else unknown."""
    if given.data.get("pupil_at") or given.child.get("pupil_at"):
        return True
    if "out_of_school" in categories(given):
        return False
    enrolled: bool | None = given.child.get("enrolled")
    return enrolled


def categories(given: Given) -> set[str]:
    """The child's categories, from the event and from what the case knows."""
    return set(given.data.get("child_categories") or ()) | set(given.child.get("child_categories") or ())


@fact
def key_care(given: Given) -> bool:
    """The child is on the key-care list: by category, by rating, or because its family asked or its mind or behaviour needs it (T03)."""
    rating = given.data.get("rating") or given.child.get("rating")
    return on_key_care_list({**given.child, "child_categories": sorted(categories(given)), "rating": rating})


@fact
def in_register(given: Given) -> bool:
    """The child is in a register: left-behind, migrant or key care (E46)."""
    return bool(categories(given) & {"left_behind", "migrant"}) or bool(key_care(given))


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
def contributing_departments(given: Given) -> list[str] | None:
    """Who leads what contributed to a raised risk (E101): kinds of agency that were primary of those events."""
    named = set(given.data.get("contributing_events") or ())
    kinds = {kind for signal in given.child.get("signals") or () if signal["id"] in named for kind in signal["kinds"]}
    return sorted(kinds) or None
