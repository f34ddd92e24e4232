"""A text that changed under the same path or address replaces the older one where nobody has voted on it."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from factcheck.models import Report
from factcheck.pipeline import mending
from factcheck.pipeline.changed_texts import Choice
from factcheck.pipeline.claims import claims as cut
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.event_commit import How
from factcheck.pipeline.ingest import ingest
from factcheck.pipeline.undo import undo
from tests.fake_studio.props import NOW
from tests.pipeline.test_regrouping import OldDesk

FIRST = "The minister said exports rose by 14 percent to 3.5 billion dollars in 2024.\n"
SECOND = "The minister said exports rose by 12 percent to 3.1 billion dollars in 2024.\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "news.txt"
    path.write_text(FIRST, "utf-8")
    return path


def read(desk: OldDesk, path: Path, text: str | None = None, *, replace: bool | None = None) -> Report:
    if text is not None:
        path.write_text(text, "utf-8")
    report = ingest(desk.settings, [str(path)], now=desk.later(), changed=Choice(replace, "Sara"))
    cut(desk.settings, show=0, now=desk.later())
    return report


def active(desk: OldDesk) -> set[str]:
    return set(Desk(desk.settings).claims().filter(pl.col("state") == "active")["quote"])


@pytest.fixture
def desk(tmp_path: Path) -> OldDesk:
    return OldDesk(tmp_path / "desk", {})


def test_what_was_only_staged_is_dropped(desk: OldDesk, file: Path) -> None:
    read(desk, file)
    report = read(desk, file, SECOND)
    assert report.counts["replaced"] == 1
    assert not [said for said in report.warnings if "kept" in said]
    assert active(desk) == {SECOND.strip()}
    assert Desk(desk.settings).articles().height == 1


def test_what_was_sent_is_withdrawn_with_an_event(desk: OldDesk, file: Path) -> None:
    read(desk, file)
    desk.push()
    report = read(desk, file, SECOND)
    assert report.counts["replaced"] == 1
    assert active(desk) == {SECOND.strip()}
    pushed = desk.push()
    assert (pushed.counts["created"], pushed.counts["retired"]) == (1, 1)
    assert desk.well()


def test_an_answer_that_no_pull_had_seen_is_named_with_what_takes_the_withdrawal_back(
    desk: OldDesk, file: Path
) -> None:
    read(desk, file)
    desk.push()
    (task,) = desk.tasks().values()
    desk.players.people[0].submit(task, "verified")
    read(desk, file, SECOND)
    (told,) = [said for said in desk.pull().warnings if "factcheck undo" in said]
    event = told.partition("factcheck undo ")[2].partition("`")[0]
    undo(desk.settings, event, how=How("Sara", yes=True), now=desk.later())
    assert FIRST.strip() in active(desk)


def test_votes_keep_the_older_text_until_a_person_decides(desk: OldDesk, file: Path) -> None:
    read(desk, file)
    desk.push()
    (task,) = desk.tasks().values()
    desk.players.people[0].submit(task, "verified")
    desk.pull()
    before = desk.states()
    for _ in range(2):
        report = read(desk, file, SECOND)
        assert report.counts["kept_beside"] == 1
        assert "both are kept" in report.warnings[-1]
    assert not [said for said in read(desk, file, replace=False).warnings if "kept" in said]
    assert active(desk) == {FIRST.strip(), SECOND.strip()}
    assert read(desk, file, replace=True).counts["replaced"] == 1
    assert active(desk) == {SECOND.strip()}
    assert desk.states() == before
    assert "replaced" not in read(desk, file).counts


def test_a_place_with_several_articles_says_of_none_which_it_was(desk: OldDesk, tmp_path: Path) -> None:
    feed = tmp_path / "feed.xml"
    item = "<item><title>T{0}</title><description>{1}</description></item>"
    both = item.format(1, FIRST) + item.format(2, SECOND)
    for items in (both, item.format(3, FIRST.replace("14", "15"))):
        feed.write_text(f'<rss version="2.0"><channel><title>C</title>{items}</channel></rss>', "utf-8")
        assert "replaced" not in read(desk, feed).counts
    assert Desk(desk.settings).articles().height == 3


def test_a_claim_that_a_person_added_is_no_older_text(desk: OldDesk, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    address = "https://example.org/a"
    page.write_text(
        f'<html><head><link rel="canonical" href="{address}"><title>T</title></head><body><article>'
        f"<p>{FIRST * 3}</p></article></body></html>",
        "utf-8",
    )
    facts = mending.Facts()
    mending.add(desk.settings, "5,000 people came.", facts, url=address, how=How("Sara"), now=NOW)
    assert "replaced" not in read(desk, page).counts
    assert "5,000 people came." in active(desk)
