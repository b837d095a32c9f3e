"""What a WeCom application message looks like: a card with a button, a card with a link, or plain text. Pure.

developer.work.weixin.qq.com 90236. No link but to the officer's page, which names a referral by its number and opens
nothing without signing in.
"""

from typing import Any

from services.notifier.parcel import Parcel

ACKNOWLEDGE = "acknowledge"  # the button's key, which comes back with a press
# WeCom drops a repeat of the same words to the same user within this time: long enough for the resend after a death,
# short enough that no second matter with the same words is dropped.
REPEAT = 120  # seconds
TITLE, LINES = 26, 112  # signs that a button card shows


def message(parcel: Parcel, agent: int, page: str, buttons: bool) -> dict[str, Any]:
    """The body of `message/send`."""
    told: dict[str, Any] = {"touser": parcel.to, "agentid": agent}
    text = parcel.params.get("text") or parcel.text
    url = f"{page.rstrip('/')}/r/{parcel.referral}" if page and parcel.referral else ""
    if buttons and parcel.acknowledge and parcel.message_id:
        told |= {"msgtype": "template_card", "template_card": _with_button(parcel, text, url)}
    elif url:
        card = {"title": _title(parcel), "description": text, "url": url, "btntxt": "办理"}
        told |= {"msgtype": "textcard", "textcard": card}
    else:
        told |= {"msgtype": "text", "text": {"content": text}}
    return told | {"enable_duplicate_check": 1, "duplicate_check_interval": REPEAT}


def _with_button(parcel: Parcel, text: str, url: str) -> dict[str, Any]:
    card: dict[str, Any] = {
        "card_type": "button_interaction",
        "task_id": parcel.message_id,
        "main_title": {"title": _title(parcel)[:TITLE]},
        "sub_title_text": text[:LINES],
        "button_list": [{"text": "签收", "style": 1, "key": ACKNOWLEDGE}],
    }
    return card | ({"card_action": {"type": 1, "url": url}} if url else {})


def _title(parcel: Parcel) -> str:
    filled = parcel.params
    return f"{filled.get('drill', '')}{filled.get('colour', '')}转介 {filled.get('number', parcel.referral)}".strip()
