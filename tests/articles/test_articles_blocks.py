"""No kept paragraph loses a word, whatever elements stand in it."""

# ruff: noqa: E501 - markup as pages have it

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.articles import Ingested, markup, pages, selection
from factcheck.articles.blocks import blocks

PHRASING = [
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "button", "center", "cite", "code", "data", "del", "dfn", "em",
    "font", "i", "ins", "kbd", "label", "legend", "map", "mark", "meter", "nobr", "object", "output", "q", "ruby", "s",
    "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "x-tag", "blink", "marquee",
]  # fmt: skip
SENTENCE = "وزیر نیروی نیک‌شهر گفت تولید برق {} به ۷۰ هزار مگاوات نرسیده و مصرف ۱۲ درصد بیشتر شده است."
OTHERS = (
    "به گفته او، کار ساخت پل دوم از ماه گذشته آغاز شده و ۳۱ درصد آن به پایان رسیده است.",
    "در این نشست ۱۴ نفر از اعضا رأی موافق دادند و سه نفر با طرح مخالفت کردند.",
)


def text_of(made: str) -> str:
    root = markup.tree(f"<html><body><article>{made}</article></body></html>")
    return pages.rendered(selection.chosen(root, blocks(root), title=None, told=None)[0])


@pytest.mark.parametrize("tag", PHRASING)
@pytest.mark.parametrize("attributes", ["", " class='share'", " class='meta-date related'", " role='navigation'"])
def test_a_sentence_keeps_its_words_and_stays_one(tag: str, attributes: str) -> None:
    made = SENTENCE.format(f"<{tag}{attributes}>هرگز</{tag}>")
    lines = text_of(f"<p>{OTHERS[0]}</p><p>{made}</p><p>{OTHERS[1]}</p>").split("\n")
    wanted = SENTENCE.format("«هرگز»" if tag == "q" else "هرگز")
    assert lines == [OTHERS[0], wanted, OTHERS[1]]


WORDS = st.integers(1000, 9999).map(lambda n: f"واژه{n}")
INLINE = st.recursive(
    st.lists(WORDS, min_size=1, max_size=4).map(" ".join),
    lambda inner: st.tuples(
        st.sampled_from(PHRASING), st.sampled_from(["", " class='widget'", " title='x'", " style='color:red'"]), st.lists(inner, max_size=3)
    ).map(lambda parts: f" <{parts[0]}{parts[1]}>{' '.join(parts[2])}</{parts[0]}> "),
    max_leaves=6,
)  # fmt: skip
TAGS = st.sampled_from(["p", "div", "li", "blockquote", "h2", "td"])


@given(st.lists(st.tuples(TAGS, st.lists(INLINE, min_size=1, max_size=4)), min_size=1, max_size=6))
def test_no_kept_block_loses_a_word(made: list[tuple[str, list[str]]]) -> None:
    marked = [
        (tag, f"آغاز{n} {' '.join(parts)} پایان{n} جمله‌ای است که تمام می‌شود.") for n, (tag, parts) in enumerate(made)
    ]
    body = "".join(
        f"<table><tr><td>{text}</td></tr></table>"
        if tag == "td"
        else f"<ul><li>{text}</li></ul>"
        if tag == "li"
        else f"<{tag}>{text}</{tag}>"
        for tag, text in marked
    )
    root = markup.tree(f"<html><body><article><p>{OTHERS[0]}</p>{body}<p>{OTHERS[1]}</p></article></body></html>")
    before = [text for text in root.itertext() if text.strip()]
    page = blocks(root)
    every = " ".join(block.text for block in page)
    assert all(word in every for text in before for word in text.split())
    kept = selection.chosen(root, page, title=None, told=None)[0]
    text = pages.rendered(kept)
    for block in kept:
        assert all(word in text for word in block.text.split())


def test_digits_above_the_line_are_no_digits_of_the_number() -> None:
    made = text_of(
        f"<p>{OTHERS[0]}</p><p>مساحت شهر ۱۰<sup>۲</sup> هزار متر<sup>2</sup> است و ۳<sub>1</sub> و CO<sub>2</sub> دارد.</p>"
    )
    assert made.split("\n")[1] == "مساحت شهر ۱۰² هزار متر² است و ۳₁ و CO₂ دارد."
    assert "the 21st floor" in text_of(f"<p>It stands on the 21<sup>st</sup> floor of the tower.</p><p>{OTHERS[0]}</p>")


def test_quotations_have_the_marks_of_their_script() -> None:
    found = text_of(
        f"<p>He said <q>we <q>never</q> knew</q> of it on that day.</p><p>او گفت <q>هرگز</q> چنین نبود.</p><p>{OTHERS[0]}</p>"
    )
    assert found.split("\n")[:2] == ["He said “we ‘never’ knew” of it on that day.", "او گفت «هرگز» چنین نبود."]


def test_pieces_side_by_side_are_not_glued() -> None:
    found = text_of(
        f"<p>{OTHERS[0]}</p><div><span>۱۲ مهر ۱۴۰۳</span><span>وزیر نیرو گفت برق تولید شده است.</span></div><p>{OTHERS[1]}</p>"
    )
    assert "وزیر نیرو گفت برق تولید شده است." in found.split("\n")


@pytest.mark.parametrize(
    "hidden",
    ["<span hidden>پنهان</span>", "<span style='display:none'>پنهان</span>", "<span class='sr-only'>پنهان</span>",
     "<script>پنهان</script>", "<textarea>پنهان</textarea>"],
)  # fmt: skip
def test_what_is_not_shown_is_no_text(hidden: str) -> None:
    assert text_of(f"<p>{OTHERS[0][:20]}{hidden}{OTHERS[0][20:]}</p><p>{OTHERS[1]}</p>") == "\n".join(OTHERS)


def test_a_long_block_that_stands_there_twice_is_one() -> None:
    assert text_of(f"<p>{OTHERS[0]}</p><p>{OTHERS[1]}</p><div class='mobile'><p>{OTHERS[0]}</p></div>") == "\n".join(
        OTHERS
    )


def test_prose_that_was_left_out_is_said(ingest: Callable[..., Ingested]) -> None:
    card = f"<article><div><div><div><p>{OTHERS[1].replace('۱۴', '۱۵')}</p></div></div></div></article>"
    made = f"<html><body><article><p>{OTHERS[0]}</p>{card}<p>{OTHERS[1]}</p></article></body></html>"
    (row,) = ingest(made, "p.html").articles.to_dicts()
    assert ("۱۵" in row["text"]) != ("text_left_out" in row["warnings"])


def test_a_data_table_keeps_its_rows_and_a_layout_table_none() -> None:
    rows = "<table><tr><th>شهر</th><th>سهم</th></tr><tr><td>نیک‌شهر</td><td>۱۸ درصد</td></tr></table>"
    assert "| نیک‌شهر | ۱۸ درصد |" in text_of(f"<p>{OTHERS[0]}</p>{rows}<p>{OTHERS[1]}</p>")
