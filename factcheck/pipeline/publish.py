"""`publish`: the profiles that readers are given, written again after every version without anybody typing.

Every profile is made before the first file is written, so one that cannot be made leaves all as they were. Only the
newest version is there: the files of the one before go when the newer ones stand, and with them a verdict that was
taken back since. What failed is tried again by whatever commits next, and by `factcheck publish`.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

import polars as pl

from factcheck import exporters, fs, locks
from factcheck.dataset import Dataset
from factcheck.errors import ConfigError, FactcheckError, Interrupted
from factcheck.exporters import object_store
from factcheck.exporters.contract import ExportContext, Exported, Rendered, Streamed
from factcheck.exporters.large_view import LargeView
from factcheck.exporters.profiles import Profile
from factcheck.exporters.write_folder import held_files
from factcheck.models import digest
from factcheck.pipeline import published
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.export import context_of, pointers_of, rendered
from factcheck.pipeline.published import Entry, Failure, Record
from factcheck.pipeline.version_view import folder_for_parts, version_view
from factcheck.settings import Settings

_MIRROR = "public"
"""The folder in the desk's state that an object store gets a copy of."""


class Publication(NamedTuple):
    """What was published: profiles written, profiles that were there already, and those that failed, with why.

    `stale` are profiles that are not in the settings any more and whose files still lie there.
    """

    version: int
    to: str
    written: dict[str, list[str]]
    same: list[str]
    failed: dict[str, FactcheckError]
    stale: list[str]
    notes: list[str]

    def as_dict(self) -> dict[str, Any]:
        """The publication for --json."""
        return self._asdict() | {"failed": {name: error.as_dict() for name, error in self.failed.items()}}


class _Made(NamedTuple):
    profile: Profile
    made_of: str
    files: list[Rendered]
    pointers: list[Rendered]
    done: Exported

    @property
    def streamed(self) -> list[tuple[Streamed, str]]:
        """Files too large for memory, each with its pointer."""
        return [(one, self.profile.pointer(PurePosixPath(one.name).suffix)) for one in self.done.streamed]

    @property
    def names(self) -> list[str]:
        """Every plain file and pointer."""
        large = [name for one, pointer in self.streamed for name in (one.name, pointer)]
        return [*(file.name for file in (*self.files, *self.pointers)), *large]


def publish(settings: Settings, *, now: datetime, again: bool = False) -> Publication | None:
    """What came of publishing the newest version; None where no profile is to be, or there is no version yet.

    A profile that was published of this version, made of the same, is left as it is unless `again`. Errors of a
    profile are in `failed`, and then nothing was written; what stands in the way of all is raised: Corrupt,
    NewerFormat.
    """
    wanted = list(dict.fromkeys(settings.publish.profiles))
    desk = Desk(settings)
    data = desk.committed() if wanted else None
    head = data.version() if data else None
    if data is None or head is None:
        return None
    fs.make_folder(settings.state)
    with locks.lock_folder(settings.state):
        before = published.read(settings.state)
        outcome = Publication(head.version, settings.publish.to, {}, [], {}, [], [])
        if before.to != settings.publish.to:
            if before.entries or before.strays:
                outcome.notes.append(f"what was published to {before.to} still lies there: remove it by hand")
            before = Record(to=settings.publish.to)
        outcome.stale.extend(name for name in before.entries if name not in wanted)
        try:
            with folder_for_parts(settings.state) as parts:
                after = _published(desk, data, wanted, before, outcome, parts, again=again, now=now)
        except FactcheckError as error:
            outcome.failed.update(dict.fromkeys(outcome.written, error))
            outcome.written.clear()
            after = published.read(settings.state)  # with what the try may have put there
            after = after if after.to == before.to else before
        failures = {
            name: Failure(version=head.version, at=now, code=error.code, what=str(error))
            for name, error in outcome.failed.items()
        }
        published.keep(settings.state, after.model_copy(update={"failures": failures}))
    return outcome


def follow(settings: Settings, *, now: datetime, say: Callable[[str], None]) -> Publication | None:
    """As `publish`, for what comes after a version: it says what was written and what failed, and raises nothing."""
    try:
        done = publish(settings, now=now)
    except Interrupted:
        raise
    except Exception as error:  # noqa: BLE001 - the version is committed, and that is what the command was for
        say(f"warning: nothing was published: {error}; `factcheck publish` tries again")
        return None
    if done is not None:
        if done.written:
            say(f"version {done.version} published: {', '.join(done.written)}")
        for name, why in done.failed.items():
            say(f"warning: {name} was not published: [{why.code}] {why}; `factcheck publish` tries again")
    return done


def _published(
    desk: Desk,
    data: Dataset,
    wanted: list[str],
    before: Record,
    outcome: Publication,
    parts: Path,
    *,
    again: bool,
    now: datetime,
) -> Record:
    """The record of what is there afterwards; `outcome` is filled in."""
    made = []
    whole = functools.cache(lambda: version_view(data, outcome.version, parts))  # read once, for every profile
    for name in wanted:
        try:
            one = _made(desk, data, name, Record() if again else before, whole)
        except FactcheckError as error:
            outcome.failed[name] = error
            continue
        if one is None:
            outcome.same.append(name)
        else:
            made.append(one)
            outcome.written[name] = [*(file.name for file in one.files), *(large.name for large in one.done.streamed)]
    if outcome.failed:
        outcome.written.clear()
    if outcome.failed or not (made or before.strays):
        return before
    _refuse_same_places(made)
    place = _place(desk.settings)
    plain = {file.name: _held(file) for one in made for file in (*one.files, *one.pointers)}
    plain |= {name: "" for one in made for name in one.names if name not in plain}
    begun = before.model_copy(update={"strays": before.strays | plain})
    published.keep(desk.settings.state, begun)
    after = Record(to=before.to, entries=before.entries | _write(place, made, outcome, now=now))
    if place.store:
        begun = begun.model_copy(update={"strays": begun.strays | after.files})
        published.keep(desk.settings.state, begun)
        maybe = {name: before.files.get(name, "") for name in (*before.files, *begun.strays)}
        object_store.upload(after.files, place.folder, place.store, maybe)
    for name in exporters.take_away(place.folder, _gone(begun, after)):
        outcome.notes.append(f"{name} is of an older version, was changed since and stays: look at it")
    return after


