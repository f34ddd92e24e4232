"""Every record of the project as a frozen pydantic model, the enums, and how ids are made.

The JSON Schemas under schemas/ are generated from here. Times are UTC, offsets are code points, durations seconds.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

SCHEMA_VERSION = 6
"""Version of the records' format; a dataset written by a larger one is not written to."""


REGROUP = "regroup"
"""Cause of a version that made the groups of claims anew, by another fold than they were made with."""

RECUT = "recut"
"""Cause of a version that cut articles out anew: claims without votes are retired or told otherwise."""

REGROUPING = (REGROUP, "merge", "undo")
"""Causes of versions that may have put claims into another group than they were in."""


class Verdict(StrEnum):
    """What the desk says about a claim."""

    VERIFIED = "verified"
    DISPUTED = "disputed"
    OPINION = "opinion"


class Choice(StrEnum):
    """What one annotator says: a verdict, that it could not be settled, or that the text is no claim to be checked."""

    VERIFIED = "verified"
    DISPUTED = "disputed"
    OPINION = "opinion"
    UNPROVEN = "unproven"
    """Checked, and the evidence settles it neither way."""
    NOT_A_CLAIM = "not_a_claim"


class Reason(StrEnum):
    """In what way a disputed claim is wrong."""

    FALSE = "false"
    MISLEADING = "misleading"
    PARTLY_TRUE = "partly_true"
    OUT_OF_CONTEXT = "out_of_context"
    OUTDATED = "outdated"
    DOCTORED = "doctored"
    """A picture, a recording or a document was changed or made up."""


class Confidence(StrEnum):
    """How sure the annotator is."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class AnnotationState(StrEnum):
    """The observed state of an annotation; drafts and predictions never become one."""

    SUBMITTED = "submitted"
    SKIPPED = "skipped"
    DELETED = "deleted"
    PUT_ASIDE = "put_aside"
    """There, and not a person's answer to our question: imported, copied, on other words, made unreadable. No vote."""


class Mark(StrEnum):
    """Why what the dataset counts is not simply what Label Studio says of an annotation."""

    KEPT = "kept"
    """Label Studio forgot it or says otherwise; a person, or the rule that an author stays, kept ours."""
    PUT_ASIDE = "put_aside"
    ACCEPTED = "accepted"
    """Not given on our page; a person said that it counts all the same."""
    REWRITTEN = "rewritten"
    """Its content changed on the server and nobody edited it: a bulk action did."""
    MOVED = "moved"
    """It stands on another claim's task now."""


class Status(StrEnum):
    """Where a claim stands. Only `decided` carries a verdict."""

    UNREVIEWED = "unreviewed"
    """No vote."""
    SINGLE = "single"
    """Fewer votes than the policy asks for."""
    CONTESTED = "contested"
    """Enough votes and no agreement: a person decides, never a coin."""
    UNPROVEN = "unproven"
    """The annotators agree that it could not be settled; that is no verdict."""
    NOT_A_CLAIM = "not_a_claim"
    """The annotators agree that it cannot be checked."""
    DECIDED = "decided"


class Origin(StrEnum):
    """Who decided a claim, or found that it is not to be decided."""

    VOTES = "votes"
    """The annotators, by the policy."""
    ADJUDICATOR = "adjudicator"
    """A lead, whatever the votes say."""
    IMPORT = "import"
    """Somebody elsewhere or before; it stands until somebody here votes on the claim."""


class ClaimState(StrEnum):
    """A withdrawn claim keeps its history and is no longer sent to annotators."""

    ACTIVE = "active"
    WITHDRAWN = "withdrawn"


class ClaimEventKind(StrEnum):
    """What a person did to claims."""

    ADD = "add"
    EDIT = "edit"
    SPLIT = "split"
    MERGE = "merge"
    WITHDRAW = "withdraw"
    UNDO = "undo"


class EditorialField(StrEnum):
    """What an editor writes for readers of a claim."""

    CLAIM_REVIEWED = "claim_reviewed"
    """The claim in words that stand alone."""
    HEADLINE = "headline"
    SUMMARY = "summary"
    PAGE_URL = "page_url"
    """Address of the page about it, where it is not one of the desk's site."""
    TOPIC = "topic"
    STATE = "state"


class EditorialState(StrEnum):
    """How far the desk's own words on a claim are; a verdict that changes later makes approved ones `needs_review`."""

    DRAFT = "draft"
    APPROVED = "approved"
    PUBLISHED = "published"
    NEEDS_REVIEW = "needs_review"
    WITHDRAWN = "withdrawn"


