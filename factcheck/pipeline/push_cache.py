"""Where the cache of a project's last push is kept between runs; losing it costs one whole reading."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
from pydantic import TypeAdapter
from typing_extensions import TypedDict

from factcheck import fs
from factcheck.errors import Rejected
from factcheck.notation import json_value
from factcheck.pipeline.desk import Desk
from factcheck.studio.api.records import RemoteProject
from factcheck.studio.sync import payload
from factcheck.studio.sync.project import push_of
from factcheck.studio.sync.push_cache import ROWS, PushCache


class _Kept(TypedDict):
    server: str
    project_id: int
    total: int
    newest: str
    overlap: int
    read_at: str
    rows: list[tuple[Any, ...]]
    stamp: str


_KEPT = TypeAdapter(_Kept)


def load(desk: Desk, project: str, remote: RemoteProject) -> PushCache | None:
    """What the last push left in this project of the desk's present server; None where there is none of use.

    Nor where the project does not bear that push's stamp: its database was put back to before.
    """
    try:
        kept = _KEPT.validate_python(json_value(_path(desk, project).read_text("utf-8")))
        read_at = datetime.fromisoformat(kept["read_at"])
        if kept["server"] != desk.server_name or read_at.tzinfo is None:
            return None
        if kept["project_id"] != remote.project_id or kept["stamp"] != push_of(remote.description, desk.mark(project)):
            return None
        payload.time(kept["newest"])
        rows = pl.DataFrame(kept["rows"], ROWS, orient="row")
        return PushCache(
            kept["project_id"], kept["total"], kept["newest"], kept["overlap"], read_at, rows, kept["stamp"]
        )
    except (OSError, ValueError, TypeError, OverflowError, Rejected, pl.exceptions.PolarsError):
        return None


def save(desk: Desk, project: str, cache: PushCache | None) -> None:
    """Keep the cache for the next push; None, from a push that is not sure what it left, forgets the old one."""
    path = _path(desk, project)
    if cache is None:
        path.unlink(missing_ok=True)
        return
    kept = cache._asdict() | {"rows": cache.rows.rows(), "read_at": cache.read_at.isoformat()}
    path.parent.mkdir(parents=True, exist_ok=True)
    fs.replace(path, json.dumps(kept | {"server": desk.server_name}).encode(), mode=0o600)


def _path(desk: Desk, project: str) -> Path:
    return desk.settings.state / "ledgers" / f"{project}.json"
