"""Rules, items and duty records in words."""

from typing import Any

import pytest

from services.console.items import items_of
from services.console.law_words import conditions, limit, occasion, recipient
from services.console.texts import text_of
from services.console.told import why_told

ZH, EN = text_of("zh"), text_of("en")
NOBODY_ELSE: dict[str, Any] = {
    "second": [],
    "instead": [],
    "consent": False,
    "after_release": False,
    "legal": [],
    "when": [],
    "level": None,
}


@pytest.mark.parametrize(
    ("condition", "zh", "en"),
    [
        ({"fact": "needs_medical", "equals": True, "unknown": False}, "需要就医：是", "Needs a doctor: Yes"),
        ({"fact": "is_pupil", "equals": False, "unknown": True}, "在校学生：否（不明时视为符合）", "A pupil: No (unknown counts as fulfilled)"),
        ({"fact": "severity", "any_of": ["HIGH", "CRITICAL"], "unknown": False}, "紧急程度：橙色 · 紧急或红色 · 特急",
         "Severity: Orange · high or Red · critical"),
        ({"fact": "age_years", "below": 14.0, "unknown": False}, "年龄（周岁）：小于 14", "Age in years: below 14"),
        ({"fact": "consecutive_school_days", "at_least": 3.0, "unknown": False}, "连续缺勤（上学日）：不少于 3",
         "School days absent in a row: at least 3"),
    ],
)  # fmt: skip
def test_a_condition_is_a_sentence(condition: dict[str, Any], zh: str, en: str) -> None:
    assert conditions([condition], ZH) == (zh,)
    assert conditions([condition], EN) == (en,)


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        ({"form": "elapsed", "value": 5}, "5 分钟"), ({"form": "elapsed", "value": 90}, "90 分钟"), ({"form": "elapsed", "value": 4320}, "72 小时"),
        ({"form": "working_days", "value": 15}, "15 个工作日"), ({"form": "natural_days", "value": 30}, "30 日"),
        ({"form": "months", "value": 6}, "6 个月"),
        ({"form": "end_of", "value": "year"}, "当年年底"), ({"form": "end_of_day", "value": 120}, "当日24时，严重的 2 小时内"),
        ({"form": "end_of_school_day", "value": True}, "当个上学日24时"), ({"form": "by_time", "value": "17:00"}, "当个上学日 17:00 前"),
        ({"form": "absence_school_day", "value": 2}, "缺勤第 2 个上学日下班前"), (None, "法律没有写明天数"),
    ],
)  # fmt: skip
def test_a_limit_is_said_in_the_units_in_which_it_is_set(figure: dict[str, Any] | None, said: str) -> None:
    assert limit(figure, ZH) == said


def test_a_recipient_says_who_of_where_by_which_limits_and_with_whom() -> None:
    line = recipient(
        {**NOBODY_ELSE, "role": "primary", "kind": "police_station", "kinds_from": None, "where": "occ", "profile": "P1-POL",
         "second": ["police_command"], "consent": True, "legal": ["LEG-POL-INTAKE"]}, ZH)  # fmt: skip
    assert line.who == "发生地 公安派出所"
    assert line.profile == "时限档案 P1-POL"
    assert line.more == ("同时通知：110指挥中心", "取得同意后", "接报即受理并出具回执")
    copy = recipient(
        {**NOBODY_ELSE, "role": "cc", "kind": "source", "kinds_from": None, "where": "res", "profile": None}, EN
    )
    assert (copy.who, copy.profile) == ("Whoever reported", "")


def test_a_rule_says_when_it_is_asked_if_that_is_not_the_event() -> None:
    rule: dict[str, Any] = {"on_timer": None, "on_act": None, "adds": False}
    assert occasion(rule, ZH) == ""
    assert occasion({**rule, "on_timer": "missing.6h"}, ZH) == "到时再看：失踪满6小时未找到"
    assert occasion({**rule, "on_act": {"action": "complete"}}, ZH) == "在“办结”之后"


def test_items_keep_the_order_of_the_referral_and_know_what_waits() -> None:
    current = {"list_items": ["P04", 1, 99], "consent_items": ["P04"], "consent_pending": False,
               "items": [{"code": 1, "zh": "健康", "en": "Health"}, {"code": "P04", "zh": "点燃希望", "en": "Aid"}]}  # fmt: skip
    items = items_of(current, ZH)
    assert [(item.code, item.name, item.waits) for item in items] == [
        ("P04", "点燃希望", True), ("1", "健康", False), ("99", "事项 99", False)]  # fmt: skip
    assert all(item.waits for item in items_of({**current, "consent_pending": True}, EN))


def test_why_somebody_was_told_names_the_post_the_turn_and_who_was_passed_over() -> None:
    assert why_told({}, ZH) == ()
    lines = why_told({"meant": "x", "post": "police@county/220122/duty_officer", "stage": "post", "because": "swap", "shift": "早班",
                      "from": "2026-10-02T00:00:00+00:00", "to": "2026-10-02T09:00:00+00:00", "instead_of": "p7",
                      "passed_over": [{"post": "not a post", "because": "no_contact"}]}, EN)  # fmt: skip
    assert lines[0].endswith("the post meant · swap")
    assert lines[1] == "shift 早班 (10-02 08:00 to 10-02 17:00)"
    assert "p7" not in " ".join(lines)
    assert lines[3] == "not told: not a post: no usable contact"
