"""Harm from the net, and what the public says (domain 1.7)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, ClassVar

from pydantic import Field
from typing_extensions import override

from events.data import EventData, Family, Title
from events.envelope import Classification
from events.grammar import Code, Ref, form
from events.source import POLICE, PUBLIC, SCHOOL

CONTENT_CLASSES: Mapping[str, str] = MappingProxyType({
    "隐形变异有害内容": "disguised_harmful_content",
    "网络欺凌": "cyberbullying",
    "隔空猥亵": "online_sexual_molestation",
    "网络诈骗": "online_fraud",
    "不良内容": "unwholesome_content",
    "网络沉迷": "internet_addiction",
    "新技术新应用风险": "new_technology_risk",
    "炒作涉未成年人社会热点敏感话题": "hyped_sensitive_topic",
    "侵害未成年人权益的相关商品": "infringing_goods",
    "谣言线索": "rumour",
})  # fmt: skip
"""The ten classes of B-T15 as the policy prints them -> our code; a source may send either."""
_CLASS = f"^([a-z0-9_]{{1,40}}|{'|'.join(CONTENT_CLASSES)})$"
ContentClass = Annotated[
    str, Field(pattern=_CLASS), form(_CLASS, "a code of 1 to 40 of a-z, 0-9 and _, or a class as B-T15 prints it")
]


def content_class(value: str) -> str:
    """The code of a class, whichever way it was sent."""
    return CONTENT_CLASSES.get(value, value)


class OnlineHarmfulContentFound(EventData):
    """Content that harms minors is on the net; about a child only where one can be recognised."""

    TYPE: ClassVar[str] = "online.harmful_content.found.v1"
    NUMBER: ClassVar[str] = "E87"
    CLAUSE: ClassVar[str] = "A§2.9, B-T15, A-L23, C-L23"
    TITLE: ClassVar[Title] = Title("涉未成年人网络有害信息", "Harmful content about minors online")
    SOURCES: ClassVar[tuple[str, ...]] = ("cyberspace", *POLICE, *PUBLIC, "opinion_monitoring")
    FAMILY: ClassVar[Family] = "organisation"
    CLASSIFICATION: ClassVar[Classification] = "C2"
    ABOUT_CHILD: ClassVar[bool] = False

    class_: ContentClass | None = Field(default=None, alias="class")
    platform: Code | None = None
    content_hash: Ref | None = None
    child_identifiable: bool | None = None
    illegal: bool | None = None
    campus: bool | None = None
    reported_to_police: bool | None = None

    @override
    def classification(self) -> Classification:
        """Sensitive as soon as a child can be recognised."""
        return "C3" if self.child_identifiable or self.refs() else "C2"


class OnlineChildVictimIdentified(EventData):
    """A child was bullied, cheated or blackmailed online."""

    TYPE: ClassVar[str] = "online.child_victim.identified.v1"
    NUMBER: ClassVar[str] = "E88"
    CLAUSE: ClassVar[str] = "B-T15"
    TITLE: ClassVar[Title] = Title("网络侵害受害儿童", "Child harmed online")
    SOURCES: ClassVar[tuple[str, ...]] = (*POLICE, "platform", *SCHOOL)
    FAMILY: ClassVar[Family] = "harm"

    class_: ContentClass | None = Field(default=None, alias="class")
    platform: Code | None = None
    content_hash: Ref | None = None
    school_related: bool | None = None
    reported_to_police: bool | None = None


class OpinionAlert(EventData):
    """Many speak of a child in distress: the county verifies and answers."""

    TYPE: ClassVar[str] = "opinion.alert.v1"
    NUMBER: ClassVar[str] = "E89"
    CLAUSE: ClassVar[str] = "B-T18, C§3"
    TITLE: ClassVar[Title] = Title("困境儿童舆情", "Public opinion about a child in distress")
    SOURCES: ClassVar[tuple[str, ...]] = ("civil_affairs", "cyberspace")
    FAMILY: ClassVar[Family] = "organisation"
    CLASSIFICATION: ClassVar[Classification] = "C2"
    ABOUT_CHILD: ClassVar[bool] = False

    topic_hash: Ref | None = None
    spread: Code | None = None


TYPES = (
    OnlineHarmfulContentFound,
    OnlineChildVictimIdentified,
    OpinionAlert,
)
