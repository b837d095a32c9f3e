"""intake: the door. Two ways in (HTTP and the sources' own topics), one decision, one vault."""

from services.chassis.service import Service
from services.intake import handlers
from services.intake.routes import router

SERVICE = Service(name="intake", topics=handlers.topics, handle=handlers.handle, router=router)
