"""Every line that the referral service writes into a case's history has words in both languages, and every cited law a name."""

import re
from pathlib import Path

import pytest

from services.console.texts import Lang, text_of
from services.referral.life import ACTIONS
from services.referral.read_rulebook import packaged

REFERRAL = Path(__file__).parents[2] / "services" / "referral"
WRITTEN = re.compile(r'note\(\s*[\w.]+,\s*"([a-z_.]+)"|else "(clock\.[a-z]+)"|what = "(clock\.[a-z]+)"')


def _written() -> set[str]:
    found = {
        name
        for file in REFERRAL.glob("*.py")
        for hit in WRITTEN.findall(file.read_text("utf-8"))
        for name in hit
        if name
    }
    assert {
        "referral.opened",
        "event.attached",
        "clock.warned",
        "clock.breached",
    } <= found  # the pattern still sees the code
    return found


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_line_of_a_history_can_be_read(lang: Lang) -> None:
    text = text_of(lang)
    assert [
        w for w in sorted(_written()) if not text.named("happened", w) and w.removeprefix("referral.") not in ACTIONS
    ] == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_cited_source_has_a_name(lang: Lang) -> None:
    book = packaged()
    cited = {basis.source for rule in book.rules for basis in rule.basis}
    assert [source for source in sorted(cited) if not text_of(lang).named("cite", source)] == []
