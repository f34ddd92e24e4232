"""The Label Studio project of a desk: found by its mark, made with our labeling config, its drift named and mended."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from factcheck.errors import LabelConfigChanged, ProjectGone, ServerError, Unanswered
from factcheck.studio.api.client import Client
from factcheck.studio.api.known import KnownProject
from factcheck.studio.api.records import RemoteProject, marked
from factcheck.studio.page.guide import is_ours
from factcheck.studio.page.translations import WORDINGS
from factcheck.studio.sync.config_migration import invalid_answers, loses
from factcheck.studio.sync.config_state import beside, config_diff, config_state, stamped

_SETTINGS: dict[str, tuple[Any, str]] = {
    # Nobody sees what others said before answering, nor what a machine says unless the desk wants it.
    "show_annotation_history": (False, "checkers see earlier answers"),
    "show_collab_predictions": (False, "suggested verdicts are shown or hidden contrary to factcheck.toml"),
    "reveal_preannotations_interactively": (False, "suggested verdicts appear while checkers work"),
    "enable_empty_annotation": (False, "an answer without a verdict can be submitted"),
    "show_skip_button": (True, "checkers cannot skip a claim"),
    "skip_queue": ("REQUEUE_FOR_OTHERS", "skipped claims do not go to someone else"),
    "sampling": ("Sequential sampling", "claims come in a different order"),
    "show_overlap_first": (False, "claims come in a different order"),
    "show_ground_truth_first": (False, "claims come in a different order"),
    "overlap_cohort_percentage": (100, "some claims go to one person only"),
}
"""What each setting is in our projects, and what it means that it is not."""

_VERSION = re.compile(r"(?<![\w:-])version:(\d{1,9})(?![\w:-])")
_PUSH = re.compile(r"(?<![\w:-])push:([0-9a-f]{12})(?![\w:-])")

REARRANGE = frozenset({"overlap_cohort_percentage", "maximum_annotations"})
"""Settings whose change gives every task another overlap, without moving its update time."""


def wanted_settings(*, overlap: int, predictions: bool) -> dict[str, Any]:
    """The settings of a project of ours; with `predictions` checkers see suggested verdicts."""
    fixed = {name: value for name, (value, _) in _SETTINGS.items()}
    return fixed | {"show_collab_predictions": predictions, "maximum_annotations": overlap}


def drifted(remote: RemoteProject, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """The settings that are not as `wanted`, with the values they should have.

    More people a claim than we want is nobody's fault: a desk may give its checkers more to do.
    """
    there = {name: remote.settings[name] for name in wanted if name in remote.settings}
    return {
        name: wanted[name]
        for name, value in there.items()
        if (value < wanted[name] if name == "maximum_annotations" else value != wanted[name])
    }


def drift(remote: RemoteProject, wanted: Mapping[str, Any]) -> list[str]:
    """What somebody changed in the project, as sentences without a full stop; `wanted` as of `wanted_settings`."""
    said = [] if remote.marked else ["our mark is missing from the project's description"]
    if remote.copies:
        others = ", ".join(map(str, remote.copies))
        said.append(f"project {others} has our mark too: remove it from that project's description")
    for name, value in drifted(remote, wanted).items():
        is_now = remote.settings[name]
        if name == "maximum_annotations":
            said.append(f"each claim goes to {is_now} people instead of {value} (maximum_annotations)")
        else:
            said.append(f"{_SETTINGS[name][1]} ({name} is {is_now}, should be {value})")
    return said


def ensure_project(
    client: Client,
    *,
    mark: str,
    title: str,
    config: str,
    overlap: int,
    create: bool = True,
    predictions: bool = False,
    known: KnownProject | None = None,
    live: int = 0,
    instruction: str = "",
    invitation: str = WORDINGS["en"].description,
    replace_config: bool = False,
    mending: Callable[[str], AbstractContextManager[None]] = lambda _: nullcontext(),
    say: Callable[[str], None] = lambda _: None,
) -> RemoteProject | None:
    """Our project, made where it is missing and put right where somebody changed it; None if missing and not `create`.

    `mark` is a text no other desk or project uses; it stands in the project's description, because titles change and
    repeat. `known` is the project of the last push or pull, and `live` how many annotations the dataset has of it: a
    project that is gone is not made anew over them. Settings are put right; the overlap is raised where it is lower,
    never lowered. A labeling config that an earlier release wrote is replaced by ours; one that a person edited only
    with `replace_config`, and where its answers meant something else inside of `mending`, which is told why. So it is
    with the guide, `instruction`: one that a person wrote stays. `invitation` stands before our mark in a description
    that we write. All that is changed, or would be without `create`, is told to `say`.

    Raises ProjectGone, LabelConfigChanged with the diff where a person edited the config or ours would make an
    annotation invalid, ServerError where two projects carry the mark and none is known.
    """
    found = find_project(client, mark=mark, known=known)
    if found is None and live:
        raise ProjectGone(
            f"is not in Label Studio, and the dataset has {live:,} annotations of it",
            subject=f"project {title!r}",
            hint="restore its mark in the description, the project, or a backup of the server; "
            "or decide first about those votes: factcheck pull --keep, or factcheck pull --accept-loss",
        )
    if found is None and not create:
        return None
    wanted = wanted_settings(overlap=overlap, predictions=predictions)
    if found is None:
        guide = {"expert_instruction": instruction, "show_instruction": True} if instruction else {}
        found = _create(client, mark, title, config, wanted | guide, invitation=invitation)
    changes = drifted(found, wanted)
    done = "; corrected" if create else "; `factcheck push` corrects it"
    for sentence in drift(found, wanted):
        say(f"{found.title}: {sentence}{'' if 'our mark too' in sentence else done}")
    meaning = _look_at_config(client, found, config, replace=replace_config, create=create, say=say)
    if config_diff(config, found.label_config):
        changes["label_config"] = config
    if instruction not in {"", found.instruction} and is_ours(found.instruction):
        changes |= {"expert_instruction": instruction} | ({} if found.instruction else {"show_instruction": True})
        say(f"{found.title}: the checkers' guide is {'put in' if create else 'put in by `factcheck push`'}")
    version = known.version if known and known.is_same(found.project_id, found.created_at) else 0
    if (
        description := described(found.description, mark, config, version=version, invitation=invitation)
    ) != found.description:
        changes["description"] = description
    if not create or not changes:
        return found
    with mending("the choices of the labeling config meant something else") if meaning else nullcontext():
        client.update_project(found.project_id, **changes)
    after = client.project(found.project_id)
    return after._replace(copies=found.copies, rearranged=bool(REARRANGE & changes.keys()))


def find_project(client: Client, *, mark: str, known: KnownProject | None = None) -> RemoteProject | None:
    """The project that carries our mark, or the `known` one with its mark lost; None where neither is there.

    Of several that carry the mark it is the known one, with the numbers of the others in `copies`; raises ServerError
    where none of them is known.
    """
    found = client.find_projects(mark)
    if not found:
        ours = client.project_made(known) if known else None
        return ours and ours._replace(marked=False)
    if len(found) == 1:
        return found[0]
    numbers = [project.project_id for project in found]
    for project in found:
        if known and known.is_same(project.project_id, project.created_at):
            return project._replace(copies=tuple(number for number in numbers if number != project.project_id))
    raise ServerError(
        f"projects {', '.join(map(str, numbers))} carry the mark {mark}",
        subject=client.url,
        hint="remove the mark from the description of every copy",
    )


def described(
    description: str, mark: str, config: str, *, version: int = 0, invitation: str = WORDINGS["en"].description
) -> str:
    """The description with our mark and the digest of our labeling config in it; what people wrote there stays.

    Where the mark was gone the stamp of `version` is put back with it.
    """
    if marked(description, mark):
        return stamped(description, mark, config)
    own = description.strip()
    ours = f"{invitation} {mark}"
    made = stamped(f"{own}\n\n{ours}" if own else ours, mark, config)
    return beside(mark, made, stamp=f"version:{version}", before=_VERSION) if version else made


def version_of(description: str, mark: str) -> int | None:
    """The dataset's version that the project's description is stamped with, 0 for none; None where our mark is gone."""
    found = _VERSION.search(description)
    return (int(found[1]) if found else 0) if marked(description, mark) else None


def stamp_version(client: Client, project_id: int, *, mark: str, version: int) -> int | None:
    """The version that stands in the project's description now, `version` or a later one; None where our mark is gone.

    A server that was put back to before a pull says so by an older one, whatever else it has lost.
    """
    description = client.project(project_id).description
    there = version_of(description, mark)
    if there is None or there >= version:
        return there
    client.update_project(
        project_id, description=beside(mark, description, stamp=f"version:{version}", before=_VERSION)
    )
    return version


def push_of(description: str, mark: str) -> str | None:
    """The stamp of the push that last changed the project; None where there is none, or our mark is gone."""
    found = _PUSH.search(description) if marked(description, mark) else None
    return found[1] if found else None


def stamp_push(client: Client, project_id: int, *, mark: str, stamp: str) -> bool:
    """Stamp the project's description as a push left it; False where our mark is gone from it.

    `stamp` has 12 hexadecimal digits. A server that was put back to before the push does not have it.
    """
    description = client.project(project_id).description
    if not marked(description, mark):
        return False
    if push_of(description, mark) != stamp:
        client.update_project(project_id, description=beside(mark, description, stamp=f"push:{stamp}", before=_PUSH))
    return True


def _look_at_config(
    client: Client, found: RemoteProject, config: str, *, replace: bool, create: bool, say: Callable[[str], None]
) -> bool:
    """Whether answers meant something else under the server's config; raises where it must not be replaced by ours."""
    state = config_state(config, found.label_config, found.description)
    if state == "ours":
        return False
    difference = config_diff(config, found.label_config)
    subject = f"project {found.project_id} {found.title!r}"
    if loses(found.label_config, config) and (lost := invalid_answers(client, found.project_id, config)):
        listed = ", ".join(f"{said} ({count} times)" for said, count in sorted(lost.items()))
        raise LabelConfigChanged(
            f"the labeling config is not ours, and ours would make annotations invalid: {listed}\n{difference}",
            subject=subject,
            hint="convert those answers first: factcheck studio migrate --map OLD=NEW",
        )
    if state != "older" and not replace:
        raise LabelConfigChanged(
            f"somebody changed {'what the choices mean' if state == 'meaning' else 'the labeling config'} "
            f"in Label Studio\n{difference}",
            subject=subject,
            hint="run factcheck push --replace-config to restore ours",
        )
    what = "is from another release or language of factcheck" if state == "older" else "was changed in Label Studio"
    say(
        f"{found.title}: the labeling config {what}; {'it is replaced' if create else 'push replaces it'}\n{difference}"
    )
    return state == "meaning"


def _create(
    client: Client, mark: str, title: str, config: str, wanted: Mapping[str, Any], *, invitation: str
) -> RemoteProject:
    try:
        return client.create_project(
            title=title,
            description=described("", mark, config, invitation=invitation),
            label_config=config,
            **wanted,
        )
    except Unanswered:
        if (found := find_project(client, mark=mark)) is not None:
            return found
        raise