class Calendar(StrEnum):
    """The calendar a date was written in."""

    GREGORIAN = "gregorian"
    JALALI = "jalali"
    HIJRI = "hijri"


class Speech(StrEnum):
    """How a claim is attributed."""

    DIRECT = "direct"
    INDIRECT = "indirect"


def _utc(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("a time needs a zone")
    return value.astimezone(UTC)


UtcTime = Annotated[datetime, AfterValidator(_utc)]
ArticleId = Annotated[str, Field(pattern=r"^art_[0-9a-f]{20}$")]
ClaimId = Annotated[str, Field(pattern=r"^clm_[0-9a-f]{20}$")]
EditId = Annotated[str, Field(pattern=r"^edt_[0-9a-f]{20}$")]
EventId = Annotated[str, Field(pattern=r"^evt_[0-9a-f]{20}$")]
AnnotatorId = Annotated[str, Field(pattern=r"^ant_[0-9a-f]{20}$")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=0)]


class Record(BaseModel):
    """A frozen record that knows no other fields than its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Cue(Record):
    """Where in a transcript a subtitle begins, and when it was shown."""

    start: Count = Field(description="Code points of the article's text before it.")
    seconds: Annotated[float, Field(ge=0, allow_inf_nan=False)] = Field(
        description="From the beginning of the recording."
    )


class Place(Record):
    """A place in a text, from one code point up to another."""

    start: Count
    end: Count


_DAYS_OR_YEARS = r"^(\d{4}(-\d{2}(-\d{2})?)?|\d{4}(-\d{2}-\d{2})?/\d{4}(-\d{2}-\d{2})?)$"


class NamedDate(Place):
    """A date that a text names, in the calendar it is written in; `iso` is the day, month or year it means."""

    calendar: Calendar | None = Field(
        description="Null for a day or a week told from the article's own day, and where the calendar cannot be told."
    )
    iso: Annotated[str, Field(pattern=_DAYS_OR_YEARS)] | None = Field(
        description="Gregorian, as ISO 8601: 2026-11-27, 2026-11 or 2026; first and last for another span, as "
        "a month of another calendar is: 2026-10-23/2026-11-21. Null where words and article do not tell it."
    )


class Article(Record):
    """One article as it came: `text` is the source text, never folded."""

    article_id: ArticleId = Field(
        description="Made of address, outlet, title and text: the same content is the same article."
    )
    url: str | None = Field(None, description="Address of the article itself, http or https.")
    source: str = Field(description="Where it was read: file path or URL as given.")
    source_start: Count = Field(0, description="Code points of the decoded source before this article's text.")
    publisher: str | None = Field(None, description="The outlet that published this copy.")
    source_chain: list[str] = Field(
        default_factory=list,
        description="Outlet first, then whom it quotes: outlet, agency, embassy ...",
    )
    title: str | None = Field(None, description="As the page or the file has it.")
    lang: str | None = Field(None, description="ISO 639 code.")
    published_at: UtcTime | None = Field(None, description="Null where the source told no date that can be used.")
    published_raw: str | None = Field(None, description="The date as it stood in the source.")
    published_day: date | None = Field(
        None,
        description="The publisher's own day, which may be the one before or after that of UTC; null before format 5.",
    )
    calendar: Calendar | None = Field(
        None,
        description="The calendar of the date as written; null where there is no date or it is in none of the three.",
    )
    text: Annotated[str, Field(min_length=1)] = Field(description="The source's text, never folded.")
    cues: list[Cue] | None = Field(
        None, description="Of a transcript with times, in order; what stands at a place was said from the last cue on."
    )
    warnings: list[str] = Field(default_factory=list, description="Stable codes: bidi_override, controls_removed ...")
    fetched_at: UtcTime = Field(description="When it was read.")


class Claim(Record):
    """A passage of an article that can be checked: `quote` is `text[start:end]`, always."""

    claim_id: ClaimId = Field(description="Made of article, offsets and quote.")
    article_id: ArticleId = Field(description="The article that it stands in.")
    group_id: ClaimId = Field(
        description="Claim id of the first claim that says the same; its own id where it is first."
    )
    start: Count = Field(description="Code point of the text at which the quote begins.")
    end: Count = Field(description="Code point behind the quote.")
    quote: Annotated[str, Field(min_length=1)] = Field(description="The text between the offsets, always.")
    lang: str | None = Field(None, description="ISO 639 code; null where it is not known.")
    claimant: str | None = Field(None, description="Who made the claim, as written in the article.")
    claimant_role: str | None = Field(None, description="The claimant's role or title, as written in the article.")
    claimant_organisation: str | None = Field(None, description="What the claimant speaks for, as written there.")
    reporting_verb: str | None = Field(
        None, description="The word that attributes it, as written; null where none does."
    )
    speech: Speech | None = Field(None, description="Null where nobody is named for it.")
    check_worthiness: Share = Field(description="How far it is worth checking, from 0 to 1.")
    reasons: list[str] = Field(
        default_factory=list, description="What raised or lowered check-worthiness, with amounts."
    )
    state: ClaimState = Field(ClaimState.ACTIVE, description="Withdrawn claims stay and are shown nowhere.")
    extractor: str = Field(description="Name and version of the rules that cut it out; `person` where a person did.")
    supersedes: ClaimId | None = Field(None, description="The claim in whose place it stands, with other words.")
    outlet: str | None = Field(None, description="Who published it, where a person corrected the article's outlet.")
    said_at: UtcTime | None = Field(None, description="When, where a person corrected the article's date.")
    context: str | None = Field(None, description="What a person wrote for the checkers instead of the passage around.")
    claim_in_words: str | None = Field(
        None,
        description="The claim in words that stand alone, as the extractor proposes them: never in place of the quote, "
        "and in no export or release unless a person took it over.",
    )
    repeated: list[Place] | None = Field(
        None, description="Other places of the same article that say it again, in order; null where none does."
    )
    dates: list[NamedDate] | None = Field(
        None, description="Dates that the quote names, in order; offsets are in the quote. Null where none was read."
    )

    @model_validator(mode="after")
    def _span(self) -> Self:
        if self.end - self.start != len(self.quote):
            raise ValueError("end - start must be the length of quote in code points")
        return self


class AnnotationEvent(Record):
    """One observed state of one annotation; append-only. The largest `seq` of an `annotation_key` is its state."""

    event_id: EventId = Field(description="Made of annotation, state and content: one observation is one event.")
    claim_id: ClaimId = Field(description="The claim whose words stood on the task; it counts for that claim's group.")
    annotation_key: str = Field(description="project, annotation id and creation time: ids alone are used again.")
    seq: Annotated[int, Field(ge=1)] = Field(description="Number of this state among the observed ones, from 1.")
    project: str = Field(description="Name of the project in factcheck.toml.")
    task_id: int = Field(description="Number of the task in Label Studio.")
    annotation_id: int = Field(description="Number of the annotation in Label Studio.")
    annotator_id: AnnotatorId = Field(description="Opaque; names stand in the table of annotators alone.")
    edited_by: AnnotatorId | None = Field(None, description="Set where another person changed it last.")
    state: AnnotationState = Field(description="What had become of the annotation.")
    choice: Choice | None = Field(None, description="None for a skipped annotation.")
    reason: Reason | None = Field(None, description="In what way it is wrong; only beside the choice disputed.")
    rationale: str | None = Field(None, description="Why, as typed; null where nothing was.")
    evidence: list[str] = Field(default_factory=list, description="As typed, one entry a line.")
    confidence: Confidence | None = Field(
        None, description="How sure the annotator was; null where nothing was chosen."
    )
    same_as: str | None = Field(
        None, description="The claim that this one repeats, as typed: an id, an address or words. A proposal."
    )
    corrected_claim: str | None = Field(None, description="The claim as it should have been cut. A proposal.")
    saw_earlier: bool | None = Field(
        None, description="Whether the task told of an earlier verdict; null where it was made before tasks did."
    )
    lead_time: float | None = Field(None, description="Seconds the annotator spent, as Label Studio counts them.")
    created_at: UtcTime = Field(description="When the annotation was made, by the server's clock.")
    updated_at: UtcTime = Field(description="The server's time of this state; for a deletion the task's.")
    observed_at: UtcTime = Field(description="When this state was seen.")
    content_hash: Sha256 = Field(description="Of what the server says of it; with a `mark`, what counts may differ.")
    mark: Mark | None = Field(None, description="Set where what counts is not simply what the server says.")
    mark_reason: str | None = Field(None, description="Why, in words.")
    task_updated_at: UtcTime | None = Field(None, description="The task's own time when this state was observed.")

    @model_validator(mode="after")
    def _reason_only_if_disputed(self) -> Self:
        if self.reason is not None and self.choice is not Choice.DISPUTED:
            raise ValueError("a reason stands only beside the choice disputed")
        return self


class VerdictChange(Record):
    """A row per change of a claim's verdict or status; the last one up to a version is the verdict as of it."""

    claim_id: ClaimId = Field(description="The group's claim id.")
    status: Status = Field(description="How far the claim is.")
    verdict: Verdict | None = Field(None, description="Null for every other status than decided.")
    reason: Reason | None = Field(
        None, description="In what way a disputed claim is wrong; none where the votes that say so do not agree."
    )
    n_votes: Count = Field(0, description="Votes that counted.")
    n_verified: Count = Field(0, description="Votes for verified.")
    n_disputed: Count = Field(0, description="Votes for disputed.")
    n_opinion: Count = Field(0, description="Votes for opinion.")
    n_unproven: Count = Field(0, description="Null in rows that a version of format 1, 2 or 3 brought, and means 0.")
    n_not_a_claim: Count = Field(0, description="Votes that this is no checkable claim.")
    agreement: Share | None = Field(None, description="Share of pairs of votes that agree; None below two votes.")
    policy: str = Field(description="Name and parameters, e.g. majority(min_votes=2,margin=1).")
    rationales: list[str] = Field(default_factory=list, description="Of the votes that carry the verdict.")
    evidence: list[str] = Field(default_factory=list, description="Of the votes that carry the verdict; each once.")
    decided_at: UtcTime | None = Field(None, description="Time of the last vote that counted.")
    adjudicator: AnnotatorId | None = Field(None, description="The lead who decided; null where the votes did.")
    origin: Origin | None = Field(
        None, description="Who decided; null in rows that a version of format 1 or 2 brought."
    )
    source: str | None = Field(None, description="Who decided an imported verdict, as the import named it.")

    @model_validator(mode="after")
    def _source_iff_imported(self) -> Self:
        if (self.origin is Origin.IMPORT) != (self.source is not None):
            raise ValueError("a source stands exactly where a verdict was imported")
        return self

    @model_validator(mode="after")
    def _verdict_iff_decided(self) -> Self:
        if (self.status is Status.DECIDED) != (self.verdict is not None):
            raise ValueError("a verdict stands exactly where the status is decided")
        return self

    @model_validator(mode="after")
    def _reason_only_if_disputed(self) -> Self:
        if self.reason is not None and self.verdict is not Verdict.DISPUTED:
            raise ValueError("a reason stands only beside the verdict disputed")
        return self


