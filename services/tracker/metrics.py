"""What the tracker tells about itself: how late it says what is due, and when it last looked."""

from prometheus_client import Gauge, Histogram

LATENESS = Histogram(
    "shouhu_deadline_lateness_seconds", "From the moment a clock or timer was due until it was said",
    buckets=(0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 30, 300, 3600, 86400),
)  # fmt: skip
LOOKED = Gauge("shouhu_tracker_looked_seconds", "When the tracker last looked for what is due (unix time)")
