"""A type as a JSON Schema document: 2020-12 and no keyword that it does not know; members it does not name are refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Literal

from pydantic import TypeAdapter

DIALECT = "https://json-schema.org/draft/2020-12/schema"
FORMATS = frozenset({"date", "date-time"})
"""Formats that a text is checked against; others that pydantic names say nothing to a validator."""
_NAMED = frozenset({"properties", "$defs", "patternProperties", "dependentRequired"})
"""Keywords whose members are names of ours and no keywords."""
_VALUES = frozenset({"const", "enum", "default", "examples"})
_BOUNDS = {"ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum", "lt": "exclusiveMaximum"}
"""What pydantic writes of a bound on a number that may be null, and what it is called: a validator passes over the one."""


def document(kind: Any, name: str, version: int, *, mode: Literal["validation", "serialization"] = "serialization") -> Any:
    """The schema of a type: a pydantic model, a TypedDict or whatever else pydantic knows.

    `mode` is serialization for what the program writes, validation for what people write.
    """
    return headed(TypeAdapter(kind).json_schema(mode=mode), name, version)


def headed(schema: dict[str, Any], name: str, version: int) -> dict[str, Any]:
    """The schema, closed, with its dialect and its name: `urn:factcheck:schema:NAME:VERSION`."""
    return {"$schema": DIALECT, "$id": f"urn:factcheck:schema:{name}:{version}", **closed(schema)}


def closed(schema: Any) -> Any:
    """The same schema without formats that no validator knows; an object that names its members has no others."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    found = {
        _BOUNDS.get(key, key): value
        if key in _VALUES
        else {name: closed(one) for name, one in value.items()}
        if key in _NAMED
        else closed(value)
        for key, value in schema.items()
        if not (key == "format" and value not in FORMATS)
    }
    if "properties" in found:
        found.setdefault("additionalProperties", False)
    return found


def keywords(schema: Any) -> Iterator[str]:
    """Every keyword that a schema uses, anywhere in it."""
    if isinstance(schema, list):
        for one in schema:
            yield from keywords(one)
    elif isinstance(schema, dict):
        for key, value in schema.items():
            yield key
            if key in _NAMED:
                yield from (word for one in value.values() for word in keywords(one))
            elif key not in _VALUES:
                yield from keywords(value)


def text(schema: Any) -> str:
    """The schema as a file holds it."""
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
