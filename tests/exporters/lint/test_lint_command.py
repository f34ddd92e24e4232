"""`factcheck lint` as a person and a script see it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from factcheck.cli import app
from tests.answers import answer
from tests.exporters.lint.corpus_files import patched


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["lint", *map(str, arguments)])


def written(folder: Path, name: str, base: str, **changes: object) -> Path:
    path = folder / name
    path.write_text(json.dumps(patched(base, changes), ensure_ascii=False), "utf-8")
    return path


def test_exit_codes_tell_errors_warnings_and_refusals_apart(tmp_path: Path) -> None:
    good = written(tmp_path, "good.json", "en")
    warned = written(tmp_path, "warned.json", "en", reviewBody=None)
    bad = written(tmp_path, "bad.json", "en", claimReviewed="")
    (tmp_path / "strange.json").write_text("{", "utf-8")
    assert run(good).exit_code == 0
    assert (run(warned).exit_code, run(warned, "--strict").exit_code) == (0, 10)
    assert run(bad).exit_code == 10
    assert run(good, tmp_path / "strange.json").exit_code == 3
    assert run(tmp_path).exit_code == 10
    assert run(good, "--site", "desk").exit_code == 2


def test_what_a_folder_has_beside_its_reviews_is_counted_and_what_is_named_is_refused(tmp_path: Path) -> None:
    written(tmp_path, "good.json", "en")
    (tmp_path / "site.css").write_text("body {}", "utf-8")
    (tmp_path / "font.woff2").write_bytes(b"wOF2\x00\x01\xff\xfe\x81")
    (tmp_path / "data.json").write_text("{}", "utf-8")
    done = run(tmp_path)
    assert done.exit_code == 0
    assert "3 other files in these folders hold no review" in done.stdout
    assert run(tmp_path, tmp_path / "site.css").exit_code == 3
    (tmp_path / "cut.json").write_bytes(b'{"@type": "ClaimReview", "url": "\xff\xfe\x81')
    assert run(tmp_path).exit_code == 3, "a damaged file of markup is no other file"
    (tmp_path / "cut.json").unlink()
    (tmp_path / "good.json").unlink()
    assert run(tmp_path).exit_code == 3, "a folder without any review was not read for nothing"


def test_it_prints_findings_by_rule_and_the_readers(tmp_path: Path) -> None:
    written(tmp_path, "a.json", "en", url="__absent__")
    written(tmp_path, "b.json", "fa")
    lines = run(tmp_path).stdout.splitlines()
    assert lines[0] == "lint: 2 reviews in 2 files: 1 errors, 0 warnings, 1 pieces of advice"
    assert [line.split()[:2] for line in lines if line.startswith(("  error", "  advice"))] == [
        ["error", "URL_MISSING"],
        ["advice", "RATING_SCRIPT"],
    ]
    readers = {line[:18].strip(): line[18:].split() for line in lines if line.startswith((" Duke", " Bluesky"))}
    assert (readers["Duke's crawler"][0], readers["Duke's crawler"][-1]) == ("1", "1")
    assert (readers["Bluesky labeler"][0], readers["Bluesky labeler"][-1]) == ("0", "2")


def test_json_names_every_finding_with_path_mend_and_readers(tmp_path: Path) -> None:
    path = written(tmp_path, "a.json", "en", url="__absent__")
    found = answer(run(path, "--json").stdout)
    (finding,) = found["findings"]
    assert (finding["rule"], finding["path"], finding["file"]) == ("URL_MISSING", "$.url", str(path))
    assert finding["readers"]["Duke's crawler"] == "drops"
    assert (found["reviews"], found["levels"]) == (1, {"error": 1, "warning": 0, "advice": 0})
    assert [row["dropped"] for row in found["readers"]] == [1] * 6


def test_copies_and_sarif_are_written_once_and_said(tmp_path: Path) -> None:
    path = written(tmp_path, "a.json", "en", reviewBody=None)
    out, report = tmp_path / "out", tmp_path / "lint.sarif"
    first = run(path, "--fix", out, "--sarif", report)
    assert first.exit_code == 0
    assert f"{out / 'a.json'}  (1 mends)" in first.stdout
    assert "NULL $.reviewBody" in first.stdout
    assert json.loads((out / "a.json").read_text("utf-8")) == patched("en", {})
    assert json.loads(report.read_text("utf-8"))["version"] == "2.1.0"
    assert run(path, "--fix", out, "--sarif", report).exit_code == 0, "the same bytes are there"
    assert run(out, "--fix", tmp_path / "again").stdout.endswith("nothing could be mended for certain\n")


@pytest.mark.parametrize("options", [(), ("--fix", "mended")])
def test_the_whole_file_system_is_not_read(options: tuple[str, ...], tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["--desk", str(tmp_path), "lint", "/", *options])
    assert done.exit_code
    assert "the whole file system" in done.output
