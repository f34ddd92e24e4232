"""One annotation as Label Studio tells it -> what a checker said, or why it is put aside. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from factcheck.errors import Rejected
from factcheck.models import AnnotationState, Choice, Confidence, Reason
from factcheck.studio.api import responses
from factcheck.studio.page.label_config import (
    CONFIDENCE,
    CONTROLS,
    CORRECTED_CLAIM,
    EVIDENCE,
    RATIONALE,
    REASON,
    SAME_AS,
    STORED,
    VERDICT,
)
from factcheck.text import has_surrogate, strip_controls

CLAIM_ID_PATTERN = r"^clm_[0-9a-f]{20}$"
_CHOICES = frozenset(map(str, Choice))
_CONFIDENCES = {str(level): str(level) for level in Confidence}
_REASONS = {str(reason): str(reason) for reason in Reason} | {STORED[reason]: str(reason) for reason in Reason}
LATER = (REASON, SAME_AS, CORRECTED_CLAIM)
"""What pages up to format 3 did not ask. Where an answer has none of it, nothing of it is in the answer's hash."""


IN_ANOTHERS_NAME = "made by somebody else in this person's name"
ONE_SAVE = timedelta(milliseconds=5)
"""A row is made and stamped twice in one save, 50 microseconds apart as measured; an edit is another request."""


class Answer(NamedTuple):
    """What one annotation says. Users are Label Studio's numbers; `author` is None where the user is deleted.

    `origin` says how it came to be where no person gave it on the page, None where one did.
    """

    annotation_id: int
    author: int | None
    editor: int | None
    state: AnnotationState
    choice: str | None
    rationale: str | None
    evidence: list[str]
    confidence: str | None
    lead_time: float | None
    created_at: datetime
    updated_at: datetime
    origin: str | None = None
    typed: str | None = None
    """The rationale with the blank texts between others, as older versions read it: an answer's hash is over this."""
    reason: str | None = None
    same_as: str | None = None
    corrected_claim: str | None = None


def identity(annotation: Any) -> tuple[int, datetime]:
    """The annotation's number and when it was made, which no other one has; raises Rejected BAD_PAYLOAD for none."""
    if not isinstance(annotation, dict) or not _is_id(annotation.get("id")):
        raise Rejected("BAD_PAYLOAD", f"holds {why}" if (why := responses.broken(annotation)) else "is no annotation")
    return annotation["id"], time(annotation.get("created_at"))


def read(annotation: Any) -> Answer:
    """The checker's answer; raises Rejected for one that is none.

    Codes: BAD_PAYLOAD (fields missing, of another type, or JSON that readers disagree about), SURROGATE,
    UNKNOWN_CONTROL, UNKNOWN_CHOICE, NO_CHOICE, TWO_CHOICES. Of several texts in one box each is kept, a line or more
    of its own; blank ones are dropped. A reason counts only beside the choice disputed: the page hides it beside
    another one and may still send what was chosen there before.
    """
    if why := responses.broken(annotation):
        raise Rejected("BAD_PAYLOAD", f"holds {why}")
    if not isinstance(annotation, dict) or not _is_id(annotation.get("id")):
        raise Rejected("BAD_PAYLOAD", "is no annotation")
    skipped = annotation.get("was_cancelled") is True
    said: dict[str, list[Any]] = {} if skipped else _said(annotation.get("result"))
    author, editor = _user(annotation.get("completed_by")), _user(annotation.get("updated_by"))
    created, updated = time(annotation.get("created_at")), time(annotation.get("updated_at"))
    choice = None if skipped else _verdict(said.get(VERDICT, []))
    reason = _one(said.get(REASON, []), _REASONS, "reason", "gives the reasons")
    return Answer(
        annotation_id=annotation["id"],
        author=author,
        editor=editor if editor != author else None,
        state=AnnotationState.SKIPPED if skipped else AnnotationState.SUBMITTED,
        choice=choice,
        rationale=_joined(said.get(RATIONALE, [])),
        evidence=[
            line.strip() for text in _texts(said.get(EVIDENCE, [])) for line in text.splitlines() if line.strip()
        ],
        confidence=_one(said.get(CONFIDENCE, []), _CONFIDENCES, "confidence", "is sure"),
        lead_time=_seconds(annotation.get("lead_time")),
        created_at=created,
        updated_at=updated,
        origin=_origin(annotation, author, editor, updated - created),
        typed="\n".join(_texts(said.get(RATIONALE, []))).strip() or None,
        reason=reason if choice == Choice.DISPUTED else None,
        same_as=_joined(said.get(SAME_AS, [])),
        corrected_claim=_joined(said.get(CORRECTED_CLAIM, [])),
    )


