"""The schemas fit what people get: answers, frames, files; and they refuse what is nearly that."""

from __future__ import annotations

import copy
import json
import tarfile
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import polars as pl
import pytest
import typer.main
from typer.testing import CliRunner

from factcheck import dataset as ds
from factcheck.cli import answer, app
from factcheck.cli.answer_schemas import file_name
from factcheck.cli.answers import ANSWERS
from factcheck.cli.answers.streams import STREAMS
from factcheck.pipeline.frame_schemas import FRAMES
from factcheck.schemas.document import keywords
from tests.cli.test_twice import commands
from tests.dataset import desks
from tests.schemas import FOLDER, wrong, wrong_answer

ROOT = FOLDER.parent
SCHEMAS = sorted(FOLDER.glob("*.schema.json"))
KNOWN = {
    "$schema", "$id", "$ref", "$defs", "title", "description", "default", "type", "enum", "const", "format",
    "pattern", "minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
    "items", "prefixItems", "minItems", "maxItems", "uniqueItems", "contains", "minContains",
    "properties", "required", "additionalProperties", "patternProperties", "propertyNames", "maxProperties",
    "minProperties", "dependentRequired",
    "anyOf", "oneOf", "allOf", "not", "if", "then", "else", "examples", "$comment",
}  # fmt: skip
"""Keywords that the core, applicator, validation and annotation vocabularies of 2020-12 have."""


EVERY = sorted(commands(typer.main.get_command(app)))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return desks.make(tmp_path_factory.mktemp("schemas") / "desk")


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_no_schema_has_a_keyword_that_2020_12_lacks(path: Path) -> None:
    schema = json.loads(path.read_text("utf-8"))
    assert set(keywords(schema)) <= KNOWN
    jsonschema_rs.meta.validate(schema)


def test_every_command_has_a_schema() -> None:
    """That each fits what its command says is seen wherever a test runs it: `tests.conftest` and `tests.answers`."""
    assert {*ANSWERS, *STREAMS} == set(EVERY), "add the type of the command's data to factcheck/cli/answers"
    assert not set(ANSWERS) & set(STREAMS)


@pytest.mark.parametrize("command", EVERY)
def test_what_goes_wrong_is_an_answer_of_the_command(command: str, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["--desk", str(tmp_path), *command.split(), "--json", "--no-such-option"])
    assert done.exit_code == 2
    said = json.loads(done.stdout)
    assert (said["command"], said["error"]["exit_code"]) == (command, 2)
    assert wrong(file_name(command), said) == []
    assert wrong("answer.schema.json", said) == []


