"""The folder as a Data Package (version 2): resources, table schemas, keys. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import polars as pl

from factcheck.exporters import labels
from factcheck.exporters.dataset_folder.croissant import describe, identity
from factcheck.exporters.dataset_folder.facts import Facts, File
from factcheck.exporters.fields import TABLES, described
from factcheck.exporters.flat_tables import KEYS, REFERRING

_PROFILES: Final = "https://datapackage.org/profiles/2.0/"
_TYPES: Final = {pl.String: "string", pl.Int64: "integer", pl.Float64: "number", pl.Datetime: "datetime"}


def datapackage(facts: Facts, files: Sequence[File]) -> dict[str, Any]:
    """The descriptor."""
    context = facts.context
    held = facts.licence
    licence = held and {"name": held.id or held.name} | ({"path": held.url, "title": held.name} if held.url else {})
    return {
        "$schema": f"{_PROFILES}datapackage.json",
        "name": facts.name,
        "id": identity(facts),
        "title": facts.title,
        "description": describe(facts),
        "version": facts.version,
        "created": context.committed_at.isoformat(),
        "homepage": context.desk_url,
        **({"licenses": [licence]} if licence else {}),
        "keywords": ["fact-checking", "claims", "verdicts"],
        "contributors": [{"title": context.desk_name, "path": context.desk_url, "roles": ["publisher"]}],
        "factcheck": {
            "dataset_version": context.version,
            "dataset_hash": context.version_hash,
            "dataset_tag": context.tag,
            "dataset_committed_at": context.committed_at.isoformat(),
            "profile": facts.profile.name,
            "policy": context.policy,
        },
        "resources": [_resource(file, facts) for file in files],
    }


def _resource(file: File, facts: Facts) -> dict[str, Any]:
    return {
        "$schema": f"{_PROFILES}dataresource.json",
        "name": file.table,
        "type": "table",
        "path": file.name,
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "description": TABLES[file.table],
        # No `bytes`: frictionless counts none in Parquet, and then says that they do not match.
        "hash": f"sha256:{file.sha256}",
        "schema": _schema(file, facts),
    }


def _schema(file: File, facts: Facts) -> dict[str, Any]:
    found: dict[str, Any] = {
        "$schema": f"{_PROFILES}tableschema.json",
        "fields": [_field(file, name, dtype, facts) for name, dtype in file.frame.schema.items()],
        "primaryKey": list(KEYS[file.table]),
    }
    if file.table in REFERRING:
        reference = {"resource": "verdicts", "fields": ["claim_id"]}
        found["foreignKeys"] = [{"fields": ["claim_id"], "reference": reference}]
    return found


def _field(file: File, name: str, dtype: pl.DataType, facts: Facts) -> dict[str, Any]:
    language = facts.profile.language or facts.context.language
    label = facts.profile.labels.get(name, {}).get(language) or labels.COLUMNS.get(name, {}).get(language)
    return {
        "name": name,
        "type": _TYPES[dtype.base_type()],
        **({"title": label} if label else {}),
        "description": described(name, file.table),
        **({"constraints": {"required": True}} if name in KEYS[file.table] else {}),
    }
