"""A fork says what the dataset says of claims, and nothing that leads back to a person."""

from __future__ import annotations

import json
import random
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

from factcheck import dataset as ds
from factcheck import verdicts
from factcheck.dataset import annotators, anonymous, erasing
from factcheck.dataset.dataset import storage_of
from factcheck.dataset.fork import fork
from factcheck.dataset.verify import verify
from factcheck.errors import OutputExists, UnknownVersion
from factcheck.frames import empty, from_records, schema
from factcheck.models import AnnotationEvent, Choice, ClaimEvent, EditorialChange, VerdictChange, digest, event_id
from tests.failing import Killed

if TYPE_CHECKING:
    from tests.dataset.conftest import Rows

CLAIMS = 12
POLICY = verdicts.make("majority", min_votes=2, margin=1)


@pytest.fixture
def busy(dataset: ds.Dataset, rows: Rows) -> ds.Dataset:
    """Three versions of many votes at odd times, some at the same one, with edits, and the verdicts they give."""
    chance = random.Random(8)
    annotators.remember(dataset, "local", pl.DataFrame({"user_id": [1], "name": ["Sara"], "email": ["s@desk.example"]}))
    ids = [annotators.annotator_id(dataset, "local", user) for user in range(1, 6)]
    events: list[AnnotationEvent] = []
    for version in range(1, 4):
        fresh = []
        for number in range(version * 100, version * 100 + 40):
            moment = rows.at(version) + timedelta(seconds=chance.choice([0, 1, 2.000003, 70000]))
            key = f"main:{number}:{moment.isoformat()}"
            who = chance.choice(ids)
            for seq in range(1, chance.choice([2, 2, 3])):
                choice = chance.choice([Choice.VERIFIED, Choice.DISPUTED])
                said = {"seq": seq, "choice": choice, "annotator_id": who, "annotation_key": key}
                found = digest(said)
                fresh.append(
                    rows.event(number).model_copy(
                        update=said
                        | {
                            "claim_id": rows.claim(number % CLAIMS).claim_id,
                            "event_id": event_id(annotation_key=key, seq=seq, content_hash=found),
                            "content_hash": found,
                            "rationale": f"because {number}",
                            "created_at": moment,
                            "updated_at": moment + timedelta(seconds=chance.choice([0, 5])),
                            "observed_at": moment + timedelta(minutes=1),
                            "lead_time": chance.random() * 300,
                        }
                    )
                )
        events += fresh
        ds.commit(
            dataset,
            articles=rows.articles(range(CLAIMS)),
            claims=rows.claims(range(CLAIMS)),
            events=from_records(AnnotationEvent, fresh),
            verdicts=decided(from_records(AnnotationEvent, events)),
            cause="pull",
            message="majority(min_votes=2,margin=1) people:0123456789ab -> majority(min_votes=2,margin=1)",
            cursor={"main": {"since": "2026-11-05T12:00:00.123456+00:00"}},
            policy=f"{POLICY.name} people:0123456789ab",
            now=rows.at(version),
        )
    dataset.tag("spring", 1, now=rows.at(1))
    dataset.tag("autumn", 3, now=rows.at(3))
    return dataset


def decided(events: pl.DataFrame) -> pl.DataFrame:
    return verdicts.decide(events["claim_id"].unique(), verdicts.votes(events), POLICY)


def told(dataset: ds.Dataset, as_of: int) -> list[tuple[object, ...]]:
    """What a version says of every claim, without the hour."""
    rows = dataset.verdicts(as_of).with_columns(pl.col("decided_at").dt.date()).sort("claim_id").collect()
    return rows.drop("adjudicator").rows()


def test_a_fork_has_the_history_up_to_a_version_and_goes_its_own_way(
    busy: ds.Dataset, rows: Rows, tmp_path: Path
) -> None:
    before = busy.fingerprint()
    copy = fork(busy, tmp_path / "fork", as_of=2)
    assert copy.head == 2
    assert [told(copy, version) for version in (1, 2)] == [told(busy, version) for version in (1, 2)]
    assert copy.diff(1, 2).drop("decided_at").equals(busy.diff(1, 2).drop("decided_at"))
    assert copy.claims().collect().sort("claim_id").equals(busy.claims(2).collect().sort("claim_id"))
    assert copy.tags()["name"].to_list() == ["spring"]
    assert copy.resolve("2026-11-06") == busy.resolve("2026-11-06") == 1
    assert verify(copy.uri).findings == []
    version = ds.commit(copy, verdicts=rows.verdicts([5], "opinion"), cause="pull", now=rows.at(60))
    assert version is not None
    assert version.version == 3
    copy.tag("winter", now=rows.at(60))
    assert verify(copy.uri).findings == []
    assert storage_of(busy).refresh().head == 3
    assert busy.fingerprint() == before
    with pytest.raises(OutputExists, match="a dataset already exists there"):
        fork(busy, tmp_path / "fork")


