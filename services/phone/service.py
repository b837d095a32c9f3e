"""The phone gateway as a service: only in demos, drills and tests, and only where nobody else can reach it."""

from services.access.sample import NotLoopback, is_loopback
from services.chassis.service import Context, Service
from services.phone.routes import router


async def start(context: Context) -> None:
    """Raises NotLoopback when the door is open to others."""
    if not is_loopback(context.settings.http[0]):
        raise NotLoopback("the phone gateway is served on a loopback address only; set SHOUHU_HTTP=127.0.0.1:8080")


SERVICE = Service(name="phone", router=router, start=start)