class ClaimEvent(Record):
    """Something a person did to claims; append-only. What it changed are the rows of `claims` of the same version."""

    event_id: EventId = Field(description="Made of version, kind, claims and time.")
    kind: ClaimEventKind = Field(description="What was done.")
    claims: list[ClaimId] = Field(default_factory=list, description="The claims it was done to, as they were called.")
    made: list[ClaimId] = Field(default_factory=list, description="The claims that it made.")
    changed: list[str] = Field(default_factory=list, description="What of the claims it changed: claimant, context ...")
    undoes: EventId | None = Field(None, description="The event that an undo took back.")
    why: str | None = Field(None, description="The reason given, for the desk's eyes: in no fork, release or export.")
    who: AnnotatorId | None = Field(None, description="Who did it; names stand in the table of annotators alone.")
    at: UtcTime = Field(description="When it was done.")


class EditorialChange(Record):
    """A row per change of what editors wrote of a claim; the last one of a claim and field is what stands."""

    edit_id: EditId = Field(description="Made of claim, field, value and time.")
    claim_id: ClaimId = Field(description="The group's claim id.")
    field: EditorialField = Field(description="What was written.")
    value: str | None = Field(None, description="Null where the words were taken back.")
    editor: AnnotatorId | None = Field(None, description="Who wrote it; names stand in the table of annotators alone.")
    at: UtcTime = Field(description="When it was written.")

    @model_validator(mode="after")
    def _known_state(self) -> Self:
        if self.field is EditorialField.STATE and self.value is not None:
            EditorialState(self.value)
        return self


