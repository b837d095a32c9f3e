"""`shouhu route` says of one event what was tried, who is told and who is not, each time on which fact."""

import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from events.codec import to_structured
from services.cli.__main__ import build
from services.referral.explain import explain
from services.referral.subjects import subjects_of
from tests.unit.referral.clock_examples import jilin
from tests.unit.referral.story_desk import HARM, LAW, event

AT = jilin("09-09 10:00")


def explained(type_: str, **data: Any) -> dict[str, Any]:
    told = event(type_, AT, **data)
    return explain(LAW, told, subjects_of(told)[0], AT)


def test_a_rule_that_does_not_match_names_the_fact() -> None:
    tried = {entry["rule"]: entry for entry in explained(HARM, injury_level="none")["tried"]}
    assert tried["harm.violence.high"]["matched"]
    missed = tried["harm.violence.critical"]
    assert (missed["field"], missed["found"], missed["wanted"]) == ("severity", "HIGH", "{'equals': 'CRITICAL'}")


def test_the_severity_is_explained_too() -> None:
    tried = explained(HARM, injury_level="none")["severities_tried"]
    assert tried == [
        {"severity": "CRITICAL", "matched": False, "field": "danger", "found": None, "wanted": "{'equals': True}"}
    ]


def test_who_is_left_out_is_named_with_the_fact() -> None:
    found = explained("abuse.sexual.suspected", channel="in_person")["left_out"]
    assert {"rule": "harm.sexual", "role": "co", "kind": "cyberspace", "field": "channel", "found": "in_person",
            "wanted": "{'equals': 'online'}"} in found  # fmt: skip


def test_a_general_rule_that_leaves_somebody_out_is_named() -> None:
    told = event(HARM, AT, source="/school/220122/s1", injury_level="serious", needs_medical=True)
    found = explain(LAW, told, subjects_of(told)[0], AT)
    assert all(entry["field"] for entry in found["left_out"])
    told = event(HARM, AT, injury_level="serious", needs_medical=True)  # a hospital reports: nobody refers it to itself
    (hospital,) = [
        entry for entry in explain(LAW, told, subjects_of(told)[0], AT)["left_out"] if entry.get("kind") == "hospital"
    ]
    assert hospital["field"] == "source_is_medical"


def test_timers_and_due_times_are_shown() -> None:
    found = explained("child.missing")
    assert {"what": "missing.6h", "due": "2026-09-09T16:00:00+08:00", "again": False} in found["timers"]
    assert found["recipients"][0]["due"]["ack"] == "2026-09-09T10:05:00+08:00"


def route_command(file: Path, *more: str) -> Result:
    return CliRunner().invoke(build(["route", "topics"]), ["route", str(file), *more])


def test_the_command_explains_for_people_and_for_programmes(tmp_path: Path) -> None:
    file = tmp_path / "event.json"
    file.write_bytes(to_structured(event("child.missing", AT)))
    done = route_command(file, "--at", "2026-12-31T10:00", "--json")
    assert done.exit_code == 0, done.output
    (answer,) = json.loads(done.stdout)
    assert answer["recipients"][0]["due"]["ack"] == "2026-12-31T10:05:00+08:00"
    assert any(recipient["provisional"] for recipient in answer["recipients"])  # beyond the loaded calendar
    said = route_command(file).output
    assert "✓ whereabouts.missing" in said
    assert "⏱ missing.6h" in said
