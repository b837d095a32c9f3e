"""docker-compose.yml against the Compose schema, and against what this repository says a deployment consists of."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from services.cli.compose import DOORS, PHONE, WORKERS
from services.embedded.jars import KAFKA_VERSION

ROOT = Path(__file__).parents[3]
# compose_spec.json of docker-compose 1.29.2 (Apache-2.0), the schema as a package.
SCHEMA = jsonschema.Draft201909Validator(json.loads(Path(__file__).with_name("compose-spec.json").read_text()))


@pytest.fixture(scope="module")
def deployment() -> dict[str, Any]:
    """The file with its anchors and merges resolved."""
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


def test_it_is_valid_compose(deployment: dict[str, Any]) -> None:
    SCHEMA.validate(deployment)


def test_the_schema_refuses_what_compose_refuses(deployment: dict[str, Any]) -> None:
    wrong = {**deployment, "services": {"web": {"imag": "x"}}}
    with pytest.raises(jsonschema.ValidationError, match="imag"):
        SCHEMA.validate(wrong)


def test_every_worker_and_the_doors_have_a_container(deployment: dict[str, Any]) -> None:
    commands = {name: service.get("command") for name, service in deployment["services"].items()}
    for worker in WORKERS:
        assert commands[worker] == ["serve", worker, "--no-door"]
    assert commands["web"] == ["serve", "web"]
    assert set(commands) == {*WORKERS, "web", "setup", "kafka", "postgres", "otel-collector"}
    assert "console" in DOORS


def test_the_phone_gateway_is_never_deployed(deployment: dict[str, Any]) -> None:
    assert PHONE not in json.dumps(deployment)


def test_kafka_and_postgres_are_the_ones_that_the_tests_ran_on(deployment: dict[str, Any]) -> None:
    services = deployment["services"]
    assert services["kafka"]["image"] == f"apache/kafka:{KAFKA_VERSION}"
    assert services["postgres"]["image"] == "postgres:18"


def test_whatever_runs_on_has_a_health_check_a_network_and_a_restart(deployment: dict[str, Any]) -> None:
    for name, service in deployment["services"].items():
        assert service["networks"], name
        if name not in ("setup", "otel-collector"):
            assert service["restart"] == "unless-stopped", name
            assert service["healthcheck"]["test"][0] == "CMD", name


def test_only_the_doors_can_be_reached_and_only_from_this_machine(deployment: dict[str, Any]) -> None:
    published = {name: service["ports"] for name, service in deployment["services"].items() if "ports" in service}
    assert published == {"web": ["127.0.0.1:8080:8080"]}


def test_secrets_come_by_file_and_every_one_is_declared_and_made(deployment: dict[str, Any]) -> None:
    used = {secret for service in deployment["services"].values() for secret in service.get("secrets", [])}
    assert used == set(deployment["secrets"])
    script = (ROOT / "infra/bin/make-secrets").read_text()
    for secret in deployment["secrets"].values():
        assert Path(secret["file"]).name in script
    for name, service in deployment["services"].items():
        for variable in service.get("environment", {}):
            assert "PASSWORD" not in variable or variable.endswith("_FILE"), name


def test_volumes_are_declared(deployment: dict[str, Any]) -> None:
    mounted = {volume.split(":")[0] for service in deployment["services"].values() for volume in service["volumes"]}
    assert {volume for volume in mounted if not volume.startswith("./")} == set(deployment["volumes"])
    for path in (volume for volume in mounted if volume.startswith("./")):
        assert (ROOT / path).is_file()


def test_the_collector_uses_only_components_that_it_declares() -> None:
    collector = yaml.safe_load((ROOT / "infra/otel/collector.yaml").read_text())
    for pipeline in collector["service"]["pipelines"].values():
        for kind, names in pipeline.items():
            assert set(names) <= set(collector[kind])


def test_the_image_is_a_few_lines_that_run_the_same_set_up() -> None:
    lines = (ROOT / "infra/Dockerfile").read_text().splitlines()
    assert len(lines) <= 15
    assert "RUN make setup" in lines
