"""schemas/ is what the models and the labeling config say, and valid."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from factcheck.cli.answer_schemas import answer_schemas
from factcheck.languages import OTHERWISE, SPOKEN
from factcheck.pipeline.schemas import contract, schemas

FOLDER = Path(__file__).parents[2] / "schemas"
SCHEMAS = sorted(FOLDER.glob("*.schema.json"))


def test_the_checked_in_files_are_the_generated_ones() -> None:
    generated = {rendered.name: rendered.content for rendered in contract(answer_schemas())}
    checked_in = {path.name: path.read_bytes() for path in FOLDER.iterdir() if path.name != "README.md"}
    assert checked_in == generated, "run `make generate`"
    page = (FOLDER / "README.md").read_text("utf-8")
    pages = {f"label_config.{code}.xml" for code in SPOKEN if code != OTHERWISE}
    assert pages < {*generated}
    assert "`label_config.CODE.xml`" in page
    unlisted = [name for name in {*generated} - pages if f"({name})" not in page]
    assert unlisted == [], "schemas/README.md lists every file"


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_schemas_are_valid_and_say_who_they_are(path: Path) -> None:
    schema: dict[str, Any] = json.loads(path.read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert re.fullmatch(r"urn:factcheck:schema:[a-z._:-]+:\d+", schema["$id"])


def test_schemas_are_written_where_asked_and_nothing_is_replaced(tmp_path: Path) -> None:
    from factcheck.errors import OutputExists

    written = schemas(tmp_path / "out", {}, force=False)
    names = {path.name for path in FOLDER.iterdir() if not path.name.startswith("answer")}
    assert {path.name for path in written} == names - {"README.md"}
    assert schemas(tmp_path / "out", {}, force=False) == written
    written[0].write_text("mine", "utf-8")
    with pytest.raises(OutputExists):
        schemas(tmp_path / "out", {}, force=False)