class _Place(NamedTuple):
    folder: Path
    store: str = ""


def _place(settings: Settings) -> _Place:
    """Where the files go: a folder, or the desk's own copy of what an object store has."""
    if "://" in settings.publish.to:
        return _Place(settings.state / _MIRROR, settings.publish.to)
    folder = (settings.root / settings.publish.to).resolve()
    private = [settings.state.resolve()]
    if "://" not in settings.dataset_uri:
        private.append(Path(settings.dataset_uri).resolve())
    for kept in private:
        if folder == settings.root.resolve() or folder == kept or kept in folder.parents or folder in kept.parents:
            raise ConfigError(
                "what readers are given cannot lie among what they are not",
                subject=f"publish.to = {settings.publish.to}",
                hint='name a folder of its own, such as to = "public"',
            )
    return _Place(folder)


def _made(
    desk: Desk, data: Dataset, name: str, before: Record, whole: Callable[[], pl.DataFrame | LargeView]
) -> _Made | None:
    """The profile's files of the newest version; None where they are there already."""
    profile = exporters.find(name, desk.settings.root)
    if "since" in exporters.format_of(profile).needs:
        raise ConfigError(
            f"{name} tells a reader what changed since the last one, so nobody knows since when here",
            subject="publish.profiles",
            hint="publish a feed such as corrections-feed instead, or export it with --since",
        )
    version = data.version()
    assert version is not None
    context = context_of(desk.settings, data, version, profile)
    made_of = _made_of(profile, context)
    entry = before.entries.get(name)
    if entry is not None and entry.made_of == made_of and name not in before.failures and _is_there(desk, entry):
        return None
    done = rendered(desk, data, profile, replace(context, tag=None), whole=whole)
    return _Made(profile, made_of, done.files, pointers_of(done.files, profile), done)


def _is_there(desk: Desk, entry: Entry) -> bool:
    """Whether nobody has taken away a file; an object store is not asked."""
    place = _place(desk.settings)
    names = [*entry.files, *([f"{entry.folder}/index.html"] if entry.folder else [])]
    return bool(place.store) or all((place.folder / name).is_file() for name in names)


def _made_of(profile: Profile, context: ExportContext) -> str:
    """A digest of the version, the profile and what the settings add.

    Of the tags only those are part of it that the profile's filters name: any other may be set later.
    """
    desk = (context.desk_name, context.desk_url, context.language, str(context.clock), context.licence, context.cards)
    named = [(name, mark.committed_at, mark.standing.sort().to_list()) for name, mark in sorted(context.marks.items())]
    texts = sorted(context.texts.items())
    names = [sorted(context.credits.items())] if context.credits else []
    return digest(context.dataset_id, context.version_hash, profile.model_dump_json(), *desk, texts, named, *names)


def _refuse_same_places(made: list[_Made]) -> None:
    """Raises ConfigError where two profiles would write the same file."""
    taken: dict[str, str] = {}
    for one in made:
        places = {PurePosixPath(name).parts[0] for name in one.names}
        for place in sorted(places | ({one.done.folder.name} if one.done.folder else set())):
            if (other := taken.setdefault(place, one.profile.name)) != one.profile.name:
                raise ConfigError(
                    f"{other} and {one.profile.name} would both write {place}",
                    subject="publish.profiles",
                    hint="give one of them another `file` in its profile.toml",
                )


def _write(place: _Place, made: list[_Made], outcome: Publication, *, now: datetime) -> dict[str, Entry]:
    """The entries of the profiles, written: plain files all together or none, then each folder of pages."""
    files = [file for one in made for file in one.files]
    pointers = [pointer for one in made for pointer in one.pointers]
    large = [pair for one in made for pair in one.streamed]
    exporters.write(files, place.folder, force=True, pointers=pointers, streamed=large)
    entries = {}
    for one in made:
        name = one.profile.name
        there = {file.name: _held(file) for file in (*one.files, *one.pointers)}
        there |= exporters.digests(place.folder, one.names[len(there) :])
        folder = ""
        if one.done.folder is not None:
            folder = one.done.folder.name
            kept = exporters.write_folder(one.done.folder, place.folder)
            if place.store:  # where it is a folder, it knows itself what it holds
                there |= {f"{folder}/{page}": held for page, held in held_files(kept.path).items()}
            outcome.notes.extend(one.done.folder.notes)
            outcome.written[name].append(f"{folder}/index.html")
        outcome.notes.extend(f"{name}: {note}" for note in one.done.notes)
        entries[name] = Entry(version=outcome.version, made_of=one.made_of, at=now, files=there, folder=folder)
    return entries


def _held(file: Rendered) -> str:
    return hashlib.sha256(file.content).hexdigest()


def _gone(before: Record, after: Record) -> dict[str, str]:
    """What earlier versions put there and the newer ones do not have; a folder of pages takes away its own."""
    kept = tuple(f"{entry.folder}/" for entry in after.entries.values() if entry.folder)
    return {
        name: held
        for name, held in (before.files | before.strays).items()
        if name not in after.files and not name.startswith(kept)
    }
