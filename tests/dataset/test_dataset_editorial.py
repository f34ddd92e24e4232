"""What editors wrote: last words stand, a verdict that changes under signed words asks for a person; nobody named."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck import dataset as ds
from factcheck.dataset import annotators, editorial
from factcheck.dataset.fork import fork
from factcheck.dataset.maintenance import compact, restore
from factcheck.dataset.release import release
from factcheck.dataset.verify import verify
from factcheck.frames import empty, schema
from factcheck.models import Claim, EditorialState, VerdictChange
from tests.dataset.words import edited

if TYPE_CHECKING:
    from tests.dataset.conftest import Rows

CLAIM = f"clm_{1:020x}"
START = datetime(2026, 11, 5, tzinfo=UTC)
OUTCOMES = [("unreviewed", None), ("single", None), ("contested", None), ("unproven", None), ("decided", "verified"),
            ("decided", "disputed")]  # fmt: skip
STATES = [None, *(str(one) for one in EditorialState)]
STEPS = st.one_of(
    st.tuples(st.just("verdict"), st.sampled_from(OUTCOMES)),
    st.tuples(st.just("state"), st.sampled_from(STATES)),
    st.tuples(st.just("headline"), st.sampled_from(["a", "ب", None])),
    st.tuples(st.just("claim"), st.sampled_from(["active", "withdrawn"])),
)


def told(outcome: tuple[str, str | None], claim: str) -> tuple[str, str | None] | None:
    """What a reader is told, the slow way."""
    if claim == "withdrawn":
        return ("withdrawn", None)
    return outcome if outcome[0] in {"decided", "unproven", "not_a_claim"} else None


class Slow:
    """The same, told step by step as a person would do it."""

    def __init__(self) -> None:
        self.outcome: tuple[str, str | None] = ("unreviewed", None)
        self.claim, self.voted = "active", False
        self.state: str | None = None
        self.headline: str | None = None

    def take(self, kind: str, value: object) -> None:
        before = told(self.outcome, self.claim)
        if kind == "verdict":
            assert isinstance(value, tuple)
            self.outcome, self.voted = value, True
        elif kind == "claim":
            self.claim = str(value)
        elif kind == "state":
            self.state = value if value is None else str(value)
        else:
            self.headline = value if value is None else str(value)
        if told(self.outcome, self.claim) != before and self.state in {"approved", "published"}:
            self.state = "needs_review"


def rows_of(steps: list[tuple[str, object]]) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Editorial rows, verdict rows and claim rows, a version a step."""
    words, verdicts, claims = [], [], []
    first: dict[str, object] = {
        "claim_id": CLAIM,
        "group_id": CLAIM,
        "state": "active",
        "supersedes": None,
        "version": 1,
    }
    claims.append(first)
    verdicts.append({"claim_id": CLAIM, "status": "unreviewed", "verdict": None, "version": 1})
    for version, (kind, value) in enumerate(steps, start=2):
        if kind == "verdict":
            assert isinstance(value, tuple)
            verdicts.append({"claim_id": CLAIM, "status": value[0], "verdict": value[1], "version": version})
        elif kind == "claim":
            claims.append(first | {"state": value, "version": version})
        else:
            at = START + timedelta(hours=version)
            row = edited(CLAIM, kind, value if value is None else str(value), at=at)
            words.append(row.with_columns(version=pl.lit(version, pl.Int64)))
    stamped: dict[str, pl.DataType] = {"version": pl.Int64()}
    return (
        pl.concat(words) if words else pl.DataFrame(schema=dict(editorial_schema()) | stamped),
        pl.DataFrame(verdicts, schema=dict(schema(VerdictChange)) | stamped, orient="row"),
        pl.DataFrame(claims, schema=dict(schema(Claim)) | stamped, orient="row"),
    )


def editorial_schema() -> pl.Schema:
    return edited(CLAIM, "headline", None, at=START).schema


@settings(max_examples=400, deadline=None)
@given(st.lists(STEPS, max_size=12))
def test_only_a_person_ends_a_review_that_a_changed_verdict_began(steps: list[tuple[str, object]]) -> None:
    words, verdicts, claims = rows_of(steps)
    slow = Slow()
    for step in steps:
        slow.take(*step)
    found = editorial.standing(words, editorial.turns(verdicts, claims.lazy()))
    if slow.state is None and slow.headline is None:
        assert found.is_empty()
        return
    (row,) = found.to_dicts()
    assert (row["headline"], row["editorial_state"]) == (slow.headline, slow.state)


