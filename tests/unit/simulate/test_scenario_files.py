"""A scenario file that means nothing is refused with every fault, before anything is started."""

from pathlib import Path

import pytest

from services.simulate.scenario import ScenarioFault, load

HEAD = "scenario: x\nstarts_at: 2026-09-09T10:00:00\nuntil: 2026-09-09T11:00:00\n"


def faults_of(tmp_path: Path, steps: str) -> list[str]:
    file = tmp_path / "story.yaml"
    file.write_text(HEAD + steps, "utf-8")
    with pytest.raises(ScenarioFault) as refused:
        load(file)
    return refused.value.faults


@pytest.mark.parametrize(
    ("step", "where"),
    [
        ("{channel: sms, outcome: fails}", "channel.outcome"),
        ("{channel: smoke_signal, outcome: failed}", "channel.channel"),
        ("{agency: {knd: police}, outcome: failed}", "channel.agency.knd"),
    ],
)
def test_a_channel_that_would_never_answer_is_refused(tmp_path: Path, step: str, where: str) -> None:
    (fault,) = faults_of(tmp_path, f"steps: [{{at: 2026-09-09T10:00:00, channel: {step}}}]\n")
    assert where in fault


def test_a_step_that_does_nothing_and_a_child_nobody_named_are_both_listed(tmp_path: Path) -> None:
    faults = faults_of(
        tmp_path,
        "steps:\n- {at: 2026-09-09T10:00:00}\n"
        "- {at: 2026-09-09T10:00:00, event: {id: a, type: child.missing.v1, source: /police/220122/p, child: nobody}}\n",
    )
    assert [fault.split(":")[0] for fault in faults] == ["steps.1", "steps.2.event"]


def test_a_story_in_which_nothing_happens_is_refused(tmp_path: Path) -> None:
    assert faults_of(tmp_path, "steps: []\n") == ["steps: at least one step is expected"]
