"""Lists between departments (domain 1.7, E104 and E105): batches and channels, never a child."""

from typing import ClassVar, Literal

from events.amounts import Count
from events.data import EventData, Family, Title
from events.envelope import Classification
from events.grammar import Code, DayOrMoment, Ref, SourceText
from events.source import DERIVED, LIST_HOLDERS

ListKind = Literal[
    "residence_permit", "migrant_pupils", "health_0_6", "out_of_county_vaccinated", "births", "deaths", "missing", "imprisoned",
    "compulsory_detox", "liberty_restricted", "rights_revoked", "severely_disabled", "seriously_ill", "hiv", "lost_contact",
    "disabled_children", "enrolment", "insurance", "low_income", "emergency_affected", "other", "unknown",
]  # fmt: skip
"""The four base lists of A§2.1, and the facts that departments hand over (A§2.3, B-T18)."""
BASE_LISTS = ("residence_permit", "migrant_pupils", "health_0_6", "out_of_county_vaccinated")


class DataListDelivered(EventData):
    """A department handed over a list of a period."""

    TYPE: ClassVar[str] = "data.list.delivered.v1"
    NUMBER: ClassVar[str] = "E104"
    CLAUSE: ClassVar[str] = 'A§2.1 "为基础数据", B-T18 "定期将有关数据交换给民政部门"'
    TITLE: ClassVar[Title] = Title("名单/数据交换送达", "List delivered")
    SOURCES: ClassVar[tuple[str, ...]] = LIST_HOLDERS
    FAMILY: ClassVar[Family] = "organisation"
    CLASSIFICATION: ClassVar[Classification] = "C2"
    ABOUT_CHILD: ClassVar[bool] = False

    list_kind: ListKind | None = None
    period: Ref | None = None
    record_count: Count | None = None
    channel: Code | None = None


class DataExchangeFault(EventData):
    """A channel is broken, or a list did not come."""

    TYPE: ClassVar[str] = "data.exchange.fault.v1"
    NUMBER: ClassVar[str] = "E105"
    CLAUSE: ClassVar[str] = 'B-T18 "畅通数据共享交换通道", A§2.3'
    TITLE: ClassVar[Title] = Title("共享通道故障/数据迟到", "Fault of the data exchange")
    SOURCES: ClassVar[tuple[str, ...]] = (*DERIVED, "digital_gov")
    FAMILY: ClassVar[Family] = "organisation"
    CLASSIFICATION: ClassVar[Classification] = "C2"
    ABOUT_CHILD: ClassVar[bool] = False

    channel: Code | None = None
    list_kind: ListKind | None = None
    since: DayOrMoment | None = None
    holder_org: SourceText | None = None


TYPES = (
    DataListDelivered,
    DataExchangeFault,
)
