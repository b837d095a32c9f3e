"""A WeCom application message: what its JSON must be, and the words that a phone shows of it."""

import re
from collections.abc import Mapping
from html import unescape
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

_TAG = re.compile(r"<[^>]+>")


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)


class Text(_Part):
    """`text`."""

    content: Annotated[str, Field(min_length=1)]


class TextCard(_Part):
    """`textcard`; the description may carry WeCom's few tags."""

    title: Annotated[str, Field(min_length=1)]
    description: Annotated[str, Field(min_length=1)]
    url: Annotated[str, Field(min_length=1, max_length=2048)]
    btntxt: str = "详情"


class Button(_Part):
    """A button of a card; its key comes back with a press."""

    text: Annotated[str, Field(min_length=1)]
    key: Annotated[str, Field(max_length=1024)] = ""
    type: Literal[0, 1] = 0
    url: str = ""
    style: int = 1


class Titled(_Part):
    """A heading with a line below."""

    title: str = ""
    desc: str = ""


class Row(_Part):
    """A line of two columns."""

    keyname: Annotated[str, Field(min_length=1)]
    value: str = ""


class Action(_Part):
    """What a press anywhere on the card opens."""

    type: int = 0
    url: str = ""


class Card(_Part):
    """`template_card`: a note, or one with buttons that call back."""

    card_type: Literal["text_notice", "news_notice", "button_interaction"]
    task_id: Annotated[str, Field(pattern=r"^[0-9A-Za-z_@-]{0,128}$")] = ""
    source: Titled = Titled()
    main_title: Titled = Titled()
    sub_title_text: str = ""
    horizontal_content_list: Annotated[list[Row], Field(max_length=6)] = []
    card_action: Action | None = None
    button_list: Annotated[list[Button], Field(max_length=6)] = []
    replace_text: str = ""  # what stands in the place of the buttons once one was pressed


class Message(_Part):
    """The body of `message/send`."""

    touser: str = ""
    toparty: str = ""
    totag: str = ""
    msgtype: str = ""
    agentid: int
    text: Text | None = None
    textcard: TextCard | None = None
    template_card: Card | None = None
    enable_duplicate_check: Literal[0, 1] = 0
    duplicate_check_interval: Annotated[int, Field(ge=1, le=14400)] = 1800

    def part(self) -> Text | TextCard | Card | None:
        """The part that its `msgtype` names, if it is there."""
        match self.msgtype:
            case "text":
                return self.text
            case "textcard":
                return self.textcard
            case "template_card":
                return self.template_card
            case _:
                return None


def shown(part: Text | TextCard | Card) -> str:
    """The words on the phone, one line after another."""
    match part:
        case Text():
            return part.content
        case TextCard():
            return "\n".join((part.title, unescape(_TAG.sub(" ", part.description)).strip()))
        case Card():
            lines = [part.source.desc, part.main_title.title, part.main_title.desc, part.sub_title_text]
            lines += [f"{row.keyname}:{row.value}" for row in part.horizontal_content_list]
            return "\n".join(line for line in lines if line)


def as_card(part: Text | TextCard | Card) -> Mapping[str, Any] | None:
    """What is kept of a card, so that it can be pressed and changed later."""
    match part:
        case Text():
            return None
        case TextCard():
            return {"card_type": "textcard", "url": part.url, "btntxt": part.btntxt}
        case Card():
            return part.model_dump()


def flaw(card: Card) -> str | None:
    """What WeCom does not take in a card, apart from its form."""
    if card.card_type == "button_interaction" and not (card.task_id and card.button_list):
        return "task_id and button_list are required for button_interaction"
    if card.card_type != "button_interaction" and not (card.card_action and card.card_action.type in (1, 2)):
        return "card_action is required"
    if any(button.type == 0 and not button.key for button in card.button_list):
        return "button key is required"
    if not (card.main_title.title or card.sub_title_text):
        return "main_title.title or sub_title_text is required"
    return None
