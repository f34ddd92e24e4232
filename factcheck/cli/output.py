"""Reports, tables and claims as lines for a person."""

from __future__ import annotations

import io
import shutil
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from factcheck.cli.run import Output

if TYPE_CHECKING:
    from factcheck.models import Report

SHOWN_REJECTIONS = 10


def of_report(report: Report, *extra: str) -> Output:
    """The report as an output: what was seen, accepted and rejected, why, and how to go on."""
    from factcheck import logs
    from factcheck.errors import Rejected

    codes = Counter(item.code for item in report.rejections)
    figures = {"stage": report.stage, "seen": report.seen, "accepted": report.accepted, "rejected": report.rejected}
    logs.named(__name__).info("report", extra=logs.said(**figures, counts=report.counts, codes=dict(codes)))
    nothing_left = report.seen > 0 and report.accepted == 0
    data = report.model_dump(mode="json")
    if report.version is not None:
        data["counts"]["version"] = report.version  # where scripts have looked for it before it had its own field
    return Output(
        data=data,
        lines=[*report_lines(report), *extra],
        next_steps=report.next_steps,
        exit_code=Rejected.exit_code if nothing_left else 0,
    )


def report_lines(report: Report) -> list[str]:
    """The report's lines: the sum, the details, warnings, and the first rejections."""
    details = counted(report.counts)
    lines = [
        f"{report.stage}: {report.accepted:,} accepted + {report.rejected:,} rejected = {report.seen:,} seen"
        + (f"  ({details})" if details else "")
        + (f"  in {report.seconds:.1f} s" if report.seconds else ""),
    ]
    lines += [announced(report.version, report.counts)] if report.version is not None else []
    lines += [f"  warning: {warning}" for warning in report.warnings]
    shown = report.rejections[:SHOWN_REJECTIONS]
    lines += [f"  rejected [{item.code}] {item.subject}: {item.reason}" for item in shown]
    if more := len(report.rejections) - len(shown):
        lines.append(f"  ... and {more:,} more; --json lists all")
    return lines


def counted(counts: Mapping[str, int]) -> str:
    """The counts as `3 new, 1 changed`."""
    return ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in counts.items())


def announced(version: int, brought: str | Mapping[str, int]) -> str:
    """The line by which every command says that it made a version or gave it a name: `version 12: 3 new`."""
    return f"version {version}: {brought if isinstance(brought, str) else counted(brought)}"


def table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], *, right: Iterable[str] = ()) -> list[str]:
    """The rows as an aligned table of the named columns; `right` names the ones aligned right."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    grid = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        grid.add_column(column.replace("_", " "), justify="right" if column in set(right) else "left", overflow="fold")
    for row in rows:
        grid.add_row(*(Text(_cell(row.get(column))) for column in columns))
    stream = io.StringIO()
    width = shutil.get_terminal_size((110, 24)).columns
    Console(file=stream, width=width, color_system=None, legacy_windows=False).print(grid)
    return [line.rstrip() for line in stream.getvalue().splitlines() if line.strip()]


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:.2f}"
    return str(value)


def said(word: str, reason: str | None) -> str:
    """A choice or a verdict with its reason where it has one: `disputed (partly true)`."""
    return f"{word} ({reason.replace('_', ' ')})" if reason else word


def per_cent(share: float | None) -> str:
    """A share of 0 to 1 as people read it, `87 %`, or a dash; --json keeps the share."""
    return "–" if share is None else f"{share * 100:.0f} %"
