"""What /metrics answers with, as Prometheus' own reader reads it."""

from __future__ import annotations

import math

import prometheus_client
import pytest
from prometheus_client.parser import text_string_to_metric_families

from factcheck.studio.webhook.metrics import Metrics

NAMES = {
    "factcheck_hints_total", "factcheck_pulls_total", "factcheck_pull_failures_total", "factcheck_events_total",
    "factcheck_rejected_total", "factcheck_commits_total", "factcheck_version", "factcheck_version_timestamp_seconds",
    "factcheck_last_look_timestamp_seconds", "factcheck_last_pull_seconds", "factcheck_webhook_registered",
}  # fmt: skip


def read(metrics: Metrics) -> dict[tuple[str, tuple[str, ...]], float]:
    families = text_string_to_metric_families(metrics.exposition()().decode())
    return {(one.name, tuple(one.labels.values())): one.value for family in families for one in family.samples}


def test_the_names_are_those_that_dashboards_know() -> None:
    text = Metrics().exposition()().decode()
    assert {line.split()[2] for line in text.splitlines() if line.startswith("# TYPE")} == NAMES
    assert {line.split()[0] for line in text.splitlines() if not line.startswith("#")} == NAMES - {
        "factcheck_hints_total", "factcheck_pulls_total", "factcheck_pull_failures_total",
    }  # fmt: skip


@pytest.mark.parametrize("code", ["OS", 'a"b', "a\\b", "a\nb", 'x"} 9\nfactcheck_version 7', "نام"])
def test_the_value_of_a_label_is_text(code: str) -> None:
    metrics = Metrics()
    metrics.add("factcheck_pull_failures_total", 2, code=code)
    metrics.set("factcheck_last_look_timestamp_seconds", 1_764_214_170.25)
    found = read(metrics)
    assert found["factcheck_pull_failures_total", (code,)] == metrics.value("factcheck_pull_failures_total", code=code)
    assert found["factcheck_version", ()] == 0
    assert math.isclose(found["factcheck_last_look_timestamp_seconds", ()], 1_764_214_170.25, abs_tol=1e-3)


def test_two_watches_count_apart_and_the_process_has_no_figure_of_ours() -> None:
    one, other = Metrics(), Metrics()
    one.add("factcheck_commits_total")
    assert read(one)["factcheck_commits_total", ()] == 1
    assert read(other)["factcheck_commits_total", ()] == 0
    assert b"factcheck" not in prometheus_client.generate_latest()


def test_another_label_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        Metrics().add("factcheck_pulls_total", code="hint")