def test_another_reason_is_another_verdict(three: ds.Dataset, rows: Rows) -> None:
    claim = rows.claim(4).claim_id
    ds.commit(three, verdicts=rows.verdicts([4], "disputed", reason="false"), cause="pull", now=rows.at(41))
    ds.commit(three, editorial=edited(claim, "state", "approved", at=rows.at(42)), cause="editorial", now=rows.at(42))
    ds.commit(three, verdicts=rows.verdicts([4], "disputed", reason="false", n_votes=9), cause="pull", now=rows.at(43))
    assert three.editorial()["editorial_state"].to_list() == ["approved"]
    ds.commit(three, verdicts=rows.verdicts([4], "disputed", reason="misleading"), cause="pull", now=rows.at(44))
    assert three.editorial()["editorial_state"].to_list() == ["needs_review"]
    assert three.editorial(6)["editorial_state"].to_list() == ["approved"]
    assert verify(three.uri).findings == []


def test_a_restore_that_changes_a_verdict_asks_for_a_person(three: ds.Dataset, rows: Rows) -> None:
    word = edited(rows.claim(1).claim_id, "state", "published", at=rows.at(41))
    ds.commit(three, editorial=word, cause="editorial", now=rows.at(41))
    restore(three, 1, now=rows.at(42))
    assert three.editorial()["editorial_state"].to_list() == ["needs_review"]


def test_the_same_words_at_the_same_time_are_one_row_and_survive_compaction(three: ds.Dataset, rows: Rows) -> None:
    word = edited(rows.claim(1).claim_id, "headline", "تیتر", at=rows.at(41))
    assert ds.commit(three, editorial=word, cause="editorial", now=rows.at(41)) is not None
    assert ds.commit(three, editorial=word, cause="editorial", now=rows.at(42)) is None
    before = three.editorial()
    compact(three)
    assert ds.open(three.uri).editorial().equals(before)
    assert three.fingerprint(3) != three.fingerprint()


def test_nothing_that_editors_wrote_is_in_a_fork_or_a_release(three: ds.Dataset, rows: Rows, tmp_path: Path) -> None:
    editor = annotators.desk_person(three, "Mina Kamali")
    words = [
        edited(rows.claim(number).claim_id, "summary", f"پیش‌نویس {number}", at=rows.at(41), editor=editor)
        for number in range(3)
    ]
    ds.commit(three, editorial=pl.concat(words), cause="editorial", now=rows.at(41))
    copy = fork(three, tmp_path / "fork")
    assert copy.head == three.head
    assert verify(copy.uri).findings == []
    assert copy.editorial_changes().collect().is_empty()
    made = release(three, "spring", tmp_path, publisher="desk", licence="CC-BY-4.0", now=rows.at(50))
    for folder in (tmp_path / "fork", made.folder):
        for path in (one for one in folder.rglob("*") if one.is_file()):
            data = path.read_bytes()
            assert editor.encode() not in data, path
            assert "پیش‌نویس".encode() not in data, path
            assert b"Kamali" not in data, path
    assert "editorial" not in json.dumps(copy.versions()["counts"].to_list())


def test_an_editor_can_be_forgotten(three: ds.Dataset, rows: Rows) -> None:
    editor = annotators.desk_person(three, "Mina Kamali")
    word = edited(rows.claim(1).claim_id, "headline", "تیتر", at=rows.at(41), editor=editor)
    ds.commit(three, editorial=word, cause="editorial", now=rows.at(41))
    annotators.forget(three, "mina kamali")
    assert annotators.people(three).filter(annotator_id=editor)["name"].to_list() == [""]
    assert three.editorial()["headline"].to_list() == ["تیتر"]
    texts = [path.read_bytes() for path in Path(three.uri).rglob("*") if path.is_file()]
    assert not any(b"Kamali" in text for text in texts)
    assert annotators.desk_person(three, "Mina Kamali") != editor


def test_an_id_that_only_an_editors_word_holds_is_somebodys(three: ds.Dataset, rows: Rows) -> None:
    stranger = annotators.annotator_id(three, annotators.DESK, 1)
    word = edited(rows.claim(1).claim_id, "headline", "تیتر", at=rows.at(41), editor=stranger)
    ds.commit(three, editorial=word, cause="editorial", now=rows.at(41))
    assert annotators.desk_person(three, "Sara") != stranger
    annotators.forget(three, stranger)


def test_a_state_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="later"):
        edited(CLAIM, "state", "later", at=START)


def test_a_dataset_without_words_has_none(three: ds.Dataset) -> None:
    assert three.editorial().is_empty()
    assert three.editorial().schema == editorial.SCHEMA
    assert editorial.standing(
        empty_rows(), editorial.turns(empty(VerdictChange).with_columns(version=pl.lit(1)), claims())
    ).is_empty()


def empty_rows() -> pl.DataFrame:
    return rows_of([])[0]


def claims() -> pl.LazyFrame:
    return rows_of([])[2].lazy()
