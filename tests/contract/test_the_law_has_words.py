"""Everything in the packaged law that the page of rules shows can be read in both languages: no code stands where a word belongs."""

from collections.abc import Iterator
from typing import Any

import pytest

from services.console import law_words
from services.console.law import fits, type_name
from services.console.texts import Lang, text_of
from services.directory.kinds import KINDS
from services.referral.law_represent import EVERY, index_out, law_of_type, rules_of, source_out
from services.referral.read_rulebook import packaged
from services.referral.represent import legal_label

BOOK = packaged()
TYPES = [each["type"] for each in index_out(BOOK, (), None)["types"]]


def laws() -> Iterator[dict[str, Any]]:
    for event in TYPES:
        found = law_of_type(BOOK, event)
        assert found is not None
        yield found


def conditions() -> Iterator[dict[str, Any]]:
    for law in laws():
        for case in (law["severity"] or {}).get("cases", ()):
            yield from case["when"]
        for rule in law["rules"]:
            yield from rule["when"]
            for each in rule["recipients"]:
                yield from each["when"]


def test_every_rule_stands_under_an_event_type_or_among_the_general_ones() -> None:
    assert {rule.id for event in TYPES for rule in rules_of(BOOK, event)} == {rule.id for rule in BOOK.rules}
    assert TYPES[-1] == EVERY
    assert len(TYPES) > 110


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_condition_has_words(lang: Lang) -> None:
    text = text_of(lang)
    nameless = {each["fact"] for each in conditions() if not text.named("condition", each["fact"])}
    values = [
        v for each in conditions() for v in (*each.get("any_of", ()), *([each["equals"]] if "equals" in each else ()))
    ]
    speechless = {v for v in values if isinstance(v, str) and not text.named("answer", v)}
    assert (nameless, speechless) == (set(), set())


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_recipient_occasion_limit_and_type_has_words(lang: Lang) -> None:
    text = text_of(lang)
    nameless: set[str] = set()
    for law in laws():
        if type_name(law["type"], text) == f"{law['type']}.v1":
            nameless.add(law["type"])
        for rule in law["rules"]:
            if rule["on_timer"] and not text.named("moment", rule["on_timer"]):
                nameless.add(rule["on_timer"])
            for each in rule["recipients"]:
                who = each["kind"] or each["kinds_from"]
                if who not in KINDS and not text.named("condition", who):
                    nameless.add(who)
                assert text.named("where", each["where"])
                assert law_words.recipient(each, text).who
        for each in law["profiles"]:
            assert all(law_words.limit(figure, text) for figure in each["clocks"].values())
        for each in law["legal"]:
            assert law_words.limit(each["limit"], text)
    assert nameless == set()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_clock_of_law_is_called_by_its_duty(lang: Lang) -> None:
    assert BOOK.profiles is not None
    text = text_of(lang)
    assert [name for name in BOOK.profiles.legal if not text.named("legal", name)] == []


def test_every_source_can_be_opened_and_says_who_cites_it() -> None:
    for source in BOOK.sources:
        found = source_out(BOOK, source)
        assert found is not None
        assert found["title"]
    assert source_out(BOOK, "K99") is None
    cited = source_out(BOOK, "K43")
    assert cited is not None
    assert "whereabouts.missing" in {each["rule"] for each in cited["cited_by"]}


@pytest.mark.parametrize("query", ["失踪", "MISSING", "whereabouts.missing.6h", "child.missing", ""])
def test_a_type_is_found_by_its_name_in_either_language_its_code_and_its_rules(query: str) -> None:
    index = {each["type"]: each for each in index_out(BOOK, (), None)["types"]}
    assert fits(index["child.missing"], query)
    assert not query or not fits(index["transport.need"], query)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_from_memory_is_shown_as_law_in_a_list_of_clocks(lang: Lang) -> None:
    assert BOOK.profiles is not None
    text = text_of(lang)
    assert text.groups["legal_weight"] == {name: legal_label(each) for name, each in BOOK.profiles.legal.items()}
    assert text.weight("LEG-DIBAO", "") == "unverified"
    assert text.weight("LEG-OF-ANOTHER-EDITION", "") == "unverified"
