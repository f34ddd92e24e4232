"""`learn` on a desk: a numbered file that changes nothing until the desk names it, and then names itself on claims."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from factcheck import settings
from factcheck.claims import EXTRACTOR
from factcheck.cli import app
from factcheck.pipeline.desk import Desk

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    folder = tmp_path / "desk"
    folder.mkdir()
    assert run(folder, "init", "--name", "desk").exit_code == 0
    return folder


def run(desk: Path, *words: str, amounts: str | None = None) -> Result:
    """The command's outcome; `amounts` as `[claims] amounts` of factcheck.toml."""
    environment = {"FACTCHECK_CLAIMS_AMOUNTS": amounts} if amounts else {}
    return CliRunner(env=environment).invoke(app, ["--desk", str(desk), *words])


def decided(desk: Path, facts: int, opinions: int) -> None:
    path = desk.parent / "checks.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["claim", "verdict", "date"])
        writer.writerows([f"The council spent {n} million on roads.", "verified", "2025-01-01"] for n in range(facts))
        writer.writerows([f"I think road {n} is a beautiful one.", "opinion", "2025-01-01"] for n in range(opinions))
    done = run(desk, "import", str(path), "--source", "Archive")
    assert done.exit_code == 0, done.output


def test_what_is_learnt_is_used_when_the_desk_says_so(desk: Path) -> None:
    decided(desk, 40, 40)
    done = run(desk, "learn")
    assert done.exit_code == 0, done.output
    assert "40 claims found to be facts, 40 to be opinions" in done.output
    assert (desk / "amounts" / "0001.toml").is_file()
    assert run(desk, "learn").exit_code == 0
    assert (desk / "amounts" / "0002.toml").read_bytes() == (desk / "amounts" / "0001.toml").read_bytes(), "same seed"
    article = desk / "articles"
    article.mkdir(exist_ok=True)
    (article / "a.txt").write_text(
        "The council spent 40 million on the new bridge this year, the mayor said on Monday."
    )
    assert run(desk, "ingest", str(article)).exit_code == 0
    assert run(desk, "claims").exit_code == 0
    before = run(desk, "claims", "--json").output
    after = run(desk, "claims", "--json", amounts="amounts/0002.toml").output
    assert before != after
    (extractor,) = set(Desk(settings.load(desk, environment={})).staging.claims()["extractor"])
    assert extractor.startswith(f"{EXTRACTOR} 0002-")


def test_too_few_verdicts_are_said_to_be_too_few(desk: Path) -> None:
    decided(desk, 3, 3)
    done = run(desk, "learn")
    assert done.exit_code == 2
    assert "not yet 30 claims" in done.output
    assert not (desk / "amounts").exists()


WRONG = [None, b"[base]\n", b"\xff", b"amounts = 1", b"[base]\nother = 1\n[amounts]\nx = 'y'\n"]


@pytest.mark.parametrize("content", WRONG)
def test_a_file_that_is_missing_or_wrong_stops_claims_with_a_way_out(desk: Path, content: bytes | None) -> None:
    if content is not None:
        (desk / "mine.toml").write_bytes(content)
    done = run(desk, "claims", amounts="mine.toml")
    assert done.exit_code != 0
    assert "mine.toml" in done.output
    assert "[claims] amounts" in done.output
