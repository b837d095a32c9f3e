"""Where a page of a list ended: the last row's due time and id, as one opaque word for an address."""

import base64
import binascii
from datetime import datetime
from typing import Literal

Place = tuple[datetime | None, str]


def cursor(due_at: datetime | None, row_id: str) -> str:
    """The word for a place in a list."""
    text = f"{due_at.isoformat() if due_at else ''}|{row_id}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def after(word: str) -> Place | Literal[False] | None:
    """The place of a word; None for no word, False for what is no word of ours."""
    if not word:
        return None
    try:
        due, bar, row_id = base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)).decode().partition("|")
        at = datetime.fromisoformat(due) if due else None
    except (ValueError, binascii.Error):
        return False
    return (at, row_id) if bar and (at is None or at.tzinfo is not None) else False
