"""The outside contract as JSON Schema 2020-12, generated from the types that the program itself works with."""

from __future__ import annotations

import re

from factcheck.models import RECORDS, SCHEMA_VERSION, Record
from factcheck.schemas.document import DIALECT, document, text

__all__ = ["DIALECT", "document", "json_schemas", "text"]


def json_schemas() -> dict[str, str]:
    """The schema of each record by file name (`claim.schema.json` ...), as text that ends with a line feed."""
    return {f"{name}.schema.json": text(document(model, name, SCHEMA_VERSION)) for name, model in _named()}


def _named() -> list[tuple[str, type[Record]]]:
    return [(re.sub(r"(?<!^)(?=[A-Z])", "_", model.__name__).lower(), model) for model in RECORDS]
