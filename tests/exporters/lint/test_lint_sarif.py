"""SARIF: what a host of code needs of it, and one golden file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from factcheck.exporters.lint import rules
from factcheck.exporters.lint.sarif import sarif
from factcheck.pipeline.lint import Linted, lint
from tests.exporters.lint.corpus_files import page, patched

HERE = Path(__file__).parent
SHAPE = json.loads((HERE / "sarif_shape.schema.json").read_text("utf-8"))


def linted(folder: Path) -> Linted:
    bad = patched("fa", {"url": "__absent__", "@context": "http://schema.org"})
    script = json.dumps(bad, ensure_ascii=False)
    (folder / "صفحه: 1.html").write_text(page("https://desk.example.org/fa/1", [script]), "utf-8")
    (folder / "table.csv").write_text("claim\n", "utf-8")
    (folder / "lines.jsonl").write_text(f"{json.dumps(patched('en', {}))}\n{json.dumps(patched('en', {}))}\n", "utf-8")
    return lint([Path("صفحه: 1.html"), Path("table.csv"), Path("lines.jsonl")])


def test_the_same_findings_are_the_same_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = linted(tmp_path)
    found = sarif(done.judged, done.refused, version="1.0")
    jsonschema.validate(found, SHAPE, cls=jsonschema.Draft7Validator)
    (run,) = found["runs"]
    named = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert named == list(rules())
    assert all(named[result["ruleIndex"]] == result["ruleId"] for result in run["results"])
    results = {name: run[name] for name in ("results", "invocations")}
    golden = json.loads((HERE / "golden.sarif.json").read_text("utf-8"))
    assert results == golden, json.dumps(results, ensure_ascii=False, indent=2)


@pytest.mark.parametrize("change", ["level", "message", "startLine"])
def test_the_shape_refuses_what_is_none(change: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = sarif(linted(tmp_path).judged, [], version="1.0")
    result: dict[str, Any] = found["runs"][0]["results"][0]
    match change:
        case "level":
            result["level"] = "advice"
        case "message":
            del result["message"]
        case _:
            result["locations"][0]["physicalLocation"]["region"] = {"startLine": 0}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(found, SHAPE, cls=jsonschema.Draft7Validator)
