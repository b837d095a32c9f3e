"""The console: pages over the published views; it reads no topic and decides nothing."""

from services.chassis.service import Service
from services.console.routes import router

SERVICE = Service(name="console", router=router)
