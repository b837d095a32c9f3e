"""What the page about the officer's phone says in figures is what the programme does."""

from datetime import timedelta
from pathlib import Path

from services.access import codes, elsewhere, sessions

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "infra/docs/officers-phone.md").read_text("utf-8")
SCRIPT = (ROOT / "services/console/static/answers.js").read_text("utf-8")


def minutes(length: timedelta) -> str:
    return {5: "five"}[length // timedelta(minutes=1)]


def test_the_figures_of_codes_and_sessions_are_those_of_the_programme() -> None:
    assert f"Six digits, {minutes(codes.VALID)} minutes, {minutes(codes.VALID)} tries" in PAGE
    assert codes.TRIES == 5
    assert codes.HOURLY == 5
    assert f"{codes.WRONG_HOURLY} wrong codes" in PAGE
    assert f"for {minutes(elsewhere.VALID)} minutes" in PAGE
    assert f"A session lasts {int(sessions.LIFETIME.total_seconds() // 3600)} hours" in PAGE


def test_the_pauses_between_two_sendings_are_those_of_the_script() -> None:
    assert "FIRST = 3000, LONGEST = 30000" in SCRIPT
    assert "after 3 s, 6 s, 12 s" in PAGE
    assert "30 s" in PAGE


def test_the_script_keeps_nothing_on_the_phone() -> None:
    assert not any(word in SCRIPT for word in ("localStorage", "sessionStorage", "indexedDB", "caches."))
