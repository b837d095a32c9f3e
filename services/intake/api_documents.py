"""What the OpenAPI document says about intake's doors, whose bodies are read as bytes and not by the framework."""

from typing import Any

from services.intake.oddity import FLAGS

_EVENT: dict[str, Any] = {
    "type": "object",
    "required": ["specversion", "id", "source", "type", "data"],
    "properties": {
        "specversion": {"const": "1.0"},
        "id": {"type": "string"},
        "source": {"type": "string"},
        "type": {"type": "string", "examples": ["child.missing.v1"]},
        "time": {"type": "string", "format": "date-time"},
        "subject": {"type": "string"},
        "data": {"type": "object"},
    },
}
_ERROR = {
    "type": "object",
    "properties": {name: {"type": "string"} for name in ("field", "rule", "expected")},
}
_RESULTS = {
    "type": "object",
    "properties": {
        "results": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "source": {"type": ["string", "null"]},
                    "id": {"type": ["string", "null"]},
                    "status": {"enum": ["accepted", "duplicate", "refused"]},
                    "errors": {"type": "array", "items": _ERROR},
                    "flags": {
                        "type": "array",
                        "items": {"enum": list(FLAGS)},
                        "description": "Of an accepted event that looks odd: in what. Nothing has to be sent again.",
                    },
                },
            },
        }
    },
}


def _problem(description: str, *, results: bool = False) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {"title": {"type": "string"}, "errors": {"type": "array", "items": _ERROR}},
    }
    if results:
        schema["properties"] |= _RESULTS["properties"]
    return {"description": description, "content": {"application/problem+json": {"schema": schema}}}


_REFUSALS = {
    "400": _problem("Unreadable: not JSON, or no CloudEvent at all."),
    "401": _problem("No valid token."),
    "413": _problem("Body too large."),
    "503": _problem("The database or its disk says no; nothing was accepted. See Retry-After."),
}

EVENTS: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/cloudevents+json": {"schema": _EVENT},
            "application/cloudevents-batch+json": {"schema": {"type": "array", "items": _EVENT}},
            "application/json": {
                "schema": {"type": "object", "description": "Binary mode: the data; attributes as ce-* headers."}
            },
        },
    },
    "responses": {
        "202": {
            "description": "Something was accepted or known already: recorded for good. Look at each result.",
            "content": {"application/json": {"schema": _RESULTS}},
        },
        **_REFUSALS,
        "403": _problem("Not a source's token, or every event belongs to another source.", results=True),
        "415": _problem("No CloudEvents content type."),
        "422": _problem("Every event was refused.", results=True),
        "429": _problem("More waits than can be handled soon. See Retry-After."),
    },
}

CHILDREN: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["document_kind", "name", "birth_date"],
                    "additionalProperties": False,
                    "properties": {
                        "document_kind": {"enum": ["resident_id", "passport", "birth_certificate", "none"]},
                        "document_number": {"type": ["string", "null"], "description": "Not with document_kind none."},
                        "name": {"type": "string"},
                        "birth_date": {"type": "string", "format": "date"},
                    },
                }
            }
        },
    },
    "responses": {
        "200": {
            "description": "The pseudonym, the same for new and known.",
            "content": {
                "application/json": {"schema": {"type": "object", "properties": {"child_ref": {"type": "string"}}}}
            },
        },
        **_REFUSALS,
        "403": _problem("Not a source's token."),
        "422": _problem("The identity is not believable; the number is never repeated."),
    },
}
