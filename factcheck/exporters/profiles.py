"""Export profiles: which columns of which claims go into which format, under which file name."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from factcheck import licences, names
from factcheck.errors import ConfigError, UsageError
from factcheck.exporters.columns import NESTED, TABLE, TYPES
from factcheck.exporters.contract import POINTER, ExportContext
from factcheck.exporters.filters import Filters
from factcheck.exporters.profile_values import Address, Line
from factcheck.exporters.rating_words import RatingWords, Reader, check_words, own_words
from factcheck.languages import Language
from factcheck.models import Verdict
from factcheck.notation import toml_table

_PLACEHOLDERS = frozenset({"version", "since", "tag", "date", "language", "profile"})


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Publisher(_Part):
    """Who publishes what the profile writes, where that is not the desk as factcheck.toml has it."""

    name: Line = Field(default="", max_length=200)
    url: Address = Field(default="", description="`{desk_url}` in patterns of addresses.")
    logo: Address = Field(default="", description="Address of a picture; without it, none is named.")


class ClaimReviewOptions(_Part):
    """How verdicts become schema.org ClaimReview; ratings are whole numbers, nearer to `best_rating` = truer."""

    reader: Literal["default", "labeler", "duke"] = Field(
        default="default",
        description="Whose program reads the files: they are written as it reads them.",
    )
    review_url: str = "{desk_url}/claims/{claim_id}"
    ratings: dict[Verdict, int] = {Verdict.VERIFIED: 5}
    worst_rating: Annotated[int, Field(ge=1)] = 1
    best_rating: int = 5
    opinion: bool = Field(default=False, description="Show opinions too, although the scale means truth.")
    unproven: bool = Field(
        default=False,
        description="Show claims that could not be settled, rated in words alone; `filters` has to let them through.",
    )
    rationale: bool = Field(default=True, description="Publish the rationales as reviewBody.")
    feed: bool = True
    documents: bool = Field(default=True, description="One document per claim, for the page that shows it.")

    @model_validator(mode="after")
    def _scale(self) -> ClaimReviewOptions:
        if self.best_rating <= self.worst_rating:
            raise ValueError("best_rating must be above worst_rating")
        if any(not self.worst_rating <= value <= self.best_rating for value in self.ratings.values()):
            raise ValueError("ratings must lie within worst_rating..best_rating")
        if "{claim_id}" not in self.review_url:
            raise ValueError("review_url needs {claim_id}: one page per review")
        _refuse_unknown(self.review_url, {"desk_url", "claim_id"})
        return self


class ChangesOptions(_Part):
    """Which files say what changed: for programs, and a message to mail or to paste into a chat."""

    files: Annotated[list[Literal["jsonl", "markdown"]], Field(min_length=1)] = ["jsonl", "markdown"]


class FeedOptions(_Part):
    """What a feed tells of, in which formats, and how many entries it has."""

    of: Literal["verdicts", "corrections"] = "verdicts"
    files: Annotated[list[Literal["rss", "atom", "json"]], Field(min_length=1)] = ["rss", "atom", "json"]
    entries: Annotated[int, Field(ge=1, le=10_000)] = Field(default=100, description="The newest so many.")
    address: str = Field(default="", description="Where the feeds will lie, with {file}: readers ask for `self`.")

    @field_validator("address")
    @classmethod
    def _pattern(cls, value: str) -> str:
        _refuse_unknown(value, {"desk_url", "file"})
        if value and "{file}" not in value:
            raise ValueError("address needs {file}: one address per feed")
        return value


class EvidenceOptions(_Part):
    """Whose form evidence has."""

    shape: Literal["averitec", "efcsn"] = "averitec"


class MarkdownOptions(_Part):
    """Whether all claims stand in one file, or each in its own."""

    files: Literal["one", "each"] = "one"


class LabelStudioOptions(_Part):
    """How a verdict goes with its task: as a suggestion, or as an answer that is there already."""

    verdicts: Literal["predictions", "annotations"] = "predictions"


class SiteOptions(_Part):
    """What a site has beside its pages, and whom they name."""

    cards: bool = Field(default=True, description="A picture of each claim to share, where the extra `cards` is there.")
    credits: bool = Field(
        default=False,
        description="Name on a claim's page those who checked it and agreed to be named; counts of checkers go.",
    )


def _words(found: dict[Language, RatingWords]) -> dict[Language, RatingWords]:
    check_words(found)
    return found


class Profile(_Part):
    """One way to export; `name` is its folder's name, or the format's where no profile was asked for."""

    name: str
    format: str
    description: dict[Language, str] = {}
    file: str = Field(default="", description="File name with {version} and, at will, {tag}, {date}, {language}.")
    language: Language | None = Field(default=None, description="Of labels and headers; the desk's where not given.")
    headers: Literal["names", "labels"] = "names"
    columns: list[str] = Field(default=[], description="In order; all of the format's where empty.")
    labels: dict[str, dict[Language, str]] = Field(default={}, description="Headers in place of the built-in ones.")
    sort: list[str] = Field(default=[], description="Columns, each with - before it for descending; nulls last.")
    filters: Filters = Filters()
    publisher: Publisher = Publisher()
    licence: Annotated[str, AfterValidator(licences.check)] | None = Field(
        default=None, description="In place of the desk's; empty for none."
    )
    rating_words: Annotated[dict[Language, RatingWords], AfterValidator(_words)] = Field(
        default={}, description="Words for results, by language and, in tables of their own, by reader."
    )
    claimreview: ClaimReviewOptions = Field(default_factory=ClaimReviewOptions)
    changes: ChangesOptions = ChangesOptions()
    feed: FeedOptions = FeedOptions()
    evidence: EvidenceOptions = EvidenceOptions()
    markdown: MarkdownOptions = MarkdownOptions()
    label_studio: LabelStudioOptions = LabelStudioOptions()
    site: SiteOptions = SiteOptions()

    @field_validator("file")
    @classmethod
    def _plain_file_name(cls, value: str) -> str:
        if value and ("/" in value or "\\" in value or value.startswith((".", POINTER)) or "v{version}" not in value):
            raise ValueError("file must be a plain name that contains v{version}, and not begin with a dot or latest.")
        _refuse_unknown(value, _PLACEHOLDERS)
        return value

    @model_validator(mode="after")
    def _known_columns(self) -> Profile:
        for name in [*self.columns, *self.labels, *(name.removeprefix("-") for name in self.sort)]:
            if name not in TYPES:
                raise ValueError(f"no such column: {name}; did you mean '{_nearest(name, TYPES)}'?")
        by = [name.removeprefix("-") for name in self.sort]
        if nested := NESTED.intersection(by):
            raise ValueError(f"'{min(nested)}' holds many values and has no order; sort by n_appearances, for example")
        if len(set(by)) < len(by):
            raise ValueError("a column is sorted by twice")
        if len(set(self.columns)) < len(self.columns):
            raise ValueError("a column is named twice")
        return self

    @property
    def about(self) -> str:
        """A few words on the profile, in English where it has them."""
        return self.description.get("en") or next(iter(self.description.values()), f"{self.format} export")

    @property
    def reader(self) -> Reader:
        """For whom it writes; only ClaimReview has a form for each reader."""
        if self.format == "google-api":
            return "google"
        return self.claimreview.reader if self.format == "claimreview" else "default"

    def words(self, language: Language) -> dict[str, str]:
        """Words for results in place of ours, as its reader is given them in the language, by stable name."""
        return own_words(self.rating_words, self.reader, language)

    def signed(self, context: ExportContext) -> ExportContext:
        """The context with what the profile says of publisher, licence and words in place of what the desk says."""
        return replace(
            context,
            desk_name=self.publisher.name or context.desk_name,
            desk_url=self.publisher.url or context.desk_url,
            logo=self.publisher.logo or context.logo,
            licence=context.licence if self.licence is None else self.licence,
            words=self.words(self.language or context.language),
        )

    def file_name(self, context: ExportContext, suffix: str, *, changes: bool = False) -> str:
        """The name of the (main) file for this version; where it holds the `changes`, it says since which one."""
        pattern = self.file or f"{{profile}}-v{{version}}{suffix}"
        since = "" if context.since is None else f"{context.since.version}"
        if changes and since and "{since}" not in pattern:
            stem, dot, ending = pattern.rpartition(".")
            pattern = f"{stem}-since-v{{since}}{dot}{ending}" if dot else f"{pattern}-since-v{{since}}"
        return pattern.format(
            version=context.version,
            since=since or "none",
            tag=context.tag or "untagged",
            date=context.committed_at.date().isoformat(),
            language=self.language or context.language,
            profile=self.name,
        )

    def pointer(self, suffix: str) -> str:
        """The name that the newest of this profile's files has too, so that an address of it stays the same."""
        return f"{POINTER}{self.name}{suffix}"

    def table_columns(self) -> list[str]:
        """The columns of a flat table; raises ConfigError where one needs nested values."""
        if nested := NESTED.intersection(self.columns):
            raise ConfigError(
                f"'{min(nested)}' holds many values and does not fit in a table",
                subject=self.name,
                hint='use n_appearances, publishers, appearance_urls, evidence_urls, or format = "jsonl" or "parquet"',
            )
        return self.columns or list(TABLE)


