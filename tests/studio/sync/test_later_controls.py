"""What the page asks since format 4: a reason, a duplicate, a better cut; and answers of older pages, which stay."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.errors import Rejected
from factcheck.frames import empty
from factcheck.models import AnnotationEvent, Choice, Confidence, Reason, digest
from factcheck.studio.page.label_config import STORED, label_config
from factcheck.studio.sync import payload
from factcheck.studio.sync.reader import Reader
from factcheck.studio.sync.states import to_frame
from tests.fake_studio.props import claim_id

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def annotation(*parts: tuple[str, list[str]], **changes: Any) -> dict[str, Any]:
    """An annotation as the server tells it; choices and texts by control name."""
    boxes = {"rationale", "evidence", "same_as", "corrected_claim"}
    result = [
        {"from_name": name, "to_name": "claim", "value": {("text" if name in boxes else "choices"): values}}
        for name, values in parts
    ]
    return {
        "id": 7,
        "completed_by": 1,
        "updated_by": 1,
        "was_cancelled": False,
        "lead_time": 3,
        "created_at": "2026-11-22T05:17:31.356720Z",
        "updated_at": "2026-11-22T05:17:31.356750Z",
        "result": result,
    } | changes


def read(known: Any, *annotations: dict[str, Any], data: Any = None) -> Reader:
    reader = Reader(3, "main", known, NOW, lambda user: f"ant_{user:020x}")
    task = {
        "id": 5,
        "project": 3,
        "data": {"claim_id": claim_id(1), "claim": "x"} | (data or {}),
        "annotations": [*annotations],
    }
    reader.read([task | {"updated_at": "2026-11-22T05:17:31.4Z", "cancelled_annotations": 0}])
    return reader


def test_all_that_the_page_asks_is_read() -> None:
    answer = payload.read(
        annotation(
            ("verdict", ["disputed"]),
            ("reason", ["partly_true"]),
            ("same_as", [" https://a.example/1 ", "", "clm_1"]),
            ("corrected_claim", ["  ", "نرخ بیکاری ۷ درصد است"]),
        )
    )
    assert (answer.choice, answer.reason) == ("disputed", "partly_true")
    assert answer.same_as == "https://a.example/1 \nclm_1"
    assert answer.corrected_claim == "نرخ بیکاری ۷ درصد است"
    assert payload.read(annotation(("verdict", ["unproven"]))).choice == Choice.UNPROVEN


@pytest.mark.parametrize("choice", [choice for choice in Choice if choice is not Choice.DISPUTED])
def test_a_reason_counts_only_beside_disputed(choice: str) -> None:
    answer = payload.read(annotation(("verdict", [choice]), ("reason", ["false"])))
    assert (answer.choice, answer.reason) == (choice, None)


@pytest.mark.parametrize(
    ("code", "reasons"), [("UNKNOWN_CHOICE", ["False"]), ("TWO_CHOICES", ["false", "outdated"]), ("BAD_PAYLOAD", [3])]
)
def test_a_reason_that_is_none_of_ours_is_rejected(code: str, reasons: list[Any]) -> None:
    with pytest.raises(Rejected) as told:
        payload.read(annotation(("verdict", ["disputed"]), ("reason", reasons)))
    assert told.value.reason_code == code


def test_several_texts_are_one_and_blank_ones_are_none() -> None:
    answer = payload.read(annotation(("verdict", ["verified"]), ("rationale", ["first", " ", "", "second\nline "])))
    assert answer.rationale == "first\nsecond\nline"
    assert payload.read(annotation(("verdict", ["verified"]), ("rationale", ["", "  "]))).rationale is None


TEXTS = st.lists(st.text(st.sampled_from("a ب۱\n|\u200f"), max_size=6), max_size=4)
ANSWERS = st.tuples(
    st.sampled_from(list(Choice)),
    st.none() | st.sampled_from(list(Reason)),
    TEXTS,
    TEXTS,
    st.none() | st.sampled_from(list(Confidence)),
    TEXTS,
    TEXTS,
)


@given(ANSWERS)
def test_what_was_answered_comes_back_and_is_no_news_the_second_time(answer: tuple[Any, ...]) -> None:
    choice, reason, rationale, evidence, confidence, same_as, corrected = answer
    parts = [("verdict", [str(choice)]), ("rationale", rationale), ("evidence", evidence)]
    parts += [("reason", [str(reason)])] if reason else []
    parts += [("confidence", [str(confidence)])] if confidence else []
    parts += [("same_as", same_as), ("corrected_claim", corrected)]
    first = read(empty(AnnotationEvent), annotation(*parts))
    (row,) = to_frame(first.rows).to_dicts()
    record = AnnotationEvent.model_validate(row)
    assert (record.choice, record.confidence) == (choice, confidence)
    assert record.reason == (reason if choice is Choice.DISPUTED else None)
    for found, typed in ((record.rationale, rationale), (record.same_as, same_as), (record.corrected_claim, corrected)):
        assert (found or "") == "\n".join(text for text in typed if text.strip()).strip()
    again = read(to_frame(first.rows), annotation(*parts))
    assert again.rows == []
    assert [*again.unchanged] == [row["annotation_key"]]


@given(st.sampled_from(list(Choice)), TEXTS, TEXTS, st.none() | st.sampled_from(list(Confidence)))
def test_an_answer_of_an_older_page_has_the_hash_that_it_had(
    choice: Choice, rationale: list[str], evidence: list[str], confidence: Confidence | None
) -> None:
    """The formula of format 3, written down anew: else every vote would look edited after an upgrade."""
    parts = [("verdict", [str(choice)]), ("rationale", rationale), ("evidence", evidence)]
    parts += [("confidence", [str(confidence)])] if confidence else []
    told = annotation(*parts)
    said = {
        "state": "submitted",
        "choice": str(choice),
        "rationale": "\n".join(rationale).strip() or None,
        "evidence": [line.strip() for text in evidence for line in text.splitlines() if line.strip()],
        "confidence": None if confidence is None else str(confidence),
        "annotator_id": f"ant_{1:020x}",
        "edited_by": None,
    }
    (row,) = read(empty(AnnotationEvent), told).rows
    assert row["content_hash"] == digest(claim_id(1), said)
    # The row as format 3 stored it, with the blank texts in its rationale: nothing has changed, and a star of somebody
    # else, which makes them the last editor, is no edit.
    old = to_frame([row | {"rationale": said["rationale"]}])
    assert read(old, told).rows == []
    assert read(old, told | {"updated_by": 2}).rows == []


@pytest.mark.parametrize(
    ("name", "value"), [("reason", "outdated"), ("same_as", "clm_1"), ("corrected_claim", "shorter")]
)
def test_a_later_control_that_is_filled_in_afterwards_is_an_edit(name: str, value: str) -> None:
    before = read(empty(AnnotationEvent), annotation(("verdict", ["disputed"])))
    later = {"updated_at": "2026-11-22T06:00:00Z", "updated_by": 2}
    after = read(to_frame(before.rows), annotation(("verdict", ["disputed"]), (name, [value]), **later))
    (row,) = after.rows
    assert (row["seq"], row[name], row["edited_by"]) == (2, value, f"ant_{2:020x}")


@pytest.mark.parametrize("reason", list(Reason))
def test_what_the_page_stores_for_a_reason_is_read_as_that_reason(reason: Reason) -> None:
    assert f'alias="{STORED[reason]}"' in label_config("fa")
    answer = payload.read(annotation(("verdict", ["disputed"]), ("reason", [STORED[reason]])))
    assert answer.reason == reason


@pytest.mark.parametrize(
    ("data", "saw"), [({}, None), ({"earlier": ""}, False), ({"earlier": "x"}, True), ({"earlier": 1}, None)]
)
def test_whether_an_earlier_verdict_was_told_is_noted_and_is_no_part_of_the_answer(data: Any, saw: bool | None) -> None:
    told = annotation(("verdict", ["verified"]))
    (plain,) = read(empty(AnnotationEvent), told).rows
    (row,) = read(empty(AnnotationEvent), told, data=data).rows
    assert row["saw_earlier"] is saw
    assert (row["content_hash"], row["event_id"]) == (plain["content_hash"], plain["event_id"])
    # A vote that an older release pulled stays as it is, whatever its task says now.
    assert read(to_frame([plain]), told, data=data).rows == []
