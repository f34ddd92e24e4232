"""Counters and gauges of a running watch, in the text format that Prometheus reads (exposition format 0.0.4)."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Literal, NamedTuple

from factcheck import distribution

if TYPE_CHECKING:
    from prometheus_client import Metric

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class _Kind(NamedTuple):
    type: Literal["counter", "gauge"]
    meaning: str
    label: str = ""


_KNOWN = {
    "factcheck_hints_total": _Kind("counter", "Webhook requests by what became of them.", "outcome"),
    "factcheck_pulls_total": _Kind("counter", "Pulls by what began them.", "cause"),
    "factcheck_pull_failures_total": _Kind("counter", "Pulls that ended with an error, by its code.", "code"),
    "factcheck_events_total": _Kind("counter", "Annotation events committed."),
    "factcheck_rejected_total": _Kind("counter", "Annotations put aside."),
    "factcheck_commits_total": _Kind("counter", "Versions committed."),
    "factcheck_version": _Kind("gauge", "The dataset's newest version."),
    "factcheck_version_timestamp_seconds": _Kind("gauge", "When the dataset's newest version was committed."),
    "factcheck_last_look_timestamp_seconds": _Kind("gauge", "When Label Studio was last looked at with success."),
    "factcheck_last_pull_seconds": _Kind("gauge", "How long the last pull took."),
    "factcheck_webhook_registered": _Kind("gauge", "1 where Label Studio calls us, 0 where it is polled only."),
}


class Metrics:
    """The figures of one watch; may be used from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._values: defaultdict[tuple[str, str], float] = defaultdict(float)

    def add(self, name: str, amount: float = 1, **label: str) -> None:
        """Count up; a metric that has a label in the table needs it, and its values must come from a fixed set."""
        with self._lock:
            self._values[name, _value(name, label)] += amount

    def set(self, name: str, value: float) -> None:
        """Set a gauge."""
        with self._lock:
            self._values[name, ""] = value

    def value(self, name: str, **label: str) -> float:
        """What a counter or gauge stands at; 0 before it was touched."""
        with self._lock:
            return self._values.get((name, _value(name, label)), 0.0)

    def exposition(self) -> Callable[[], bytes]:
        """A function that gives everything as Prometheus reads it, for as long as the watch lasts.

        Raises InstallError where its library is not installed.
        """
        with distribution.needing("watch", "the webhook receiver (not `factcheck watch --no-webhook`)"):
            from prometheus_client import CollectorRegistry, generate_latest
        registry = CollectorRegistry()  # the library's own is one for the whole process
        registry.register(self)
        return lambda: generate_latest(registry)

    def collect(self) -> Iterator[Metric]:
        """Every metric as the library knows it; one without a label stands at 0 before it was touched."""
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

        families = {"counter": CounterMetricFamily, "gauge": GaugeMetricFamily}
        with self._lock:
            values = dict(self._values)
        for name, kind in _KNOWN.items():
            family = families[kind.type](name, kind.meaning, labels=[kind.label] if kind.label else [])
            mine = {label: value for (of, label), value in values.items() if of == name}
            for label, value in sorted((mine or ({} if kind.label else {"": 0.0})).items()):
                family.add_metric([label] if kind.label else [], value)
            yield family


def _value(name: str, label: dict[str, str]) -> str:
    """The value of the metric's label; KeyError where it is another label."""
    return label[_KNOWN[name].label] if label else ""
