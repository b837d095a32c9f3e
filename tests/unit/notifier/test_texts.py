"""Texts say a number, a colour, a county and a deadline, and nothing that tells a child, an act or an office."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, get_args

import pytest

from events.referral import Classification, Role, Severity
from services.chassis.clock import SHANGHAI
from services.directory.kinds import KINDS
from services.directory.territory import territory
from services.notifier.texts import TEXTS, Facts, Lang, templates
from tests.unit.notifier.referrals import T

FACTS = Facts(
    number="JL26-AAAAAAAA", county="农安县", severity="CRITICAL", classification="C3", role="primary", level=0,
    exercise=False, now=T, clock=None, due_at=T + timedelta(minutes=5),
)  # fmt: skip
FORBIDDEN = (
    "父", "母", "伤", "打", "家暴", "家庭暴力", "女", "男", "孩子", "小孩", "学校", "中学", "小学", "辍学",
    "邻居", "失踪", "性侵", "虐", "岁", "医院", "公安", "派出所", "民政", "教育", "妇联", "检察", "法院", "监狱",
    "残", "病", "孤", "http", "://", "www",
)  # fmt: skip
FORBIDDEN_EN = ("http", "girl", "boy", "abuse", "school", "police", "hospital", "violence", "missing", "father", "year")


def every(lang: Lang, **given: Any) -> list[str]:
    """Every template of a language with every combination of facts that changes what it says."""
    return [
        templates(lang).render(
            text,
            replace(
                FACTS, severity=severity, classification=classification, role=role, exercise=exercise, level=level,
                clock=clock, due_at=due, **given,
            ),
            count,
        )
        for text in TEXTS
        for severity in get_args(Severity)
        for classification in get_args(Classification)
        for role in get_args(Role)
        for exercise in (False, True)
        for level in (0, 2, 4)
        for clock in (None, "start", "LEG-SCH-BULLY10")
        for due in (None, T + timedelta(minutes=5), T - timedelta(hours=3))
        for count in (1, 3)
    ]  # fmt: skip


def test_no_text_says_a_forbidden_word() -> None:
    for text in every("zh"):
        assert not [word for word in FORBIDDEN if word in text], text
    for text in every("en", county="Nong'an County"):
        assert not [word for word in FORBIDDEN_EN if word in text.lower()], text


def test_no_text_names_a_kind_of_office() -> None:
    offices = {kind.zh for kind in KINDS.values()} | {name for kind in KINDS.values() for name in kind.offices.values()}
    for text in every("zh"):
        assert not [name for name in offices if len(name) > 1 and name in text], text


def test_no_county_brings_a_forbidden_word_in() -> None:
    for code in (*territory().counties, *territory().nodes):
        name = territory().name(code, "zh")
        text = templates("zh").render("opened", replace(FACTS, county=name))
        assert not [word for word in FORBIDDEN if word in text], text


def test_a_first_notice_reads_as_agreed() -> None:
    assert (
        templates("zh").render("opened", FACTS)
        == "【吉林儿童保护】红色转介 JL26-AAAAAAAA(农安县),请于20:19前签收。登录专网办理。"
    )


def test_a_sealed_matter_has_neither_colour_nor_county() -> None:
    text = templates("zh").render("opened", replace(FACTS, classification="C4"))
    assert text == "【吉林儿童保护】专案转介 JL26-AAAAAAAA,请专办人员于20:19前签收。登录专网办理。"
    for said in every("zh", county="农安县"):
        assert "红色专案" not in said


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_exercise_says_so_first_and_last_in_every_text(lang: Lang) -> None:
    mark, word = ("【演练】", "演练") if lang == "zh" else ("[DRILL]", "drill")
    for text in TEXTS:
        said = templates(lang).render(text, replace(FACTS, exercise=True))
        assert said.startswith(mark)
        assert word in said.removeprefix(mark)


def test_a_moment_on_another_day_has_its_date_and_midnight_is_the_end_of_a_day() -> None:
    assert "请于10月5日17:00前签收" in templates("zh").render("opened", replace(FACTS, due_at=_jilin(5, 17)))
    assert "请于10月4日24:00前签收" in templates("zh").render("opened", replace(FACTS, due_at=_jilin(5, 0)))


def test_a_referral_that_is_late_from_birth_says_so() -> None:
    assert "签收时限20:13已过,请立即签收" in templates("zh").render(
        "opened", replace(FACTS, due_at=T - timedelta(minutes=1))
    )


@pytest.mark.parametrize(
    ("late", "said"), [(0, "签收超时,"), (10, "签收超时10分钟,"), (120, "签收超时2小时,"), (4320, "签收超时3天,")]
)
def test_a_breach_says_how_late_and_who_hears_of_it(late: int, said: str) -> None:
    text = templates("zh").render("breached", replace(FACTS, level=2, clock="ack", due_at=T - timedelta(minutes=late)))
    assert said in text
    assert "已升级至县级统筹" in text


def test_several_referrals_of_one_event_are_counted() -> None:
    assert "JL26-AAAAAAAA等3件(农安县)" in templates("zh").render("opened", FACTS, 3)


def _jilin(day: int, hour: int) -> datetime:
    return T.astimezone(SHANGHAI).replace(day=day, hour=hour, minute=0)
