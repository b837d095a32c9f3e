"""`shouhu rulebook check`: every kind of fault in an edition is found, and the packaged edition has none."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from events.catalogue import CATALOGUE
from services.law import PACKAGED
from services.law.rulebook_file import RulebookFault, files_in
from services.referral import read_rulebook
from services.referral.check_rulebook import check, next_year_missing, sources_to_review

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
        return check(read_rulebook.read_edition(files_in(book)), CATALOGUE)
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
    assert check(read_rulebook.packaged_edition(), CATALOGUE) == []


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
        ("severity/whereabouts.yaml", "child.missing", lambda e: e["event"].remove("child.missing"), "child.missing: an event type without a sever"),
        ("severity/whereabouts.yaml", "child.found", put(event=["child.found", "child.missing"]), "child.missing is rated twice"),
        ("severity/whereabouts.yaml", "child.found", put(default="URGENT"), "default"),
        ("sources/law-1.yaml", "K01", drop("title"), "title"),
        ("sources/law-1.yaml", "K01", put(in_force={"from": "2021-06-01", "to": "2026-01-01"}), "K01 ends on 2026-01-01"),
        ("sources/law-1.yaml", "K01", put(read="memory"), "K01 was not read, so the label is law and expected is unverified"),
        (HARM, "harm.violence.high", lambda e: e["when"].update(injury_level={"equals": "minor"}), "no row for the situation severity: HIGH"),
        (HARM, "harm.violence.high", lambda e: e["when"].update(injury_level={"equals": "huge"}), "huge is no value of injury_level"),
        (HARM, "harm.sexual", lambda e: e["to"][1].update(role="primary"), "two primaries at"),
        (HARM, "harm.sexual", first(**{"if": {"needs_medical": {"equals": True}}}), "needs a primary, and has none at"),
        (HARM, "harm.violence.high", lambda e: e["to"].append({"role": "cc", "kind": "village_committee"}), "expected after_release: true (R6)"),
        (HARM, "harm.sexual", put(no_referral={"zh": "x", "en": "x"}), "somebody is told all the same"),
        (HARM, "harm.sexual", put(derive=["abuse.unheard_of"]), "event abuse.unheard_of is unknown"),
        (HARM, "harm.sexual", put(derive_as="weather"), "derive_as: fact weather is unknown"),
        (HARM, "harm.sexual", put(ends=["abuse.unheard_of"]), "event abuse.unheard_of is unknown"),
        (HARM, "harm.sexual", put(outcome="other"), "an outcome without `ends`"),
        (HARM, "harm.sexual", put(overlays=[{"clock": "LEG-NONE", "of": ["police"]}]), "LEG-NONE is not in profiles_legal.yaml"),
        (HARM, "harm.sexual", put(overlays=[{"clock": "LEG-1M", "of": ["wizards"]}]), "overlays.0.of: kind wizards"),
        (HARM, "harm.sexual", put(overlays=[{"clock": "LEG-1M", "of": ["police"], "since": "weather"}]), "overlays.0.since: fact weather"),
        (HARM, "harm.sexual", put(stops=[{"clock": "tick"}]), "tick is no clock"),
        (HARM, "harm.sexual", first(legal=["LEG-PRO-INFORM"]), "LEG-PRO-INFORM is no legal limit with a figure"),
        (HARM, "harm.sexual", lambda e: e["to"].append({"role": "cc", "kinds_from": "weather"}), "kinds_from: fact weather is unknown"),
        (HARM, "harm.sexual", put(on_act={"action": "complete", "event": ["abuse.unheard_of"]}), "on_act.event: event abuse.unheard_of"),
        (WHERE, "whereabouts.missing", lambda e: e["timers"][0].update(cancelled_by=["child.unheard_of"]), "event child.unheard_of is unknown"),
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
    with pytest.raises(RulebookFault, match=r"routing/harm\.yaml:2: cannot be read"):
        read_rulebook.read(book)


def test_an_edition_changes_with_any_file(book: Path) -> None:
    before = read_rulebook.read(book).edition
    assert before == read_rulebook.packaged().edition
    rewrite(book / HARM, "harm.sexual", first(profile="P1-GEN"))
    assert read_rulebook.read(book).edition != before


def test_a_fault_names_the_line_on_which_it_stands(book: Path) -> None:
    lines = (book / HARM).read_text("utf-8").splitlines()
    number = next(n for n, line in enumerate(lines) if "kind: procuratorate, level: county" in line)
    lines[number] = lines[number].replace("procuratorate", "wizards")
    (book / HARM).write_text("\n".join(lines), "utf-8")
    faults = check(read_rulebook.read_edition(files_in(book)), CATALOGUE)
    assert next(f for f in faults if "wizards" in f).startswith(f"{HARM}:{number + 1}: harm.sexual: to.1.kind: ")


def test_a_key_that_stands_twice_is_a_fault_and_not_a_guess(book: Path) -> None:
    text = (book / "severity/harm.yaml").read_text("utf-8")
    (book / "severity/harm.yaml").write_text(
        text + "\n- event: [child.found]\n  default: LOW\n  default: HIGH\n", "utf-8"
    )
    with pytest.raises(RulebookFault, match=r"severity/harm\.yaml:\d+: cannot be read: the key default stands twice"):
        read_rulebook.read_edition(files_in(book))


@pytest.mark.parametrize("file", ["profiles_legal.yaml", "calendar/2026.yaml"])
def test_clocks_and_calendars_cite_what_the_edition_knows(book: Path, file: str) -> None:
    text = (book / file).read_text("utf-8")
    (book / file).write_text(text.replace("source: K23", "source: K99").replace("source: K25", "source: K99"), "utf-8")
    with pytest.raises(RulebookFault, match=rf"{file}:\d+: .*source: source K99 is not in sources"):
        read_rulebook.read_edition(files_in(book))


def test_a_missing_part_is_a_fault(book: Path) -> None:
    (book / "clock_ladder.yaml").unlink()
    with pytest.raises(RulebookFault, match=r"clock_ladder\.yaml:1: the file is missing"):
        read_rulebook.read_edition(files_in(book))


def test_from_december_on_the_next_years_holidays_are_missed() -> None:
    edition = read_rulebook.packaged_edition()
    assert next_year_missing(edition, date(2026, 11, 30)) == []
    assert "calendar/2027.yaml" in next_year_missing(edition, date(2026, 12, 1))[0]
    assert "calendar/2027.yaml" in next_year_missing(edition, date(2027, 1, 4))[0]


def test_two_rules_of_one_timer_do_not_both_bring_a_primary(book: Path) -> None:
    primary = {"role": "primary", "kind": "police", "level": "county"}
    for name in ("whereabouts.missing.6h", "whereabouts.missing.24h"):
        rewrite(book / WHERE, name, put(on_timer="missing.24h", to=[primary]))
    faults = check(read_rulebook.read_edition(files_in(book)), CATALOGUE)
    said = "whereabouts.missing.6h and whereabouts.missing.24h both bring a primary when timer missing.24h is due"
    assert any(said in fault for fault in faults), faults


def test_sources_that_somebody_should_look_at_again_are_noted_and_no_fault() -> None:
    noted = sources_to_review(read_rulebook.packaged_edition())
    assert {line.split("note: ")[1].split(" ")[0] for line in noted} == {"B", "K10", "K15", "K45"}
    assert any(
        line.startswith("sources/policy.yaml:") and "lapse_review" in line and "last checked" in line for line in noted
    )


def test_a_repealed_source_ends_and_every_source_says_where_it_was_read(book: Path) -> None:
    faults = faults_after(book, "sources/policy.yaml", "C", lambda entry: entry.update(status="repealed"))
    assert any("a repealed source ends, expected in_force.to" in fault for fault in faults)
    rewrite(book / "sources/policy.yaml", "C", lambda entry: entry.update(status="in_force") or entry.pop("where"))
    with pytest.raises(RulebookFault, match="where"):
        read_rulebook.read_edition(files_in(book))


def test_a_clause_map_that_is_worded_anew_is_no_new_edition() -> None:
    files = files_in(PACKAGED)
    name = next(name for name in files if name.startswith("clauses/"))
    assert read_rulebook.digest({**files, name: files[name] + "# reworded\n"}) == read_rulebook.digest(files)
    other = "sources/policy.yaml"
    assert read_rulebook.digest({**files, other: files[other] + "# reworded\n"}) != read_rulebook.digest(files)