class Version(Record):
    """A commit of the dataset; `version_hash` covers the parent's hash and everything here."""

    version: Annotated[int, Field(ge=1)] = Field(description="From 1, without a gap.")
    parent_hash: Sha256 | None = Field(None, description="The hash of the version before; null for the first.")
    content_hash: Sha256 = Field(description="Over the canonical rows this version brought, all tables.")
    version_hash: Sha256 = Field(description="Over the parent's hash and everything here.")
    cause: str = Field(description="pull, policy, import, restore, regroup, recut ...")
    message: str = Field("", description="For people; empty where there is nothing to say.")
    counts: dict[str, int] = Field(description="Rows brought, by table.")
    cursor: dict[str, Any] = Field(default_factory=dict, description="Sync cursor by project, as the pull left it.")
    policy: str = Field("", description="The rule in force; empty before there was one.")
    schema_version: int = Field(SCHEMA_VERSION, description="The dataset's format when it was committed.")
    committed_at: UtcTime = Field(description="When it was committed.")


class Tag(Record):
    """A name for a version; never moves without --force."""

    name: Annotated[str, Field(pattern=r"^[^\s/\\]{1,100}$")] = Field(
        description="Letters and digits of any script, as typed."
    )
    version: Annotated[int, Field(ge=1)] = Field(description="The version that it names.")
    note: str = Field("", description="For people; empty where there is none.")
    tagged_at: UtcTime = Field(description="When it was given.")


