"""`schemas`: the JSON Schemas of what people get, and the labeling configs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from factcheck import exporters
from factcheck import schemas as schemas_package
from factcheck.exporters import claimreview_schema
from factcheck.exporters.contract import Rendered
from factcheck.languages import OTHERWISE, SPOKEN
from factcheck.pipeline.file_schemas import file_schemas
from factcheck.pipeline.frame_schemas import frame_schemas
from factcheck.studio.page.label_config import label_config


def schemas(folder: Path, answers: Mapping[str, str], *, force: bool) -> list[Path]:
    """The paths of the JSON Schemas and labeling configs that were written."""
    return exporters.write(contract(answers), folder, force=force)


def contract(answers: Mapping[str, str]) -> list[Rendered]:
    """Everything under schemas/: JSON Schemas of records, rows, files and ClaimReview, the labeling config.

    `answers` are those of what commands say, which only the command line knows.
    """
    texts = {**schemas_package.json_schemas(), **frame_schemas(), **file_schemas(), **answers}
    texts["claimreview.schema.json"] = json.dumps(claimreview_schema.schema(), ensure_ascii=False, indent=2) + "\n"
    for language in SPOKEN:
        name = "label_config.xml" if language == OTHERWISE else f"label_config.{language}.xml"
        texts[name] = label_config(language) + "\n"
    return [Rendered(name, text.encode("utf-8")) for name, text in texts.items()]
