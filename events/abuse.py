"""Suspected harm by people (domain 1.3). "Suspected" is never hardened by us: only an authority confirms."""

from typing import ClassVar, Literal

from events.data import EventData, Family, Title
from events.envelope import Classification
from events.grammar import Code, Codes, DayOrMoment, Ref
from events.source import HOSPITAL, HOTLINE, MANDATORY_REPORTERS, POLICE, PUBLIC, SCHOOL, TOWNSHIP, VILLAGE

InjuryLevel = Literal["none", "minor", "multiple", "serious", "unknown"]
SEXUAL = "abuse.sexual.suspected"
_WITNESSES = (*VILLAGE, *TOWNSHIP, *SCHOOL, *HOSPITAL, *POLICE, "womens_federation", *HOTLINE)


class AbuseDomesticViolenceSuspected(EventData):
    """A child may have suffered domestic violence."""

    TYPE: ClassVar[str] = "abuse.domestic_violence.suspected.v1"
    NUMBER: ClassVar[str] = "E34"
    CLAUSE: ClassVar[str] = "A§2.2, B-T8"
    TITLE: ClassVar[Title] = Title("疑似遭受家庭暴力", "Suspected domestic violence")
    SOURCES: ClassVar[tuple[str, ...]] = _WITNESSES
    FAMILY: ClassVar[Family] = "harm"

    suspect_relation: Code | None = None
    injury_level: InjuryLevel | None = None
    ongoing: bool | None = None
    immediate_danger: bool | None = None
    needs_medical: bool | None = None
    school_related: bool | None = None
    reported_to_police: bool | None = None


class AbuseGuardianHarmSuspected(AbuseDomesticViolenceSuspected):
    """A guardian may have abused, abandoned or dangerously neglected a child: the fields of E34 and neglect."""

    TYPE: ClassVar[str] = "abuse.guardian_harm.suspected.v1"
    NUMBER: ClassVar[str] = "E35"
    CLAUSE: ClassVar[str] = "A§2.2, A§2.7, B-T6, B§2.2"
    TITLE: ClassVar[Title] = Title("疑似监护侵害", "Suspected harm by a guardian")
    SOURCES: ClassVar[tuple[str, ...]] = (*_WITNESSES, "procuratorate", "court")

    neglect_signs: Codes = ()


class AbuseSexualSuspected(EventData):
    """A child may have been sexually assaulted or molested, also online; sealed (C4) from birth."""

    TYPE: ClassVar[str] = "abuse.sexual.suspected.v1"
    NUMBER: ClassVar[str] = "E36"
    CLAUSE: ClassVar[str] = "A§2.10, B-T13/T15; CONF K24 art 4(1)-(3)"
    TITLE: ClassVar[Title] = Title("疑似性侵害/猥亵", "Suspected sexual assault or molestation")
    SOURCES: ClassVar[tuple[str, ...]] = (*SCHOOL, *HOSPITAL, *VILLAGE, *POLICE, "platform", *HOTLINE)
    FAMILY: ClassVar[Family] = "harm"
    CLASSIFICATION: ClassVar[Classification] = "C4"

    channel: Code | None = None
    content_hash: Ref | None = None
    last_incident_at: DayOrMoment | None = None
    needs_medical: bool | None = None
    suspect_class: Literal["family", "teacher", "peer", "stranger", "unknown"] | None = None
    school_related: bool | None = None
    reported_to_police: bool | None = None


class AbuseUnlawfulHarmSuspected(EventData):
    """A child may have suffered another unlawful harm."""

    TYPE: ClassVar[str] = "abuse.unlawful_harm.suspected.v1"
    NUMBER: ClassVar[str] = "E37"
    CLAUSE: ClassVar[str] = "A§2.2, B-T6, B-T8"
    TITLE: ClassVar[Title] = Title("疑似遭受不法侵害", "Suspected unlawful harm")
    SOURCES: ClassVar[tuple[str, ...]] = MANDATORY_REPORTERS
    FAMILY: ClassVar[Family] = "harm"

    act_class: Code | None = None
    suspect_relation: Code | None = None
    guardian_absent: bool | None = None
    school_related: bool | None = None
    injury_level: InjuryLevel | None = None
    needs_medical: bool | None = None
    immediate_danger: bool | None = None
    reported_to_police: bool | None = None


class AbuseUnlawfulHarmImminent(EventData):
    """An unlawful harm threatens a child."""

    TYPE: ClassVar[str] = "abuse.unlawful_harm.imminent.v1"
    NUMBER: ClassVar[str] = "E38"
    CLAUSE: ClassVar[str] = "B-T6; CONF K24 art 4(9)"
    TITLE: ClassVar[Title] = Title("面临不法侵害危险", "Unlawful harm imminent")
    SOURCES: ClassVar[tuple[str, ...]] = MANDATORY_REPORTERS
    FAMILY: ClassVar[Family] = "harm"

    threat_class: Code | None = None
    expected_when: Code | None = None
    suspect_relation: Code | None = None
    guardian_absent: bool | None = None
    school_related: bool | None = None
    needs_medical: bool | None = None
    immediate_danger: bool | None = None
    reported_to_police: bool | None = None


class AbuseForcedBeggingSuspected(EventData):
    """Somebody may organise, force or use a child to beg."""

    TYPE: ClassVar[str] = "abuse.forced_begging.suspected.v1"
    NUMBER: ClassVar[str] = "E41"
    CLAUSE: ClassVar[str] = "B§2.2; CONF K24 art 4(8), K01 art 54"
    TITLE: ClassVar[Title] = Title("组织/胁迫/利用乞讨", "Suspected forced begging")
    SOURCES: ClassVar[tuple[str, ...]] = (*POLICE, "relief_station", *PUBLIC, *HOTLINE)
    FAMILY: ClassVar[Family] = "harm"

    organiser_relation: Code | None = None


TYPES = (
    AbuseDomesticViolenceSuspected,
    AbuseGuardianHarmSuspected,
    AbuseSexualSuspected,
    AbuseUnlawfulHarmSuspected,
    AbuseUnlawfulHarmImminent,
    AbuseForcedBeggingSuspected,
)
