"""What a language has to say before a desk can speak it to its editors and readers, as models that miss no word.

The names are those by which the code asks for a word; of a table's columns they are in the order of a full export.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, create_model


def _said(text: str) -> str:
    if not text.strip():
        raise ValueError("says nothing")
    return text


Text = Annotated[str, AfterValidator(_said)]

_RESULTS = "verified disputed opinion"
_REASONS = "false misleading partly_true out_of_context outdated doctored"
_STATUSES = "unreviewed single contested unproven not_a_claim decided"
_EDITED = "claim_reviewed headline summary page_url topic"

LABELS: Final = {
    "verdicts": _RESULTS,
    "statuses": _STATUSES,
    "editorial_states": "draft approved published needs_review withdrawn",
    "columns": f"""
        claim_id quote lang claimant claimant_role claimant_organisation state status status_label verdict
        verdict_label reason reason_label n_votes n_verified n_disputed n_opinion n_unproven n_not_a_claim agreement
        rationales evidence evidence_urls evidence_kinds sources decided_at policy verdict_origin verdict_source
        check_worthiness article_id title publisher source_chain url published_at published_raw published_on
        decided_on said appearances n_appearances publishers appearance_urls first_published_at modified_at
        n_corrections corrected_at {_EDITED} editorial_state editorial_state_label licence dataset_version
        dataset_tag dataset_hash dataset_committed_at""",
    "sheet": """
        verdicts long_texts about changes part column text rows desk profile continued printed page""",
    "editing": f"{_EDITED} editorial_state_label choose",
    "changes": "new changed withdrawn status",
    "kinds_of_change": """
        claim_withdrawn claim_reworded verdict_withdrawn left_out verdict_changed words_corrected grounds_changed
        verdict_new""",
    "of_changes": "kind before after why when version page since",
    "sections": "review removed changed new",
    "causes": "policy restore import merge undo regroup",
    "feeds": "verdicts_of corrections_of what_changed no_change",
    "articles": "title legend none left_out again in_words",
    "explore": "search how",
}
"""Tables of `labels.toml`; of those about changes the order is that in which an editor has to act on them."""
RATINGS: Final = {"verdicts": _RESULTS, "reasons": _REASONS, "meanings": f"{_RESULTS} unproven {_REASONS}"}
"""Tables of `ratings.toml`."""
SITE: Final = {
    "words": """
        skip navigation home outlets claimants topics topic corrections method data claim claimant unknown first
        appearances verdict rationale evidence archived no_rationale no_evidence how checkers credits agreement policy
        source version published modified decided changes no_changes withdrawn withdrawn_title withdrawn_why again
        moved_title moved latest older newer pages nothing no_corrections search search_words any language outlet
        year found loading reset meaning selection deciding correcting contact funding licence site_version site_hash
        site_date site_tag count table download charts as_table chart_verdicts chart_verdicts_about chart_days
        chart_days_about chart_agreement chart_agreement_about chart_undecided chart_undecided_about chart_corrected
        chart_corrected_about day week month by_day by_week by_month by_year embed embed_how embed_see from_claim""",
    "spread": "spread about more date no_date report own copy copy_of changed beside another first",
    "method": "selection method corrections",
    "causes": "pull policy restore edit split withdraw",
}
"""Tables of `site.toml` beside the names of languages."""
EVIDENCE: Final = "official_record data expert media video own_check"
"""Keys of `evidence.toml`."""
_IN_FORCE: Final = {
    ("feeds", "verdicts_of"): "{}",
    ("feeds", "corrections_of"): "{}",
    ("feeds", "what_changed"): "{}",
    ("articles", "legend"): "{share}",
    ("articles", "left_out"): "{count}",
    ("sheet", "page"): "&P",
    ("words", "found"): "{}",
    ("spread", "more"): "{}",
    ("spread", "copy_of"): "{}",
}
"""What a text has to keep, because something is put there."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Months(_Part):
    """Names of the twelve months of calendars that readers know by names; the days of others are in figures."""

    jalali: Annotated[list[Text], Field(min_length=12, max_length=12)] | None = None
    hijri: Annotated[list[Text], Field(min_length=12, max_length=12)] | None = None


class Days(_Part):
    """How days and numbers are written."""

    digits: Annotated[str, Field(min_length=10, max_length=10)]
    decimal: Annotated[str, Field(min_length=1, max_length=1)]
    per_cent: Annotated[str, Field(pattern=r"^[^{}]*\{\}[^{}]*$")]
    calendar: Literal["gregorian", "jalali", "hijri"]
    months: Months = Months()


def _complete(table: str, names: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """A check that a table has each of the names, no other, and in each text what is put there."""
    wanted = names.split()

    def check(said: dict[str, Any]) -> dict[str, Any]:
        if missing := [name for name in wanted if name not in said]:
            raise ValueError(f"lacks {', '.join(missing)}")
        if unread := [name for name in said if name not in wanted]:
            raise ValueError(f"has {', '.join(unread)}, which nothing reads")
        for name, text in said.items():
            place = _IN_FORCE.get((table, name), "")
            if place not in text or ("{" in place and re.search("[{}]", text.replace(place, ""))):
                raise ValueError(f"has {name} without {place}, or with another brace")
        return said

    return check


def _tables(name: str, tables: dict[str, str], **more: Any) -> type[BaseModel]:
    # A dictionary and not a model for each table: a model takes ten times as long to make, at every start.
    fields: dict[str, Any] = {
        table: (Annotated[dict[str, Text], AfterValidator(_complete(table, names))], ...)
        for table, names in tables.items()
    }
    return create_model(name, __base__=_Part, **fields, **more)


_KINDS: Any = {kind: (Annotated[list[Text], Field(min_length=1)], ...) for kind in EVIDENCE.split()}
DESK_SHAPES: Final[dict[str, type[BaseModel]]] = {
    "labels": _tables("Labels", LABELS, days=(Days, ...), alphabet=(str, ""), profiles=(dict[str, Text], {})),
    "ratings": _tables("Ratings", RATINGS),
    "site": _tables("Site", SITE, languages=(dict[str, Text], ...)),
    "evidence": create_model("Evidence", __base__=_Part, **_KINDS),
}
