"""`factcheck import`: decisions made elsewhere become a version, once, and take nothing from people who voted."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner

from factcheck import dataset as ds
from factcheck import settings as settings_package
from factcheck.cli import app
from factcheck.frames import from_records
from factcheck.models import Status, Verdict, VerdictChange
from factcheck.pipeline.decide import decide_again
from factcheck.pipeline.desired import wanted_of_projects
from factcheck.pipeline.desk import Desk
from tests.answers import answer

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CLAIM = "تولید برق در سال ۱۴۰۳ به ۳۸۰ میلیارد کیلووات‌ساعت رسید."
SAMPLES = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "claimskg_samples"


def run(desk: Path, *arguments: str, exit_code: int = 0) -> str:
    result = CliRunner().invoke(app, ["--desk", str(desk), *arguments])
    assert result.exit_code == exit_code, result.output
    return result.output


def imported(desk: Path, *arguments: str, source: str = "Desk X", exit_code: int = 0) -> dict[str, Any]:
    report: dict[str, Any] = answer(run(desk, "import", *arguments, "--source", source, "--json", exit_code=exit_code))
    assert report["accepted"] + report["rejected"] == report["seen"]
    assert len(report["rejections"]) == report["rejected"]
    return report


def opened(folder: Path) -> Desk:
    return Desk(settings_package.load(folder, {}))


def data(folder: Path) -> ds.Dataset:
    found = opened(folder).committed()
    assert found is not None
    return found


def codes(report: dict[str, Any]) -> list[str]:
    return [item["code"] for item in report["rejections"]]


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    run(tmp_path, "init", "--language", "fa")
    return tmp_path


@pytest.fixture
def table(desk: Path) -> str:
    path = desk / "reviews.csv"
    rows = [
        "claim,rating,claimant,review_url,date,review date",
        f"{CLAIM},نادرست,وزیر نیرو,https://checks.example/1,۱۴۰۳/۱۲/۱۰,2025-03-02",
        "The bridge cost 40 million.,Mostly true,The mayor,https://checks.example/2,2025-03-01,not a date",
    ]
    path.write_text("\n".join(rows), "utf-8")
    return str(path)


def test_an_import_is_one_version_that_names_its_source(desk: Path, table: str) -> None:
    report = imported(desk, table, source=" Desk X,  2019 ")
    assert (report["seen"], report["accepted"], report["version"]) == (2, 2, 1)
    assert any("could not be read" in warning and "reviews.csv:3" in warning for warning in report["warnings"])
    found = data(desk)
    version = found.version()
    assert version is not None
    assert (version.cause, version.message) == ("import", "Desk X, 2019")
    rows = found.verdicts().sort("verdict").collect()
    assert rows["policy"].to_list() == ["import(Desk X, 2019)"] * 2
    assert rows.select("origin", "source").rows() == [("import", "Desk X, 2019")] * 2
    assert rows["verdict"].to_list() == ["disputed", "verified"]
    assert rows["evidence"].to_list() == [["https://checks.example/1"], ["https://checks.example/2"]]
    assert rows["rationales"].to_list() == [["نادرست"], ["Mostly true"]]
    assert rows["decided_at"].to_list() == [datetime(2025, 3, 2, tzinfo=UTC), None]
    assert rows.select(pl.col("^n_.*$").sum()).sum_horizontal().item() == 0
    claim = (
        found.claims()
        .collect()
        .join(rows, left_on="group_id", right_on="claim_id")
        .filter(lang="fa")
        .row(0, named=True)
    )
    article = found.articles().filter(article_id=claim["article_id"]).collect().row(0, named=True)
    assert (claim["quote"], claim["extractor"], claim["claimant"]) == (CLAIM, "import", "وزیر نیرو")
    assert article["text"][claim["start"] : claim["end"]] == claim["quote"]
    assert (article["url"], article["calendar"]) == ("https://checks.example/1", "jalali")
    assert article["published_at"] == datetime(2025, 2, 28, tzinfo=UTC)
    assert "import(Desk X, 2019)" in run(desk, "show", claim["claim_id"])


def test_an_import_twice_is_an_import_once(desk: Path, table: str) -> None:
    imported(desk, table)
    again = imported(desk, table)
    assert (again["accepted"], again["counts"]["verdicts"], again["counts"]["claims"]) == (2, 0, 0)
    assert again["version"] is None
    imported(desk, table, table)
    assert data(desk).head == 1


def test_a_dry_run_says_the_same_and_changes_nothing(desk: Path, table: str) -> None:
    dry = imported(desk, table, "--dry-run")
    assert opened(desk).committed() is None
    real = imported(desk, table)
    assert (dry["version"], real["version"], real["counts"].pop("version")) == (None, 1, 1)
    assert dry["counts"] == real["counts"]


def test_ratings_that_are_not_known_can_be_mapped(desk: Path) -> None:
    path = desk / "a.csv"
    path.write_text("claim,rating\nA claim that is here,Dubious\nAnother one,True\n", "utf-8")
    report = imported(desk, str(path))
    assert codes(report) == ["UNKNOWN_RATING"]
    assert "'Dubious'" in report["rejections"][0]["reason"]
    assert "--map" in report["next_steps"][0]
    assert "1 inputs quarantined" in run(desk, "status")
    assert imported(desk, str(path), "--map", "dubious=disputed")["counts"] == {
        "verdicts": 1,
        "disputed": 1,
        "claims": 1,
        "version": 2,
    }
    assert "[USAGE]" in run(desk, "import", str(path), "--source", "X", "--map", "dubious", exit_code=2)


def test_a_source_needs_a_name(desk: Path, table: str) -> None:
    assert "--source" in run(desk, "import", table, "--source", " . ", exit_code=2)


def test_files_that_cannot_be_read_are_named(desk: Path, table: str) -> None:
    (desk / "empty.csv").touch()
    (desk / "only_header.csv").write_text("claim,rating\n", "utf-8")
    (desk / "bad.csv").write_bytes(b"claim,rating\n\xff\xfe\xd8\x00 \xc3\x28,True\n")
    names = ["empty.csv", "only_header.csv", "bad.csv", "absent.csv", "."]
    report = imported(desk, *(str(desk / name) for name in names), exit_code=3)
    assert codes(report) == ["EMPTY", "EMPTY", "ENCODING", "NOT_FOUND", "UNREADABLE"]
    assert imported(desk, str(desk / "empty.csv"), table)["accepted"] == 2


def test_rows_that_contradict_each_other_are_all_put_aside(desk: Path) -> None:
    path = desk / "a.csv"
    path.write_text("claim,rating\nSame claim,True\n«Same  claim.»,False\nOther,True\nOther,Correct\n", "utf-8")
    report = imported(desk, str(path))
    assert codes(report) == ["CONTRADICTORY"] * 2
    assert (report["accepted"], report["counts"]["verdicts"]) == (2, 1)


def test_the_same_source_may_correct_itself_and_another_may_not(desk: Path) -> None:
    path = desk / "a.csv"
    path.write_text("claim,rating,review_url\nSame claim,True,https://x.example/1\n", "utf-8")
    imported(desk, str(path))
    path.write_text("claim,rating,review_url\nSame claim,Verified,https://x.example/2\n", "utf-8")
    imported(desk, str(path))
    assert data(desk).verdicts().collect()["evidence"].to_list() == [["https://x.example/1", "https://x.example/2"]]
    path.write_text("claim,rating,review_url\nSame claim,False,https://x.example/3\n", "utf-8")
    other = imported(desk, str(path), source="Desk Y", exit_code=3)
    assert codes(other) == ["ALREADY_DECIDED"]
    assert "from Desk X" in other["rejections"][0]["reason"]
    imported(desk, str(path))
    last = data(desk).verdicts().collect()
    assert (last["verdict"].to_list(), last["evidence"].to_list()) == (["disputed"], [["https://x.example/3"]])
    assert data(desk).verdict_changes().collect().height == 3


def ingested(desk: Path) -> str:
    """The id of a staged claim that says `CLAIM`."""
    (desk / "a.txt").write_text(f"وزیر نیرو گفت:\n{CLAIM}\nاین رقم ۵ درصد بیشتر از سال پیش است.\n", "utf-8")
    run(desk, "ingest", str(desk / "a.txt"))
    run(desk, "claims")
    return str(opened(desk).staging.claims().filter(quote=CLAIM)["group_id"].item())


def test_a_decision_joins_the_claim_that_is_staged(desk: Path, table: str) -> None:
    group = ingested(desk)
    imported(desk, table)
    assert group in data(desk).verdicts().collect()["claim_id"].to_list()
    assert data(desk).claims().filter(group_id=group).collect().height == 2
    staged = opened(desk).staging.claims().height
    run(desk, "claims")
    assert opened(desk).staging.claims().height == staged
    assert opened(desk).claims().filter(group_id=group).height == 2
    assert "version 1: 2 claims of" in run(desk, "export", "open-data-csv")


@pytest.mark.parametrize(("status", "verdict"), [(Status.DECIDED, Verdict.VERIFIED), (Status.SINGLE, None)])
def test_what_people_voted_on_is_not_overwritten(
    desk: Path, table: str, status: Status, verdict: Verdict | None
) -> None:
    group = ingested(desk)
    here = opened(desk)
    voted = VerdictChange(claim_id=group, status=status, verdict=verdict, n_votes=1, n_verified=1, policy="majority()")
    ds.commit(
        here.dataset,
        articles=here.staging.articles(),
        claims=here.staging.claims(),
        verdicts=from_records(VerdictChange, [voted]),
        cause="pull",
        policy=here.rule(),
        now=NOW,
    )
    report = imported(desk, table)
    assert codes(report) == ["ALREADY_DECIDED"]
    assert group in report["rejections"][0]["reason"]
    assert report["accepted"] == 1
    assert data(desk).verdicts().filter(claim_id=group).collect()["policy"].to_list() == ["majority()"]


def test_what_is_imported_is_not_sent_to_checkers(desk: Path, table: str) -> None:
    imported(desk, table)
    assert next(iter(wanted_of_projects(opened(desk), None))).tasks.is_empty()


def test_a_claim_whose_import_was_taken_back_is_sent_to_checkers(desk: Path, table: str) -> None:
    group = ingested(desk)
    here = opened(desk)
    articles, claims = here.staging.articles(), here.staging.claims()
    ds.commit(here.dataset, articles=articles, claims=claims, cause="pull", policy=here.rule(), now=NOW)
    imported(desk, table)
    assert group not in next(iter(wanted_of_projects(opened(desk), None))).tasks["claim_id"]
    run(desk, "restore", "1")
    last = data(desk).verdicts().filter(claim_id=group).select("status", "origin", "source").collect()
    assert last.rows() == [("unreviewed", "votes", None)]
    assert group in next(iter(wanted_of_projects(opened(desk), None))).tasks["claim_id"]
    assert imported(desk, table, source="Desk Y")["accepted"] == 2


def test_an_imported_verdict_outlives_a_change_of_policy(desk: Path, table: str) -> None:
    imported(desk, table)
    before = data(desk).verdicts().sort("claim_id").collect()
    path = desk / "factcheck.toml"
    path.write_text(path.read_text("utf-8").replace("min_votes = 2", "min_votes = 3"), "utf-8")
    version = decide_again(opened(desk), yes=True, now=NOW).version
    assert version is not None
    assert data(desk).verdicts().sort("claim_id").collect().equals(before)


@pytest.mark.parametrize(("format_name", "language"), [("csv", "fa"), ("csv", "ar"), ("csv", "en"), ("jsonl", "fa")])
def test_our_own_exports_come_back_the_same(desk: Path, tmp_path: Path, format_name: str, language: str) -> None:
    rows = [
        {"claim": "=SUM(1) is two", "rating": "False", "url": "https://n.example/1", "publisher": "+News"},
        {"claim": "'quoted' claim", "rating": "Opinion", "claimant": "@mayor", "date": "2025-03-01"},
        {"claim": CLAIM, "rating": "درست", "evidence": ["https://e.example/1", "a book"], "review date": "2025-03-02"},
    ]
    source = desk / "rows.json"
    source.write_text(json.dumps(rows), "utf-8")
    imported(desk, str(source))
    profile = desk / "exports" / "own"
    profile.mkdir(parents=True)
    labels = f'format = "{format_name}"\nfile = "own-v{{version}}.{format_name}"\nlanguage = "{language}"\n'
    profile.joinpath("profile.toml").write_text(
        labels + ('headers = "labels"\n' if format_name == "csv" else ""), "utf-8"
    )
    run(desk, "export", "own", "--out", str(desk / "out"))
    other = tmp_path / "other"
    run(other, "init")
    report = imported(other, str(desk / "out" / f"own-v1.{format_name}"))
    assert (report["accepted"], report["rejected"]) == (3, 0)
    for name in ("quote", "claimant"):
        assert column(other, name) == column(desk, name)
    for name in ("verdict", "evidence", "decided_at"):
        theirs, ours = (data(folder).verdicts().collect().sort("verdict")[name].to_list() for folder in (other, desk))
        assert theirs == ours
    articles = data(other).articles().filter(pl.col("url").is_not_null()).collect()
    assert articles.select("text", "url", "publisher").rows() == [("=SUM(1) is two", "https://n.example/1", "+News")]


def column(folder: Path, name: str) -> list[Any]:
    return list(data(folder).claims().collect().sort("quote")[name])


@pytest.mark.data
@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the evaluation data is not beside the repository")
def test_every_row_of_claimskg_is_accepted_or_rejected(desk: Path) -> None:
    files = sorted(SAMPLES.glob("*.csv"))
    rows = sum(pl.read_csv(path, infer_schema=False).height for path in files)
    report = imported(desk, *map(str, files), source="ClaimsKG")
    assert report["seen"] == rows == 130
    assert set(codes(report)) == {"UNKNOWN_RATING"}
    assert {item["reason"].split("'")[1] for item in report["rejections"]} == {"Other"}
    assert report["accepted"] == 117
    assert imported(desk, *map(str, files), source="ClaimsKG")["version"] is None
