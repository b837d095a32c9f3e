"""Whatever the manual for policy officers shows exists and works: commands, options, files, the sample rule, the sample test events."""

import re
from pathlib import Path
from typing import Any

import typer.main
import yaml

from services.cli.__main__ import COMMANDS, build
from services.referral.matching import holds
from services.referral.read_rulebook import packaged
from services.referral.rules import Rule

ROOT = Path(__file__).parents[2]
MANUAL = (ROOT / "infra/docs/policy-officers.md").read_text("utf-8")


def options(words: list[str]) -> set[str] | None:
    """The options of the command that a line begins with; None if there is no such command."""
    found: Any = typer.main.get_command(build(list(COMMANDS)))
    for word in words:
        if not hasattr(found, "commands"):
            break
        if word not in found.commands:
            return None
        found = found.commands[word]
    return None if hasattr(found, "commands") else {option for p in found.params for option in p.opts}


def test_every_command_and_option_of_the_manual_exists() -> None:
    lines = re.findall(r"shouhu ([a-z].*?)(?:`|\s{2,}#|\n|$)", MANUAL)
    assert len(lines) > 8
    for line in lines:
        known = options(line.split())
        assert known is not None, line
        assert set(re.findall(r"--[a-z-]+", line)) <= known, line


def test_the_sample_rule_is_a_rule_and_its_examples_hold() -> None:
    block = next(b for b in re.findall(r"```yaml\n(.*?)```", MANUAL, re.S) if b.startswith("- id:"))
    (rule,) = (Rule.model_validate(entry) for entry in yaml.safe_load(block))
    assert rule.examples
    assert all(holds(rule.when, example.given) == example.matches for example in rule.examples)
    assert {basis.source for basis in rule.basis} <= packaged().sources.keys()


def test_every_file_and_folder_that_the_manual_names_exists() -> None:
    named = set(re.findall(r"`((?:services|events|infra|tests)/[^`*<]+)`", MANUAL))
    inside = {f"services/referral/rulebook/{name}" for name in re.findall(r"^\| `([a-z_]+/)`", MANUAL, re.M)}
    assert len(named | inside) > 8
    assert [name for name in named | inside if not (ROOT / name).exists()] == []
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", MANUAL) if "://" not in link]
    assert [link for link in links if not (ROOT / "infra/docs" / link).exists()] == []
