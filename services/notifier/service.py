"""The notifier as a service: it hears of referrals and clocks, and tells people."""

import logging
from collections.abc import Collection

import asyncpg

from services.chassis.service import Context, Service
from services.notifier.channels import load_channels
from services.notifier.daily import keep_telling
from services.notifier.days import days_now
from services.notifier.deliver import deliver
from services.notifier.desk import set_desk
from services.notifier.door import router
from services.notifier.handlers import handle
from services.notifier.prune import keep_pruning
from services.notifier.pulse import keep_noting
from services.notifier.roster import Holders
from services.notifier.roster_store import load_holders

log = logging.getLogger(__name__)


async def start(context: Context) -> None:
    """Read the channels; ChannelsFault stops the start and lists everything that is wrong with them."""
    channels = load_channels(context.settings.channels)
    if not channels.configured(exercise=False):
        log.critical("SHOUHU_CHANNELS names no channel: nobody can be told of anything")
    for missing in sorted({"sms", "wecom", "voice"} - channels.configured(exercise=False)):
        log.warning("channel %s is not configured; another one takes its place", missing)

    async def holders(db: asyncpg.Connection, keys: Collection[str]) -> Holders:
        return await load_holders(db, keys, await days_now(context, db))

    set_desk(context, channels, holders=holders)


SERVICE = Service(
    name="notifier",
    topics=("referrals", "sla"),
    handle={"referrals": handle, "sla": handle},
    tasks=(deliver, keep_telling, keep_noting, keep_pruning),
    router=router,
    start=start,
)
