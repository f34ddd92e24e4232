"""Counters and gauges of a running watch, in the text format that Prometheus reads (exposition format 0.0.4)."""

from __future__ import annotations

import threading
from collections import defaultdict

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_KNOWN = {
    "factcheck_hints_total": ("counter", "Webhook requests by what became of them."),
    "factcheck_pulls_total": ("counter", "Pulls by what began them."),
    "factcheck_pull_failures_total": ("counter", "Pulls that ended with an error, by its code."),
    "factcheck_events_total": ("counter", "Annotation events committed."),
    "factcheck_rejected_total": ("counter", "Annotations put aside."),
    "factcheck_commits_total": ("counter", "Versions committed."),
    "factcheck_version": ("gauge", "The newest version this watch committed."),
    "factcheck_last_look_timestamp_seconds": ("gauge", "When Label Studio was last looked at with success."),
    "factcheck_last_pull_seconds": ("gauge", "How long the last pull took."),
    "factcheck_webhook_registered": ("gauge", "1 where Label Studio calls us, 0 where it is polled only."),
}


class Metrics:
    """The figures of one watch; may be used from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._values: defaultdict[tuple[str, str], float] = defaultdict(float)

    def add(self, name: str, amount: float = 1, **label: str) -> None:
        """Count up; `label` is at most one name with its value, which must come from a fixed set."""
        with self._lock:
            self._values[name, _label(label)] += amount

    def set(self, name: str, value: float) -> None:
        """Set a gauge."""
        with self._lock:
            self._values[name, ""] = value

    def value(self, name: str, **label: str) -> float:
        """What a counter or gauge stands at; 0 before it was touched."""
        with self._lock:
            return self._values.get((name, _label(label)), 0.0)

    def text(self) -> str:
        """Everything, as Prometheus reads it."""
        with self._lock:
            values = dict(self._values)
        lines = []
        for name, (kind, meaning) in _KNOWN.items():
            mine = {label: value for (of, label), value in values.items() if of == name} or {"": 0.0}
            lines += [f"# HELP {name} {meaning}", f"# TYPE {name} {kind}"]
            lines += [f"{name}{label} {value:.17g}" for label, value in sorted(mine.items())]
        return "\n".join([*lines, ""])


def _label(label: dict[str, str]) -> str:
    return "".join(f'{{{name}="{value}"}}' for name, value in label.items())
