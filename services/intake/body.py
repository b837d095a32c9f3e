"""Reads a request's body within a bound, so that nobody fills our memory."""

from fastapi import Request

from services.access.problems import Problem


async def bounded_body(request: Request, limit: int) -> bytes:
    """The body; 413 as soon as it is known to be longer than `limit` bytes."""
    declared = request.headers.get("content-length", "")
    if declared.isascii() and declared.isdigit() and int(declared) > limit:
        raise too_large(limit)
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > limit:
            raise too_large(limit)
        parts.append(part)
    return b"".join(parts)


def too_large(limit: int) -> Problem:
    """413, with the bound."""
    return Problem(413, "Too large", f"at most {limit // 1024} KiB; send fewer events in one request")
