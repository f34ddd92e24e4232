from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck import text

ALPHABET = (
    "ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهیيكىةأإآؤئ\u200c\u200d ًٌٍَُِّْـ۰۱۲۳٤٥٦abcXYZ0 .,«»؟!\u200f\u202e\u202c\u2067\u2069😀"
)
mixed = st.text(alphabet=ALPHABET, max_size=80)


@pytest.mark.parametrize("lang", ["ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi", "ar-EG", "FA"])
def test_a_language_that_runs_from_right_to_left(lang: str) -> None:
    assert text.direction_of_language(lang) == "rtl"


@pytest.mark.parametrize("lang", ["en", "de", "tr", "az", "", None])
def test_one_that_does_not(lang: str | None) -> None:
    assert text.direction_of_language(lang) == "ltr"


@pytest.mark.parametrize(
    ("value", "direction"),
    [("12 abc سلام", "ltr"), ("12 سلام abc", "rtl"), ("« שלום", "rtl"), ("12 ,.", None), ("", None)],
)
def test_the_first_strong_letter_gives_the_direction(value: str, direction: str | None) -> None:
    assert text.first_strong_direction(value) == direction


@pytest.mark.parametrize(
    ("inside", "closed"),
    [
        ("\u2067\u2066a", "\u2069\u2069"),
        ("\u202a\u202bb", "\u202c\u202c"),
        ("\u202a\u2067c", "\u202c\u2069"),
        ("\u2067d\u2069\u2069", ""),
        ("\u202ae\u202c\u202c", ""),
        ("\u2069\u2067f", "\u2069"),
        ("\u202c\u202ag", "\u202c"),
    ],
)
def test_everything_left_open_is_closed_as_often_as_it_was_opened(inside: str, closed: str) -> None:
    assert text.isolate(inside) == f"\u2068{inside}{closed}\u2069"


@given(mixed)
def test_ascii_digits_keep_every_offset(value: str) -> None:
    assert len(text.ascii_digits(value)) == len(value)


@given(mixed)
def test_isolating_keeps_the_text_and_closes_everything(value: str) -> None:
    shown = text.isolate(value)
    assert value in shown
    assert text.bidi_flags(shown) in ([], ["bidi_override"])
    assert text.for_display(value, "fa").replace(text.RLM, "").find(value.replace(text.RLM, "")) >= 0


def test_a_latin_first_arabic_sentence_is_shown_right_to_left() -> None:
    sentence = "BBC: أعلن الوزير"
    assert text.first_strong_direction(text.for_display(sentence, "ar")) == "rtl"
    assert text.for_display("The minister", "en") == "The minister"
    assert text.for_display("وزیر گفت", "fa") == "وزیر گفت"


def test_bidi_controls_are_flagged() -> None:
    assert text.bidi_flags("safe \u202egnp.exe") == ["bidi_override", "bidi_unbalanced"]
    assert text.bidi_flags("\u2067سلام\u2069") == []
    assert text.bidi_flags("\u2067سلام") == ["bidi_unbalanced"]


def test_controls_go_and_white_space_stays() -> None:
    assert text.strip_controls("a\x00b\x1fc\td\ne\r\x85") == ("abc\td\ne\r\x85", 2)


def test_zwnj_is_no_control() -> None:
    word = "می\u200cشود"
    assert text.strip_controls(word) == (word, 0)


def test_lone_surrogates_are_seen() -> None:
    assert text.has_surrogate("a\ud800")
    assert not text.has_surrogate("😀")


def test_a_terminal_gets_no_control_and_json_gets_it_back() -> None:
    raw = "a\x1b[31m\x07\x9b\x7f\u202e\ud800\r b\tc\r\nd\u200c\u2067e\u2069"
    shown = r"a\u001b[31m\u0007\u009b\u007f\u202e\ud800\u000d b" + "\tc\r\nd\u200c\u2067e\u2069"
    assert text.printable(raw) == shown
    assert json.loads(text.printable(json.dumps(raw, ensure_ascii=False))) == raw
