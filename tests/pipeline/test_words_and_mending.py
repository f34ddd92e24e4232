"""Editors' words when claims are mended: they stay with the claim they were written for, and come back with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from factcheck import exporters
from factcheck.errors import UnknownClaim, UsageError
from factcheck.pipeline import mending
from factcheck.pipeline.editorial import write
from factcheck.pipeline.event_commit import How
from factcheck.pipeline.undo import undo
from tests.pipeline.edited_workbooks import Newsroom

YES = How("Mina", "why", False, True)


@pytest.fixture
def desk(tmp_path: Path) -> Newsroom:
    return Newsroom(tmp_path / "desk", 6)


def shown(desk: Newsroom) -> dict[str, tuple[str | None, str | None]]:
    """Headline and state of each claim of the export's view."""
    data = desk.data
    rows = exporters.view(
        data.articles().drop("version").collect(), data.claims().collect(), data.verdict_changes().collect(),
        data.versions(), editorial=data.editorial(),
    )  # fmt: skip
    return {row[0]: row[1:] for row in rows.select("claim_id", "headline", "editorial_state").iter_rows()}


def published(desk: Newsroom, number: int) -> str:
    words = {"headline": f"تیتر {number}", "state": "published"}
    write(desk.settings, desk.ids[number], words, editor="Mina", dry_run=False, now=desk.later())
    return desk.ids[number]


def test_other_words_are_another_claim_which_nobody_wrote_of(desk: Newsroom) -> None:
    claim = published(desk, 4)
    made = mending.edit(desk.settings, claim, "Two million people came.", mending.Facts(), how=YES, now=desk.later())
    new = made.claims[-1]
    assert shown(desk)[new] == (None, None)
    # The page that stood under the old words has to be looked at.
    assert shown(desk)[claim] == ("تیتر 4", "needs_review")
    undo(desk.settings, None, how=YES, now=desk.later())
    assert shown(desk)[claim][0] == "تیتر 4"


def test_a_merge_keeps_the_claim_whose_words_somebody_signed(desk: Newsroom) -> None:
    claim = published(desk, 2)
    mending.merge(desk.settings, [desk.ids[1], claim], how=YES, now=desk.later())
    rows = shown(desk)
    assert desk.ids[1] not in rows
    assert rows[claim][0] == "تیتر 2"


def test_of_two_signed_claims_the_one_that_went_has_its_words_again_after_an_undo(desk: Newsroom) -> None:
    first, second = published(desk, 1), published(desk, 2)
    mending.merge(desk.settings, [first, second], how=YES, now=desk.later())
    rows = shown(desk)
    assert [rows[one][0] for one in (first, second) if one in rows] == ["تیتر 1"]
    undo(desk.settings, None, how=YES, now=desk.later())
    rows = shown(desk)
    assert (rows[first][0], rows[second][0]) == ("تیتر 1", "تیتر 2")


def test_what_cannot_be_written_is_refused_before_anything_is(desk: Newsroom) -> None:
    head, claim = desk.data.head, desk.ids[1]
    refused: list[tuple[str, dict[str, str]]] = [
        (claim, {}),
        (claim, {"headline": "good", "state": "perhaps"}),
        (claim, {"headline": "good", "page_url": "javascript:alert(1)"}),
        (claim, {"page_url": "https://desk.example/" + "x" * 3_000}),
        (claim, {"topic": "a\x00b"}),
        (claim, {"summary": "\ud800"}),
        (claim, {"summary": "x" * 10_001}),
    ]
    for subject, words in refused:
        with pytest.raises(UsageError):
            write(desk.settings, subject, words, editor="Mina", dry_run=False, now=desk.later())
    for stranger in ("clm_", "clm_" + "f" * 20, "art_1"):
        with pytest.raises(UnknownClaim):
            write(desk.settings, stranger, {"topic": "x"}, editor="Mina", dry_run=False, now=desk.later())
    with pytest.raises(UsageError, match="name"):
        write(desk.settings, claim, {"topic": "x"}, editor=" ", dry_run=False, now=desk.later())
    assert desk.data.head == head
    mending.withdraw(desk.settings, claim, how=YES, now=desk.later())
    with pytest.raises(UsageError, match="withdrawn"):
        write(desk.settings, claim, {"topic": "x"}, editor="Mina", dry_run=False, now=desk.later())


@pytest.mark.parametrize(
    "text", ["=1+1", "\u202eabc", "🙂" * 4_000, "<b>", "a\nb", "&amp;", "'", "۱۲\u200c۳", "_x0041_"]
)
def test_what_can_be_written_is_kept_to_the_letter(desk: Newsroom, text: str) -> None:
    words = {"headline": text, "summary": f"  {text}\r\n{text}\n", "claim_reviewed": text, "topic": text}
    done = write(desk.settings, desk.ids[1], words, editor="Mina", dry_run=False, now=desk.later())
    row = desk.standing()[desk.ids[1]]
    assert (row["headline"], row["summary"], row["claim_reviewed"], row["topic"]) == (
        text,
        f"{text}\n{text}",
        text,
        text,
    )
    again = write(desk.settings, desk.ids[1], words, editor="Mina", dry_run=False, now=desk.later())
    assert (len(done.words), again.words, again.version) == (4, [], None)
