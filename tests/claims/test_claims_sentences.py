"""What news texts do to sentence ends."""

from __future__ import annotations

import pytest

from factcheck.claims.sentences import paragraphs
from factcheck.folding import fold_with_offsets


def sentences(text: str, lang: str = "fa") -> list[str]:
    return [text[start:end] for paragraph in paragraphs(text, lang) for start, end in paragraph.sentences]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("مسئولان با آقای پوتین و... گفت‌وگو کردند. خوب بود.", ["مسئولان با آقای پوتین و... گفت‌وگو کردند.", "خوب بود."]),
        ("او رفته است.وی افزود که می‌آید.", ["او رفته است.", "وی افزود که می‌آید."]),
        ("سخنگوی ج.م.ع آمد.", ["سخنگوی ج.م.ع آمد."]),
        ("تیتر بی نقطه\nمتن خبر این است.", ["تیتر بی نقطه", "متن خبر این است."]),
        ("پکن - ایرنا: یک میلیون نفر آمدند.", ["پکن - ایرنا:", "یک میلیون نفر آمدند."]),
        ("جمله یکم.\u200f جمله دوم.", ["جمله یکم.", "جمله دوم."]),
        ("جمله یکم.\u00a0جمله دوم.", ["جمله یکم.", "جمله دوم."]),
        ("او گفت: «یک آمد. دو رفت.» سه ماند.", ["او گفت: «یک آمد.", "دو رفت.»", "سه ماند."]),
        ("ثبات بهتر است… اما نه همیشه.", ["ثبات بهتر است… اما نه همیشه."]),
    ],
)
def test_persian(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("LONDON (Reuters) - Shares fell 3%. They rose.", ["LONDON (Reuters) -", "Shares fell 3%.", "They rose."]),
        ("FLINT, Mich., Oct. 4 (UPI) — He spoke.", ["FLINT, Mich., Oct. 4 (UPI) —", "He spoke."]),
        ("Then Sen. Smith and Rep. Jones left.", ["Then Sen. Smith and Rep. Jones left."]),
    ],
)
def test_english(text: str, expected: list[str]) -> None:
    assert sentences(text, "en") == expected


def test_lines_wrapped_at_a_fixed_width_are_one_paragraph() -> None:
    line = "The committee said on Monday that the harbour would stay closed for"
    text = f"{line}\n{line}\n{line}\n{line}\nthree more days.\n\nNobody was hurt."
    assert sentences(text, "en")[-1] == "Nobody was hurt."
    assert len(paragraphs(text, "en")) == 2


def test_folding_knows_the_way_back() -> None:
    source = "می\u200cگوید أَنَّ ۱۲"
    folded = fold_with_offsets(source)
    assert folded.text == "میگوید ان 12"
    start = folded.text.index("ان")
    assert source[slice(*folded.span(start, start + 2))] == "أَنَّ"
