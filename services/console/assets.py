"""The console's own files: style, script, htmx. Nothing is fetched from anywhere else."""

import gzip
import hashlib
from functools import cache
from pathlib import Path

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import Response

_FOLDER = Path(__file__).parent / "static"
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}


@cache
def _asset(name: str) -> tuple[bytes, str] | None:
    path = _FOLDER / name
    if path.parent != _FOLDER or path.suffix not in _TYPES or not path.is_file():
        return None
    return path.read_bytes(), _TYPES[path.suffix]


@cache
def _packed(name: str) -> bytes:
    found = _asset(name)
    return gzip.compress(found[0], 9, mtime=0) if found is not None else b""


@cache
def asset_address(name: str) -> str:
    """The address of a file; it changes with its content, so browsers may keep it."""
    found = _asset(name)
    if found is None:
        raise FileNotFoundError(name)
    return f"/static/{name}?v={hashlib.sha256(found[0]).hexdigest()[:12]}"


assets = APIRouter()


@assets.get("/static/{name}", include_in_schema=False)
async def static_file(request: Request, name: str) -> Response:
    """A file of the console; the only thing here that needs no session and may be cached. Packed where the browser can unpack it."""
    found = _asset(name)
    if found is None:
        raise HTTPException(404)
    headers = {
        "cache-control": "public, max-age=31536000, immutable", "x-content-type-options": "nosniff", "vary": "accept-encoding",
    }  # fmt: skip
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(_packed(name), media_type=found[1], headers=headers | {"content-encoding": "gzip"})
    return Response(found[0], media_type=found[1], headers=headers)
