"""`shouhu source`, `shouhu token` and `shouhu login` on a real database."""

import json

import pytest
from typer.testing import CliRunner, Result

from services.cli.sources import login_app, source_app, token_app

runner = CliRunner()


@pytest.fixture(autouse=True)
def on_this_database(database: str, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    monkeypatch.setenv("SHOUHU_POSTGRES", database)
    monkeypatch.setenv("SHOUHU_DATA", str(tmp_path_factory.mktemp("data")))
    monkeypatch.delenv("SHOUHU_KAFKA", raising=False)


def add_hospital(*more: str) -> Result:
    kind = ("--kind", "hospital", "--area", "220122", "--type", "abuse.*,child.missing.v1")
    return runner.invoke(source_app, ["add", "h1", *kind, *more])


def test_a_source_is_added_and_gets_a_token() -> None:
    added = add_hospital("--json")
    assert added.exit_code == 0, added.output
    said = json.loads(added.stdout)
    assert (said["path"], said["topic"]) == ("/hospital/220122/h1", "in.h1")
    assert said["types"] == ["abuse.*", "child.missing.v1"]
    made = runner.invoke(token_app, ["create", "--source", "h1", "--json"])
    token = json.loads(made.stdout)
    assert token["token"].startswith("shouhu_source_")
    listed = runner.invoke(token_app, ["list", "--json"])
    assert token["token"] not in listed.output
    assert token["id"] in listed.output
    assert runner.invoke(token_app, ["revoke", token["id"]]).exit_code == 0
    assert runner.invoke(token_app, ["revoke", token["id"]]).exit_code == 2
    assert "in.h1" in runner.invoke(source_app, ["list"]).output


def test_every_wrong_option_is_named_at_once() -> None:
    kind = ("--kind", "Hospital", "--area", "229999", "--type", "abuse.invented.v1")
    refused = runner.invoke(source_app, ["add", "H 1", *kind])
    assert refused.exit_code == 2
    assert [line.partition(":")[0] for line in refused.output.splitlines()] == ["name", "kind", "types", "area"]


@pytest.mark.parametrize(
    "arguments", [["--source", "nobody"], ["--role", "officer"], ["--role", "king"], ["--role", "source"]]
)
def test_a_token_needs_its_owner(arguments: list[str]) -> None:
    refused = runner.invoke(token_app, ["create", *arguments])
    assert refused.exit_code == 2
    assert "expected" in refused.output or "not registered" in refused.output


def test_officers_and_operations_get_tokens_and_accounts() -> None:
    for arguments in (["--role", "officer", "--person", "p1", "--days", "30"], ["--role", "operations"]):
        assert runner.invoke(token_app, ["create", *arguments]).exit_code == 0
    password = "correct horse battery\n" * 2
    assert runner.invoke(login_app, ["add", "li", "--person", "p1"], input=password).exit_code == 0
    assert runner.invoke(login_app, ["add", "li", "--person", "p1"], input=password).exit_code == 2
    assert runner.invoke(login_app, ["add", "wang"], input=password).exit_code == 2
    assert runner.invoke(login_app, ["add", "zhao", "--role", "operations"], input="short\nshort\n").exit_code == 2
    assert "argon2" not in runner.invoke(login_app, ["list"]).output
    assert runner.invoke(login_app, ["close", "li"]).exit_code == 0
