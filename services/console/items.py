"""Service items as an officer reads them: what is given, by which department, what waits for consent. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.console.texts import Text


@dataclass(frozen=True, slots=True)
class Item:
    """An item of the service lists or a named programme; `waits` for the guardian's or the child's consent."""

    code: str
    name: str
    content: str
    department: str
    note: str
    waits: bool
    offers: tuple[tuple[str, str], ...]  # (text, label)
    basis: tuple[Mapping[str, Any], ...]


def items_of(current: Mapping[str, Any], text: Text) -> tuple[Item, ...]:
    """The items of a referral in the order in which it names them; one whose text nobody knows stands as its code."""
    known = {str(each["code"]): each for each in current.get("items") or ()}
    codes = [str(code) for code in current.get("list_items") or ()]
    waits = {str(code) for code in current.get("consent_items") or ()}
    return tuple(
        item_of(code, known.get(code, {}), text, current.get("consent_pending") is True or code in waits)
        for code in codes
    )


def item_of(code: str, known: Mapping[str, Any], text: Text, waits: bool = False) -> Item:
    """One item with what is known of it."""
    return Item(
        code=code,
        name=str(known.get(text.lang) or known.get("zh") or text("items.unnamed", code=code)),
        content=str(known.get("content") or ""),
        department=str(known.get("department") or ""),
        note=str(known.get("note") or ""),
        waits=waits,
        offers=tuple(
            (str(each.get(text.lang) or each["zh"]), str(each["label"])) for each in known.get("offers") or ()
        ),
        basis=tuple(known.get("basis") or ()),
    )
