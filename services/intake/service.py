"""intake: the door. Two ways in (HTTP and the sources' own topics), one decision, one vault."""

from services.access.sample import refuse_sample_access_elsewhere
from services.chassis.context import Context
from services.chassis.service import Service
from services.intake import handlers
from services.intake.routes import router


async def start(context: Context) -> None:
    """Refuse to start where sample tokens would open the door to others."""
    await refuse_sample_access_elsewhere(context.pool, context.settings.http[0], context.clock.now())


SERVICE = Service(name="intake", topics=handlers.topics, handle=handlers.handle, router=router, start=start)
