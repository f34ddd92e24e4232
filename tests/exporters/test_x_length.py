"""How long X finds a text, by the weights of twitter-text, and texts cut to fit."""

from __future__ import annotations

import time

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck.exporters.x_length import ADDRESS, ELLIPSIS, fitted, weighed

TEXTS = st.text(
    st.one_of(st.sampled_from("ab سلام۱۲ é\u0301\u200c\u200d👍🏽👩‍🇮🇷❤\ufe0f漢字 \n.,"), st.characters(codec="utf-8")),
    max_size=80,
)


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ("", 0),
        ("abc", 3),
        ("سلام دنیا", 9),
        ("می\u200cتوان", 7),
        ("漢字", 4),
        ("e\u0301", 1),
        ("👍", 2),
        ("👍🏽", 2),
        ("❤\ufe0f", 2),
        ("1\ufe0f\u20e3", 2),
        ("…", 2),
        ("“a”", 3),
        ("https://a.example/" + "x" * 300, 23),
        ("see https://a.example/x?y=1&z=2#t now", 4 + 23 + 4),
        ("(https://a.example/x).", 1 + 23 + 2),
        ("https://127.0.0.1/x", 19),
        ("https://a.example/" + "پ" * 3, 26),
    ],
)
def test_a_text_weighs_what_it_weighs_to_x(text: str, weight: int) -> None:
    assert weighed(text) == weight


@pytest.mark.parametrize(
    ("text", "least"),
    [
        ("👩‍👩‍👧‍👦", 2),
        ("🇮🇷", 2),
        ("bbc.com", ADDRESS),
        ("a.b", 3),
        ("https://a.com.", 24),
        ("a.com..b.com", 2 * ADDRESS + 2),
        ("see bbc.com/x", 4 + ADDRESS),
    ],
)
def test_what_only_x_could_tell_is_never_weighed_lighter(text: str, least: int) -> None:
    assert weighed(text) >= least


@settings(max_examples=300)
@given(TEXTS, st.integers(0, 90))
def test_what_fits_is_whole_and_what_does_not_is_cut_between_words_or_graphemes(text: str, room: int) -> None:
    cut = fitted(text, room)
    assert weighed(cut) <= room
    if weighed(text) <= room:
        assert cut == text
        return
    if not cut:
        return
    kept = cut.removesuffix(ELLIPSIS)
    assert cut == kept + ELLIPSIS
    assert text.startswith(kept)
    rest = text[len(kept) :]
    graphemes = regex.findall(r"\X", text)
    ends = {sum(map(len, graphemes[:number])) for number in range(len(graphemes) + 1)}
    assert len(kept) in ends or rest[:1].isspace()
    assert rest[:1].isspace() or not any(char.isspace() for char in kept.strip())


@pytest.mark.parametrize("text", ["x" * 40_000, "a." * 20_000, "a-." * 9_000, "https://" * 5_000, "." * 40_000])
def test_a_text_without_end_is_weighed_at_once(text: str) -> None:
    begun = time.process_time()
    assert weighed(fitted(text, 200)) <= 200
    assert time.process_time() - begun < 5


def test_a_cut_takes_as_many_words_as_fit() -> None:
    assert fitted("one two three four", 12) == "one two…"
    assert fitted("one two three four", 9) == "one two…"
    assert fitted("one two three four", 8) == "one…"
    assert fitted("abcdefgh ij", 6) == "abcd…"
    assert fitted("👍🏽👍🏽👍🏽", 5) == "👍🏽…"
    assert fitted("abc", 2) == ""
