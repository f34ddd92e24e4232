"""Where the ledger of a project's last push is kept between runs; losing it costs one whole reading."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import polars as pl

from factcheck.dataset import durable
from factcheck.pipeline.desk import Desk
from factcheck.studio.ledger import ROWS, Ledger


def load(desk: Desk, project: str) -> Ledger | None:
    """The ledger of the last push of this project to the desk's present server; None where there is none of use."""
    try:
        kept = json.loads(_path(desk, project).read_text("utf-8"))
        if kept.pop("server") != desk.server_name:
            return None
        rows = pl.DataFrame(kept.pop("rows"), ROWS, orient="row")
        return Ledger(**kept | {"rows": rows, "read_at": datetime.fromisoformat(kept["read_at"])})
    except (OSError, ValueError, KeyError, TypeError, pl.exceptions.PolarsError):
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
