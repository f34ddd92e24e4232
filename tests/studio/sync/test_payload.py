from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck.errors import Rejected
from factcheck.studio.api import responses
from factcheck.studio.sync import payload
from tests.fake_studio.props import result

GOOD: dict[str, Any] = {
    "id": 7,
    "completed_by": 1,
    "updated_by": 1,
    "was_cancelled": False,
    "lead_time": 3,
    "created_at": "2026-11-22T05:17:31.356720Z",
    "updated_at": "2026-11-22T05:17:31.356750Z",
    "result": result("verified", rationale="because", evidence="https://a.example\r\n\n b ", confidence="high"),
}


def test_an_answer_is_read() -> None:
    answer = payload.read(GOOD)
    assert (answer.choice, answer.rationale, answer.confidence) == ("verified", "because", "high")
    assert answer.evidence == ["https://a.example", "b"]
    assert (answer.author, answer.editor, answer.lead_time) == (1, None, 3.0)


def test_a_skip_says_nothing_whatever_was_typed() -> None:
    answer = payload.read(GOOD | {"was_cancelled": True})
    assert (str(answer.state), answer.choice, answer.rationale, answer.evidence) == ("skipped", None, None, [])


def test_an_export_names_users_as_objects() -> None:
    answer = payload.read(GOOD | {"completed_by": {"id": 4, "email": "x"}, "updated_by": {"id": 5}})
    assert (answer.author, answer.editor) == (4, 5)


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("NO_CHOICE", {"result": result("verified", rationale="x")[1:]}),
        ("TWO_CHOICES", {"result": result("verified") * 2}),
        ("TWO_CHOICES", {"result": result("verified", confidence="low") + result("x", confidence="high")[1:]}),
        ("UNKNOWN_CHOICE", {"result": result("Verified")}),
        ("UNKNOWN_CHOICE", {"result": result("verified", confidence="max")}),
        ("UNKNOWN_CONTROL", {"result": [{"from_name": "other", "value": {}}]}),
        ("SURROGATE", {"result": result("verified", rationale="\ud800")}),
        ("BAD_PAYLOAD", {"result": None}),
        ("BAD_PAYLOAD", {"result": [{"from_name": "verdict"}]}),
        ("BAD_PAYLOAD", {"result": [{"from_name": "verdict", "value": {"choices": "verified"}}]}),
        ("BAD_PAYLOAD", {"result": [{"from_name": "verdict", "value": {"choices": [["verified"]]}}]}),
        ("BAD_PAYLOAD", {"created_at": "yesterday"}),
        ("BAD_PAYLOAD", {"updated_at": None}),
        ("BAD_PAYLOAD", {"id": True}),
        ("BAD_PAYLOAD", {"id": 2**63}),
        ("BAD_PAYLOAD", {"lead_time": responses.Broken("NaN")}),
    ],
)
def test_what_is_no_answer_is_rejected_with_its_code(code: str, change: dict[str, Any]) -> None:
    with pytest.raises(Rejected) as told:
        payload.read(GOOD | change)
    assert told.value.reason_code == code
    assert told.value.what


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*GOOD, "value", "choices"]), inner),
    max_leaves=8,
)


@settings(max_examples=200, deadline=None)
@given(st.one_of(JSON, st.builds(lambda key, value: GOOD | {key: value}, st.sampled_from(sorted(GOOD)), JSON)))
def test_whatever_comes_is_an_answer_or_a_rejection(annotation: Any) -> None:
    with contextlib.suppress(Rejected):
        assert payload.read(annotation).annotation_id > 0
    assert responses.short(annotation).encode()
