"""What pydantic finds wrong with an entry, recorded at its place in the words of people who keep rosters."""

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from services.directory.faults import KEY, Loc, Words
from services.directory.sheets import Sheet

M = TypeVar("M", bound=BaseModel)

_WORDS = {
    "missing": Words("缺少此项", "missing; expected here"),
    "extra_forbidden": Words("未知的名称", "unknown name; expected one of those that the roster guide lists"),
    "string_type": Words("应为文字", "text expected"),
    "string_too_short": Words("不得为空", "must not be empty"),
    "string_too_long": Words("不得超过100字", "at most 100 characters expected"),
    "string_pattern_mismatch": Words("应为不含空格的编号", "an id without spaces expected, 1 to 100 characters"),
    "too_short": Words("至少应有一项", "at least one entry expected"),
    "tuple_type": Words("应为列表", "a list expected"),
    "dict_type": Words("应为“名称: 值”", "names with values expected"),
    "model_type": Words("应为“名称: 值”", "names with values expected"),
    "people_or_rotation": Words("应写 people 或 rotation 之一", "either people or a rotation expected, not both"),
    "from_before_to": Words("开始应早于结束", "a from that comes before to expected"),
} | {
    f"{sort}_{what}": words
    for sort, words in {
        "date": Words("应为日期,如 2026-11-05", "a date expected, such as 2026-11-05"),
        "date_from_datetime": Words("应为日期,如 2026-11-05", "a date expected, such as 2026-11-05"),
        "time": Words("应为时间,如 17:30", "a time expected, such as 17:30"),
        "datetime": Words("应为日期和时间,如 2026-11-05T17:30", "a date and time expected, such as 2026-11-05T17:30"),
        "datetime_from_date": Words("应为日期和时间,如 2026-11-05T17:30", "a date and time expected: 2026-11-05T17:30"),
    }.items()
    for what in ("parsing", "type", "inexact")
}


_DAYS = "every, working, off, holiday, weekend, mon … sun"
_CHANNEL = Words("渠道应为 sms、wecom 或 voice", "a channel expected: sms, wecom or voice")
_WORDS_AT = {
    ("too_short", "channels"): Words("至少应有一个渠道", "at least one channel expected: sms, wecom or voice"),
    ("literal_error", "channels"): _CHANNEL,
    ("literal_error", "days"): Words(f"应为 {_DAYS}", f"one of {_DAYS} expected"),
    ("literal_error", "every"): Words("应为 day、week 或 shift", "day, week or shift expected"),
}


def _field(loc: Loc) -> str:
    """The field that a place belongs to; a channel's name is a key of `channels`."""
    names = [part for part in loc if isinstance(part, str) and part != KEY]
    return "channels" if "channels" in names else names[-1] if names else ""


def parsed(sheet: Sheet, model: type[M], data: Any, loc: Loc) -> M | None:
    """Data as its model, or None after every fault is recorded in the sheet."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        found = error.errors()
        deeper = {fault["loc"][:-1] for fault in found}
        for fault in found:
            if fault["type"] == "too_short" and fault["loc"] in deeper:
                continue  # only its wrong entries make it too short
            # A rule of the model's own says which by its message.
            named = fault["msg"].removeprefix("Value error, ") if fault["type"] == "value_error" else fault["type"]
            words = _WORDS_AT.get((named, _field(fault["loc"]))) or _WORDS.get(named, Words(fault["msg"], fault["msg"]))
            sheet.fault((*loc, *fault["loc"]), words)
        return None
