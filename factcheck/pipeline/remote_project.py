"""The Label Studio project behind a name: which one it is, and whether its page still asks what we asked."""

from __future__ import annotations

from collections.abc import Mapping

from factcheck.errors import LabelConfigChanged, NotOnServer
from factcheck.pipeline.desk import Desk
from factcheck.reading.standing import QUEUE
from factcheck.studio.api.client import Client
from factcheck.studio.api.records import RemoteProject
from factcheck.studio.page.label_config import label_config, queue_config
from factcheck.studio.sync.config_state import config_diff, config_state
from factcheck.studio.sync.project import find_project


def find(desk: Desk, client: Client, name: str, projects: Mapping[str, int] | None = None) -> RemoteProject | None:
    """The project as it is now; None where it is not in Label Studio. `projects` are numbers known a moment ago."""
    if projects is None:
        return find_project(client, mark=desk.mark(name), known=desk.known_project(name))
    if name not in projects:
        return None
    try:
        return client.project(projects[name])
    except NotOnServer:
        return None


def our_config(desk: Desk, name: str) -> str:
    """The labeling config the project should have."""
    language, own = desk.settings.desk.language, desk.settings.wording.own
    return queue_config(language, own) if name == QUEUE else label_config(language, own)


def look_at_config(desk: Desk, name: str, remote: RemoteProject) -> list[str]:
    """What somebody changed in the project's page or description that leaves answers what they are, as sentences.

    Raises LabelConfigChanged where an answer may mean something else than what we asked.
    """
    said = (
        [] if remote.marked else ["our mark is gone from the project's description; run `factcheck push` to restore it"]
    )
    ours = our_config(desk, name)
    state = config_state(ours, remote.label_config, remote.description)
    if state == "meaning":
        raise LabelConfigChanged(
            f"somebody changed the meaning of the choices in Label Studio\n{config_diff(ours, remote.label_config)}",
            subject=f"project {remote.project_id} {remote.title!r}",
            hint="run `factcheck push --replace-config` to restore ours; answers given meanwhile are quarantined",
        )
    if state == "edited":
        said.append(
            "somebody changed the labeling config, but not what answers mean; run `factcheck push "
            "--dry-run` to see the change"
        )
    return said
