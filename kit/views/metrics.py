"""What /metrics shows: requests as this server's processes counted them, and what is stored, from the database.

With several processes prometheus_client adds their counts up through files in PROMETHEUS_MULTIPROC_DIR, which
``kit.gunicorn_config`` sets before anything is imported. Labels are routes, never addresses: those hold tokens.
"""

import os
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import REGISTRY, Collector

from kit.db.counts import stored_counts
from kit.db.session import Database

REQUESTS = Counter("kit_http_requests", "Requests answered", ["method", "route", "status"])
SECONDS = Histogram(
    "kit_http_request_seconds",
    "Seconds until the answer began",
    ["route"],
    buckets=(0.005, 0.02, 0.1, 0.5, 2, 10),
)


class StoredCollector(Collector):
    """How much is stored, counted when asked."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def collect(self) -> Iterator[Metric]:
        """One gauge family for each kind of thing."""
        with self.database.read() as session:
            counts = stored_counts(session)
        for name, (help_text, label, values) in counts.items():
            family = GaugeMetricFamily(f"kit_{name}", help_text, labels=[label])
            for value, count in values.items():
                family.add_metric([value], count)
            yield family


def exposition(database: Database) -> bytes:
    """All metrics as Prometheus text."""
    stored = CollectorRegistry()
    stored.register(StoredCollector(database))
    return _request_metrics() + generate_latest(stored)


def _request_metrics() -> bytes:
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(REGISTRY)
    together = CollectorRegistry()
    multiprocess.MultiProcessCollector(together)
    return generate_latest(together)