class Annotator(Record):
    """A person behind an opaque id; lives in the one table that may be changed, and in no export."""

    annotator_id: AnnotatorId
    server: str
    user_id: int
    name: str = ""
    email: str = ""
    forgotten: bool = False


class Rejection(Record):
    """One input that was put aside, so that a person can look at it and act."""

    stage: str
    code: str = Field(description="Stable code: EMPTY, ENCODING, UNKNOWN_CHOICE ...")
    subject: str = Field(description="Which input: path, URL, task and annotation id.")
    reason: str = Field(description="What a person can act on.")
    payload: str | None = Field(None, description="The rejected thing itself where it is small, as text.")


class Report(Record):
    """What one stage did; `accepted + rejected == seen`, always."""

    stage: str
    seen: Count
    accepted: Count
    rejected: Count
    counts: dict[str, int] = Field(default_factory=dict, description="Details by name: new, unchanged, skipped ...")
    rejections: list[Rejection] = Field(default_factory=list)
    warnings: list[str] = Field(default_factory=list)
    version: Annotated[int, Field(ge=1)] | None = Field(None, description="The version that was committed, if one was.")
    seconds: float = 0.0
    next_steps: list[str] = Field(default_factory=list, description="Commands to go on with.")

    @model_validator(mode="after")
    def _nothing_lost(self) -> Self:
        if self.accepted + self.rejected != self.seen:
            raise ValueError(f"{self.stage}: {self.accepted} accepted + {self.rejected} rejected != {self.seen} seen")
        return self


RECORDS: tuple[type[Record], ...] = (
    Article,
    Claim,
    AnnotationEvent,
    VerdictChange,
    ClaimEvent,
    EditorialChange,
    Version,
    Tag,
    Rejection,
    Report,
)
"""The records of the outside contract, in the order a claim lives them."""


def digest(*parts: object) -> str:
    """SHA-256 (64 hex digits) of the parts as canonical JSON: sorted keys, no spaces, times in ISO 8601."""
    return hashlib.sha256(canonical_json(parts).encode("utf-8", "surrogatepass")).hexdigest()


def canonical_json(value: object) -> str:
    """The value as JSON that is the same for equal values: sorted keys, no spaces, non-ASCII as it is."""
    return _CANONICAL.encode(value)


def _json_default(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no canonical form")


_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_json_default)


def article_id(*, url: str | None, publisher: str | None, title: str | None, text: str) -> str:
    """The id of an article: the same content from the same outlet is the same article."""
    return "art_" + digest(url, publisher, title, text)[:20]


def claim_id(*, article_id: str, start: int, end: int, quote: str) -> str:
    """The id of a claim: where it stands and what it says."""
    return "clm_" + digest(article_id, start, end, quote)[:20]


def event_id(*, annotation_key: str, seq: int, content_hash: str) -> str:
    """The id of an annotation event: the same observation made twice is one event."""
    return "evt_" + digest(annotation_key, seq, content_hash)[:20]


def claim_event_id(*, version: int, kind: str, claims: list[str], made: list[str], at: datetime) -> str:
    """The id of an event of claims, the one of its version."""
    return "evt_" + digest(version, kind, claims, made, at)[:20]


def edit_id(*, claim_id: str, field: str, value: str | None, at: datetime) -> str:
    """The id of a change of the words on a claim: the same change made twice at one moment is one."""
    return "edt_" + digest(claim_id, field, value, at)[:20]


def gone_hash(annotation_key: str) -> str:
    """The content hash of an annotation that the server has not any more, and that counts here all the same."""
    return digest(annotation_key, str(AnnotationState.DELETED))
