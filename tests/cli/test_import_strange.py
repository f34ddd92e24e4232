"""`factcheck import` of files as they are met; one bad record costs that record, one bad file that file."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from factcheck import settings as settings_package
from factcheck.articles import dates, files, lang
from factcheck.cli import app
from factcheck.importers import documents, records
from factcheck.pipeline import import_
from factcheck.pipeline.desk import Desk
from tests.answers import answer
from tests.failing import failing

CASES = Path(__file__).resolve().parents[1] / "importers" / "cases"


def run(desk: Path, *arguments: str, exit_code: int = 0) -> dict[str, Any]:
    result = CliRunner().invoke(app, ["--desk", str(desk), *arguments, "--json"])
    assert result.exit_code == exit_code, result.output
    report: dict[str, Any] = answer(result.output)
    return report


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    run(tmp_path, "init", "--language", "fa")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "accepted"),
    [
        ("sep_semicolon.csv", 2), ("sep_bom.csv", 2), ("blank_first.csv", 2), ("entities_claim.json", 1),
        ("rating_html.json", 1), ("google_api.json", 1),
    ],
)  # fmt: skip
def test_files_of_other_programs_are_imported(desk: Path, name: str, accepted: int) -> None:
    report = run(desk, "import", str(CASES / name), "--source", "Old")
    assert (report["accepted"], report["rejected"], report["version"]) == (accepted, 0, 1)


def test_a_claim_with_entities_joins_the_desks_own(desk: Path) -> None:
    (desk / "a.txt").write_text("شهردار گفت: «خط چهارم» مترو امسال تمام می‌شود.", "utf-8")
    own = desk / "own.csv"
    own.write_text("claim,rating\n«خط چهارم» مترو \u200cامسال تمام می\u200cشود,نادرست\n", "utf-8")
    run(desk, "import", str(own), "--source", "Old")
    report = run(desk, "import", str(CASES / "entities_claim.json"), "--source", "Old")
    assert report["counts"]["disputed"] == 1  # the evidence is new, the verdict stays
    found = Desk(settings_package.load(desk, {})).committed_claims()
    assert found["group_id"].n_unique() == 1
    assert any("HTML tags and entities" in warning for warning in report["warnings"])


class _Odd(Exception):
    pass


@pytest.mark.parametrize("place", ["language", "published", "_record", "load", "read"])
def test_what_fails_is_named_and_the_rest_is_imported(desk: Path, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    second_fails = failing(1, lambda: _Odd("a\nstrange thing"))

    module: Any = {
        "language": lang,
        "published": dates,
        "_record": records,
        "load": files,
        "read": documents,
    }[place]
    monkeypatch.setattr(module, place, second_fails(getattr(module, place)))
    paths = []
    for n in range(3):
        path = desk / f"{n}.csv"
        path.write_text(
            f"claim,rating,date\nThe bridge number {n} cost {n}0 million.,false,2024-01-0{n + 1}\n", "utf-8"
        )
        paths.append(str(path))
    report = run(desk, "import", *paths, "--source", "Old")
    assert (report["seen"], report["accepted"], report["rejected"]) == (3, 2, 1)
    (rejected,) = report["rejections"]
    assert rejected["code"] == "UNEXPECTED"
    assert "_Odd" in rejected["reason"]
    kept = (desk / ".factcheck" / "quarantine.jsonl").read_text("utf-8")
    assert "_Odd" in kept


def test_a_name_that_is_no_text_is_no_stop(desk: Path) -> None:
    name = os.fsencode(desk) + b"/\xff.csv"
    Path(os.fsdecode(name)).write_text("claim,rating\nThe bridge cost 40 million.,false\nx,\n", "utf-8")
    report = import_.import_earlier(
        settings_package.load(desk, {}),
        [Path(os.fsdecode(name)), Path("a\0b"), Path("gone.csv")],
        source="Old",
        own=[],
        dry_run=False,
        now=datetime.now(UTC),
    )
    assert (report.seen, report.accepted, report.rejected) == (4, 1, 3)
    assert [item.code for item in report.rejections] == ["NO_RATING", "UNREADABLE", "NOT_FOUND"]
