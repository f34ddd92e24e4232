"""Every setting, with its default, its bounds and what it is for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from factcheck import licences, names, web
from factcheck.days import Clock, written
from factcheck.languages import Language
from factcheck.models import Calendar
from factcheck.settings.values import (
    Amount,
    Blank,
    Emails,
    LanguageCode,
    Languages,
    Line,
    OwnAddress,
    Place,
    ServerAddress,
    Texts,
    TimeZone,
    Whole,
)


class Section(BaseModel):
    """A table of factcheck.toml: a key that it does not have is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


MANY_HOURS, MANY_VOTES = 1_000_000, 10**12
"""More than any desk means; what is larger does not fit into what is counted with it."""

TITLE_SHORTEST, TITLE_LENGTH = 3, 50
"""Characters that Label Studio takes as a project's title."""


class Desk(Section):
    """Who publishes the verdicts, and in which language its people work."""

    name: Line = Field("Fact-checking desk", max_length=200, description="The desk's name as readers know it.")
    url: OwnAddress = Field(
        "https://example.org", description="The desk's own address; reviews are published below it."
    )
    language: Language = Field("en", description="Language of the labels and hints that annotators see.")
    languages: Languages = Field(["fa", "ar", "en"], description="Languages the articles may be in (ISO 639).")
    time_zone: TimeZone = Field(
        "UTC", description="Time zone (IANA) of the times that people read, such as Asia/Tehran; files keep UTC."
    )
    calendar: Calendar | None = Field(
        None,
        description="Calendar of the dates that people read: gregorian, jalali or hijri; "
        "without it, that of the desk's language: jalali in Persian, else gregorian.",
    )
    wait: Amount = Field(
        0.0, ge=0, le=86_400, description="Seconds that a command waits while another run writes; like `--wait`."
    )
    licence: Annotated[str, AfterValidator(licences.check)] = Field(
        "CC-BY-4.0",
        description="Licence of releases and exports: an SPDX id such as CC-BY-4.0 or CC0-1.0, or a web address; "
        "empty for none.",
    )

    @property
    def clock(self) -> Clock:
        """How people of the desk read days and times."""
        return Clock(self.time_zone, self.calendar or Calendar(written(self.language)["calendar"]))


class WordingSettings(Section):
    """The desk's own words for the checkers' page, in the desk's language; what is stored never depends on them."""

    verdict: Line | None = Field(None, max_length=80, description="The question above the verdicts.")
    verified: Line | None = Field(None, max_length=40, description="The button of `verified`.")
    disputed: Line | None = Field(None, max_length=40, description="The button of `disputed`.")
    opinion: Line | None = Field(None, max_length=40, description="The button of `opinion`.")
    unproven: Line | None = Field(None, max_length=40, description="The button of `unproven`.")
    not_a_claim: Line | None = Field(None, max_length=40, description="The button of `not_a_claim`.")
    false: Line | None = Field(None, max_length=40, description="The reason `false`.")
    misleading: Line | None = Field(None, max_length=40, description="The reason `misleading`.")
    partly_true: Line | None = Field(None, max_length=40, description="The reason `partly_true`.")
    out_of_context: Line | None = Field(None, max_length=40, description="The reason `out_of_context`.")
    outdated: Line | None = Field(None, max_length=40, description="The reason `outdated`.")
    doctored: Line | None = Field(None, max_length=40, description="The reason `doctored`.")
    rationale: Line | None = Field(None, max_length=40, description="The heading of the rationale.")
    evidence: Line | None = Field(None, max_length=40, description="The heading of the evidence.")
    claimant: Line | None = Field(None, max_length=40, description="Who said the claim.")
    outlet: Line | None = Field(None, max_length=40, description="Who published it.")
    source: Line | None = Field(None, max_length=40, description="The article.")

    @property
    def own(self) -> dict[str, str]:
        """The words that the desk chose, by name."""
        return self.model_dump(exclude_none=True)


class DatasetSettings(Section):
    """Location of the versioned dataset: a folder (relative to factcheck.toml) or an object-store URI."""

    path: Place = Field("dataset", description="A folder, or an object-store URI such as s3://bucket/dataset.")


class Studio(Section):
    """The Label Studio server. Without `url` it is the local one of `factcheck studio up`."""

    url: Annotated[ServerAddress | None, Blank] = Field(
        None, description="Address of the server; without it, the local one of `studio up`."
    )
    token_file: Place = Field(".factcheck/token", description="File with the token; only its owner may read it.")
    ca_file: Annotated[Place | None, Blank] = Field(
        None, description="Certificates (PEM) of your own authority, which every client of the desk trusts too."
    )
    proxy: Annotated[ServerAddress | None, Blank] = Field(
        None, description="Address of the proxy to the server; HTTP_PROXY and HTTPS_PROXY are not used."
    )
    allow_http: bool = Field(default=False, description="Allow sending the token unencrypted to another machine.")
    allow_unsafe_version: bool = Field(default=False, description="Allow a server version with known holes.")
    environment: Place = Field(".factcheck/label-studio", description="Where the local server is installed.")
    full_pull_hours: Amount = Field(
        24.0,
        ge=0,
        le=MANY_HOURS,
        description="Hours between pulls that read every task again; some changes leave no trace.",
    )
    missing_votes: Whole = Field(
        10,
        ge=0,
        le=MANY_VOTES,
        description="If more votes than this disappear in one pull, they wait for a person's decision,",
    )
    missing_share: Amount = Field(
        0.05, ge=0, le=1, description="and only if they are also more than this share of all votes."
    )


