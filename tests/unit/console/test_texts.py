"""The words of the console."""

import re
import string
from pathlib import Path
from typing import get_args

import pytest

from events.referral import ClockState, Role, Severity, State
from services.console import texts
from services.console.texts import Lang, language, read_text, text_of
from services.referral.life import ACTIONS, codes

ZH, EN = text_of("zh"), text_of("en")
KEYS = [f"{group}.{name}" for group, words in ZH.groups.items() for name in words]


def fields(sentence: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(sentence) if field}


def test_both_languages_have_exactly_the_same_keys() -> None:
    assert {group: set(words) for group, words in ZH.groups.items()} == {
        group: set(words) for group, words in EN.groups.items()
    }


@pytest.mark.parametrize("key", KEYS)
def test_a_sentence_is_filled_in_with_the_same_facts_in_both_languages(key: str) -> None:
    group, _, name = key.partition(".")
    assert fields(ZH.groups[group][name]) == fields(EN.groups[group][name])


def test_every_state_action_role_and_severity_of_the_contracts_has_its_label() -> None:
    for group, expected in (("state", State), ("role", Role), ("severity", Severity), ("clock_class", ClockState)):
        assert set(get_args(expected)) <= set(ZH.groups[group])
    assert set(ACTIONS) <= set(ZH.groups["action"])
    assert {need for action in ACTIONS.values() for need in action.needs} <= set(ZH.groups["need"])
    assert {code["code"] for list_ in codes().values() for code in list_} <= set(ZH.groups["code"])


def test_every_key_that_a_page_or_module_names_exists() -> None:
    folder = Path(texts.__file__).parent
    sources = [*folder.glob("*.py"), *folder.glob("templates/*.html")]
    named = {
        key
        for file in sources
        for key in re.findall(r'text\(\s*["\']([a-z_]+\.[a-z0-9_]*[a-z0-9])["\']', file.read_text("utf-8"))
    }
    assert len(named) > 100
    assert named <= set(KEYS)


def test_a_file_with_anything_but_words_is_refused_by_its_key() -> None:
    with pytest.raises(ValueError, match=r"site\.yes_word"):
        read_text("zh", "site: {yes_word: true}")


@pytest.mark.parametrize(
    ("asked", "remembered", "expected"),
    [(None, None, "zh"), ("en", "zh", "en"), (None, "en", "en"), ("xx", "en", "en"), ("xx", "yy", "zh")],
)
def test_the_address_wins_over_the_cookie_and_chinese_comes_first(
    asked: str | None, remembered: str | None, expected: Lang
) -> None:
    assert language(asked, remembered) == expected


@pytest.mark.parametrize(
    ("clause", "zh", "en"),
    [
        ("arts 21 22", "第21、22条", "arts 21 22"), ("art 11", "第11条", "art 11"), ("whole", "全文", "whole"), ("L13", "清单第13项", "list item 13"),
        ("T9", "任务9", "task 9"), ("2.2", "第2.2节", "§2.2"), ("press text", "press text", "press text"),
    ],
)  # fmt: skip
def test_a_clause_is_written_as_the_language_writes_it(clause: str, zh: str, en: str) -> None:
    assert (ZH.clause(clause), EN.clause(clause)) == (zh, en)
