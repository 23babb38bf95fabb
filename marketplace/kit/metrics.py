"""How does each process do? Counted for a monitor to read, of all web processes of a machine together."""

from flask import Flask, Response, current_app, g, request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, multiprocess
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.registry import REGISTRY, Collector
from prometheus_client.values import ValueClass

from marketplace.kit.logs import milliseconds_so_far, route_of_request

_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

_requests = Counter(
    "clubtogether_requests",
    "Answers; 429 is a rate limit, other 4xx a refusal",
    ("route", "method", "status"),
)
_seconds = Histogram("clubtogether_request_seconds", "How long an answer took", ("route",), buckets=_SECONDS)
_kept = Counter("clubtogether_kept_pages", "Answers that were kept pages")
_busy = Gauge(
    "clubtogether_database_connections", "Connections to the database that are at work", multiprocess_mode="livesum"
)

Figures = dict[str, tuple[str, dict[str, float]]]
"""What is read of the database: for each name what it is, and its value by its label ("" for none)."""

_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})


def init_app(app: Flask, *, is_read: bool) -> None:
    """Count what an application answers, if anybody reads it. Call it before anything that answers or refuses."""
    if not is_read:
        return

    @app.after_request
    def _count(response: Response) -> Response:
        route = route_of_request()
        method = request.method if request.method in _METHODS else "other"
        _requests.labels(route, method, str(response.status_code)).inc()
        _seconds.labels(route).observe(milliseconds_so_far() / 1000)
        if g.get("is_kept"):
            _kept.inc()
        pool = current_app.extensions["engine"].pool
        if hasattr(pool, "checkedout"):
            _busy.set(pool.checkedout())
        return response


def written(figures: Figures) -> bytes:
    """Return everything that is counted, and these figures, in the words of Prometheus."""
    registry = CollectorRegistry()
    registry.register(_Read(figures))
    if ValueClass.__name__ == "MmapedValue":
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)
    return generate_latest(registry) + generate_latest(REGISTRY)


class _Read(Collector):
    """What was just read of the database."""

    def __init__(self, figures: Figures) -> None:
        self._figures = figures

    def collect(self) -> list[GaugeMetricFamily]:
        """Return one family for each figure."""
        families = []
        for name, (meaning, values) in self._figures.items():
            label = name.rpartition(" by ")[2] if " by " in name else ""
            family = GaugeMetricFamily(
                f"clubtogether_{name.partition(' by ')[0]}", meaning, labels=[label] if label else []
            )
            for key, value in values.items():
                family.add_metric([key] if label else [], value)
            families.append(family)
        return families