def _origin(annotation: Mapping[str, Any], author: int | None, editor: int | None, age: timedelta) -> str | None:
    """How an answer was made that no person gave on the page; None for one that a person gave.

    Label Studio notes who saved an annotation and how long they took, but for those that an action or an import
    made it notes neither (measured on 1.23.2). A suggestion that a person submits on the page has a time; so has an
    exported annotation that is imported again, and that keeps the number it had in the file.
    """
    if annotation.get("import_id") is not None:
        return "imported"
    timed = annotation.get("lead_time") is not None
    unsaved = "updated_by" in annotation and annotation["updated_by"] is None and not timed
    if annotation.get("parent_prediction") is not None and not timed:
        return "made from a prediction"
    if annotation.get("parent_annotation") is not None and not timed:
        return "copied from another answer"
    if unsaved:
        return "imported"
    if None not in {author, editor} and author != editor and age < ONE_SAVE:
        return IN_ANOTHERS_NAME
    return None


def time(value: Any) -> datetime:
    """A time of the server in UTC; raises Rejected BAD_PAYLOAD for what is none."""
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise Rejected("BAD_PAYLOAD", f"{responses.short(value, 80)} is no time") from None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def _said(result: Any) -> dict[str, list[Any]]:
    """The values by control name."""
    if not isinstance(result, list):
        raise Rejected("BAD_PAYLOAD", "has no list of results")
    said: dict[str, list[Any]] = {}
    for item in result:
        if not isinstance(item, dict) or not isinstance(item.get("value"), dict):
            raise Rejected("BAD_PAYLOAD", "has a result without a value")
        name = item.get("from_name")
        if name not in CONTROLS:
            raise Rejected(
                "UNKNOWN_CONTROL", f"answers {responses.short(name, 80)}, which our labeling config does not ask"
            )
        said.setdefault(name, []).append(item["value"])
    return said


def _verdict(values: list[Any]) -> str:
    choices = _chosen(values)
    if not choices:
        raise Rejected("NO_CHOICE", "is submitted without a verdict")
    if unknown := [choice for choice in choices if choice not in _CHOICES]:
        raise Rejected("UNKNOWN_CHOICE", f"chooses {responses.short(unknown[0], 80)}, which is no verdict of ours")
    if len(choices) > 1:
        raise Rejected("TWO_CHOICES", f"chooses {' and '.join(choices)}")
    return str(choices[0])


def _one(values: list[Any], known: Mapping[str, str], what: str, says: str) -> str | None:
    choices = _chosen(values)
    if unknown := [choice for choice in choices if choice not in known]:
        raise Rejected("UNKNOWN_CHOICE", f"chooses {responses.short(unknown[0], 80)}, which is no {what} of ours")
    if len(choices) > 1:
        raise Rejected("TWO_CHOICES", f"{says} {' and '.join(choices)}")
    return known[choices[0]] if choices else None


def _chosen(values: list[Any]) -> list[Any]:
    found: list[Any] = []
    for value in values:
        choices = value.get("choices", [])
        if not isinstance(choices, list) or not all(isinstance(choice, str) for choice in choices):
            raise Rejected("BAD_PAYLOAD", "has choices that are no list of texts")
        found += choices
    return found


def _joined(values: list[Mapping[str, Any]]) -> str | None:
    """What stands in a box, one text under the other; None where there is nothing."""
    return "\n".join(text for text in _texts(values) if text.strip()).strip() or None


def _texts(values: list[Mapping[str, Any]]) -> list[str]:
    found: list[str] = []
    for value in values:
        text = value.get("text", [])
        for part in text if isinstance(text, list) else [text]:
            if not isinstance(part, str):
                raise Rejected("BAD_PAYLOAD", "has a text that is none")
            if has_surrogate(part):
                raise Rejected("SURROGATE", "holds half a character (a lone surrogate)")
            found.append(strip_controls(part)[0])
    return found


def _user(value: Any) -> int | None:
    """A user as number, or as an object with `id` (as exports have it)."""
    if isinstance(value, dict):
        value = value.get("id")
    return value if _is_id(value) else None


def _seconds(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _is_id(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**63