class Project(Section):
    """One Label Studio project for claims; several projects feed one dataset."""

    title: Line = Field(
        "Fact check",
        min_length=TITLE_SHORTEST,
        max_length=TITLE_LENGTH,
        description="The project's title in Label Studio; you may change it.",
    )
    languages: Languages = Field([], description="Only claims in these languages; empty for all.")
    annotators_per_claim: Whole = Field(2, ge=1, le=100, description="How many people check each claim.")
    annotators_when_contested: Whole = Field(
        0, ge=0, le=100, description="How many people check a contested claim; 0 for no extra people."
    )
    annotators_when_worthy: Whole = Field(
        0, ge=0, le=100, description="How many people check a claim of `worthy_from` or more; 0 for no extra people."
    )
    worthy_from: Amount = Field(
        0.9, ge=0, le=1, description="Check-worthiness from which `annotators_when_worthy` applies."
    )
    predictions: bool = Field(
        default=False, description="Show annotators a claim's present verdict as a suggestion; this biases them."
    )
    earlier_verdicts: bool = Field(
        default=False,
        description="Tell annotators of earlier verdicts on the claim, in the same or like words, on tasks made "
        "from now on; this biases them.",
    )


class Articles(Section):
    """How articles, feeds and pages of evidence are read and fetched."""

    proxy: Annotated[ServerAddress | None, Blank] = Field(
        None, description="Address of the proxy to the web; HTTP_PROXY and HTTPS_PROXY are not used."
    )
    max_files: Whole | None = Field(
        None, ge=1, le=MANY_VOTES, description="Files that one `ingest` reads at most; it says how many are left."
    )


class Source(Section):
    """One place that `factcheck run` reads every day: a folder, a feed or a list of addresses."""

    folder: Place | None = Field(None, description="A folder of articles, or one file or archive.")
    feed: str | None = Field(None, description="Address of a feed (RSS, Atom) or of a page, http or https.")
    addresses: Place | None = Field(None, description="A text file with one web address a line; # begins a comment.")
    publisher: Line | None = Field(None, description="The outlet of articles that do not name their own.")
    lang: Annotated[LanguageCode | None, Blank] = Field(
        None, description="The language (ISO 639) of these articles; desk.languages without it."
    )

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if sum(place is not None for place in (self.folder, self.feed, self.addresses)) != 1:
            raise ValueError("needs exactly one of: folder, feed, addresses")
        if self.feed is not None and not web.is_meant_as_address(self.feed):
            raise ValueError("feed is not a web address; write it as https://news.example/feed")
        return self


class Claims(Section):
    """Which claims are worth a checker's time."""

    min_check_worthiness: Amount = Field(0.5, ge=0, le=1, description="Claims below this are kept, but not pushed.")
    amounts: Annotated[Place | None, Blank] = Field(
        None, description="File with the desk's own amounts of signals, by `factcheck learn`; blank for the package's."
    )


class Llm(Section):
    """The language model that `factcheck claims --helper llm` asks; nothing is sent without that option."""

    url: Annotated[ServerAddress | None, Blank] = Field(
        None, description="Address of an OpenAI-compatible endpoint, such as http://127.0.0.1:11434/v1."
    )
    model: Line | None = Field(None, max_length=200, description="The model's name, as the endpoint knows it.")
    key_file: Place = Field(".factcheck/llm-key", description="File with the key; only its owner may read it.")
    allow_http: bool = Field(default=False, description="Allow sending key and text unencrypted to another machine.")
    concurrency: Whole = Field(2, ge=1, le=16, description="How many questions are sent at the same time.")
    timeout: Amount = Field(60.0, ge=1, le=600, description="Seconds that one attempt at an answer may take.")
    max_tokens: Whole = Field(
        200_000, ge=1, le=MANY_VOTES, description="Tokens that one run may use; what would exceed them is not sent."
    )
    max_cost: Amount | None = Field(
        None, ge=0, le=MANY_VOTES, description="Cost that one run may have, by `price_in` and `price_out`."
    )
    price_in: Amount | None = Field(None, ge=0, le=MANY_VOTES, description="Price of a million tokens of question.")
    price_out: Amount | None = Field(None, ge=0, le=MANY_VOTES, description="Price of a million tokens of answer.")

    @model_validator(mode="after")
    def _priced(self) -> Self:
        if self.max_cost is not None and (self.price_in is None or self.price_out is None):
            raise ValueError("max_cost needs price_in and price_out")
        return self


