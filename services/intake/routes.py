"""The door over HTTP: `POST /api/v1/events` and `POST /api/v1/children`."""

from collections.abc import Iterable, Sequence
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Request
from pydantic import ValidationError
from starlette.responses import Response

from events import codec
from events.codec import Refusal
from events.envelope import Event
from events.faults import FieldError, Unreadable, UnsupportedMediaType, from_validation
from services.access import sources
from services.access.callers import Caller, caller_from_request, require
from services.access.problems import RETRY_AFTER, Problem, as_members, forbidden, problem
from services.access.registration import Registration
from services.chassis.context import Context
from services.chassis.work import transaction
from services.directory.territory import territory
from services.intake import api_documents, documents, vault
from services.intake.admission import Report, admit
from services.intake.backlog import Backlog
from services.intake.body import bounded_body
from services.intake.door import Accepted, Duplicate, Outcome, Refused

MAX_BODY = 1024 * 1024
MAX_CHILD = 16 * 1024
SERVICE = "intake"
_CONTENT_TYPES = f"{codec.STRUCTURED}, {codec.BATCH}, or application/json with ce- headers"


def router(context: Context) -> APIRouter:
    """Intake's door."""
    routes = APIRouter(tags=["intake"])
    backlog = Backlog(context.settings.backlog)
    known_caller = Depends(caller_from_request(context))

    @routes.post("/api/v1/events", status_code=202, openapi_extra=api_documents.EVENTS)
    async def publish(request: Request, caller: Annotated[Caller, known_caller]) -> Response:
        """Take in CloudEvents: binary, structured or batch. 202 means recorded; each event has its own result."""
        registration = await _registration(context, caller)
        body = await bounded_body(request, MAX_BODY)
        if await backlog.over(context.pool):
            raise Problem(429, "Too much waiting", "more events wait than can be handled soon; send this again later",
                          headers={"Retry-After": RETRY_AFTER})  # fmt: skip
        contents = _read(request, body)
        async with transaction(context, SERVICE) as work:
            trace = request.headers.get("traceparent")
            reports = [Report(content, work.now, trace) for content in contents]
            outcomes = await admit(work, reports, registration, "http", territory(), context.seal)
        return answer(outcomes)

    @routes.post("/api/v1/children", openapi_extra=api_documents.CHILDREN)
    async def pseudonym(request: Request, caller: Annotated[Caller, known_caller]) -> dict[str, str]:
        """Give a child's pseudonym, the same for new and known; the only place where an identity enters."""
        registration = await _registration(context, caller)
        body = await bounded_body(request, MAX_CHILD)
        try:
            identity = documents.Identity.model_validate_json(body)
        except ValidationError as error:
            faults = from_validation("", error)
            unreadable = any(fault.rule == "json_invalid" for fault in faults)
            raise Problem(
                400 if unreadable else 422, "Unreadable" if unreadable else "Identity not valid", errors=faults
            ) from None
        async with transaction(context, SERVICE) as work:
            if faults := list(documents.faults(identity, work.now.date())):
                raise Problem(422, "Identity not valid", errors=faults)
            return {"child_ref": await vault.child_ref(work.db, context.seal, identity, registration.name, work.now)}

    return routes


async def _registration(context: Context, caller: Caller) -> Registration:
    require(caller, "source")
    registration = await sources.registered(context.pool, caller.source or "")
    if registration is None:
        raise forbidden("this token belongs to no registered source")
    return registration


def _read(request: Request, body: bytes) -> Sequence[Event | Refusal]:
    content_type = request.headers.get("content-type", "")
    if not content_type.partition(";")[0].strip().lower().endswith(("/json", "+json")):
        raise _unsupported([FieldError("content-type", "media_type", _CONTENT_TYPES)])
    try:
        contents = codec.from_http(content_type, request.headers.items(), body)
    except UnsupportedMediaType as error:
        raise _unsupported(error.errors) from None
    except Unreadable as error:
        raise Problem(400, "Unreadable", "this is no CloudEvent", error.errors) from None
    if not contents:
        raise Problem(400, "Unreadable", "expected at least one event")
    return contents


def _unsupported(errors: Iterable[FieldError]) -> Problem:
    return Problem(415, "Not a CloudEvents content type", "see errors for what is expected", errors)


def answer(outcomes: Sequence[Outcome]) -> Response:
    """202 if anything was taken or known, 403 if nothing was the caller's, else 422; always with a result per event."""
    results = [result(outcome) for outcome in outcomes]
    refusals = [outcome for outcome in outcomes if isinstance(outcome, Refused)]
    if len(refusals) < len(outcomes):
        return Response(orjson.dumps({"results": results}), 202, media_type="application/json")
    if all(refusal.foreign for refusal in refusals):
        return problem(403, "Not your source", "no event of this request belongs to the caller", results=results)
    return problem(422, "Refused", "no event of this request was accepted; see results", results=results)


def result(outcome: Outcome) -> dict[str, Any]:
    """What became of one event, as the source is told."""
    match outcome:
        case Accepted(event=event, flags=flags):
            told = {"source": event.source, "id": event.id, "status": "accepted", "errors": []}
            return told | ({"flags": list(flags)} if flags else {})
        case Duplicate(source=source, id=event_id):
            return {"source": source, "id": event_id, "status": "duplicate", "errors": []}
        case Refused(source=refused_source, id=refused_id, errors=errors):
            members = as_members(errors)
            return {"source": refused_source, "id": refused_id, "status": "refused", "errors": members}
