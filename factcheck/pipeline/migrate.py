"""`studio migrate`: answers given under an old labeling config become answers of ours."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime

from factcheck.models import Report
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.doubts import in_doubt
from factcheck.pipeline.remote_project import our_config
from factcheck.settings import Settings
from factcheck.studio.sync.config_migration import migrate as migrate_project
from factcheck.studio.sync.config_migration import plan_migration
from factcheck.studio.sync.config_state import config_diff, config_state
from factcheck.studio.sync.project import described, find_project


def migrate(
    settings: Settings,
    *,
    project: str | None,
    mapping: Mapping[str, str],
    dry_run: bool,
    now: datetime,
    say: Callable[[str], None],
) -> Report:
    """The report of mapping old choices to new ones and then applying our labeling config; `dry_run` only shows.

    Raises LabelConfigChanged where an answer has no place in our config and the mapping does not name it.
    """
    began = time.monotonic()
    desk = Desk(settings)
    changed = differing = 0
    with desk.workspace.writing("studio migrate", now=now), desk.client() as client:
        for name in desk.watched(project):
            if (remote := find_project(client, mark=desk.mark(name), known=desk.known_project(name))) is None:
                continue
            config = our_config(desk, name)
            changes = plan_migration(client, remote.project_id, config, mapping)
            difference = config_diff(config, remote.label_config)
            changed, differing = changed + len(changes), differing + bool(difference)
            for change in changes:
                say(f"  {name}: annotation {change.annotation_id}  {', '.join(change.replaced)}")
            if difference:
                say(f"{name}: the labeling config differs\n{difference}")
            if dry_run or not (changes or difference):
                continue
            description = described(remote.description, desk.mark(name), config)
            turned = config_state(config, remote.label_config, remote.description) == "meaning"
            # Where answers are mapped a person has said what they meant; where none is, nobody has.
            why = "the choices of the labeling config meant something else"
            doubtful: dict[int | None, str] = {None: why} if turned and not changes else {}
            with in_doubt(desk, client, name, doubtful, now=now):
                migrate_project(client, remote.project_id, changes, label_config=config, description=description)
    return Report(
        stage="studio migrate (dry run)" if dry_run else "studio migrate",
        seen=changed,
        accepted=changed,
        rejected=0,
        counts={"annotations": changed, "configs": differing},
        seconds=time.monotonic() - began,
        next_steps=["factcheck studio migrate"] if dry_run else ["factcheck pull", "factcheck push"],
    )
