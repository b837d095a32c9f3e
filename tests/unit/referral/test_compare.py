"""Two editions with a known difference: the comparison shows that, and nothing else."""

import json
import shutil
from pathlib import Path

from typer.testing import CliRunner

from events.codec import to_structured
from services.cli.rulebook import app
from services.law import PACKAGED
from services.law.rulebook_file import files_in
from services.referral.compare import Difference, compare
from services.referral.decide import Law
from services.referral.laws import law_from
from services.referral.read_rulebook import read_edition
from tests.unit.referral.clock_examples import jilin
from tests.unit.referral.story_desk import HARM, LAW, event

AT = jilin("09-09 10:00")
POLICE = "{role: primary, kind: police_station, where: occ, profile: P2-GEN, second: [police_command]}"


def changed(old: str, new: str, file: str = "routing/harm.yaml") -> Law:
    files = files_in(PACKAGED)
    assert old in files[file]
    files[file] = files[file].replace(old, new)
    return law_from(read_edition(files))


def differences(other: Law, *types: str) -> list[Difference | None]:
    return list(compare(LAW, other, [(event(t, AT, f"e{n}", f"c_{n}"), AT) for n, t in enumerate(types)], {}))


def test_the_same_edition_differs_nowhere() -> None:
    assert differences(LAW, HARM, "child.missing", "guardian.deceased") == [None, None, None]


def test_a_milder_profile_shows_as_profile_and_due_times() -> None:
    found, missing = differences(changed(POLICE, POLICE.replace("P2-GEN", "P3-GEN")), HARM, "child.missing")
    assert missing is None
    assert found is not None
    assert (found.only_a, found.only_b, found.beside) == ({}, {}, {})
    (told,) = found.changed.values()
    assert told["profile"] == ("P2-GEN", "P3-GEN")
    assert told["due ack"] == ("2026-09-09T10:30:00+08:00", "2026-09-10T17:00:00+08:00")


def test_another_receiver_shows_on_its_side() -> None:
    (found,) = differences(
        changed("{role: cc, kind: womens_federation, where: occ}", "{role: cc, kind: youth_league, where: occ}"), HARM
    )
    assert found is not None
    assert [list(found.only_a), list(found.only_b)] == [
        ["womens_federation@county/220122"],
        ["youth_league@county/220122"],
    ]


def test_a_timer_shows_beside() -> None:
    (found,) = differences(
        changed("what: missing.6h, after: PT6H", "what: missing.6h, after: PT3H", "routing/whereabouts.yaml"),
        "child.missing",
    )
    assert found is not None
    assert list(found.beside) == ["timers"]


def test_an_edition_may_have_a_profile_of_its_own() -> None:
    files = files_in(PACKAGED)
    files["profiles.yaml"] += """
  - id: P3-SLOW
    use: {zh: 慢, en: slow}
    ladder: P3
    citations: [{source: PROP, clause: test, label: default}]
    clocks: {ack: {working_days: 9}}
"""
    files["routing/harm.yaml"] = files["routing/harm.yaml"].replace(POLICE, POLICE.replace("P2-GEN", "P3-SLOW"))
    (found,) = differences(law_from(read_edition(files)), HARM)
    assert found is not None
    (told,) = found.changed.values()
    assert told["due ack"][1] == "2026-09-21T17:00:00+08:00"
    assert told["due close"][1] is None


def test_nothing_that_was_known_is_changed() -> None:
    on_file = {"c_0": {"age_years": 3, "child_categories": ["orphan"]}}
    list(compare(LAW, LAW, [(event(HARM, AT, child="c_0"), AT)], on_file))
    assert on_file == {"c_0": {"age_years": 3, "child_categories": ["orphan"]}}


def test_the_command_reads_events_of_a_file_and_says_what_it_skipped(tmp_path: Path) -> None:
    other = Path(shutil.copytree(PACKAGED, tmp_path / "other"))
    text = (other / "routing/harm.yaml").read_text("utf-8")
    (other / "routing/harm.yaml").write_text(text.replace(POLICE, POLICE.replace("P2-GEN", "P3-GEN")), "utf-8")
    told = [event(HARM, AT, "e1"), event("child.missing", AT, "e2"), event("child.invented", AT, "e3")]
    (tmp_path / "events.jsonl").write_bytes(b"\n".join(to_structured(one) for one in told))
    done = CliRunner().invoke(
        app, ["diff", "running", str(other), "--events", str(tmp_path / "events.jsonl"), "--json"]
    )
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    assert (said["events"], [d["event"] for d in said["differences"]], len(said["skipped"])) == (2, ["e1"], 1)
    assert CliRunner().invoke(app, ["diff", "running", "no-such-edition", "--days", "1"]).exit_code == 1
