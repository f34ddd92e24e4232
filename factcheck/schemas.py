"""The outside contract of the records as JSON Schema 2020-12, generated from the models."""

from __future__ import annotations

import json
import re

from factcheck.models import RECORDS, SCHEMA_VERSION, Record

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schemas() -> dict[str, str]:
    """The schema of each record by file name (`claim.schema.json` ...), as text that ends with a line feed."""
    return {f"{_name(model)}.schema.json": _text(model) for model in RECORDS}


def _text(model: type[Record]) -> str:
    schema = {
        "$schema": DIALECT,
        "$id": f"urn:factcheck:schema:{_name(model)}:{SCHEMA_VERSION}",
        "version": SCHEMA_VERSION,
        **model.model_json_schema(mode="serialization"),
    }
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def _name(model: type[Record]) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", model.__name__).lower()
