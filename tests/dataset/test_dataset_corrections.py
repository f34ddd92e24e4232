"""Corrections are what releases said and what stands since; everything else that changed is history."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from factcheck import dataset as ds
from factcheck.dataset.maintenance import restore
from factcheck.dataset.release import release
from factcheck.frames import from_records
from factcheck.models import Claim, ClaimState, claim_id

if TYPE_CHECKING:
    from tests.dataset.conftest import Rows


def publish(dataset: ds.Dataset, version: int, folder: Path, rows: Rows) -> pl.DataFrame:
    """The corrections of the release that is made of the version."""
    name = f"release-of-{version}"
    made = release(dataset, name, folder, as_of=version, publisher="Desk", licence="CC0-1.0", now=rows.at(90))
    (file,) = (file for file in made.manifest["files"] if file["part"] == "corrections")
    return pl.read_parquet(made.folder / file["path"])


def told(frame: pl.DataFrame) -> list[tuple[str, int, str, str | None]]:
    return frame.select("claim_id", "version", "before_verdict", "verdict").rows()


def test_a_change_that_no_release_showed_is_history(three: ds.Dataset, rows: Rows, tmp_path: Path) -> None:
    assert three.corrections().is_empty()
    assert (2, rows.claim(0).claim_id, "verified", "disputed") in three.history().select(
        "version", "claim_id", "before_verdict", "verdict"
    ).rows()
    publish(three, 1, tmp_path, rows)
    # Claim 0 went and came back before anything else was released: no reader ever saw it otherwise.
    assert told(three.corrections()) == [(rows.claim(1).claim_id, 2, "verified", None)]
    # As of version 2 it had gone.
    as_of_2 = [(rows.claim(0).claim_id, 2, "verified", "disputed"), (rows.claim(1).claim_id, 2, "verified", None)]
    assert told(three.corrections(2)) == sorted(as_of_2)
    assert told(publish(three, 2, tmp_path, rows)) == sorted(as_of_2)
    assert told(three.corrections()) == [*sorted(as_of_2), (rows.claim(0).claim_id, 3, "disputed", "verified")]
    assert three.corrections()["published_in"].to_list() == ["release-of-1", "release-of-1", "release-of-2"]
    assert three.corrections(1).is_empty()


def test_a_tag_is_no_release_and_a_moved_one_stays_one(three: ds.Dataset, rows: Rows, tmp_path: Path) -> None:
    three.tag("weekly", 1, "release of the week", now=rows.at(60))
    assert three.corrections().is_empty()
    publish(three, 1, tmp_path, rows)
    three.tag("release-of-1", 3, now=rows.at(91), force=True)
    assert told(three.corrections()) == [(rows.claim(1).claim_id, 2, "verified", None)]


def test_a_restore_corrects_only_what_was_published(three: ds.Dataset, rows: Rows, tmp_path: Path) -> None:
    publish(three, 1, tmp_path, rows)
    restore(three, 1, now=rows.at(92))
    assert three.head == 4
    assert three.corrections().is_empty(), "version 4 says again what the release said"
    assert three.history().filter(pl.col("cause") == "restore").height

    publish(three, 3, tmp_path, rows)
    restore(three, 3, now=rows.at(93))
    restore(three, 1, now=rows.at(94))
    undone = three.corrections().filter(pl.col("published_in") == "release-of-3")
    assert undone["cause"].unique().to_list() == ["restore"]


def withdraw(
    dataset: ds.Dataset, rows: Rows, number: int, *, cause: str = "withdraw", state: str = "withdrawn"
) -> None:
    claims = rows.claims([number], state=state)
    ds.commit(dataset, claims=claims, cause=cause, message="1 claims", now=rows.at(dataset.head + 90))


def test_a_published_verdict_of_a_withdrawn_claim_is_a_correction(
    three: ds.Dataset, rows: Rows, tmp_path: Path
) -> None:
    publish(three, 3, tmp_path, rows)
    claim = rows.claim(0).claim_id
    withdraw(three, rows, 0)
    (row,) = three.corrections().to_dicts()
    assert (row["claim_id"], row["version"], row["published_in"], row["cause"]) == (
        claim,
        4,
        "release-of-3",
        "withdraw",
    )
    assert (row["before_verdict"], row["status"], row["verdict"]) == ("verified", "withdrawn", None)
    assert (row["rationales"], row["evidence"]) == ([], [])
    ds.commit(three, verdicts=rows.verdicts([0], "disputed"), cause="pull", now=rows.at(98))  # who had it open answered
    assert told(three.corrections()) == [(claim, 4, "verified", None)]
    assert three.history().filter(pl.col("claim_id") == claim)["status"].to_list()[-1] == "withdrawn"
    later = publish(three, 5, tmp_path, rows)
    assert told(later) == [(claim, 4, "verified", None)]
    shown = pl.read_parquet(next((tmp_path / "release-of-5").glob("verdicts-*.parquet")))
    assert claim not in shown["claim_id"]


def test_a_withdrawal_taken_back_before_a_release_is_no_correction(
    three: ds.Dataset, rows: Rows, tmp_path: Path
) -> None:
    publish(three, 3, tmp_path, rows)
    withdraw(three, rows, 0)
    withdraw(three, rows, 0, cause="undo", state="active")
    assert three.corrections().is_empty()
    assert told(three.corrections(4)) == [(rows.claim(0).claim_id, 4, "verified", None)]
    last = three.history().filter(pl.col("claim_id") == rows.claim(0).claim_id).row(-1, named=True)
    assert (last["before_status"], last["verdict"], last["rationales"]) == ("withdrawn", "verified", ["دلیل"])


def test_a_claim_whose_words_were_edited_is_superseded(three: ds.Dataset, rows: Rows, tmp_path: Path) -> None:
    publish(three, 3, tmp_path, rows)
    old = rows.claim(0)
    new = rows.claim(0, start=4, end=8, quote=rows.article(0).text[4:8], supersedes=old.claim_id)
    own = claim_id(article_id=new.article_id, start=4, end=8, quote=new.quote)
    made = new.model_copy(update={"claim_id": own, "group_id": own})
    both = from_records(Claim, [old.model_copy(update={"state": ClaimState.WITHDRAWN}), made])
    ds.commit(three, claims=both, cause="edit", now=rows.at(92))
    (row,) = three.corrections().to_dicts()
    assert (row["claim_id"], row["status"], row["cause"]) == (old.claim_id, "superseded", "edit")
    ds.commit(three, verdicts=rows.verdicts([0]), cause="pull", now=rows.at(93))
    back = from_records(Claim, [old, made.model_copy(update={"state": ClaimState.WITHDRAWN})])
    ds.commit(three, claims=back, cause="undo", now=rows.at(94))
    assert three.corrections().is_empty()


def test_a_group_with_one_appearance_left_stands(three: ds.Dataset, rows: Rows, tmp_path: Path) -> None:
    first = rows.claim(0).claim_id
    ds.commit(
        three, articles=rows.articles([60]), claims=rows.claims([60], group_id=first), cause="pull", now=rows.at(91)
    )
    publish(three, 4, tmp_path, rows)
    withdraw(three, rows, 0)
    assert three.corrections().is_empty()
    claims = rows.claims([60], group_id=first, state="withdrawn")
    ds.commit(three, claims=claims, cause="withdraw", now=rows.at(97))
    assert told(three.corrections()) == [(first, 6, "verified", None)]
