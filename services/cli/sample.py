"""What `--sample` loads where there is none: a source with its topic, tokens, and people at every post."""

from collections.abc import Callable

from services.access.sample import load_sample_access
from services.chassis.clock import SHANGHAI, SystemClock
from services.chassis.database import connect
from services.chassis.settings import Settings
from services.notifier.roster_store import load_sample as load_people


async def load_sample(settings: Settings, tell: Callable[[str], None]) -> None:
    """Load it; what is there stays. Raises NotLoopback where others could reach us."""
    now = SystemClock().now()
    db = await connect(settings.dsn)
    try:
        await load_sample_access(db, settings.directory, settings.http[0], now)
        if people := await load_people(db, now.astimezone(SHANGHAI).date()):
            tell(f"  sample rosters: {people} people, none of them real")
    finally:
        await db.close()
