"""A dataset that each released format wrote is opened, verified and written to by the newest code.

`golden/format-N.tar.gz` was made by `make_golden.py`, which is run once for a format and never for an old one;
`format-2-imports.tar.gz` is a desk of the last code of format 2 with verdicts from votes, from a lead and from imports.
"""

from __future__ import annotations

import json
import tarfile
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from factcheck import dataset as ds
from factcheck import settings as settings_package
from factcheck.dataset import annotators
from factcheck.dataset.maintenance import vacuum
from factcheck.dataset.verify import verify
from factcheck.frames import schema, to_records
from factcheck.models import (
    SCHEMA_VERSION,
    Article,
    Calendar,
    Claim,
    ClaimEvent,
    Cue,
    EditorialChange,
    NamedDate,
    Place,
    VerdictChange,
    Version,
)
from factcheck.pipeline.decide import decide_again
from factcheck.pipeline.desired import wanted_of_projects
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.import_ import import_earlier
from tests.dataset.words import edited

if TYPE_CHECKING:
    from factcheck.models import Report
    from tests.dataset.conftest import Rows

GOLDEN = Path(__file__).parent / "golden"
NAMES = sorted(path.name.removesuffix(".tar.gz") for path in GOLDEN.glob("format-*.tar.gz"))


@pytest.fixture(params=NAMES)
def golden(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[ds.Dataset, dict[str, object]]:
    with tarfile.open(GOLDEN / f"{request.param}.tar.gz") as archive:
        archive.extractall(tmp_path, filter="data")
    expected = json.loads((GOLDEN / f"{request.param}.json").read_text("utf-8"))
    return ds.open(tmp_path / "dataset"), expected


def test_the_newest_format_has_a_golden_dataset() -> None:
    assert {f"format-{number}" for number in range(1, SCHEMA_VERSION + 1)} <= {*NAMES}


def test_old_data_reads_as_it_did(golden: tuple[ds.Dataset, dict[str, object]]) -> None:
    dataset, expected = golden
    assert [one.version_hash for one in to_records(Version, dataset.versions())] == expected["version_hashes"]
    verdicts = dataset.verdicts().select("claim_id", "status", "verdict").sort("claim_id").collect()
    assert [list(row) for row in verdicts.iter_rows()] == expected["verdicts"]
    assert dataset.fingerprint(1) == expected["fingerprint_1"]
    assert dataset.fingerprint() == expected["fingerprint"]
    assert annotators.annotator_id(dataset, "https://studio.example.org", 3) == expected["annotator_id"]
    assert verify(dataset.uri).findings == []


def test_old_data_is_written_to(golden: tuple[ds.Dataset, dict[str, object]], rows: Rows) -> None:
    dataset, _ = golden
    head = dataset.head
    assert ds.commit(dataset, events=rows.events(range(20)), cause="pull", now=rows.now) is None
    # What was read and is written back is no news, although older rows lack columns of this format.
    assert ds.commit(dataset, verdicts=dataset.verdicts().drop("version").collect(), cause="pull", now=rows.now) is None
    version = ds.commit(dataset, events=rows.events([90]), cause="pull", now=rows.at(90))
    assert version is not None
    assert version.version == head + 1
    assert verify(dataset.uri).findings == []


def test_every_verdict_says_who_decided_it(golden: tuple[ds.Dataset, dict[str, object]]) -> None:
    dataset, _ = golden
    changes = dataset.verdict_changes().collect()
    assert changes["origin"].null_count() == 0
    assert to_records(VerdictChange, changes)  # a source exactly where it was imported


class OldDesk:
    """The desk of `format-2-imports.tar.gz`: three verdicts of votes, one of a lead, one contested claim; three imports
    from Desk X, of which people voted on one later; one from another desk that `restore` took back."""

    X = ("Desk X, 2019", "import")

    def __init__(self, folder: Path) -> None:
        with tarfile.open(GOLDEN / "format-2-imports.tar.gz") as archive:
            archive.extractall(folder, filter="data")
        self.folder = folder
        self.settings = settings_package.load(folder, {})

    @property
    def data(self) -> ds.Dataset:
        return ds.open(self.settings.dataset_uri)

    def origins(self, as_of: int | None = None) -> list[tuple[str, str | None, str]]:
        """Origin, source and status by quote or, where it has none of its own, in the order of claim ids."""
        rows = self.data.verdicts(as_of).sort("claim_id").select("origin", "source", "status").collect()
        return sorted(rows.rows(), key=str)

    def imported(self, name: str, source: str, *, at: Rows) -> Report:
        return import_earlier(self.settings, [self.folder / name], source=source, own=[], dry_run=False, now=at.at(10))


OTHER = "شبکهٔ «ب» (2020)"


@pytest.fixture
def old(tmp_path: Path) -> OldDesk:
    return OldDesk(tmp_path)


def test_where_an_old_import_came_from_is_read_from_its_policy(old: OldDesk) -> None:
    voted = [("votes", None, "decided")] * 3 + [("votes", None, "contested")]
    lead = ("adjudicator", None, "decided")
    x = ("import", "Desk X, 2019", "decided")
    assert old.origins(1) == sorted([*voted, lead], key=str)
    assert old.origins(2) == sorted([*voted, lead, x, x, x], key=str)
    assert old.origins(3) == sorted([*voted, lead, x, x, x, ("import", OTHER, "decided")], key=str)
    # What was taken back is nobody's verdict, and what people voted on is theirs.
    nobody, theirs = ("votes", None, "unreviewed"), ("votes", None, "decided")
    assert old.origins() == sorted([*voted, lead, x, x, nobody, theirs], key=str)


def test_what_an_old_desk_imported_is_not_imported_again(old: OldDesk, rows: Rows) -> None:
    report = old.imported("x.csv", "Desk X, 2019", at=rows)
    # People have voted on the third.
    assert (report.version, report.accepted, [item.code for item in report.rejections]) == (
        None,
        2,
        ["ALREADY_DECIDED"],
    )
    other = old.imported("x.csv", OTHER, at=rows)
    assert (other.version, [item.code for item in other.rejections]) == (None, ["ALREADY_DECIDED"] * 3)
    assert {item.reason.split(" from ")[1].split(" (")[0] for item in other.rejections[:2]} == {"Desk X, 2019"}


def test_an_import_that_was_taken_back_can_be_made_by_anybody(old: OldDesk, rows: Rows) -> None:
    report = old.imported("y.csv", "Desk Z", at=rows)
    assert (report.rejections, report.version) == ([], 6)
    assert ("import", "Desk Z", "decided") in old.origins()
    dataset = old.data
    assert dataset.versions()["schema_version"].to_list() == [2] * 5 + [SCHEMA_VERSION]
    expected = json.loads((GOLDEN / "format-2-imports.json").read_text("utf-8"))
    assert dataset.versions()["version_hash"].to_list()[:5] == expected["version_hashes"]
    assert dataset.fingerprint(1) == expected["fingerprint_1"]
    assert verify(dataset.uri).findings == []


def test_an_old_desk_goes_on_with_what_it_imported_and_staged(old: OldDesk, rows: Rows) -> None:
    desk = Desk(old.settings)
    assert (desk.staging.articles().height, desk.staging.claims().height) == (1, 1)
    sent = {claim for wanted in wanted_of_projects(desk, None) for claim in wanted.tasks["claim_id"]}
    verdicts = desk.dataset.verdicts().collect()
    assert not sent & {*verdicts.filter(origin="import")["claim_id"]}
    assert rows.claim(20).claim_id in sent
    before = verdicts.filter(origin="import").sort("claim_id").drop("version")
    decide_again(desk, yes=True, now=rows.at(20))
    after = old.data.verdicts().filter(pl.col("origin") == "import").sort("claim_id").drop("version").collect()
    assert after.equals(before)
    assert verify(old.settings.dataset_uri).findings == []


NEW: dict[int, dict[str, list[str]]] = {
    4: {
        "articles": ["cues"],
        "claims": ["supersedes", "outlet", "said_at", "context"],
        "annotations": ["reason", "same_as", "corrected_claim", "saw_earlier"],
        "verdicts": ["reason", "n_unproven"],
        "claim_events": [name for name in ClaimEvent.model_fields if name != "event_id"],
    },
    5: {
        "articles": ["published_day"],
        "claims": ["claimant_role", "claimant_organisation", "claim_in_words", "repeated", "dates"],
    },
    6: {"editorial": [*EditorialChange.model_fields]},
}
"""What a format added, by table."""


def _golden(folder: Path, number: int) -> ds.Dataset:
    with tarfile.open(GOLDEN / f"format-{number}.tar.gz") as archive:
        archive.extractall(folder, filter="data")
    return ds.open(folder / "dataset")


def _tables(dataset: ds.Dataset) -> dict[str, pl.LazyFrame]:
    return {
        "articles": dataset.articles(),
        "claims": dataset.claims(),
        "annotations": dataset.annotations(),
        "verdicts": dataset.verdict_changes(),
        "claim_events": dataset.claim_events(),
        "editorial": dataset.editorial_changes(),
    }


@pytest.mark.parametrize("number", NEW)
def test_a_golden_dataset_has_rows_with_what_its_format_added(tmp_path: Path, number: int) -> None:
    read = _tables(_golden(tmp_path, number))
    for name, columns in NEW[number].items():
        rows = read[name].collect()
        assert [column for column in columns if rows[column].drop_nulls().is_empty()] == [], name


def test_what_format_5_added_is_null_where_an_older_format_wrote_and_read_back_as_it_was_written(
    tmp_path: Path,
) -> None:
    older = _tables(_golden(tmp_path / "4", 4))
    for name, columns in NEW[5].items():
        rows = older[name].select(columns).collect()
        assert [rows[column].null_count() for column in columns] == [rows.height] * len(columns)
    dataset = _golden(tmp_path / "5", 5)
    (article,) = to_records(Article, dataset.articles().filter(pl.col("published_day").is_not_null()).collect())
    assert article.published_day == date(2026, 11, 28)
    (claim,) = to_records(Claim, dataset.claims().filter(pl.col("repeated").is_not_null()).collect())
    assert (claim.claimant_role, claim.claimant_organisation) == ("سخنگوی وزارت راه", "وزارت راه")
    assert claim.repeated == [Place(start=5, end=8), Place(start=15, end=18)]
    assert claim.dates == [NamedDate(start=0, end=3, calendar=Calendar.JALALI, iso="2026-11-27")]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("claim_in_words", "متن شماره ۱"),
        ("repeated", [{"start": 5, "end": 9}, {"start": 15, "end": 18}]),
        ("dates", [{"start": 0, "end": 3, "calendar": "hijri", "iso": "2026-11-27"}]),
        ("dates", None),
    ],
)
def test_a_change_of_what_format_5_says_of_a_claim_is_news(tmp_path: Path, rows: Rows, column: str, value: Any) -> None:
    dataset = _golden(tmp_path, 5)
    told = dataset.claims().filter(pl.col("dates").is_not_null()).drop("version").collect()
    assert ds.commit(dataset, claims=told, cause="claims", now=rows.at(90)) is None
    changed = told.with_columns(pl.Series(column, [value], dtype=told.schema[column]))
    assert ds.commit(dataset, claims=changed, cause="claims", now=rows.at(90)) is not None
    assert dataset.claims().filter(pl.col("claim_id") == told["claim_id"][0]).collect()[column].to_list() == [value]
    assert verify(dataset.uri).findings == []


