"""The Label Studio project of a desk: found by its mark, made with our labeling config, its drift shown."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from xml.etree.ElementTree import Element, ParseError, fromstring, indent, tostring

from factcheck.errors import LabelConfigChanged, ServerError
from factcheck.studio.client import Client, RemoteProject
from factcheck.studio.migrate import invalid_answers, loses
from factcheck.studio.wire import Unanswered


def ensure_project(
    client: Client,
    *,
    mark: str,
    title: str,
    config: str,
    overlap: int,
    create: bool = True,
    predictions: bool = False,
    say: Callable[[str], None] = lambda _: None,
) -> RemoteProject | None:
    """The project that carries our mark; made where it is missing, or None if `create` is false.

    `mark` is a text no other desk or project uses; it stands in the project's description, because titles change and
    repeat. The overlap is raised where it is lower, never lowered. A labeling config that differs is told to `say` as a
    diff and replaced by ours, unless `create` is false. With `predictions` checkers see suggested verdicts.

    Raises LabelConfigChanged with the diff where our config would make an annotation invalid, ServerError where two
    projects carry the mark.
    """
    found = find_project(client, mark=mark)
    if found is None and not create:
        return None
    if found is None:
        found = _create(client, mark, title, config, overlap, predictions=predictions)
    if difference := config_diff(config, found.label_config):
        say(f"{found.title}: the labeling config differs\n{difference}")
        if loses(found.label_config, config) and (lost := invalid_answers(client, found.project_id, config)):
            listed = ", ".join(f"{said} ({count} times)" for said, count in sorted(lost.items()))
            raise LabelConfigChanged(
                f"the labeling config is not ours, and with ours annotations become invalid: {listed}\n{difference}",
                subject=f"project {found.project_id} {found.title!r}",
                hint="factcheck studio migrate --map OLD=NEW says what those answers become",
            )
        if create:
            client.update_project(found.project_id, label_config=config)
            found = client.project(found.project_id)
    if create and found.overlap < overlap:
        client.update_project(found.project_id, maximum_annotations=overlap)
        found = client.project(found.project_id)
    if create and found.shows_predictions != predictions:
        client.update_project(found.project_id, show_collab_predictions=predictions)
    return found


def find_project(client: Client, *, mark: str) -> RemoteProject | None:
    """The project that carries our mark, whatever its labeling config; raises ServerError where two carry it."""
    found = client.find_projects(mark)
    if len(found) > 1:
        numbers = ", ".join(str(project.project_id) for project in found)
        raise ServerError(
            f"projects {numbers} carry the mark {mark}",
            subject=client.url,
            hint="take the mark out of the description of those that are copies",
        )
    return found[0] if found else None


def config_diff(ours: str, theirs: str) -> str:
    """What differs between two labeling configs as a unified diff; empty where only white space differs."""
    mine, other = _lines(ours), _lines(theirs)
    return "\n".join(difflib.unified_diff(other, mine, "in Label Studio", "ours", lineterm="", n=1))


def _lines(config: str) -> list[str]:
    try:
        tree = fromstring(config)  # noqa: S314 - our own config and the one of the server we trust with our token
    except ParseError:
        return config.splitlines()
    _strip(tree)
    indent(tree)
    return tostring(tree, encoding="unicode").splitlines()


def _strip(element: Element) -> None:
    element.text = "\n".join(line.strip() for line in (element.text or "").strip().splitlines()) or None
    element.tail = None
    for child in element:
        _strip(child)


def _create(client: Client, mark: str, title: str, config: str, overlap: int, *, predictions: bool) -> RemoteProject:
    try:
        return client.create_project(
            title=title,
            description=f"Claims for checking, sent by factcheck. Please leave this mark here: {mark}",
            label_config=config,
            maximum_annotations=overlap,
            sampling="Sequential sampling",
            skip_queue="REQUEUE_FOR_OTHERS",
            show_skip_button=True,
            enable_empty_annotation=False,
            # Nobody sees what others said before answering, nor what a machine says unless the desk wants it.
            show_annotation_history=False,
            show_collab_predictions=predictions,
        )
    except Unanswered:
        if (found := find_project(client, mark=mark)) is not None:
            return found
        raise
