"""What hotlines hear (domain 1.7, E90): a lead that carries a child event, by its class."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from pydantic import Field
from typing_extensions import override

from events.abuse import SEXUAL
from events.data import AgeYears, Family, Title
from events.envelope import Classification
from events.grammar import Code
from events.reported import ReportedEvent
from events.source import HOTLINE, POLICE

LEAD_CLASSES: Mapping[str, str] = MappingProxyType({
    "domestic_violence": "abuse.domestic_violence.suspected",
    "family_violence": "abuse.domestic_violence.suspected",
    "guardian_harm": "abuse.guardian_harm.suspected",
    "abuse": "abuse.guardian_harm.suspected",
    "child_abuse": "abuse.guardian_harm.suspected",
    "maltreatment": "abuse.guardian_harm.suspected",
    "neglect": "guardian.duty.neglected",
    "duty_refused": "guardian.duty.refused",
    "duty_neglected": "guardian.duty.neglected",
    "capacity_lost": "guardian.capacity.lost",
    "sexual": SEXUAL,
    "sexual_abuse": SEXUAL,
    "sexual_assault": SEXUAL,
    "molestation": SEXUAL,
    "sexual_harm": SEXUAL,
    "unlawful_harm": "abuse.unlawful_harm.suspected",
    "imminent_harm": "abuse.unlawful_harm.imminent",
    "accidental_injury": "injury.accidental.suspected",
    "injury": "injury.accidental.suspected",
    "accident": "injury.accidental.suspected",
    "bullying": "abuse.bullying.reported",
    "school_bullying": "abuse.bullying.reported",
    "forced_begging": "abuse.forced_begging.suspected",
    "begging": "abuse.forced_begging.suspected",
    "child_labour": "abuse.child_labour.suspected",
    "drugs": "child.drug_involvement",
    "living_alone": "child.living_alone",
    "child_alone": "child.living_alone",
    "unattended": "child.living_alone",
    "missing": "child.missing",
    "child_missing": "child.missing",
    "runaway": "child.missing",
    "wandering": "child.wandering",
    "trafficking": "child.trafficking.suspected",
    "abandoned": "child.abandoned",
    "abandonment": "child.abandoned",
    "private_custody": "child.private_custody.found",
    "private_adoption": "child.private_adoption.found",
    "unregistered": "child.unregistered",
    "lost_contact": "guardian.lost_contact",
    "self_harm": "child.self_harm.risk",
    "suicide": "child.self_harm.risk",
    "self_harm_risk": "child.self_harm.risk",
    "mental": "child.mental.abnormal",
    "mental_abnormal": "child.mental.abnormal",
    "mental_health": "child.mental.abnormal",
    "psychological": "child.mental.abnormal",
    "dropout": "education.dropout.suspected",
    "dropout_suspected": "education.dropout.suspected",
    "not_enrolled": "education.not_enrolled",
    "education_aid": "education.aid_need",
    "livelihood": "livelihood.difficulty",
    "livelihood_difficulty": "livelihood.difficulty",
    "poverty": "livelihood.difficulty",
    "emergency": "livelihood.emergency",
    "livelihood_emergency": "livelihood.emergency",
    "housing": "housing.difficulty",
    "housing_difficulty": "housing.difficulty",
    "legal_aid": "legal_aid.need",
    "transport": "transport.need",
    "help": "help.requested.by_family",
    "help_requested": "help.requested.by_family",
})  # fmt: skip
"""Class of a lead -> the type (without version) of the child event that it carries; the operator's words, so several per type."""


class HotlineLeadReceived(ReportedEvent):
    """Somebody called a hotline about a child: carries the fields of the child event that its class names."""

    TYPE: ClassVar[str] = "hotline.lead.received.v1"
    NUMBER: ClassVar[str] = "E90"
    CLAUSE: ClassVar[str] = "B-T18, A-L26; CONF K01 art 97"
    TITLE: ClassVar[Title] = Title("热线线索", "Lead from a hotline")
    SOURCES: ClassVar[tuple[str, ...]] = (*HOTLINE, *POLICE, "rescue_protection")
    FAMILY: ClassVar[Family] = "harm"
    CLASSIFICATION: ClassVar[Classification] = "C3"

    class_: Code | None = Field(default=None, alias="class")
    caller_wants_anonymity: bool | None = None
    estimated_age: AgeYears | None = None

    def carried(self) -> str | None:
        """The type, without version, of the child event that this lead carries; None for a class that nobody knows."""
        return LEAD_CLASSES.get(self.class_ or "")

    @override
    def classification(self) -> Classification:
        """Sealed when the caller tells of a sexual assault."""
        return "C4" if self.carried() == SEXUAL or self.suspect_class is not None else "C3"


TYPES = (HotlineLeadReceived,)
