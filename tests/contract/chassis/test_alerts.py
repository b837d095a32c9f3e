"""Every alert about ourselves can fire, and says what to do."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import REGISTRY

from services.chassis import metrics
from services.notifier.metrics import HEARTBEAT
from services.tracker.metrics import LOOKED

INFRA = Path(__file__).parents[3] / "infra"
ALERTS: list[dict[str, Any]] = [
    rule
    for file in sorted((INFRA / "alerts").glob("*.yaml"))
    for group in yaml.safe_load(file.read_text())["groups"]
    for rule in group["rules"]
]
NAMES = [alert["alert"] for alert in ALERTS]


@pytest.mark.parametrize("alert", ALERTS, ids=NAMES)
def test_an_alert_has_a_runbook_of_the_same_name_that_says_what_it_means_and_what_to_do(alert: dict[str, Any]) -> None:
    assert alert["annotations"]["runbook"] == f"infra/runbooks/{alert['alert']}.md"
    text = (INFRA / "runbooks" / f"{alert['alert']}.md").read_text()
    assert text.startswith(f"# {alert['alert']}\n")
    assert "**What it means.**" in text
    assert "**Do.**" in text
    assert alert["labels"]["severity"] in ("page", "ticket", "none")


@pytest.mark.parametrize("alert", ALERTS, ids=NAMES)
def test_an_alert_asks_for_a_metric_that_exists(alert: dict[str, Any]) -> None:
    assert metrics.LAG_SECONDS  # importing them registered ours
    assert LOOKED
    assert HEARTBEAT
    ends = ("", "_total", "_bucket", "_count")
    ours = {f"{family.name}{end}" for family in REGISTRY.collect() for end in ends}
    asked = set(re.findall(r"shouhu_\w+", alert["expr"]))
    assert asked <= ours
    heartbeat = alert["expr"] == "vector(1)"
    assert asked or heartbeat or re.search(r'\b(up|process_start_time_seconds)\{job="shouhu"\}', alert["expr"])


def test_no_two_alerts_share_a_name() -> None:
    assert len(NAMES) == len(set(NAMES)) > 0
