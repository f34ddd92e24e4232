"""What follows a command that commits versions: the profiles under [publish] are written again."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from factcheck.cli.run import Run


def after_version(run: Run) -> None:
    """Publishes the newest version where the settings name profiles; what fails is said and fails nothing."""
    if not run.settings.publish.profiles:
        return
    from factcheck.pipeline.publish import follow

    with run.working("publish"):
        follow(run.settings, now=run.now, say=run.say)
