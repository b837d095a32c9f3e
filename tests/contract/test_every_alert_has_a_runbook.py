"""Alerts, runbooks, metrics and commands belong together: a page that lies helps nobody at three in the morning."""

import re
import shlex
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from prometheus_client import REGISTRY, Counter, Gauge, Histogram

from services.cli.__main__ import COMMANDS, build

ROOT = Path(__file__).parents[2]
RUNBOOKS = {page.stem: page.read_text(encoding="utf-8") for page in (ROOT / "infra/runbooks").glob("*.md")}
CHINESE = re.compile(r"[\u4e00-\u9fff]")
NOT_METRICS = {"and", "or", "unless", "bool"}
PROMETHEUS_OWN = {"up": set[str]()}  # made by Prometheus for each address that it scrapes
TARGET = {"job", "instance"}  # labels that Prometheus adds to every series
SAMPLES = {"counter": ("_total",), "gauge": ("",), "histogram": ("_bucket", "_count", "_sum")}
PAGE = re.compile(r"infra/(?:decisions|runbooks|alerts|docs)/[\w.-]+\.(?:md|yaml)")


def alerts() -> dict[str, dict[str, Any]]:
    """Every rule by its name."""
    groups = yaml.safe_load((ROOT / "infra/alerts/self.yaml").read_text(encoding="utf-8"))["groups"]
    return {rule["alert"]: rule for group in groups for rule in group["rules"]}


def metrics_read(expression: str) -> set[str]:
    """The names of the series that a PromQL expression reads."""
    for part in (
        r'"[^"]*"',
        r"\{[^}]*\}",
        r"\[[^\]]*\]",
        r"\b(?:by|without|on|ignoring)\s*\([^)]*\)",
        r"\boffset\s+\w+",
    ):
        expression = re.sub(part, " ", expression)
    return set(re.findall(r"\b[a-zA-Z_]\w*\b(?!\s*\()", expression)) - NOT_METRICS


def labels_read(expression: str) -> set[str]:
    """The names of the labels that it selects or groups by."""
    groups = re.findall(r"\b(?:by|without|on|ignoring)\s*\(([^)]*)\)", expression)
    selected = [re.sub(r'\s*[!=]?[=~]\s*"[^"]*"', "", inside) for inside in re.findall(r"\{([^}]*)\}", expression)]
    return {label.strip() for inside in (*groups, *selected) for label in inside.split(",")}


@pytest.fixture(scope="module")
def exported() -> dict[str, set[str]]:
    """The labels of every series that the processes export, by its name."""
    found: dict[str, set[str]] = {}
    for file in sorted((ROOT / "services").glob("*/metrics.py")):
        for metric in vars(import_module(f"services.{file.parent.name}.metrics")).values():
            if isinstance(metric, Counter | Gauge | Histogram):
                labels = set(metric._labelnames)  # the library has no public way to ask
                for family in metric.describe():
                    for end in SAMPLES[family.type]:
                        found[family.name + end] = labels | ({"le"} if end == "_bucket" else set())
    process = {sample.name: set(sample.labels) for family in REGISTRY.collect() for sample in family.samples}
    return process | found | PROMETHEUS_OWN


def test_every_alert_has_a_runbook_of_its_name_and_every_runbook_an_alert() -> None:
    assert set(RUNBOOKS) == set(alerts())
    for name, rule in alerts().items():
        assert rule["annotations"]["runbook"] == f"infra/runbooks/{name}.md"
        assert RUNBOOKS[name].splitlines()[0] == f"# {name}"


@pytest.mark.parametrize("name", sorted(alerts()))
def test_an_alert_says_how_urgent_it_is_and_what_it_means_in_both_languages(name: str) -> None:
    rule = alerts()[name]
    assert rule["labels"]["severity"] in {"page", "ticket", "none"}
    chinese, english = rule["annotations"]["summary"].split(" · ", 1)
    assert CHINESE.search(chinese)
    assert not CHINESE.search(english)


