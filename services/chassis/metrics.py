"""What we count about ourselves, for Prometheus; the alerts in infra/alerts/self.yaml read these names."""

from prometheus_client import Counter, Gauge, Histogram

_TIMES = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

HANDLED = Counter("shouhu_records_handled_total", "Records handled and committed", ["service", "topic"])
REPEATED = Counter("shouhu_records_repeated_total", "Records below the position, skipped", ["service"])
REREAD = Counter(
    "shouhu_records_reread_total", "Records read by our own reader, because Faust skipped them", ["service"]
)
LOST = Counter(
    "shouhu_offsets_lost_total", "Offsets deleted by Kafka before anybody handled them", ["service", "topic"]
)
BURIED = Counter("shouhu_dead_letters_total", "Records put aside as dead letters", ["service"])
OPEN_DEAD_LETTERS = Gauge("shouhu_dead_letters_open", "Dead letters that nobody has dealt with", ["service"])
GIVEN_UP = Counter(
    "shouhu_batches_given_up_total", "Batches left to the sweep after errors that should pass", ["service"]
)
BATCH_SECONDS = Histogram("shouhu_batch_seconds", "One batch: lock, handle, commit", ["service"], buckets=_TIMES)
BATCH_RECORDS = Histogram(
    "shouhu_batch_records", "Records handled in one batch", ["service"], buckets=(1, 2, 5, 10, 20, 50, 100, 200, 500)
)
LAG_RECORDS = Gauge("shouhu_lag_records", "Offsets between the position and the end of the log", ["service", "topic"])
LAG_SECONDS = Gauge("shouhu_lag_seconds", "For how long the oldest unhandled offset has waited", ["service", "topic"])
SWEPT = Gauge("shouhu_sweep_last_seconds", "When the sweep last looked at every partition (unix time)", ["service"])
OUTBOX_AGE = Gauge("shouhu_outbox_age_seconds", "Age of the oldest outbox row that is not published", ["service"])
OUTBOX_WAITING = Gauge("shouhu_outbox_waiting", "Outbox rows not yet published (counted up to 10,000)", ["service"])
PUBLISHED = Counter("shouhu_outbox_published_total", "Outbox rows acknowledged by Kafka", ["service"])