class Matching(Section):
    """By what claims are compared beside their words; docs/import.md."""

    embedding: Literal["off", "local", "endpoint"] = Field(
        "off",
        description="Who reckons meanings: `off` nobody, words alone count; `local` the model of the extra `embed`; "
        "`endpoint` sends each claim to `url`.",
    )
    url: str | None = Field(None, description="Address of an OpenAI-compatible endpoint for embeddings.")
    model: Line | None = Field(
        None, max_length=200, description="The embedding model's name, as the endpoint knows it."
    )
    dimension: Whole | None = Field(None, ge=8, le=8192, description="Numbers in a vector of that model.")
    key_file: Place = Field(".factcheck/embedding-key", description="File with the key; only its owner may read it.")
    timeout: Amount = Field(60.0, ge=1, le=600, description="Seconds that one attempt at an answer may take.")


class Verdicts(Section):
    """How votes become a verdict; docs/policies.md explains each policy."""

    policy: Literal["majority", "unanimous", "weighted", "dawid_skene", "one_coin"] = Field(
        "majority", description="How votes become a verdict."
    )
    min_votes: Whole = Field(2, ge=1, le=MANY_VOTES, description="A verdict needs at least this many votes.")
    margin: Whole = Field(
        1, ge=1, le=MANY_VOTES, description="Votes by which the first choice must lead the second (majority)."
    )
    threshold: Amount | None = Field(
        None, gt=0.5, le=1, description="Weight or probability that a choice needs (weighted, dawid_skene, one_coin)."
    )
    roster: Emails = Field([], description="E-mail addresses of those whose votes count; empty to count everybody.")
    leads: Emails = Field([], description="E-mail addresses of those who decide contested claims in the queue.")


class Queue(Section):
    """The Label Studio project in which a lead decides contested claims; `factcheck push --queue` fills it."""

    title: Line = Field(
        "Contested claims",
        min_length=TITLE_SHORTEST,
        max_length=TITLE_LENGTH,
        description="The project's title in Label Studio.",
    )


class EvidenceSettings(Section):
    """What becomes of the pages that checkers name as evidence; docs/evidence.md."""

    archive: bool = Field(
        default=False,
        description="At each pull, keep a copy of these pages in `.factcheck/evidence`, for the desk alone.",
    )


class Exports(Section):
    """Where exports are written, relative to factcheck.toml."""

    path: Place = Field("exports", description="Folder for exports.")
    daily: Texts = Field(
        ["newsroom-xlsx"],
        description="Profiles and formats that `factcheck run` writes; `factcheck export` lists them.",
    )


class Publish(Section):
    """What is written again after every version, without anybody typing; docs/publishing.md."""

    profiles: Texts = Field([], description="Profiles that readers are given; empty for none.")
    to: Place = Field("public", description="Where they lie: a folder, or an object-store URI, s3://bucket/path.")


class Site(Section):
    """What the desk says of itself on its public site; an empty line begins a paragraph, docs/site.md."""

    selection: str = Field("", max_length=20_000, description="How claims are chosen; our own words without it.")
    method: str = Field("", max_length=20_000, description="How a verdict is reached; our own words without it.")
    corrections: str = Field("", max_length=20_000, description="How the desk corrects; our own words without it.")
    contact: str = Field("", max_length=20_000, description="How readers reach the desk.")
    funding: str = Field("", max_length=20_000, description="Who pays for the desk.")

    @property
    def texts(self) -> dict[str, str]:
        """The texts by name."""
        return self.model_dump()


class Settings(Section):
    """Everything a run needs to know; `root` is the folder of factcheck.toml."""

    root: Path
    desk: Desk = Desk()
    wording: WordingSettings = WordingSettings()
    dataset: DatasetSettings = DatasetSettings()
    studio: Studio = Studio()
    articles: Articles = Articles()
    sources: dict[names.SourceName, Source] = {}
    projects: dict[names.ProjectName, Project] = {"main": Project()}
    claims: Claims = Claims()
    llm: Llm = Llm()
    matching: Matching = Matching()
    verdicts: Verdicts = Verdicts()
    queue: Queue = Queue()
    evidence: EvidenceSettings = EvidenceSettings()
    exports: Exports = Exports()
    publish: Publish = Publish()
    site: Site = Site()

    @property
    def state(self) -> Path:
        """The folder of what is not the dataset: staging, ledger, quarantine, the local server."""
        return self.root / ".factcheck"

    @property
    def dataset_uri(self) -> str:
        """The dataset's folder as an absolute path, or its URI as it is."""
        return self.dataset.path if "://" in self.dataset.path else str(self.root / self.dataset.path)


NAMED: dict[str, type[Section]] = {"projects": Project, "sources": Source}
"""The tables of factcheck.toml that hold tables with names of the desk's own."""


def section(where: Sequence[str]) -> type[BaseModel]:
    """The model of the table of that name: [], [section], [projects, name] or [sources, name]."""
    if where and where[0] in NAMED:
        return NAMED[where[0]]
    annotation = Settings.model_fields[where[0]].annotation if where else Settings
    assert isinstance(annotation, type)
    assert issubclass(annotation, BaseModel)
    return annotation
