"""The checked-in schemas, each with two validators: jsonschema in Python, jsonschema-rs in Rust."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "schemas"


def wrong(name: str, value: Any) -> list[str]:
    """What is wrong with the value by the schema file of that name; the validators have to be of one opinion."""
    python, rust = _validators(name)
    found = [f"{'/'.join(map(str, error.absolute_path))}: {error.message[:500]}" for error in python.iter_errors(value)]
    assert rust.is_valid(value) == (not found), f"{name}: jsonschema says {found}, jsonschema-rs does not"
    return found


def wrong_answer(envelope: dict[str, Any]) -> list[str]:
    """What is wrong with what a command said with --json; where none was named it has the plain envelope."""
    name = "-".join(["answer", *envelope["command"].split()]) + ".schema.json"
    if "error" in envelope and not (FOLDER / name).exists():
        name = "answer.schema.json"
    return wrong(name, envelope)


@functools.cache
def _validators(name: str) -> tuple[Any, Any]:
    import jsonschema
    import jsonschema_rs

    schema = json.loads((FOLDER / name).read_text("utf-8"))
    kind = jsonschema.Draft202012Validator
    return kind(schema, format_checker=kind.FORMAT_CHECKER), jsonschema_rs.validator_for(schema, validate_formats=True)
