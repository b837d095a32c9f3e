"""`shouhu rulebook check`: every kind of fault in an edition is found, and the packaged edition has none."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from events.catalogue import CATALOGUE
from services.referral import read_rulebook
from services.referral.check_rulebook import check, row_fields
from services.law import PACKAGED
from services.law.rulebook_file import RulebookFault

FIELDS = row_fields({name.rsplit(".v", 1)[0]: set(model.wire_fields()) for name, model in CATALOGUE.items()})
Change = Callable[[dict[str, Any]], None]
Edit = Callable[[str, str, Change], list[str]]


def rewrite(path: Path, id_: str, change: Change) -> None:
    entries = yaml.safe_load(path.read_text("utf-8"))
    for entry in entries:
        if entry.get("id") == id_ or id_ in entry.get("event", ()):
            change(entry)
    path.write_text(yaml.safe_dump([e for e in entries if e], allow_unicode=True), "utf-8")


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A copy of the packaged rulebook that may be spoilt."""
    return Path(shutil.copytree(PACKAGED, tmp_path / "rulebook"))


def faults_after(book: Path, file: str, id_: str, change: Change) -> list[str]:
    """What the check finds after one entry was changed."""
    rewrite(book / file, id_, change)
    try:
        return check(read_rulebook.read(book), FIELDS)
    except RulebookFault as fault:
        return fault.faults


def put(**values: Any) -> Change:
    return lambda entry: entry.update({k.rstrip("_"): v for k, v in values.items()})


def drop(*names: str) -> Change:
    def change(entry: dict[str, Any]) -> None:
        for name in names:
            entry.pop(name)

    return change


def first(**values: Any) -> Change:
    """Change the first recipient."""
    return lambda entry: entry["to"][0].update(values)


HARM, GUARD, WHERE, EDU = (f"routing/{name}.yaml" for name in ("harm", "guardianship", "whereabouts", "education"))


def test_the_packaged_edition_has_no_fault() -> None:
    assert check(read_rulebook.packaged(), FIELDS) == []


@pytest.mark.parametrize(
    ("file", "id_", "change", "said"),
    [
        (HARM, "harm.sexual", drop("basis"), "basis"),
        (HARM, "harm.sexual", put(basis=[]), "basis"),
        (HARM, "harm.sexual", put(basis=[{"source": "K99", "clause": "art 1", "label": "law"}]), "K99 is not in sources.yaml"),
        (HARM, "harm.sexual", put(in_force={"from": "1999-01-01"}), "is not in force on 1999-01-01"),
        (HARM, "harm.sexual", drop("in_force"), "in_force"),
        (HARM, "harm.sexual", drop("examples"), "no example"),
        (HARM, "harm.violence.high", lambda e: e["examples"].pop(), "no example that must not match"),
        (HARM, "harm.violence.high", lambda e: e["examples"].pop(0), "no example that must match"),
        (HARM, "harm.violence.high", lambda e: e["examples"][0].update(matches=False), "matches and must not"),
        (HARM, "harm.violence.high", lambda e: e["examples"][1].update(matches=True), "must match and does not"),
        (HARM, "harm.violence.high", lambda e: e["when"].update(weather={"equals": "rain"}), "fact weather is unknown"),
        (HARM, "harm.violence.high", lambda e: e["when"].update(severity={"like": "HIGH"}), "like"),
        (HARM, "harm.sexual", first(kind="wizards"), "kind wizards is not in the directory"),
        (HARM, "harm.sexual", first(kind="village_committee", level="city"), "has no office at level city"),
        (HARM, "harm.sexual", first(profile="P9-FAST"), "profile P9-FAST is not in profiles.yaml"),
        (HARM, "harm.sexual", first(where="moon"), "where"),
        (HARM, "harm.sexual", put(event=["abuse.unheard_of"]), "event abuse.unheard_of is unknown"),
        (HARM, "harm.sexual", put(event=["abuse.unheard_of"]), "abuse.sexual.suspected: an event type without a row"),
        (HARM, "harm.sexual", put(on_timer="missing.6h"), "exactly one of event and on_timer"),
        (HARM, "harm.sexual", put(to=[]), "nobody is told"),
        (HARM, "harm.sexual", lambda e: e["to"].pop(0), "co recipients needs a primary"),
        (HARM, "harm.violence.school", first(role="primary"), "brings no primary"),
        (HARM, "harm.violence.high", put(when={}), "overlap"),
        (GUARD, "guardian.refuses.high", lambda e: e["when"].update(severity={"equals": "LOW"}), "never reached"),
        (WHERE, "whereabouts.missing", lambda e: e["timers"].pop(0), "timer missing.6h: nothing sets it"),
        (WHERE, "whereabouts.missing.6h", put(on_timer="missing.7h"), "timer missing.6h: no rule has on_timer"),
        (WHERE, "whereabouts.missing.6h", put(id="whereabouts.missing"), "stands twice"),
        (WHERE, "whereabouts.missing.6h", put(colour="red"), "colour"),
        (EDU, "education.returned", lambda e: e["timers"][0].update(colour="red"), "colour"),
        ("routing/fallback.yaml", "fallback", put(id="nobody"), "fallback"),
        ("severity/whereabouts.yaml", "child.missing", lambda e: e["event"].remove("child.missing"), "child.missing: an event type without a severity"),
        ("severity/whereabouts.yaml", "child.found", put(event=["child.found", "child.missing"]), "child.missing is rated twice"),
        ("severity/whereabouts.yaml", "child.found", put(default="URGENT"), "default"),
        ("sources/law-1.yaml", "K01", drop("title"), "title"),
    ],
)  # fmt: skip
def test_a_fault_is_found_and_named(book: Path, file: str, id_: str, change: Change, said: str) -> None:
    faults = faults_after(book, file, id_, change)
    assert any(said in fault for fault in faults), faults
    assert all(fault and "\n" not in fault for fault in faults)


def test_all_faults_are_told_at_once(book: Path) -> None:
    rewrite(book / HARM, "harm.sexual", drop("basis"))
    rewrite(book / GUARD, "guardian.refuses.high", put(colour="red"))
    faults = faults_after(book, "severity/whereabouts.yaml", "child.found", put(default="URGENT"))
    assert {said for said in ("harm.yaml", "guardianship.yaml", "whereabouts.yaml") for f in faults if said in f} == {
        "harm.yaml", "guardianship.yaml", "whereabouts.yaml"}  # fmt: skip


def test_a_file_that_is_no_yaml_is_named(book: Path) -> None:
    (book / HARM).write_text("- id: [", "utf-8")
    with pytest.raises(RulebookFault, match=r"harm\.yaml: cannot be read"):
        read_rulebook.read(book)


def test_an_edition_changes_with_any_file(book: Path) -> None:
    before = read_rulebook.read(book).edition
    assert before == read_rulebook.packaged().edition
    rewrite(book / HARM, "harm.sexual", first(profile="P1-GEN"))
    assert read_rulebook.read(book).edition != before
