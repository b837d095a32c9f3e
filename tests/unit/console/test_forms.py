"""Forms, cursors and the reasons why nobody was told."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.agency import Agency
from services.console.cursor import after, cursor
from services.console.forms import action_forms, data_of
from services.console.narrative import refusal, said
from services.console.reasons import nobody_told
from services.console.texts import text_of
from services.console.visit import safe_return

ZH = text_of("zh")
NOW = datetime(2026, 10, 2, 12, 14, tzinfo=UTC)
RETURN = {"action": "return", "needs": ["reason"], "codes": [
    {"code": "not_our_area", "zh": "不属本辖区", "en": "not our area", "needs": ["kind", "area"]},
    {"code": "other", "zh": "其他", "en": "other", "needs": ["text"]},
]}  # fmt: skip
ALLOWED: list[dict[str, Any]] = [
    RETURN,
    {"action": "acknowledge", "needs": [], "codes": []},
    {"action": "start", "needs": [], "codes": []},
]


def test_the_one_button_is_the_step_that_is_owed() -> None:
    main, others = action_forms(ALLOWED, ZH, seed="s", now=NOW, owed="ack")
    assert main is not None
    assert main.action == "acknowledge"
    assert [form.action for form in others] == ["return", "start"]
    main, _ = action_forms(ALLOWED, ZH, seed="s", now=NOW, owed="start")
    assert main is not None
    assert main.action == "start"


def test_a_way_out_is_never_the_one_button() -> None:
    main, others = action_forms([RETURN], ZH, seed="s", now=NOW, owed="ack")
    assert main is None
    assert len(others) == 1


def test_what_a_code_asks_for_is_offered_and_what_the_action_needs_is_required() -> None:
    _, (form, _) = action_forms(ALLOWED, ZH, seed="s", now=NOW)
    assert [(need.name, need.required) for need in form.fields] == [
        ("reason", True),
        ("kind", False),
        ("area", False),
        ("text", False),
    ]
    assert ("not_our_area", "不属本辖区") in form.fields[0].codes


def test_each_rendering_of_a_form_has_a_request_id_of_its_own() -> None:
    first, _ = action_forms(ALLOWED, ZH, seed="s", now=NOW)
    again, _ = action_forms(ALLOWED, ZH, seed="s", now=NOW)
    later, _ = action_forms(ALLOWED, ZH, seed="s", now=NOW.replace(second=1))
    assert first is not None
    assert again is not None
    assert later is not None
    assert first.request_id == again.request_id != later.request_id


def test_what_was_sent_becomes_data_without_plumbing_and_blanks() -> None:
    sent = {
        "version": "1",
        "request_id": "x",
        "csrf_token": "y",
        "reason": " other ",
        "text": "  ",
        "attempts": "a\r\n\r\n b ",
    }
    assert data_of(sent) == {"reason": "other", "attempts": ["a", "b"]}


@given(due=st.none() | st.datetimes(timezones=st.just(UTC)), row=st.text(min_size=1))
def test_a_cursor_comes_back_as_its_place(due: datetime | None, row: str) -> None:
    assert after(cursor(due, row)) == (due, row)


@given(st.text(min_size=1))
def test_a_word_that_is_no_cursor_is_refused_and_never_raises(word: str) -> None:
    place = after(word)
    assert place is False or isinstance(place, tuple)


@pytest.mark.parametrize("wish", ["//x.org", "/\\x.org", "https://x.org", "javascript:1", "", None, "/logout", "/a\nb"])
def test_signing_in_leads_nowhere_else(wish: str | None) -> None:
    assert safe_return(wish) == "/"
    assert safe_return("/ops?list=late") == "/ops?list=late"


def test_why_nobody_was_told_has_an_answer_for_every_outcome() -> None:
    ruled = {"outcome": "no_referral", "decision": {"why": {"zh": "儿童已找到，没有未结个案。", "en": "found"}}}
    assert nobody_told(ruled, [], ZH) == ("规则规定这类情况不转介。", "儿童已找到，没有未结个案。")
    assert "缺少字段" in nobody_told({"outcome": "dead_letter", "dead_letter": {"reason": "缺少字段"}}, [], ZH)[0]
    assert (
        "农安县民政局 · 值班员"
        in nobody_told({"outcome": "referred"}, [Agency("civil_affairs", "county", "220122")], ZH)[0]
    )
    refused = {
        "outcome": "referred",
        "messages": [{"outcome": "refused", "person": "王**", "channel": "sms", "detail": "空号"}],
    }
    assert nobody_told(refused, [], ZH) == ("消息未送达：王**，短信，空号",)
    assert nobody_told({"outcome": "referred", "messages": []}, [], ZH) == ("已作出转介，但还没有发出任何消息。",)
    assert nobody_told({"outcome": "referred", "messages": [{"outcome": "sent", "referral": "r"}]}, [], ZH) == ()


def test_history_says_what_was_done_and_why_but_repeats_no_text_that_somebody_wrote() -> None:
    assert said("referral.return", {"reason": "not_our_area", "text": "张三家"}, ZH) == "退回 · 不属本辖区"
    assert said(
        "message", {"to": "civil_affairs@county/220122", "to_role": "duty_leader", "level": 1, "reason": "breached"}, ZH
    ) == ("发出消息 · 农安县民政局 · 带班领导 · 超时升级 · 层级 1")


def test_the_owners_refusal_is_said_in_the_readers_language() -> None:
    assert refusal("not allowed in state closed", ZH) == "当前状态不能做这个操作。"
    assert refusal("something new", ZH) == "something new"


def test_a_question_of_yes_and_no_is_offered_and_not_required() -> None:
    allowed = [{"action": "feedback", "needs": ["text"], "codes": [], "yes_no": ["child_seen"]}]
    _, (form,) = action_forms(allowed, text_of("zh"), seed="r", now=NOW)
    seen = next(need for need in form.fields if need.name == "child_seen")
    assert (seen.required, seen.codes) == (False, (("yes", "是"), ("no", "否")))
    assert data_of({"text": "见到", "child_seen": "no"}) == {"text": "见到", "child_seen": False}
    assert data_of({"text": "见到", "child_seen": ""}) == {"text": "见到"}