@pytest.mark.parametrize("name", sorted(alerts()))
def test_every_metric_that_an_alert_reads_is_exported_with_its_labels(name: str, exported: dict[str, set[str]]) -> None:
    expression = alerts()[name]["expr"]
    read = metrics_read(expression)
    assert read <= exported.keys()
    assert labels_read(expression) <= TARGET.union(*(exported[metric] for metric in read))
    assert read or name == "heartbeat"


def test_a_threshold_in_seconds_of_a_histogram_is_one_of_its_bounds() -> None:
    from services.tracker.metrics import LATENESS

    bounds = {
        sample.labels["le"] for family in LATENESS.collect() for sample in family.samples if "le" in sample.labels
    }
    asked = {le for rule in alerts().values() for le in re.findall(r'le="([^"]+)"', rule["expr"])}
    assert asked
    assert asked <= bounds


def test_a_metric_or_label_that_nobody_exports_would_be_found(exported: dict[str, set[str]]) -> None:
    wrong = 'sum by (shop) (increase(shouhu_sold_total{kind="x"}[5m] offset 1h)) > 3 or up == 0'
    assert metrics_read(wrong) - exported.keys() == {"shouhu_sold_total"}
    assert labels_read(wrong) == {"shop", "kind"}


@pytest.mark.parametrize("name", sorted(RUNBOOKS))
def test_a_runbook_begins_with_a_chinese_summary_and_goes_on_in_english(name: str) -> None:
    _, summary, rest = RUNBOOKS[name].split("\n\n", 2)
    assert summary.startswith("**摘要**：")
    assert rest.startswith("**What it means.** ")
    assert "**Do.**" in rest
    assert "shouhu " in rest
    assert not CHINESE.search(rest)


@pytest.mark.parametrize("name", sorted(RUNBOOKS))
def test_every_command_of_a_runbook_exists(name: str) -> None:
    commands = list(commands_of(RUNBOOKS[name]))
    assert commands
    for command in commands:
        assert not fault_of(command), f"{command}: {fault_of(command)}"


def test_a_command_or_option_that_does_not_exist_would_be_found() -> None:
    assert fault_of("shouhu dead-letters burn 3") == "there is no burn"
    assert fault_of("shouhu trace e1 --fast") == "there is no option --fast"
    assert fault_of("shouhu dead-letters show 3 --value") == ""


def test_every_link_of_a_runbook_leads_somewhere() -> None:
    for text in RUNBOOKS.values():
        for link in re.findall(r"\]\(([^)]+)\)", text):
            assert (ROOT / "infra/runbooks" / link).is_file(), link


def test_every_record_and_runbook_that_the_code_names_is_there() -> None:
    files = [file for tree in ("services", "events", "infra") for file in (ROOT / tree).rglob("*")]
    for file in (file for file in files if file.suffix in {".py", ".sql", ".md", ".yaml"}):
        for named in PAGE.findall(file.read_text(encoding="utf-8")):
            assert (ROOT / named).is_file(), f"{file.relative_to(ROOT)} names {named}"


def commands_of(text: str) -> Iterator[str]:
    """Each `shouhu …` in a block or between back-ticks."""
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    inline = re.findall(r"(?<!`)`([^`\n]+)`(?!`)", text)
    for line in (line for code in (*blocks, *inline) for line in re.split(r"[\n;]", code)):
        if line.strip().startswith("shouhu "):
            yield line.strip()


def fault_of(line: str) -> str:
    """What is wrong with a command line, as far as names go; empty if nothing is."""
    command: Any = typer.main.get_command(build(list(COMMANDS)))
    for word in shlex.split(line)[1:]:
        if word.startswith("--"):
            options = {
                option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)
            }
            if word not in {*options, "--help"}:
                return f"there is no option {word}"
        elif hasattr(command, "commands"):
            if word not in command.commands:
                return f"there is no {word}"
            command = command.commands[word]
    return ""
