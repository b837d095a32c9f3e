"""The console's door: every page, mounted beside the APIs or served alone."""

from fastapi import APIRouter

from services.chassis.context import Context
from services.console.assets import assets
from services.console.digests import digest_pages
from services.console.duties import duties_pages
from services.console.duty import duty_pages
from services.console.law import law_pages
from services.console.live import live_streams
from services.console.ops import ops_pages
from services.console.referral import referral_pages
from services.console.sign_in import sign_in_pages
from services.console.sign_in_code import sign_in_by_code
from services.console.sign_in_wecom import sign_in_by_wecom
from services.console.trace import trace_pages


def router(context: Context) -> APIRouter:
    """Pages for people: sign-in, duty, one referral, trace, operations."""
    door = APIRouter()
    for part in parts(context):
        door.include_router(part)
    return door


def parts(context: Context) -> list[APIRouter]:
    """The routers that the door is made of."""
    pages = (
        sign_in_pages, sign_in_by_code, sign_in_by_wecom, duty_pages, referral_pages, duties_pages, digest_pages, trace_pages,
        law_pages, ops_pages, live_streams,
    )  # fmt: skip
    return [*(part(context) for part in pages), assets]
