"""Errors over HTTP in one shape (RFC 9457 `application/problem+json`), without ever repeating what was sent."""

import logging
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any, Protocol

import asyncpg
import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

log = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"
RETRY_AFTER = "5"  # seconds; what a source is told while we cannot take its events

# PostgreSQL is away, full, shutting down or out of connections: nobody's fault who asks, and worth asking again.
UNAVAILABLE: tuple[type[Exception], ...] = (
    OSError,  # TimeoutError is one
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InsufficientResourcesError,  # DiskFullError is one
    asyncpg.OperatorInterventionError,
    asyncpg.PostgresSystemError,
    asyncpg.PostgresIOError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.LockNotAvailableError,
    asyncpg.InternalClientError,  # the server died in the middle of its answer
)


class Fault(Protocol):
    """What is wrong with one field: events.faults.FieldError."""

    @property
    def field(self) -> str: ...
    @property
    def rule(self) -> str: ...
    @property
    def expected(self) -> str: ...


class Problem(Exception):
    """Raise it anywhere below a door: the answer is then this problem."""

    def __init__(
        self, status: int, title: str, detail: str = "", errors: Iterable[Fault] = (),
        headers: Mapping[str, str] | None = None, **members: Any,
    ) -> None:  # fmt: skip
        super().__init__(title)
        self.status, self.title, self.detail = status, title, detail
        self.errors, self.headers, self.members = tuple(errors), headers, members

    def response(self) -> Response:
        """The answer that says so."""
        return problem(self.status, self.title, self.detail, self.errors, self.headers, **self.members)


def as_members(errors: Iterable[Fault]) -> list[dict[str, str]]:
    """Faults as they stand in every answer of ours: the field, the rule broken, what was expected."""
    return [{"field": fault.field, "rule": fault.rule, "expected": fault.expected} for fault in errors]


def problem(
    status: int, title: str, detail: str = "", errors: Iterable[Fault] = (),
    headers: Mapping[str, str] | None = None, **members: Any,
) -> Response:  # fmt: skip
    """A problem response; `members` are extension members such as `results` or `current`."""
    body: dict[str, Any] = {"type": "about:blank", "title": title, "status": status}
    if detail:
        body["detail"] = detail
    if faults := as_members(errors):
        body["errors"] = faults
    return Response(orjson.dumps(body | members), status, headers=dict(headers or {}), media_type=MEDIA_TYPE)


def unauthenticated() -> Problem:
    """401: no token, or none that is valid."""
    return Problem(
        401, "Not signed in", "a valid bearer token or session is needed", headers={"WWW-Authenticate": "Bearer"}
    )


def forbidden(detail: str) -> Problem:
    """403: the caller is known, and this is not theirs to do at all."""
    return Problem(403, "Not allowed", detail)


def not_found() -> Problem:
    """404: it does not exist, or it is not the caller's: the two look the same on purpose."""
    return Problem(404, "Not found")


def unavailable() -> Problem:
    """503: PostgreSQL or its disk says no; nothing was accepted, the same request may be sent again."""
    return Problem(
        503, "Temporarily unavailable", "nothing was recorded that was not answered; send the same again",
        headers={"Retry-After": RETRY_AFTER},
    )  # fmt: skip


def install_problems(app: FastAPI) -> None:
    """Make every error of an application leave as a problem."""

    async def ours(request: Request, error: Exception) -> Response:
        assert isinstance(error, Problem)
        return error.response()

    async def of_http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return problem(error.status_code, HTTPStatus(error.status_code).phrase, headers=error.headers)

    async def of_validation(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return problem(422, "Request not valid", errors=validation_faults(error.errors()))

    async def of_database(request: Request, error: Exception) -> Response:
        log.warning("the database says no: %s", type(error).__name__)
        return unavailable().response()

    async def of_ourselves(request: Request, error: Exception) -> Response:
        return problem(500, "Internal error", "this is our fault; it was logged")

    app.add_exception_handler(Exception, of_ourselves)
    app.add_exception_handler(Problem, ours)
    app.add_exception_handler(HTTPException, of_http)
    app.add_exception_handler(RequestValidationError, of_validation)
    for kind in UNAVAILABLE:
        app.add_exception_handler(kind, of_database)


class _Fault:
    def __init__(self, field: str, rule: str, expected: str) -> None:
        self.field, self.rule, self.expected = field, rule, expected


def validation_faults(errors: Iterable[Any]) -> list[Fault]:
    """pydantic's errors as faults, without the input and without names that the caller chose (an unknown field)."""
    faults: list[Fault] = []
    for error in errors:
        unknown = error["type"] == "extra_forbidden"
        loc = error["loc"][:-1] if unknown else error["loc"]
        field = ".".join(str(part) for part in loc if part != "body")
        expected = "no other fields" if unknown else error["msg"].removeprefix("Value error, ")
        faults.append(_Fault(field or "(body)", error["type"], expected))
    return faults
