"""What the referral service tells about itself beside what every process does."""

from prometheus_client import Gauge

CALENDAR_ENDS = Gauge(
    "shouhu_calendar_ends_seconds", "The last day whose holiday notice is known (unix time of its beginning, UTC)"
)
