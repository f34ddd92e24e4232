"""docs/metrics.md: every figure that a running watch gives to Prometheus."""

from __future__ import annotations

from factcheck.studio.webhook.metrics import _KNOWN

LABELS = {
    "code": "an [error's code](codes.md)",
    "cause": "what began the pull",
    "outcome": "what became of the call",
}
"""What the labels' values are; all from a fixed set."""


def page() -> str:
    """The page, from the metrics of the watch."""
    lines = [
        "# Metrics", "",
        "Made from the program by `make generate`; do not edit. `factcheck watch` answers `GET /metrics` with these,",
        "in the text format of Prometheus: counts and times alone, no names and no words. Counters begin at 0 with",
        "each start, so use `rate()` or `increase()`. [Monitoring](monitoring.md) has rules with them,",
        "[live](watch.md) the other paths.", "",
        "| metric | type | label | what it is |", "| --- | --- | --- | --- |",
    ]  # fmt: skip
    for name, kind in _KNOWN.items():
        label = f"`{kind.label}`: {LABELS[kind.label]}" if kind.label else ""
        lines.append(f"| `{name}` | {kind.type} | {label} | {kind.meaning} |")
    return "\n".join(lines) + "\n"
