"""The account's door: it answers what became of an event. It reads what other services publish and owns nothing."""

from services.account.routes import router
from services.chassis.service import Service

SERVICE = Service(name="account", router=router)
