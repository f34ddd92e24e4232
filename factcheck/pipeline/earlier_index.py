"""The lexical index of a desk's claims with a verdict, kept beside the dataset; a new version adds what is new."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

import polars as pl

from factcheck.dataset import Dataset
from factcheck.matching import lexical_index, lexical_store
from factcheck.matching.lexical_store import Kept
from factcheck.models import Status
from factcheck.pipeline.desk import Desk

FOLDER: Final = "matching"
AT_ONCE: Final = 250_000
"""Claims of one segment, so that an index of millions is made in little memory."""
OUTCOMES: Final = (str(Status.DECIDED), str(Status.UNPROVEN))
"""Statuses that answer somebody who asks whether a claim was checked."""


def earlier_index(desk: Desk, data: Dataset) -> Kept:
    """The index of the newest version: every claim of a group that ever had a verdict or was found unproven.

    A claim's words never change under its id, so what is there stays; whether a verdict stands is to be looked up.
    """
    folder = desk.settings.state / FOLDER / f"earlier-{data.id}"
    mark = mark_of(data)
    if mark is None:
        return lexical_store.NOTHING
    kept = lexical_store.load(folder)
    if kept.mark == mark:
        return kept
    if not is_of_past(data, kept.mark):
        kept = lexical_store.NOTHING
    new = new_claims(data, lexical_store.texts_in(kept.segments).to_list())
    segments = [
        lexical_index.build(some["claim_id"], some["quote"]) for some in new.iter_slices(AT_ONCE) if some.height
    ]
    return lexical_store.save(folder, Kept([*kept.segments, *segments], mark))


def mark_of(data: Dataset) -> str | None:
    """What says which version an index is of; None before the first."""
    head = data.version()
    return None if head is None else f"{head.version} {head.version_hash}"


def is_of_past(data: Dataset, mark: str) -> bool:
    """Whether the mark is of a version of this dataset, as its log has it."""
    number, _, version_hash = mark.partition(" ")
    log = data.versions().select("version", "version_hash")
    return bool(number) and (int(number), version_hash) in log.rows()


def new_claims(data: Dataset, known: Sequence[str]) -> pl.DataFrame:
    """The claims (claim_id, quote) that are to be found and are not yet; only their words are read."""
    decided = (
        data.verdict_changes().filter(pl.col("status").is_in(OUTCOMES)).select(pl.col("claim_id").unique()).collect()
    )
    groups = (
        data.claim_changes()
        .select("claim_id", "group_id", "version")
        .collect()
        .sort("claim_id", "version")
        .unique("claim_id", keep="last")
    )
    wanted = groups.join(decided, left_on="group_id", right_on="claim_id", how="semi")
    wanted = wanted.join(
        pl.DataFrame({"claim_id": known}, {"claim_id": pl.String()}), on="claim_id", how="anti"
    ).select("claim_id")
    return quotes(data, wanted["claim_id"].to_list())


def quotes(data: Dataset, claims: Collection[str]) -> pl.DataFrame:
    """The words (`quote`) of the claims by `claim_id`, in its order."""
    if not claims:
        return pl.DataFrame(schema={"claim_id": pl.String(), "quote": pl.String()})
    rows = data.claim_changes().filter(pl.col("claim_id").is_in(list(claims))).select("claim_id", "quote").collect()
    return rows.unique("claim_id", keep="any").sort("claim_id")
