"""`shouhu publish`, as a process of its own, against a door that listens."""

import asyncio
import json
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest_asyncio
import uvicorn
from fastapi import FastAPI
from starlette.responses import Response

from services.access.problems import install_problems
from services.chassis.context import Context
from services.intake.routes import router

Run = Callable[..., Awaitable[tuple[int, str, str]]]


@pytest_asyncio.fixture
async def publish(context: Context, callers: Any, tmp_path: Path) -> AsyncIterator[Run]:
    """Run the command with arguments; gives exit code, output, errors. The door asks for patience once."""
    app = FastAPI()
    install_problems(app)
    app.include_router(router(context))
    turns = iter([Response(status_code=429, headers={"Retry-After": "1"})])

    @app.middleware("http")
    async def busy_once(request: Any, call_next: Any) -> Response:
        answer: Response = next(turns, None) or await call_next(request)
        return answer

    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
    serving = asyncio.create_task(server.serve([listening]))
    token = tmp_path / "h1.token"
    token.write_text(callers.hospital["Authorization"].removeprefix("Bearer "))

    async def run(*arguments: str) -> tuple[int, str, str]:
        where = ("--url", f"http://127.0.0.1:{port}", "--token-file", str(token))
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "services.cli", "publish", *arguments, *where,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        out, errors = await process.communicate()
        return process.returncode or 0, out.decode(), errors.decode()

    yield run
    server.should_exit = True
    await serving


async def test_each_event_of_each_file_gets_its_line(publish: Run, event: Any, tmp_path: Path) -> None:
    one, lines, array = tmp_path / "one.json", tmp_path / "many.jsonl", tmp_path / "array.json"
    one.write_text(json.dumps(event(id="1"), indent=2))
    lines.write_text("\n".join(json.dumps(event(id=str(number))) for number in range(1, 250)) + "\n\n")
    array.write_text(json.dumps([event(id="bad", data={"confidence": "perhaps"})]))
    code, out, errors = await publish(str(one), str(lines))
    assert code == 0, errors
    found = [line.split(" ")[0] for line in out.splitlines()]
    assert (found.count("已接收"), found.count("重复")) == (249, 1)
    code, out, _ = await publish(str(array))
    assert code == 1
    assert "data.confidence: one_of, expected" in out


async def test_json_prints_json_only(publish: Run, event: Any, tmp_path: Path) -> None:
    file = tmp_path / "one.json"
    file.write_text(json.dumps(event()))
    code, out, _ = await publish(str(file), "--json")
    assert code == 0
    assert [result["status"] for result in json.loads(out)["results"]] == ["accepted"]


async def test_a_file_that_is_no_json_is_named_with_its_lines(publish: Run, tmp_path: Path) -> None:
    file = tmp_path / "broken.jsonl"
    file.write_text('{"a": 1}\nnot json\n{"b": 2}\nnor this\n')
    code, _, errors = await publish(str(file))
    assert code == 2
    assert "line 2" in errors
    assert "line 4" in errors
