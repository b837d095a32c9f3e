"""A policy text is cut into the same clauses with the same ids every time, and nothing of it is lost."""

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from services.referral.policy_text import PolicyText, split

POLICY = Path(__file__).parents[3] / "services/referral/rulebook/policy"
HEADER = """---
code: X
title: 某方案
number: 某发〔2024〕1号
issuer: 某厅
issued: 2024-01-02
read_from: 公报
note: 无
---
"""


def clauses(body: str) -> dict[str, str]:
    return {clause.id: clause.text for clause in split(HEADER + body).clauses}


def text(code: str) -> PolicyText:
    return split((POLICY / f"{code}.md").read_text("utf-8"))


def test_a_sentence_and_a_part_that_ends_with_a_semicolon_are_clauses() -> None:
    assert clauses("二、任务举措\n(一) 定期走访。较好的，每三个月一次；一般的，每个月一次。（省民政厅负责）") == {
        "X§2.1-01": "较好的，每三个月一次；",
        "X§2.1-02": "一般的，每个月一次。",
        "X§2.1-03": "（省民政厅负责）",
    }


def test_a_clause_broken_by_the_end_of_a_page_is_one_clause() -> None:
    assert clauses("一、工作目标\n到2035\n\n年，取得成效。") == {"X§1-01": "到2035年，取得成效。"}


def test_a_stop_inside_brackets_or_quotation_ends_nothing() -> None:
    assert len(clauses("一、工作目标\n落实“两为主；两纳入”（下同；略）的政策。")) == 1


def test_seals_and_addressees_of_the_notice_stay_apart_but_a_broken_list_of_them_is_joined() -> None:
    found = clauses("各县民政局、文\n\n广旅局：\n某 厅\n某局\n一、目标\n做好。")
    assert list(found.values()) == ["各县民政局、文广旅局：", "某 厅", "某局", "做好。"]


def test_a_row_of_a_list_is_its_object_its_parts_and_who_answers() -> None:
    found = clauses(
        "四是其他。做好。\n| | 序号 | 对象 |\n|---|---|---|\n| 幼有所育 | 1 | 儿童 | 服务 | 接种；体检。 | 市卫健委 |"
    )
    assert found == {
        "X§4-01": "做好。",
        "X-L1-01": "儿童 · 服务",
        "X-L1-02": "接种；",
        "X-L1-03": "体检。",
        "X-L1-04": "市卫健委",
    }


def test_a_wrong_header_is_refused() -> None:
    with pytest.raises(ValueError, match="header"):
        split("一、目标\n做好。")
    with pytest.raises(ValidationError, match="issued"):
        split("---\ncode: X\ntitle: t\nnumber: n\nissuer: i\nread_from: r\nnote: n\n---\n")


@pytest.mark.parametrize(("code", "chapters", "rows"), [("A", 18, 32), ("B", 36, 0), ("C", 4, 32)])
def test_every_section_and_every_row_of_the_three_texts_is_found(code: str, chapters: int, rows: int) -> None:
    titles = text(code).titles
    assert len([t for t in titles if not re.search(r"-L\d+$|§0$", t)]) == chapters
    assert [t for t in titles if re.search(r"-L[1-9]", t)] == [f"{code}-L{n}" for n in range(1, rows + 1)]


@pytest.mark.parametrize("code", ["A", "B", "C"])
def test_no_word_of_the_three_texts_is_lost(code: str) -> None:
    """Every Chinese character of the running text stands in a clause or in a title, as often as in the document."""
    document = (POLICY / f"{code}.md").read_text("utf-8").split("---\n", 2)[2]
    running = re.split(r"^(?:\t服务对象|\| \| 序号)", document, flags=re.M)[0]
    found = text(code)
    kept = "".join(c.text for c in found.clauses if not re.search(r"-L[1-9]", c.section))
    kept += "".join(title for section, title in found.titles.items() if not re.search(r"-L\d|§0$", section))
    lost = len(re.findall(r"[一-鿿]", running)) - len(re.findall(r"[一-鿿]", kept))
    # What is not kept are the numerals of headings: "二、", "（一）", "一是".
    assert 0 <= lost <= 2 * len(found.titles)


@pytest.mark.parametrize("code", ["A", "B", "C"])
def test_ids_are_unique_and_no_clause_is_empty(code: str) -> None:
    found = text(code).clauses
    assert len({c.id for c in found}) == len(found)
    assert all(c.text for c in found)
