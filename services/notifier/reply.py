"""What a reply means, and which referrals it acknowledges. Pure.

A sender can be forged: a reply acknowledges and does nothing else, only what its owner was told of and has duty for.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Literal, NamedTuple

Result = Literal["acknowledged", "stranger", "not_understood", "which_one", "not_on_duty", "nothing_open"]
ENDING = 4  # the last signs of a number that are enough if they are one open referral's alone
_SAID = re.compile(r"^(?:1|签收)(?:[\s,.,。、:;#-]*(?P<after>[A-Z]{2}\d{2}-?[0-9A-Z]{8}|[0-9A-Z]{4,8}))?[\s.。!]*$")
_NUMBER_FIRST = re.compile(r"^(?P<before>[A-Z]{2}\d{2}-?[0-9A-Z]{8})[\s,.,。、:;#-]*(?:1|签收)[\s.。!]*$")


class Meaning(NamedTuple):
    """`number`: as much of a referral's number as was written; "" for none."""

    number: str


class Open(NamedTuple):
    """A referral that this person was told of and that waits to be acknowledged."""

    referral: str
    number: str
    on_duty: bool


class Answer(NamedTuple):
    """What the reply does: the referrals that it acknowledges, or why none."""

    result: Result
    referrals: tuple[str, ...] = ()


def meaning(text: str) -> Meaning | None:
    """`1` or 签收, with or without a number; None for anything else."""
    said = unicodedata.normalize("NFKC", text).strip().upper()
    if len(said) > 60:
        return None
    found = _SAID.match(said) or _NUMBER_FIRST.match(said)
    return None if found is None else Meaning(next((part for part in found.groups() if part), ""))


def answered(said: Meaning | None, open_: Sequence[Open]) -> Answer:
    """What a reply of a person does, given everything of theirs that is open."""
    if said is None:
        return Answer("not_understood")
    meant = [each for each in open_ if not said.number or _names(said.number, each.number)]
    if not meant:
        return Answer("nothing_open")
    theirs = [each for each in meant if each.on_duty]
    if not theirs:
        return Answer("not_on_duty")
    if len({each.referral for each in theirs}) > 1:
        return Answer("which_one")
    return Answer("acknowledged", (theirs[0].referral,))


def pressed(open_: Sequence[Open]) -> Answer:
    """What a press on the card of one message does: it acknowledges all that the card tells of."""
    if not open_:
        return Answer("nothing_open")
    theirs = tuple(dict.fromkeys(each.referral for each in open_ if each.on_duty))
    return Answer("acknowledged", theirs) if theirs else Answer("not_on_duty")


def _names(said: str, number: str) -> bool:
    bare, whole = said.replace("-", ""), number.replace("-", "")
    return bare == whole or (ENDING <= len(bare) <= 8 and whole.endswith(bare))
