"""Filters of profiles that name versions and days, on a real dataset."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from factcheck import dataset as ds
from factcheck.dataset.release import release
from factcheck.errors import UnknownVersion
from factcheck.pipeline.export import Published
from tests.dataset.words import edited
from tests.pipeline.test_export_since import ROWS, Newsroom, newsroom, template

__all__ = ["newsroom", "template"]


def profile(desk: Newsroom, filters: str, *, name: str = "mine", kind: str = "csv", more: str = "") -> str:
    folder = desk.folder / "exports" / name
    folder.mkdir(parents=True, exist_ok=True)
    text = f'format = "{kind}"\n{more}\n[filters]\nstatuses = ["decided"]\n{filters}\n'
    (folder / "profile.toml").write_text(text, "utf-8")
    return name


def shown(done: Published) -> set[str]:
    (path,) = (path for path, _ in done.files if not path.name.startswith("latest."))
    return set(pl.read_csv(path)["claim_id"])


def ids(*numbers: int) -> set[str]:
    return set(ROWS.claims(list(numbers))["claim_id"])


def test_a_tag_shows_what_had_a_result_in_it_and_with_changed_since_what_was_corrected(
    newsroom: Newsroom, tmp_path: Path
) -> None:
    release(newsroom.data, "week-47", tmp_path, as_of=1, publisher="Desk", licence="CC0-1.0", now=ROWS.at(90))
    newsroom.change()  # 3 is new, 1 is decided otherwise, 0 has no verdict any more
    of_tag = newsroom.export(profile(newsroom, 'tag = "week-47"'))
    assert shown(of_tag) == ids(1, 2)
    assert of_tag.left_out == {"FILTERED_STATUS": 3, "FILTERED_TAG": 1}
    changed = newsroom.export(profile(newsroom, 'changed_since = "week-47"', name="changed"))
    assert shown(changed) == ids(1, 3)
    both = newsroom.export(profile(newsroom, 'tag = "week-47"\nchanged_since = 1', name="corrected"))
    assert shown(both) == ids(1)
    assert both.seen == both.rows + sum(both.left_out.values())


def test_what_was_withdrawn_in_the_version_did_not_stand_in_it(newsroom: Newsroom) -> None:
    newsroom.commit(claims=ROWS.claims([2], state="withdrawn"))
    newsroom.commit(claims=ROWS.claims([2], state="active"))
    assert shown(newsroom.export(profile(newsroom, "tag = 2"))) == ids(0, 1)
    assert shown(newsroom.export(profile(newsroom, "tag = 1", name="before"))) == ids(0, 1, 2)


def test_a_version_that_is_not_there_is_refused(newsroom: Newsroom) -> None:
    with pytest.raises(UnknownVersion):
        newsroom.export(profile(newsroom, 'tag = "week-48"'))


def test_a_file_whose_days_move_on_is_written_again_though_nothing_changed(newsroom: Newsroom) -> None:
    moving, still = profile(newsroom, 'decided_from = "7d"'), profile(newsroom, "", name="still")
    for name in (moving, still):
        newsroom.export(name)
    newsroom.commit(articles=ROWS.articles([9]), claims=ROWS.claims([9]).clear())
    assert newsroom.export(still, since="last").unchanged
    assert not newsroom.export(moving, since="last").unchanged


def test_a_feed_of_corrections_counts_what_it_leaves_out(newsroom: Newsroom, tmp_path: Path) -> None:
    release(newsroom.data, "one", tmp_path, as_of=1, publisher="Desk", licence="CC0-1.0", now=ROWS.at(90))
    newsroom.change()
    more = '[feed]\nof = "corrections"\n'
    done = newsroom.export(profile(newsroom, 'languages = ["de"]\nmin_agreement = 0.9', kind="feed", more=more))
    assert (done.seen, done.rows, done.left_out) == (2, 0, {"FILTERED_LANGUAGE": 2})
    (note,) = [note for note in done.notes if "only language and claimant" in note]
    assert "status decided only; agreement of 0.9 or more only" in note


def written(desk: Newsroom, words: dict[int, dict[str, str]]) -> None:
    rows = [
        edited(ROWS.claim(number).claim_id, field, value, at=ROWS.at(number))
        for number, fields in words.items()
        for field, value in fields.items()
    ]
    data = desk.data
    ds.commit(data, editorial=pl.concat(rows), cause="editorial", now=ROWS.at(data.last_good))


def test_what_a_person_let_go_or_all_that_is_decided(newsroom: Newsroom) -> None:
    written(newsroom, {0: {"state": "approved", "topic": "اقتصاد"}, 1: {"state": "draft", "topic": "إقتصاد"}})
    assert shown(newsroom.export(profile(newsroom, ""))) == ids(0, 1, 2)
    let_go = 'editorial_states = ["approved", "published"]'
    done = newsroom.export(profile(newsroom, let_go, name="approved"))
    assert shown(done) == ids(0)
    assert done.left_out == {"FILTERED_STATUS": 3, "FILTERED_EDITORIAL": 2}
    assert shown(newsroom.export(profile(newsroom, 'topics = ["اقتصاد"]', name="topic"))) == ids(0, 1)


def test_only_a_page_that_readers_may_have_seen_says_that_its_result_is_gone(newsroom: Newsroom) -> None:
    written(newsroom, {0: {"state": "approved"}, 1: {"state": "draft"}, 2: {"state": "published"}})
    name = profile(newsroom, 'editorial_states = ["approved", "published"]', kind="site", name="site",
                   more='[claimreview]\nreview_url = "{desk_url}/claims/{claim_id}.html"\n')  # fmt: skip
    newsroom.export(name)
    pages = newsroom.folder / "exports" / "site-pages" / "claims"
    assert {path.stem for path in pages.glob("*.html")} == ids(0, 2)
    newsroom.commit(verdicts=ROWS.verdicts([0, 1], None))
    newsroom.export(name)
    assert {path.stem for path in pages.glob("*.html")} == ids(0, 2)
