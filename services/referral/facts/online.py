"""Facts about harm from the net and about public opinion (domain analysis 1.7, 3.1; B-T15)."""

from services.referral.facts.core import Given, any_true, fact, known

# B-T15: 炒作涉未成年人社会热点敏感话题, 侵害未成年人权益的相关商品, 谣言线索; parts of words, in both languages, that mean one of the three.
FOR_POLICE = (
    "热点",
    "敏感话题",
    "商品",
    "谣言",
    "topic",
    "goods",
    "commodit",
    "merchandise",
    "product",
    "rumour",
    "rumor",
)
WIDE = {"high", "wide", "fast", "rapid", "viral", "nationwide", "national", "large", "hot"}


@fact
def child_recognisable(given: Given) -> bool | None:
    """A child can be recognised in the content: the source says so, or names the child (E87)."""
    named = bool(given.data.get("child_ref") or given.data.get("child_refs"))
    return True if named else given.data.get("child_identifiable")


@fact
def for_online_police(given: Given) -> bool | None:
    """Content that the police's online unit leads on: hyped sensitive topics, goods that harm minors, leads on rumours (E87, B-T15)."""
    said = known(given.data.get("class"))
    return None if said is None else any(part in str(said).lower() for part in FOR_POLICE)


@fact
def spreads_widely(given: Given) -> bool | None:
    """The source says that it spreads widely, or hints that it is urgent (E89)."""
    spread, hint = known(given.data.get("spread")), known(given.data.get("severity_hint"))
    return any_true(None if spread is None else spread in WIDE, None if hint is None else hint in {"HIGH", "CRITICAL"})
