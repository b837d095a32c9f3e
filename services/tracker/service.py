"""tracker: measures time. Reads topic `referrals`, publishes warnings, breaches and due timers on topic `sla`."""

from services.chassis.service import Service
from services.tracker.handlers import on_referrals
from services.tracker.tick import NAME, tick

SERVICE = Service(name=NAME, topics=("referrals",), handle={"referrals": on_referrals}, tasks=(tick,))
