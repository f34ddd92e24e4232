"""`release`: a version published as a folder."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from factcheck import names
from factcheck.dataset.release import Released
from factcheck.dataset.release import release as make_release
from factcheck.pipeline.agreement import agreement
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.key_files import private_key
from factcheck.settings import Settings


def release(
    settings: Settings, name: str, *, as_of: str | None, out: Path | None, signing_key: Path | None, now: datetime
) -> Released:
    """The release folder of a version, tagged with its name, with how far the annotators agreed."""
    name = names.check("release", name)
    key = None if signing_key is None else private_key(signing_key)
    desk = Desk(settings)
    with desk.workspace.writing("release", now=now):
        data = desk.readable(as_of)
        measured = agreement(settings, by=None, as_of=as_of, seed=0).overall
        figures = {f"krippendorff_{name}": measured[name] for name in ("alpha", "alpha_low", "alpha_high")}
        return make_release(
            data,
            name,
            out or settings.root / "releases",
            as_of=as_of,
            publisher=settings.desk.name,
            licence=settings.desk.licence,
            agreement={key: round(value, 4) for key, value in figures.items() if value is not None},
            signing_key=key,
            now=now,
        )