def test_deciding_again_in_a_fork_changes_nothing(busy: ds.Dataset, tmp_path: Path) -> None:
    copy = fork(busy, tmp_path / "fork")
    columns = schema(VerdictChange).names()
    for version in (1, 2, 3):
        events = copy.annotations(version).select(schema(AnnotationEvent).names()).collect()
        known = copy.verdicts(version).select(columns).collect()
        assert known.height == CLAIMS
        assert verdicts.changes(known, decided(events)).is_empty()


def test_nothing_of_a_person_is_in_a_fork(busy: ds.Dataset, tmp_path: Path) -> None:
    copies = [fork(busy, tmp_path / name) for name in ("one", "two")]
    keys = {annotators.dataset_key(one) for one in (busy, *copies)}
    assert len(keys) == 3
    original = busy.annotations().collect()
    for copy in copies:
        assert annotators.people(copy).is_empty()
        events = copy.annotations().collect()
        for column in ("annotator_id", "event_id", "annotation_key", "content_hash"):
            assert events[column].n_unique() == original[column].n_unique()
            assert not set(events[column]) & set(original[column])
        assert events["lead_time"].null_count() == events.height
        for column in ("created_at", "updated_at", "observed_at"):
            assert (events[column] - events[column].dt.truncate("1d")).max() < timedelta(milliseconds=1)  # type: ignore[operator]
        log = json.dumps(copy.versions().to_dicts(), default=str)
        assert "0123456789ab" not in log
        assert "123456" not in log
        assert not set(copy.versions()["version_hash"]) & set(busy.versions()["version_hash"])
    one, two = (set(copy.annotations().collect()["annotator_id"]) for copy in copies)
    assert not one & two
    assert erasing.release_key(storage_of(busy)) not in keys | {
        erasing.release_key(storage_of(copy)) for copy in copies
    }


def test_every_column_of_an_event_is_kept_replaced_or_left_out() -> None:
    kinds = (anonymous.EVENT_KEPT, anonymous.EVENT_REPLACED, anonymous.EVENT_LEFT_OUT)
    assert set().union(*kinds) == {*AnnotationEvent.model_fields, "version", "commit_id"}
    assert sum(map(len, kinds)) == len(set().union(*kinds))


def test_every_column_of_an_event_of_claims_is_kept_replaced_or_left_out() -> None:
    kinds = (anonymous.CLAIM_EVENT_KEPT, anonymous.CLAIM_EVENT_REPLACED, anonymous.CLAIM_EVENT_LEFT_OUT)
    assert set().union(*kinds) == {*ClaimEvent.model_fields, "version", "commit_id"}
    assert sum(map(len, kinds)) == len(set().union(*kinds))


def test_a_path_of_an_article_becomes_a_name(rows: Rows) -> None:
    paths = ["/home/sara/news/a.txt", r"C:\Users\Sara\b.txt", "news/c.txt", "https://x.example/d", "-", "/srv/in/"]
    paths += ["/home/sara.k/x.warc.gz!https://y.example/e!f", "/home/sara.k/x.zip!news/g.html"]
    articles = pl.concat([rows.articles([number]) for number in range(len(paths))])
    frames = {
        "articles": articles.with_columns(source=pl.Series(paths)),
        "claims": rows.claims([0]),
        "annotations": rows.events([]),
        "verdicts": rows.verdicts([]),
        "claim_events": empty(ClaimEvent),
        "editorial": empty(EditorialChange),
    }
    found = anonymous.anonymous(frames, salt=b"0")["articles"]
    assert found["source"].to_list() == [
        "a.txt", "b.txt", "c.txt", "https://x.example/d", "-", "in", "https://y.example/e!f", "g.html",
    ]  # fmt: skip


@pytest.mark.parametrize("step", ["anonymous.anonymous", "write_sorted", "_copy_tags", "with_files", "Path.rename"])
def test_a_killed_fork_leaves_no_dataset_and_can_be_made_again(
    three: ds.Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(f"factcheck.dataset.fork.{step}", die)
        with pytest.raises(Killed):
            fork(three, tmp_path / "forks" / "one")
    assert not (tmp_path / "forks" / "one").exists()
    assert fork(three, tmp_path / "forks" / "one").head == 3
    assert [path.name for path in (tmp_path / "forks").iterdir()] == ["one"]
    assert verify(str(tmp_path / "forks" / "one")).leftovers == []


def die(*_: object, **__: object) -> None:
    raise Killed


def occupy(kind: str, path: Path) -> None:
    if kind == "link":
        path.symlink_to(path.parent / "nowhere")
    elif kind == "file":
        path.write_text("precious")
    else:
        path.mkdir()
        (path / "x").write_text("precious")


@pytest.mark.parametrize(("kind", "said"), [("link", "link"), ("file", "file"), ("other files", "other files")])
def test_a_fork_replaces_nothing(three: ds.Dataset, tmp_path: Path, kind: str, said: str) -> None:
    target = tmp_path / "there"
    occupy(kind, target)
    with pytest.raises(OutputExists, match=said):
        fork(three, target)
    (tmp_path / "empty").mkdir()
    assert fork(three, tmp_path / "empty").head == 3


def test_there_must_be_something_to_fork(dataset: ds.Dataset, tmp_path: Path) -> None:
    with pytest.raises(UnknownVersion):
        fork(dataset, tmp_path / "fork")
