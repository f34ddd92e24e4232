"""`schemas`: the JSON Schemas of the records and of the ClaimReview export, and the labeling configs."""

from __future__ import annotations

import json
from pathlib import Path

from factcheck import exporters
from factcheck import schemas as schemas_package
from factcheck.exporters import claimreview_schema
from factcheck.exporters.contract import Rendered
from factcheck.languages import Language
from factcheck.studio.page.label_config import label_config

CONFIG_LANGUAGES: tuple[Language, ...] = ("en", "fa", "ar")


def schemas(folder: Path, *, force: bool) -> list[Path]:
    """The paths of the JSON Schemas and labeling configs that were written."""
    return exporters.write(contract(), folder, force=force)


def contract() -> list[Rendered]:
    """Everything under schemas/: a JSON Schema per record and for ClaimReview, the labeling config in each language."""
    texts = schemas_package.json_schemas()
    texts["claimreview.schema.json"] = json.dumps(claimreview_schema.schema(), ensure_ascii=False, indent=2) + "\n"
    for language in CONFIG_LANGUAGES:
        name = "label_config.xml" if language == "en" else f"label_config.{language}.xml"
        texts[name] = label_config(language) + "\n"
    return [Rendered(name, text.encode("utf-8")) for name, text in texts.items()]