def parse(text: str, *, name: str, subject: str) -> Profile:
    """The profile written in TOML; raises ConfigError where it is not valid, naming `subject` and the nearest key."""
    try:
        data: dict[str, Any] = toml_table(text)
    except ValueError as error:
        raise ConfigError(f"is not valid TOML: {error}", subject=subject, hint="fix that line") from error
    try:
        names.check("profile", name)
    except UsageError as error:
        raise ConfigError(
            f"is not a valid profile name: {error.what}", subject=error.subject, hint=error.hint
        ) from error
    try:
        return Profile.model_validate({**data, "name": name})
    except ValidationError as error:
        first = error.errors()[0]
        where = [str(part) for part in first["loc"] if part != "[key]"]
        hint = "see the profile.toml of a built-in profile for an example"
        said = first["msg"].removeprefix("Value error, ")
        if first["type"] == "extra_forbidden":
            said = "no such key"
            hint = f"did you mean '{_nearest(where[-1], _keys(where[:-1]))}'?"
        elif first["type"] in {"literal_error", "enum"} and isinstance(first["input"], str):
            allowed = re.findall("'([^']*)'", first["ctx"]["expected"])
            near = difflib.get_close_matches(first["input"], allowed, n=1, cutoff=0.5)
            said = "no such key" if "[key]" in first["loc"] else f"no such value: {names.shown(first['input'])}"
            hint = f"did you mean '{near[0]}'?" if near else f"use one of {', '.join(allowed)}"
        elif first["type"] == "model_type":
            said = f"is a table: write [{'.'.join(where)}], and what belongs into it below"
        raise ConfigError(f"{'.'.join(where) or 'profile'}: {said}", subject=subject, hint=hint) from error


def _keys(where: list[str]) -> list[str]:
    """The keys of the table that `where` leads to."""
    model: type[BaseModel] = Profile
    for part in where:
        kind = model.model_fields[part].annotation if part in model.model_fields else None
        tables = (one for one in (kind, *get_args(kind)) if isinstance(one, type) and issubclass(one, BaseModel))
        model = next(tables, model)
    return [name for name in model.model_fields if model is not Profile or name != "name"]


def _nearest(name: str, known: Iterable[str]) -> str:
    return difflib.get_close_matches(name, list(known), n=1, cutoff=0.0)[0]


def _refuse_unknown(pattern: str, known: set[str] | frozenset[str]) -> None:
    used = set(re.findall(r"\{([^{}]*)\}", pattern))
    if stray := used - known:
        raise ValueError(f"'{{{min(stray)}}}' is not one of {', '.join(f'{{{name}}}' for name in sorted(known))}")
    if re.search(r"[{}]", re.sub(r"\{[^{}]*\}", "", pattern)):
        raise ValueError("a brace is not closed")
