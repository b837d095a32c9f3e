"""Facts about bullying at school (domain analysis 3, notation; E40)."""

from services.directory.local import law_vice_principal_office as office_of
from services.referral.facts.core import SHANGHAI, Given, fact
from services.referral.places import source_agency


@fact
def law_vice_principal_office(given: Given) -> str:
    """Which office sends the vice principal for the rule of law of the child's school: court, procuratorate, police or justice (K39)."""
    school = given.data.get("pupil_at") or given.child.get("pupil_at")
    area = source_agency(str(school))[1] if school else given.county.get("occ")
    return office_of(school, area, given.at.astimezone(SHANGHAI).date()).kind
