"""What the desk did over time, in figures: what each chart counts. Pure; nothing in it names a claim.

A claim is counted when its result was first published; one that has none when its article appeared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import polars as pl

from factcheck.exporters import labels
from factcheck.exporters.contract import Page
from factcheck.exporters.site.bars import Chart, Series, drawn
from factcheck.exporters.site.frame import Site
from factcheck.exporters.site.periods import Periods, fitting
from factcheck.models import ClaimState, Status, Verdict

KEYS = (Verdict.VERIFIED, Verdict.DISPUTED, Verdict.OPINION, Status.UNPROVEN)
_UNDECIDED = [str(status) for status in (Status.UNREVIEWED, Status.SINGLE, Status.CONTESTED)]


def page(site: Site, rows: pl.DataFrame, standing: pl.DataFrame, corrected: Sequence[datetime]) -> Page:
    """The page with all charts; `standing` are the rows that readers are shown, `corrected` when results changed."""
    values = {
        "title": site.words["charts"],
        "charts": [drawn(one, site.language) for one in charts(site, rows, standing, corrected)],
    }
    return site.page("charts.html", "charts", site.inputs(values), lambda: values)


def charts(site: Site, rows: pl.DataFrame, standing: pl.DataFrame, corrected: Sequence[datetime]) -> Iterator[Chart]:
    """The charts that have something to show, in the order of the page."""
    zone = site.context.clock.zone
    shown = standing.select(
        day=_day(pl.coalesce("first_published_at", "decided_at"), zone),
        key=pl.coalesce("verdict", pl.lit(str(Status.UNPROVEN))),
        days=(pl.coalesce("first_published_at", "decided_at") - pl.col("published_at")).dt.total_seconds() / 86400,
        agreement=pl.col("agreement") * 100,
    ).drop_nulls("day")
    waiting = rows.filter(state=str(ClaimState.ACTIVE)).filter(pl.col("status").is_in(_UNDECIDED))
    undecided = waiting.select(day=_day(pl.col("published_at"), zone), key="status").drop_nulls("day")
    changes = pl.DataFrame({"at": corrected}, schema={"at": pl.Datetime("us", "UTC")})
    changes = changes.select(day=_day(pl.col("at"), zone), key=pl.lit("corrected"))
    days = pl.concat([frame["day"] for frame in (shown, undecided, changes)]).unique().to_list()
    periods = fitting(days, site.context.clock)
    yield from _chart(site, periods, "verdicts", shown, {key: site.rating(key) for key in KEYS}, pl.len())
    w = site.words
    known = shown.filter(pl.col("days") >= 0).with_columns(key=pl.lit("days"))
    yield from _chart(site, periods, "days", known, {"days": w["chart_days"]}, pl.col("days").median())
    agreed = shown.drop_nulls("agreement").with_columns(key=pl.lit("agreement"))
    yield from _chart(
        site, periods, "agreement", agreed, {"agreement": w["chart_agreement"]}, pl.col("agreement").mean()
    )
    waits = {status: labels.STATUSES[status][site.language] for status in _UNDECIDED}
    yield from _chart(site, periods, "undecided", undecided, waits, pl.len())
    yield from _chart(site, periods, "corrected", changes, {"corrected": w["corrections"]}, pl.len())


def _chart(
    site: Site, periods: Periods, name: str, frame: pl.DataFrame, series: Mapping[str, str], amount: pl.Expr
) -> Iterator[Chart]:
    """The chart of the frame (`day`, `key`, what is counted) by period; none where it is empty."""
    if frame.is_empty():
        return
    days: list[date] = frame["day"].unique().to_list()
    starts = pl.DataFrame(
        {"day": days, "start": [periods.start(day) for day in days]}, schema={"day": pl.Date, "start": pl.Date}
    )
    found = frame.join(starts, on="day").group_by("start", "key").agg(amount=amount.cast(pl.Float64))
    amounts: dict[tuple[Any, Any], float] = {(start, key): value for start, key, value in found.iter_rows()}
    bins = periods.between(min(days), max(days))
    w = site.words
    yield Chart(
        name=name,
        title=w[f"chart_{name}"],
        about=f"{w[f'chart_{name}_about']} {w[f'by_{periods.size}']}",
        period=w[periods.size],
        labels=[periods.label(start, site.language) for start in bins],
        series=[
            Series(key, label, [round(amounts.get((start, key), 0.0), 1) for start in bins])
            for key, label in series.items()
            if any((start, key) in amounts for start in bins)
        ],
        highest=100.0 if name == "agreement" else None,
    )


def _day(moment: pl.Expr, zone: str) -> pl.Expr:
    return moment.dt.convert_time_zone(zone).dt.date()
