"""A profile in words: what it shows and in which order, its columns with their titles, and which files it writes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import PurePosixPath
from typing import Any, Final, NamedTuple

from factcheck import licences
from factcheck.exporters import rating_words
from factcheck.exporters.about_file import SUFFIX as BESIDE
from factcheck.exporters.as_feed import SUFFIXES
from factcheck.exporters.columns import ALWAYS, RECORD, TABLE, headers
from factcheck.exporters.contract import ExportContext
from factcheck.exporters.dataset_folder.build import FILES as DATASET_FILES
from factcheck.exporters.explore.build import METADATA
from factcheck.exporters.filters import rules
from factcheck.exporters.profiles import Profile
from factcheck.exporters.registry import format_of

_ALL: Final[dict[str, Sequence[str]]] = {"csv": TABLE, "xlsx": TABLE, "jsonl": RECORD, "parquet": RECORD}
"""The columns of a format whose profile names none; the other formats have a shape of their own."""


_IN_WORDS: Final = frozenset(("changes", "claimreview", "community-notes", "feed", "google-api", "markdown", "site"))
"""Formats that give results in words; a table does where it has a column of them."""
_LABELS: Final = frozenset(("verdict_label", "reason_label", "status_label"))


class Explained(NamedTuple):
    """What a profile does. `shows` are its filters in words, `order` its sorting, `columns` names with their titles.

    `words` are those of results as `written_for` is shown them, each with the table of the profile that it is from, and
    `words_unused` tables that are for other readers or languages; a profile that shows no such words has none.
    `writes` are names of files with what is put into them at each export; `needs` what has to be said on the command
    line or be in the dataset; `licence` is empty for none.
    """

    name: str
    format: str
    description: str
    language: str
    shows: list[str]
    order: list[str]
    columns: list[tuple[str, str]]
    written_for: str
    words: list[rating_words.Chosen]
    words_unused: list[str]
    writes: list[str]
    needs: list[str]
    publisher: str
    address: str
    licence: str

    def as_dict(self) -> dict[str, Any]:
        """The explanation for --json."""
        columns = [{"name": name, "title": title} for name, title in self.columns]
        return self._asdict() | {"columns": columns, "words": [one._asdict() for one in self.words]}


def explained(profile: Profile, context: ExportContext) -> Explained:
    """The profile in words; `context` says who the desk is and which language it speaks.

    Raises ConfigError for a format that does not exist.
    """
    signed = profile.signed(context)
    language = profile.language or context.language
    licence = licences.of(signed.licence)
    names = list(profile.columns or _ALL.get(profile.format, ()))
    if profile.filters.withdrawn and names and "state" not in names:
        names.append("state")
    if names and ALWAYS not in names:
        names.append(ALWAYS)
    shows_words = profile.format in _IN_WORDS or not _LABELS.isdisjoint(names)
    if profile.format == "evidence":
        shows_words = profile.evidence.shape == "efcsn"
    return Explained(
        name=profile.name,
        format=profile.format,
        description=profile.description.get(context.language) or profile.about,
        language=language,
        shows=[rule.words for rule in rules(profile.filters, subject=profile.name)],
        order=[f"{name.removeprefix('-')}{', descending' if name.startswith('-') else ''}" for name in profile.sort],
        columns=list(zip(names, headers(names, language, profile.labels), strict=True)),
        written_for=rating_words.READERS[profile.reader],
        words=rating_words.chosen(profile.rating_words, profile.reader, language) if shows_words else [],
        words_unused=rating_words.unused(profile.rating_words, profile.reader, language),
        writes=_files(profile),
        needs=[
            *(["--since"] if "since" in format_of(profile).needs else []),
            *(f"the version {name}" for name in profile.filters.marks),
        ],
        publisher=f"{signed.desk_name}, {signed.desk_url}",
        address=profile.claimreview.review_url.replace("{desk_url}", signed.desk_url.rstrip("/")),
        licence=(licence.name if licence.name == licence.url else f"{licence.name} {licence.url}".strip())
        if licence
        else "",
    )


def _files(profile: Profile) -> list[str]:
    """The names of what is written, with the version, and for a file per claim its id, left open."""
    suffix = format_of(profile).suffix
    name = PurePosixPath(profile.file or f"{profile.name}-v{{version}}{suffix}")
    several = _SEVERAL.get(profile.format)
    return [str(name)] if several is None else list(several(profile, name))


def _of_claimreview(profile: Profile, name: PurePosixPath) -> Iterator[str]:
    options = profile.claimreview
    if options.feed:
        yield from [str(name), *([f"{name}{BESIDE}"] if options.reader != "default" else [])]
    if options.documents:
        yield f"{name.stem}/{{claim_id}}{name.suffix}"


_OF_CHANGES: Final = {"jsonl": ".jsonl", "markdown": ".md"}
_SEVERAL: Final[dict[str, Callable[[Profile, PurePosixPath], Iterable[str]]]] = {
    "changes": lambda profile, name: [f"{name.stem}{_OF_CHANGES[kind]}" for kind in profile.changes.files],
    "claimreview": _of_claimreview,
    "dataset-folder": lambda _, name: [f"{name}/{file}" for file in DATASET_FILES],
    "evidence": lambda _, name: [str(name), f"{name}{BESIDE}"],
    "feed": lambda profile, name: [f"{name.stem}{SUFFIXES[kind]}" for kind in profile.feed.files],
    "google-api": lambda _, name: [str(name), f"{name}{BESIDE}"],
    "site": lambda profile, _: [f"{profile.name}-pages/"],
    "sqlite": lambda _, name: [str(name), f"{name.stem}{METADATA}"],
}
"""The formats that write more than one file; a test holds each to what it writes."""
