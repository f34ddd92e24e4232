"""Schemas of files: the settings and profiles that people write, releases and exports that others read."""

from __future__ import annotations

from typing import Any

from factcheck.dataset.manifest import FORMAT as MANIFEST_FORMAT
from factcheck.dataset.manifest import Manifest
from factcheck.exporters.changes import SCHEMA as CHANGES
from factcheck.exporters.columns import ALWAYS, TYPES
from factcheck.exporters.profiles import Profile
from factcheck.models import SCHEMA_VERSION
from factcheck.schemas.document import document, text
from factcheck.schemas.shapes import of_row
from factcheck.settings import Settings

FORMAT = 1
"""Of the files that people write."""
_OF_CHANGES: dict[str, Any] = {
    name: dict(TYPES)[name] for name in ("dataset_version", "dataset_tag", "dataset_hash", "dataset_committed_at")
}


def file_schemas() -> dict[str, str]:
    """The schemas by file name; those of TOML files are of what the file says, as JSON would have it."""
    return {
        "factcheck.toml.schema.json": text(
            _without("root", document(Settings, "factcheck.toml", FORMAT, mode="validation"))
        ),
        "profile.toml.schema.json": text(
            _without("name", document(Profile, "profile.toml", FORMAT, mode="validation"))
        ),
        "release-manifest.schema.json": text(document(Manifest, "release-manifest", MANIFEST_FORMAT)),
        "export-jsonl.schema.json": text(_record()),
        "export-changes.schema.json": text(_changes()),
    }


def _without(name: str, schema: Any) -> Any:
    """The schema of the file alone: one member of the model is not written in it."""
    schema["properties"].pop(name)
    required = [one for one in schema.pop("required", []) if one != name]
    return schema | ({"required": required} if required else {})


def _record() -> Any:
    """A line of a profile of the format jsonl: any of the columns, in the order of its profile."""
    row = of_row("Record", TYPES, known=("claim_id", "quote", "state", "status", ALWAYS))
    return document(row, "export-jsonl", SCHEMA_VERSION) | {
        "description": "A line of a JSON Lines export. A profile chooses its columns; the version is always there.",
        "required": [ALWAYS],
    }


def _changes() -> Any:
    """A line of a profile of the format changes."""
    more = {
        "since_version": TYPES[ALWAYS],
        "since_hash": TYPES["dataset_hash"],
        **_OF_CHANGES,
        "profile": TYPES["quote"],
        "policy": TYPES["quote"],
    }
    known = ("claim_id", "kind", "kind_label", "since_version", ALWAYS, "dataset_hash", "profile", "policy")
    row = of_row("Change", {**CHANGES, **more}, known=known)
    return document(row, "export-changes", SCHEMA_VERSION)
