"""`shouhu publish`: send CloudEvents from files to the door, and say what became of each."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import httpx
import orjson
import typer

from services.cli.event_files import FileFault, read_events

BATCH = 100  # events in one request
PATIENCE = 600.0  # seconds for which a door that asks us to wait is waited for
_BATCH_TYPE = "application/cloudevents-batch+json"
_WORDS = {"accepted": "已接收 · accepted", "duplicate": "重复 · duplicate", "refused": "拒绝 · refused"}


class NotAnswered(RuntimeError):
    """The door gave no result for these events; sending them again is safe."""


class Target(NamedTuple):
    """Where to send, and as whom."""

    url: str
    token: str


def publish(
    files: Annotated[list[Path], typer.Argument(help="JSON, a JSON array, or JSON Lines of CloudEvents. 事件文件")],
    url: Annotated[
        str | None, typer.Option(help="Address of the door; default: the running `shouhu up`. 接口地址")
    ] = None,
    token_file: Annotated[
        Path | None, typer.Option(help="File with a source's token; default: the sample one. 令牌文件")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON only. 只输出 JSON")] = False,
) -> None:
    """Publish CloudEvents; one line for each: accepted, refused (why) or duplicate. 发布事件

    Exit code 1 if any was refused, 2 if a file or the door could not be read.
    """
    try:
        target = _target(url, token_file)
        events = [event for file in files for event in read_events(file)]
        results = _send_all(target, events, quiet=as_json)
    except (FileFault, NotAnswered) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    if as_json:
        typer.echo(orjson.dumps({"results": results}).decode())
    raise typer.Exit(1 if any(result["status"] == "refused" for result in results) else 0)


def _target(url: str | None, token_file: Path | None) -> Target:
    from services.chassis.settings import load_settings

    data = load_settings().data.expanduser()
    if url is None:
        try:
            url = orjson.loads((data / "endpoints.json").read_bytes())["http"]
        except (OSError, ValueError, KeyError):
            raise FileFault(f"{data / 'endpoints.json'}: missing; start `shouhu up`, or give --url") from None
    file = token_file or data / "sample-source.token"
    try:
        return Target(str(url).rstrip("/"), file.read_text().strip())
    except OSError:
        raise FileFault(f"{file}: cannot be read; give --token-file (shouhu token create)") from None


def _send_all(target: Target, events: list[Any], *, quiet: bool) -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = []
    progress = typer.progressbar(length=len(events), file=sys.stderr, label="发布 · publishing")
    with httpx.Client(timeout=30) as client, progress as bar:
        for part in _parts(events):
            answered = _send(client, target, part)
            if not quiet:
                for result in answered:
                    typer.echo(_line(result))
            bar.update(len(part))
            results += answered
    return results


def _parts(events: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(events), BATCH):
        yield events[start : start + BATCH]


def _send(client: httpx.Client, target: Target, events: list[Any]) -> list[dict[str, Any]]:
    """The results of one request; a part that is too large is sent in two halves."""
    headers = {"Authorization": f"Bearer {target.token}", "Content-Type": _BATCH_TYPE}
    give_up_at = time.monotonic() + PATIENCE
    while True:
        try:
            response = client.post(f"{target.url}/api/v1/events", content=orjson.dumps(events), headers=headers)
        except httpx.HTTPError as error:
            raise NotAnswered(f"{target.url}: no answer ({type(error).__name__}); sending again is safe") from None
        if response.status_code in (429, 503) and time.monotonic() < give_up_at:
            time.sleep(_wait(response))
        elif response.status_code == 413 and len(events) > 1:
            half = len(events) // 2
            return _send(client, target, events[:half]) + _send(client, target, events[half:])
        else:
            return _results(response, events)


def _wait(response: httpx.Response) -> float:
    given = response.headers.get("retry-after", "")
    return min(float(given), 60.0) if given.isascii() and given.isdigit() else 5.0


def _results(response: httpx.Response, events: list[Any]) -> list[dict[str, Any]]:
    try:
        body = orjson.loads(response.content)
    except ValueError:
        body = {}
    if "results" in body:
        results: list[dict[str, Any]] = body["results"]
        return results
    if response.status_code in (400, 413, 422):  # this part alone is wrong; the others still go
        faults = body.get("errors") or [
            {"field": "(event)", "rule": body.get("title", ""), "expected": body.get("detail", "")}
        ]
        return [{"source": None, "id": None, "status": "refused", "errors": faults} for _ in events]
    raise NotAnswered(f"{response.status_code} {body.get('title', '')}: {body.get('detail', '')}")


def _line(result: dict[str, Any]) -> str:
    why = "; ".join(f"{e['field']}: {e['rule']}, expected {e['expected']}" for e in result["errors"])
    where = f"{result['source'] or '?'} {result['id'] or '?'}"
    return f"{_WORDS[result['status']]}\t{where}" + (f"\t{why}" if why else "")
