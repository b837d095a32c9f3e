"""What the guide for roster keepers shows loads as it stands there."""

import re
from pathlib import Path

import pytest

from services.directory.kinds import FUNCTIONS
from services.directory.people_files import read_files
from services.directory.roster_names import held_after, resolve
from services.directory.working_days import working_days

GUIDE = (Path(__file__).parents[2] / "infra/docs/roster-keepers.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(yaml|csv)\n(.*?)```", GUIDE, re.DOTALL)
DESK = "civil_affairs@county/220122/duty_officer"


@pytest.mark.parametrize(("form", "text"), BLOCKS, ids=[f"{form} {n}" for n, (form, _) in enumerate(BLOCKS, 1)])
def test_every_example_of_the_guide_loads(tmp_path: Path, form: str, text: str) -> None:
    path = tmp_path / f"guide.{form}"
    path.write_text(text, encoding="utf-8")
    files = read_files(path)
    people = {"na-mz-01": "王某", "na-mz-02": "李某"}
    plans, leave = resolve(files, held_after(files, {DESK: people}), people, working_days())
    assert files.people or plans or leave


def test_the_guide_names_every_function_that_messages_are_addressed_to() -> None:
    assert {name for name, about in FUNCTIONS.items() if about.must_be_held and f"`{name}`" not in GUIDE} == set()
