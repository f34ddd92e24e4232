"""Where the ledger of a project's last push is kept between runs; losing it costs one whole reading."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
from pydantic import TypeAdapter
from typing_extensions import TypedDict

from factcheck.dataset import durable
from factcheck.errors import Rejected
from factcheck.notation import json_value
from factcheck.pipeline.desk import Desk
from factcheck.studio.sync import payload
from factcheck.studio.sync.push_cache import ROWS, Ledger


class _Kept(TypedDict):
    server: str
    project_id: int
    total: int
    newest: str
    overlap: int
    read_at: str
    rows: list[tuple[Any, ...]]


_KEPT = TypeAdapter(_Kept)


def load(desk: Desk, project: str) -> Ledger | None:
    """The ledger of the last push of this project to the desk's present server; None where there is none of use."""
    try:
        kept = _KEPT.validate_python(json_value(_path(desk, project).read_text("utf-8")))
        read_at = datetime.fromisoformat(kept["read_at"])
        if kept["server"] != desk.server_name or read_at.tzinfo is None:
            return None
        payload.time(kept["newest"])
        rows = pl.DataFrame(kept["rows"], ROWS, orient="row")
        return Ledger(kept["project_id"], kept["total"], kept["newest"], kept["overlap"], read_at, rows)
    except (OSError, ValueError, TypeError, OverflowError, Rejected, pl.exceptions.PolarsError):
        return None


def save(desk: Desk, project: str, ledger: Ledger | None) -> None:
    """Keep the ledger for the next push; None, from a push that is not sure what it left, forgets the old one."""
    path = _path(desk, project)
    if ledger is None:
        path.unlink(missing_ok=True)
        return
    kept = ledger._asdict() | {"rows": ledger.rows.rows(), "read_at": ledger.read_at.isoformat()}
    path.parent.mkdir(parents=True, exist_ok=True)
    durable.replace(path, json.dumps(kept | {"server": desk.server_name}).encode(), mode=0o600)


def _path(desk: Desk, project: str) -> Path:
    return desk.settings.state / "ledgers" / f"{project}.json"