def test_what_editors_wrote_in_format_6_is_read_as_it_stands(tmp_path: Path, rows: Rows) -> None:
    dataset = _golden(tmp_path, 6)
    standing = {row["claim_id"]: row for row in dataset.editorial().to_dicts()}
    first, second = standing[rows.claim(0).claim_id], standing[rows.claim(5).claim_id]
    assert (first["headline"], first["summary"], first["topic"]) == ("تیتر نخست", "الف\nب", None)
    assert (first["page_url"], first["editorial_state"]) == ("https://desk.example/1", "published")
    assert (second["claim_reviewed"], second["editorial_state"]) == ("ده هزار نفر آمدند", "needs_review")
    assert dataset.editorial(8).filter(claim_id=second["claim_id"])["editorial_state"].to_list() == ["published"]
    assert dataset.editorial(5).is_empty()


def test_the_recording_times_of_format_4_are_read(tmp_path: Path) -> None:
    read = _tables(_golden(tmp_path, 4))
    assert {*read["annotations"].collect()["saw_earlier"]} == {True, False, None}
    (article,) = to_records(Article, read["articles"].filter(pl.col("cues").is_not_null()).collect())
    assert article.cues == [Cue(start=0, seconds=0.0), Cue(start=15, seconds=3723.5)]


def test_a_dataset_of_an_older_format_takes_what_later_ones_added(
    golden: tuple[ds.Dataset, dict[str, object]], rows: Rows
) -> None:
    dataset, expected = golden
    cues = pl.Series([[{"start": 0, "seconds": 0.5}]], dtype=schema(Article)["cues"])
    talk = rows.articles([90]).with_columns(cues=cues, published_day=pl.lit(date(2026, 11, 28)))
    told = rows.claims([90], repeated=[{"start": 4, "end": 9}], claim_in_words="so")
    seen = rows.events([91]).with_columns(saw_earlier=pl.lit(value=True))
    word = edited(told["claim_id"][0], "headline", "تیتر", at=rows.at(90))
    version = ds.commit(dataset, articles=talk, claims=told, events=seen, editorial=word, cause="pull", now=rows.at(90))
    assert version is not None
    assert dataset.versions()["version_hash"].to_list()[:-1] == expected["version_hashes"]
    articles = dataset.articles().filter(pl.col("article_id") == talk["article_id"][0]).collect()
    assert articles["cues"].to_list() == [[{"start": 0, "seconds": 0.5}]]
    assert articles["published_day"].to_list() == [date(2026, 11, 28)]
    claims = dataset.claims().filter(pl.col("claim_id") == told["claim_id"][0]).collect()
    assert claims["repeated"].to_list() == [[{"start": 4, "end": 9}]]
    assert dataset.editorial().filter(claim_id=told["claim_id"][0])["headline"].to_list() == ["تیتر"]
    assert dataset.annotations().filter(pl.col("event_id") == seen["event_id"][0]).collect()["saw_earlier"].all()
    assert verify(dataset.uri).findings == []


def test_asking_what_a_vacuum_would_take_writes_nothing(
    golden: tuple[ds.Dataset, dict[str, object]], rows: Rows
) -> None:
    dataset, _ = golden
    before = _files(Path(dataset.uri))
    vacuum(ds.open(dataset.uri), now=rows.now + timedelta(days=36500), dry_run=True)
    assert _files(Path(dataset.uri)) == before


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
