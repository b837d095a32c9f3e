"""Facts about children who were found, lost or have died (domain analysis 1.2, 3.2)."""

from services.referral.facts.child import age_years
from services.referral.facts.core import Given, any_true, fact, known

PUBLIC = {"public", "portal", "hotline_12345", "hotline_12355", "digital_gov", "youth_league"}
FOUND_BY_PUBLIC = {"public", "citizen", "resident", "passerby", "passer_by", "volunteer", "family"}
RELIGIOUS = ("religio", "temple", "monastery", "nunnery", "church", "mosque", "shrine", "convent")
NATURAL = {"natural", "illness", "disease"}


@fact
def found_by_public(given: Given) -> bool:
    """Somebody of the public found the child: the source says so, or the report came from the public (E25)."""
    said = known(given.data.get("found_by"))
    return said in FOUND_BY_PUBLIC if said is not None else given.source_kind in PUBLIC


@fact
def hukou_known(given: Given) -> bool:
    """It is known where the child is registered."""
    return bool(given.county.get("huk")) or given.huk_outside


@fact
def religious_site(given: Given) -> bool | None:
    """The children were kept at a religious site (E29)."""
    said = known(given.data.get("site_type"))
    return None if said is None else any(part in said for part in RELIGIOUS)


@fact
def infants_or_sick(given: Given) -> bool | None:
    """Infants or sick children are among them (E29)."""
    infants = given.data.get("infants")
    return any_true(None if infants is None else bool(infants), given.data.get("sick"))


@fact
def death_not_natural(given: Given) -> bool | None:
    """A child did not die of an illness, or nobody can yet say of what (E32; K24 art 4(5)); no word about it is unknown."""
    manner = known(given.data.get("manner_class"))
    return None if manner is None else manner not in NATURAL


@fact
def crime_to_be_filed(given: Given) -> bool | None:
    """A missing child under 14, or a girl of 14 to 17: police file it at once as a criminal case (K43)."""
    age, sex = age_years(given), known(given.data.get("sex") or given.child.get("sex"))
    if age is None:
        return True if sex == "female" else None
    if age < 14:
        return True
    return None if sex is None else sex == "female" and age < 18
