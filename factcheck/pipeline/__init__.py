"""One function per verb: load, call a stage, save, return a report. Joins the rooms, which do not know each other."""

from __future__ import annotations

from factcheck.pipeline.deciding import NOT_COUNTED
from factcheck.pipeline.intake import claims, ingest, init
from factcheck.pipeline.judging import agreement, corrections, decide, queue
from factcheck.pipeline.keeping import check_release, compact, exposed, forget, fork, release, restore, vacuum, verify
from factcheck.pipeline.migrating import migrate
from factcheck.pipeline.publishing import export, export_names, schemas, write_diff_page
from factcheck.pipeline.pushing import Planned, plan_push, push
from factcheck.pipeline.reading import diff, log, show, status, tag
from factcheck.pipeline.server import (
    studio_backup,
    studio_check,
    studio_down,
    studio_logs,
    studio_restore,
    studio_status,
    studio_up,
    studio_upgrade,
)
from factcheck.pipeline.sync import pull

__all__ = [
    "NOT_COUNTED",
    "Planned",
    "agreement",
    "check_release",
    "claims",
    "compact",
    "corrections",
    "decide",
    "diff",
    "export",
    "export_names",
    "exposed",
    "forget",
    "fork",
    "ingest",
    "init",
    "log",
    "migrate",
    "plan_push",
    "pull",
    "push",
    "queue",
    "release",
    "restore",
    "schemas",
    "show",
    "status",
    "studio_backup",
    "studio_check",
    "studio_down",
    "studio_logs",
    "studio_restore",
    "studio_status",
    "studio_up",
    "studio_upgrade",
    "tag",
    "vacuum",
    "verify",
    "write_diff_page",
]
