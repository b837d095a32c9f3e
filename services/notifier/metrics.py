"""What the notifier counts, for Prometheus; the alerts in infra/alerts read these names."""

from prometheus_client import Counter, Gauge, Histogram

_TIMES = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 40)

HANDED_OVER = Counter(
    "shouhu_messages_handed_over_total", "Attempts by channel, result and reason", ["channel", "result", "reason"]
)
HANDOVER_SECONDS = Histogram("shouhu_message_handover_seconds", "One call to a provider", ["channel"], buckets=_TIMES)
WAITED_SECONDS = Histogram(
    "shouhu_message_waited_seconds",
    "From the moment a message may go out until it is handed over",
    ["channel"],
    buckets=_TIMES,
)
RECEIPTS = Counter("shouhu_receipts_total", "Receipts by channel: delivered, failed, missing", ["channel", "result"])
CALLBACKS = Counter(
    "shouhu_callbacks_total", "Calls of providers by channel, kind and what was done", ["channel", "kind", "result"]
)
REPLIES = Counter("shouhu_replies_total", "Replies and presses by channel and what they did", ["channel", "result"])
TAKEN_OVER = Counter("shouhu_claims_taken_over_total", "Deliveries claimed by a process that died")
HEARTBEAT = Gauge("shouhu_heartbeat_seconds", "The last sign of life that came through the whole pipeline (unix time)")
