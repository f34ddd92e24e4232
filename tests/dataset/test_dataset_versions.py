"""What a version holds, how it is named, and that a retry adds nothing (laws 4 and 5)."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from factcheck import dataset as ds
from factcheck.dataset import tagging
from factcheck.dataset.dataset import storage_of
from factcheck.errors import Busy, Corrupt, DatasetError, NewerFormat, UnknownClaim, UnknownVersion, UsageError
from factcheck.frames import to_records
from factcheck.models import AnnotationEvent, Article, Claim, Tag, VerdictChange, Version

if TYPE_CHECKING:
    from tests.dataset.conftest import Rows


def test_empty_dataset_has_no_version_and_empty_frames(dataset: ds.Dataset) -> None:
    assert dataset.head == 0
    assert dataset.version() is None
    assert dataset.cursor() == {}
    for frame in (dataset.articles(), dataset.claims(), dataset.annotations(), dataset.verdicts()):
        assert frame.collect().height == 0


def test_no_dataset_is_said_with_the_next_command(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="there is no dataset yet") as caught:
        ds.open(tmp_path / "nothing")
    assert "factcheck pull" in caught.value.hint


def test_rows_come_back_as_they_went_in(three: ds.Dataset, rows: Rows) -> None:
    assert to_records(Article, three.articles(1).sort("source").collect()) == [rows.article(n) for n in range(10)]
    claims = to_records(Claim, three.claims().collect())
    assert sorted(claims, key=str) == sorted((rows.claim(n) for n in range(12)), key=str)
    events = to_records(AnnotationEvent, three.annotations(1).collect())
    assert sorted(events, key=str) == sorted((rows.event(n) for n in range(10)), key=str)
    verdicts = to_records(VerdictChange, three.verdicts(1).collect())
    assert sorted(verdicts, key=str) == sorted((rows.verdict(n) for n in range(10)), key=str)


def test_a_retry_adds_nothing(three: ds.Dataset, rows: Rows) -> None:
    for dataset in (three, ds.open(three.uri)):
        again = ds.commit(
            dataset,
            articles=rows.articles(range(10)),
            claims=rows.claims(range(12)),
            events=rows.events(range(20)),
            verdicts=rows.verdicts([0, 2], "verified", n_votes=3),
            cause="pull",
            cursor={"main": {"later": True}},
            now=rows.at(50),
        )
        assert again is None
        assert dataset.head == 3


def test_only_new_rows_make_the_version(three: ds.Dataset, rows: Rows) -> None:
    version = ds.commit(
        three, events=rows.events(range(15, 23)), verdicts=rows.verdicts([1, 2], "opinion"), cause="pull", now=rows.now
    )
    assert version is not None
    assert version.counts == {"annotations": 3, "verdicts": 2}
    assert version.committed_at == rows.at(40)  # a clock that runs behind does not put a version before its parent
    assert version.cursor == {"main": {"updated_at": "2026-11-05T12:00:00Z"}}


def test_a_claim_that_comes_back_to_an_older_state_is_news(three: ds.Dataset, rows: Rows) -> None:
    for state in ("withdrawn", "active"):
        version = ds.commit(three, claims=rows.claims([3], state=state), cause="claims", now=rows.at(41))
        assert version is not None
        found = three.claims().filter(pl.col("claim_id") == rows.claim(3).claim_id).collect()
        assert found["state"].to_list() == [state]


def test_a_new_policy_is_a_version_of_its_own(three: ds.Dataset, rows: Rows) -> None:
    version = ds.commit(three, cause="policy", policy="unanimous(min_votes=3)", now=rows.at(41))
    assert version is not None
    assert (version.version, version.counts, version.policy) == (4, {}, "unanimous(min_votes=3)")
    assert ds.commit(three, cause="policy", policy="unanimous(min_votes=3)", now=rows.at(42)) is None


def test_the_same_rows_in_any_order_have_the_same_content_hash(tmp_path: Path, rows: Rows) -> None:
    hashes = set()
    for seed in range(3):
        dataset = ds.open(tmp_path / str(seed), create=True)
        events = rows.events([*range(30), *range(5)]).sample(fraction=1, shuffle=True, seed=seed)
        version = ds.commit(dataset, events=events, verdicts=rows.verdicts(range(5)), cause="pull", now=rows.now)
        assert version is not None
        hashes.add((version.content_hash, version.version_hash))
    assert len(hashes) == 1


def test_every_older_version_reads_as_when_it_was_the_newest(dataset: ds.Dataset, rows: Rows) -> None:
    seen: list[pl.DataFrame] = []
    for number in range(1, 6):
        verdicts = pl.concat([rows.verdicts([number], "opinion"), rows.verdicts([number - 1], "disputed")])
        ds.commit(dataset, verdicts=verdicts, events=rows.events([number]), cause="pull", now=rows.at(number))
        seen.append(dataset.verdicts().sort("claim_id").collect())
    for number, then in enumerate(seen, start=1):
        assert_frame_equal(ds.open(dataset.uri).verdicts(number).sort("claim_id").collect(), then)


@pytest.mark.parametrize(
    ("as_of", "number"),
    [
        (0, 0),
        (2, 2),
        ("2", 2),
        (None, 3),
        ("spring", 1),
        ("2026-11", 2),
        ("2026-11-05", 1),
        ("2026", 3),
        ("2026-11-06T12:00:00+00:00", 2),
        ("۲", 2),
        ("v2", 2),
        (" 2 ", 2),
        ("version:2", 2),
        ("۲۰۲۶-۱۱", 2),
        ("date:2026-11", 2),
        ("tag:spring", 1),
        ("9999-12-31", 3),
        ("9999-12-31T23:59:59-14:00", 3),
        (datetime(2026, 11, 6, 11, 59, tzinfo=UTC), 1),
        (datetime(2030, 1, 1, tzinfo=UTC), 3),
    ],
)
def test_as_of(three: ds.Dataset, rows: Rows, as_of: ds.AsOf, number: int) -> None:
    three.tag("spring", 1, now=rows.now)
    assert three.resolve(as_of) == number


NOTHING = ["4", "-1", "nothing", "2026-13", "2025", "", " ", "0001-01-01T00:00+14:00", "9" * 5_000, "v", "x" * 9_000]
NOTHING += ["tag:", "tag:2", "tag:nothing", "version:", "version:2026-11", "date:2", "date:spring"]
NOTHING += ["\udcff", "\x00", "\x1b[31m"]


@pytest.mark.parametrize("as_of", [4, -1, datetime(2020, 1, 1, tzinfo=UTC), True, *NOTHING])
def test_as_of_that_names_nothing(three: ds.Dataset, rows: Rows, as_of: ds.AsOf) -> None:
    three.tag("spring", 1, now=rows.now)
    with pytest.raises(UnknownVersion) as caught:
        three.resolve(as_of)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 200


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text() | st.text("0123456789۰۱٣-:TvW.+Z", max_size=30))
def test_any_text_is_a_version_or_none(three: ds.Dataset, text: str) -> None:
    with suppress(UnknownVersion):
        assert 0 <= three.resolve(text) <= 3


@pytest.mark.parametrize(("name", "other"), [("1", "version:1"), ("2026-11", "date:2026-11"), ("۱", "version:۱")])
def test_an_older_tag_that_reads_as_a_version_or_date_is_never_guessed(
    three: ds.Dataset, rows: Rows, name: str, other: str
) -> None:
    tagging.put(storage_of(three), name, 3, now=rows.now)  # as an earlier factcheck took it
    with pytest.raises(UsageError, match="is a tag") as caught:
        three.resolve(name)
    assert f"tag:{name}" in caught.value.hint
    assert other in caught.value.hint
    assert three.resolve(f"tag:{name}") == 3
    assert three.resolve(other) in {1, 2}
    with pytest.raises(UsageError, match="would read as"):
        three.tag(name, 3, now=rows.now)


def test_older_tags_that_could_not_be_given_today_still_open(three: ds.Dataset, rows: Rows) -> None:
    for name in ("..", "latest", "\x1b[31m", "a\u202eb"):
        tagging.put(storage_of(three), name, 2, now=rows.now)
        assert three.resolve(name) == three.resolve(f"tag:{name}") == 2


def test_damaged_tags_take_no_version_with_them(three: ds.Dataset, rows: Rows) -> None:
    three.tag("spring", 1, now=rows.now)
    log = max((Path(three.uri) / "tags" / "_delta_log").glob("*.json"))
    log.write_bytes(b"")
    again = ds.open(three.uri)
    assert [again.resolve(as_of) for as_of in ("1", "version:2", "2026-11", "date:2026-11-05")] == [1, 2, 2, 1]
    with pytest.raises(Corrupt):
        again.resolve("spring")


def test_versions_are_the_log(three: ds.Dataset) -> None:
    log = to_records(Version, three.versions())
    assert [one.version for one in log] == [1, 2, 3]
    assert [one.parent_hash for one in log[1:]] == [one.version_hash for one in log[:-1]]
    assert log[0].counts == {"articles": 10, "claims": 10, "annotations": 10, "verdicts": 10}
    assert three.versions("2026-11").height == 2


def test_a_tag_never_moves_unless_forced(three: ds.Dataset, rows: Rows) -> None:
    first = three.tag("spring", 1, "first", now=rows.now)
    assert three.tag("spring", 1, now=rows.at(1)) == first
    with pytest.raises(UsageError, match="already a tag of version 1"):
        three.tag("spring", 2, now=rows.now)
    three.tag("spring", 2, now=rows.now, force=True)
    three.tag("summer", now=rows.now)
    again = ds.open(three.uri)
    assert [(tag.name, tag.version) for tag in to_records(Tag, again.tags())] == [("spring", 2), ("summer", 3)]
    assert again.verdicts("spring").collect().height == 12


def test_last_states(three: ds.Dataset, rows: Rows) -> None:
    states = three.last_states()
    assert states.height == 20
    assert states.filter(pl.col("annotation_id") == 0)["choice"].to_list() == ["disputed"]
    assert three.last_states([rows.event(0).claim_id])["seq"].to_list() == [2]


def test_the_life_of_a_claim(three: ds.Dataset, rows: Rows) -> None:
    found = three.life(rows.claim(0).claim_id)
    assert found.articles["article_id"].to_list() == [rows.article(0).article_id]
    assert found.annotations["choice"].to_list() == ["verified", "disputed"]
    assert found.verdicts["verdict"].to_list() == ["verified", "disputed", "verified"]
    assert found.verdicts["before_verdict"].to_list() == [None, "verified", "disputed"]
    with pytest.raises(UnknownClaim):
        three.life("clm_" + "f" * 20)


def test_the_life_of_a_copy_is_the_life_of_its_group(three: ds.Dataset, rows: Rows) -> None:
    ds.commit(three, claims=rows.claims([40], group_id=rows.claim(0).claim_id), cause="claims", now=rows.at(41))
    assert three.life(rows.claim(40).claim_id).claims.height == 2


def test_a_newer_format_is_not_written_to(three: ds.Dataset, rows: Rows, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("factcheck.dataset.committing.SCHEMA_VERSION", 0)
    with pytest.raises(NewerFormat):
        ds.commit(three, events=rows.events([99]), cause="pull", now=rows.now)
    assert three.verdicts().collect().height == 12


def test_a_newer_delta_protocol_is_not_written_to(three: ds.Dataset, rows: Rows) -> None:
    log = Path(three.uri) / "versions" / "_delta_log"
    protocol = '{"protocol":{"minReaderVersion":1,"minWriterVersion":99}}\n'
    (log / f"{len(list(log.glob('*.json'))):020}.json").write_text(protocol)
    with pytest.raises(NewerFormat):
        ds.commit(ds.open(three.uri), events=rows.events([99]), cause="pull", now=rows.now)


def test_a_second_writer_waits_and_then_says_that_the_dataset_is_busy(
    three: ds.Dataset, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("factcheck.dataset.storage.LOCK_SECONDS", 0.1)
    other = ds.open(three.uri)
    with storage_of(three).lock(), pytest.raises(Busy):
        ds.commit(other, events=rows.events([99]), cause="pull", now=rows.now)
    assert ds.commit(other, events=rows.events([99]), cause="pull", now=rows.now) is not None


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(DatasetError) as caught:
        ds.open(tmp_path / "file" / "dataset", create=True)
    assert str(tmp_path / "file") in caught.value.subject