def test_answers_on_a_desk_and_answers_a_little_different(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each answer fits; with a member more or less, or of another type, it does not."""
    heard: list[dict[str, Any]] = []
    as_text = answer.text

    def text(envelope: dict[str, Any], *, line: bool = False) -> str:
        heard.append(json.loads(as_text(envelope, line=line)))
        return as_text(envelope, line=line)

    monkeypatch.setattr(answer, "text", text)
    for arguments in (desks.READING | desks.WHOLE).values():
        assert desks.run(desk, *arguments).code == 0, arguments
    desks.run(desk, "show", "clm_nobody")
    assert len({one["command"] for one in heard}) > 8
    for one in heard:
        assert wrong_answer(one) == []
        for changed in nearly(one):
            assert wrong(file_name(one["command"]), changed), changed


def nearly(envelope: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The envelope with one thing changed, in itself and in its data or error."""
    inner = "error" if "error" in envelope else "data"
    for place in ([], [inner]):
        for change in ("more", "less", "other"):
            made = copy.deepcopy(envelope)
            part = made
            for name in place:
                part = part[name]
            first = next(iter(part))
            if change == "more":
                part["surplus"] = 1
            elif change == "less":
                del part[first]
            else:
                part[first] = {"an": "object"}
            yield made
    yield envelope | {"format": answer.FORMAT + 1}
    yield envelope | {"command": "another"}


def rows(frame: pl.DataFrame | pl.LazyFrame) -> list[Any]:
    found = frame.lazy().collect().to_dicts()
    return [json.loads(answer.text(row)) for row in found]


def frames(data: ds.Dataset) -> dict[str, pl.DataFrame | pl.LazyFrame]:
    """Every frame that a dataset gives, by the name of its method."""
    given = {"diff": (0, data.head)}
    return {name: getattr(data, name)(*given.get(name, ())) for name in FRAMES}


def test_every_method_that_gives_a_frame_has_a_schema() -> None:
    hints = {name: getattr(ds.Dataset, name).__annotations__.get("return") for name in dir(ds.Dataset)
             if not name.startswith("_") and hasattr(getattr(ds.Dataset, name), "__annotations__")}  # fmt: skip
    parts = {"claims_among"}  # rows of another frame
    assert {name for name, hint in hints.items() if hint in {"pl.DataFrame", "pl.LazyFrame"}} == set(FRAMES) | parts


def test_rows_of_every_frame_fit(desk: Path) -> None:
    seen = check(ds.open(desk / "dataset"))
    assert {"articles", "claims", "annotations", "verdicts", "versions", "history", "diff", "status_history"} <= seen


@pytest.mark.parametrize(
    "archive", sorted((ROOT / "tests/dataset/golden").glob("*.tar.gz")), ids=lambda path: path.name
)
def test_rows_of_older_formats_fit(archive: Path, tmp_path: Path) -> None:
    with tarfile.open(archive) as tar:
        tar.extractall(tmp_path, filter="data")
    (log,) = {path.parent.parent for path in tmp_path.rglob("_delta_log") if path.parent.name == "versions"}
    assert "claims" in check(ds.open(log))


def check(data: ds.Dataset) -> set[str]:
    """The frames that have rows, all of which fit."""
    seen = set()
    for name, frame in frames(data).items():
        for row in rows(frame)[:200]:
            seen.add(name)
            assert wrong(f"frame-{name.replace('_', '-')}.schema.json", row) == [], (name, row)
    return seen


def test_lines_of_the_golden_exports_fit() -> None:
    lines = (ROOT / "exports/records-jsonl/sample/claims-v3.jsonl").read_text("utf-8").splitlines()
    changes = (ROOT / "exports/weekly-changes/sample/changes-v1-to-v3.jsonl").read_text("utf-8").splitlines()
    for name, found in (("export-jsonl", lines), ("export-changes", changes)):
        assert len(found) > 3
        for line in map(json.loads, found):
            assert wrong(f"{name}.schema.json", line) == []
            assert wrong(f"{name}.schema.json", line | {"surplus": 1})
            del line["dataset_version"]
            assert wrong(f"{name}.schema.json", line), "every line says which version it is of"


def test_a_release_has_a_manifest_that_fits(desk: Path, tmp_path: Path) -> None:
    done = desks.run(desk, "release", "spring-2026", "--out", str(tmp_path))
    manifest = json.loads((Path(done.said["folder"]) / "manifest.json").read_text("utf-8"))
    assert manifest == done.said["manifest"]
    assert wrong("release-manifest.schema.json", manifest) == []
    assert wrong("release-manifest.schema.json", manifest | {"surplus": 1})


@pytest.mark.parametrize("path", sorted(ROOT.glob("exports/*/profile.toml")), ids=lambda path: path.parent.name)
def test_the_built_in_profiles_fit_and_a_typo_does_not(path: Path) -> None:
    profile = tomllib.loads(path.read_text("utf-8"))
    assert wrong("profile.toml.schema.json", profile) == []
    assert wrong("profile.toml.schema.json", profile | {"colums": []})


def test_the_settings_that_init_writes_fit_and_a_typo_does_not(desk: Path, tmp_path: Path) -> None:
    CliRunner().invoke(app, ["--desk", str(tmp_path), "init", "--name", "میز", "--language", "fa"])
    for folder in (desk, tmp_path):
        settings = tomllib.loads((folder / "factcheck.toml").read_text("utf-8"))
        assert wrong("factcheck.toml.schema.json", settings) == []
        for section in settings:
            assert wrong("factcheck.toml.schema.json", settings | {section: {"nmae": 1}}), section
    assert wrong("factcheck.toml.schema.json", {"root": "/"}), "it is where the file lies, not in it"
