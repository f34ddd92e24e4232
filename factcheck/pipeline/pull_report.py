"""What a pull says to a person: votes that wait, answers that do not simply count, what to do next."""

from __future__ import annotations

import polars as pl

from factcheck.models import Mark
from factcheck.pipeline.desk import Desk
from factcheck.studio.sync.forgetting import CODE
from factcheck.text import isolate

_NAMED = 3
"""So many claims are named in a warning; the dataset and the quarantine have all."""


def next_steps(version: int | None, *, waiting: bool, put_aside: bool) -> list[str]:
    """The commands that go on from this pull."""
    steps = ["factcheck log", f"factcheck diff {version - 1} {version}", "factcheck export"] if version else []
    if waiting:
        steps = [
            "factcheck pull --keep   (keeps the votes that Label Studio has lost)",
            "factcheck pull --accept-loss   (withdraws them, and the verdicts that need them)",
            *steps,
        ]
    if put_aside:
        steps.append("factcheck pull --accept-put-aside   (to count the quarantined answers)")
    return steps or ["factcheck status"]


def with_words(desk: Desk, rejected: pl.DataFrame) -> pl.DataFrame:
    """The rejections; a vote that is missing is named by the words of its claim."""
    if not (rejected["code"] == CODE).any():
        return rejected
    quotes = dict(desk.claims().select("group_id", "quote").unique("group_id", keep="first").iter_rows())
    claim = pl.col("subject").str.extract(r"claim (clm_[0-9a-f]{20})").replace_strict(quotes, default=None)
    named = pl.lit("“") + claim + pl.lit("”: ") + pl.col("reason")
    return rejected.with_columns(pl.when(claim.is_not_null()).then(named).otherwise("reason").alias("reason"))


def of_marked(desk: Desk, events: pl.DataFrame) -> list[str]:
    """A warning for each kind of answer that does not simply count as the server has it."""
    said = {
        Mark.PUT_ASIDE: "were quarantined and do not count",
        Mark.REWRITTEN: "were changed on the server by a bulk action, not an edit, and count as they are now",
        Mark.MOVED: "are on another claim's task now, and count there",
        Mark.KEPT: "were kept unchanged",
        Mark.ACCEPTED: "were not given on our page, and count because you accepted them",
    }
    marked = events.filter(pl.col("mark").is_not_null())
    if marked.is_empty():
        return []
    quotes = dict(desk.claims().select("group_id", "quote").unique("group_id", keep="first").iter_rows())
    found = []
    for mark, words in said.items():
        rows = marked.filter(pl.col("mark") == str(mark))
        if rows.is_empty():
            continue
        reasons = rows["mark_reason"].drop_nulls().value_counts(sort=True).head(_NAMED).iter_rows()
        why = "; ".join(f"{reason} ({count:,})" for reason, count in reasons)
        claims = rows["claim_id"].unique(maintain_order=True).to_list()
        named = ", ".join(isolate(quotes.get(claim, claim)[:80]) for claim in claims[:_NAMED])
        more = f" and {len(claims) - _NAMED:,} more" if len(claims) > _NAMED else ""
        found.append(f"{rows.height:,} answers {words}: {why}. Claims: {named}{more}")
    return found
