"""What an item or programme is in words: what is given, by whom it is owed, what comes on top, what is not certain. Pure."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from services.referral.policy_match import Code
from services.referral.service_list import ServiceList


def item_texts(services: ServiceList, codes: Iterable[Code], area: str, on: date) -> list[dict[str, Any]]:
    """Each code with its text as it holds for an area on a day; a code that the lists do not have has no text."""
    texts = (_item(services, code, area, on) if isinstance(code, int) else _programme(services, code) for code in codes)
    return [text for text in texts if text is not None]


def _item(services: ServiceList, number: int, area: str, on: date) -> dict[str, Any] | None:
    item = services.item(number, area, on)
    if item is None:
        return None
    return {
        "code": number, "edition": item.edition, "subject": item.subject, "zh": item.service, "en": item.en, "content": item.content,
        "department": item.department, "note": item.note, "basis": [b.model_dump() for b in item.basis],
        "offers": [{"zh": offer.zh, "en": offer.en, "label": offer.label} for offer in item.offers],
    }  # fmt: skip


def _programme(services: ServiceList, code: str) -> dict[str, Any] | None:
    programme = services.programme(code)
    if programme is None:
        return None
    return {
        "code": code, "zh": programme.zh, "en": programme.en, "consent": programme.consent,
        "basis": [b.model_dump() for b in programme.basis],
    }  # fmt: skip
