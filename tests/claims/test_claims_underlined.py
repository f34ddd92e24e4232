"""The paragraphs of an article with the places of its claims."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from factcheck.claims import Paragraph, underlined

TEXTS = st.text(alphabet="ab ج\u202e😀\n\r\u2028", max_size=40)


@st.composite
def articles(draw: st.DrawFn) -> tuple[str, list[dict[str, Any]]]:
    text = draw(TEXTS)
    spans = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).filter(lambda one: one[0] < one[1])
    own = draw(st.lists(spans, max_size=5)) if text else []
    again = [draw(st.none() | st.lists(spans, max_size=2)) for _ in own]
    return text, [
        {"start": start, "end": end, "repeated": None if more is None else [{"start": a, "end": b} for a, b in more]}
        for (start, end), more in zip(sorted(own), again, strict=True)
    ]


def letters(text: str) -> str:
    """Without white space: a line of nothing else is no paragraph."""
    return re.sub(r"\s", "", text)


@given(articles())
def test_no_character_is_lost_and_every_place_is_where_it_is(article: tuple[str, list[dict[str, Any]]]) -> None:
    text, claims = article
    parts = [part for paragraph in underlined(text, claims) for part in paragraph.parts]
    assert letters("".join(part.text for part in parts)) == letters(text)
    for index, claim in enumerate(claims):
        places = [(claim["start"], claim["end"]), *((at["start"], at["end"]) for at in claim["repeated"] or [])]
        held = {at for start, end in places for at in range(start, end)}
        mine = "".join(part.text for part in parts if index in part.claims)
        assert letters(mine) == letters("".join(char for at, char in enumerate(text) if at in held))


def test_overlapping_claims_and_places_over_lines_are_told_apart() -> None:
    text = "aa bb cc\n\ndd ee"
    claims: list[dict[str, Any]] = [
        {"start": 0, "end": 5, "repeated": [{"start": 10, "end": 12}]},
        {"start": 3, "end": 12, "repeated": None},
    ]
    assert list(underlined(text, claims)) == [
        Paragraph([("aa ", (0,), ()), ("bb", (0, 1), (0,)), (" cc", (1,), ())], (0, 1)),  # type: ignore[list-item]
        Paragraph([("dd", (0, 1), (0, 1)), (" ee", (), ())], ()),  # type: ignore[list-item]
    ]
