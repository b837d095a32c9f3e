"""A rule in words: conditions, recipients and limits as people read them. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.console.texts import Text
from services.directory.kinds import KINDS


@dataclass(frozen=True, slots=True)
class Line:
    """A recipient: who, of where, in which role, by which limits, under which conditions, with what else."""

    role: str
    who: str
    profile: str
    conditions: tuple[str, ...]
    more: tuple[str, ...]


def conditions(when: Sequence[Mapping[str, Any]], text: Text) -> tuple[str, ...]:
    """Each condition as a sentence of its own; all of them must hold."""
    return tuple(_condition(each, text) for each in when)


def recipient(each: Mapping[str, Any], text: Text) -> Line:
    """One recipient of a rule."""
    level = f"{text.label('answer', each['level'])} " if each["level"] in ("province", "city", "county") else ""
    who = f"{level}{_kind(each['kind'] or each['kinds_from'], text)}"
    place = "" if each["kind"] == "source" else text.label("where", each["where"])
    named = f"{place} {who}" if text.lang == "zh" else f"{who} {place}"
    more = [
        *([text("law.second", kinds=_kinds(each["second"], text))] if each["second"] else ()),
        *([text("law.instead", kinds=_kinds(each["instead"], text))] if each["instead"] else ()),
        *([text("law.consent")] if each["consent"] else ()),
        *([text("law.after_release")] if each["after_release"] else ()),
        *(text.clock(name) for name in each["legal"]),
    ]
    profile = each["profile"] or ""
    shown = text.clock(profile) if profile.startswith("LEG-") else profile
    limits = (
        text("law.profile", profile=shown) if shown else "" if each["role"] == "cc" else text("law.profile_by_severity")
    )
    return Line(each["role"], named.strip(), limits, conditions(each["when"], text), tuple(more))


def limit(each: Mapping[str, Any] | None, text: Text) -> str:
    """A limit as a length of time or the end of a day."""
    if each is None:
        return text("law.no_figure")
    form, value = each["form"], each["value"]
    if form == "elapsed":
        whole = value % 60 == 0 and value >= 60
        return text("law.elapsed_hours", n=value // 60) if whole else text("law.elapsed_minutes", n=value)
    if form == "end_of":
        return text(f"law.end_of_{value}")
    if form == "end_of_day":
        return text("law.end_of_day_serious", n=value // 60)
    if form == "by_time":
        return text("law.by_time", clock=value)
    return text(f"law.{form}") if value is True else text(f"law.{form}", n=value)


def occasion(rule: Mapping[str, Any], text: Text) -> str:
    """When a rule is asked, where that is not the event itself."""
    if rule["on_timer"]:
        return text("law.on_timer", what=text.label("moment", rule["on_timer"]))
    if rule["on_act"]:
        return text("law.on_act", action=text.label("action", rule["on_act"]["action"]))
    return text("law.adds") if rule["adds"] else ""


def _condition(each: Mapping[str, Any], text: Text) -> str:
    if "equals" in each:
        said = _value(each["equals"], text)
    elif "any_of" in each:
        said = (text("law.or")).join(_value(value, text) for value in each["any_of"])
    elif "below" in each:
        said = text("law.below", n=_number(each["below"]))
    else:
        said = text("law.at_least", n=_number(each["at_least"]))
    colon = "：" if text.lang == "zh" else ": "
    sentence = f"{text.label('condition', each['fact'])}{colon}{said}"
    if not each["unknown"]:
        return sentence
    return (
        f"{sentence}（{text('law.unknown_counts')}）"
        if text.lang == "zh"
        else f"{sentence} ({text('law.unknown_counts')})"
    )


def _value(value: Any, text: Text) -> str:
    if isinstance(value, bool):
        return text("site.yes_word" if value else "site.no_word")
    return text.label("answer", str(value))


def _number(value: float) -> str:
    return f"{value:g}"


def _kind(code: str, text: Text) -> str:
    return KINDS[code].name(text.lang) if code in KINDS else text.label("condition", code)


def _kinds(codes: Sequence[str], text: Text) -> str:
    return ("、" if text.lang == "zh" else ", ").join(_kind(code, text) for code in codes)
