"""Where the quick extractor finds less than half of a page's prose, another one is asked, and what goes on is taken."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from factcheck.articles import Ingested, selection
from tests.articles.page_parts import EN, OTHER_EN, ps

TEXT = (
    *EN,
    *(line.replace("mayor", "clerk").replace("31", "12").replace("land", "debt") + " So it said." for line in EN),
)
SPLIT = {
    "bodies": "".join(f"<div class='article-body'>{ps(TEXT[n : n + 2])}</div><div>x</div>" for n in range(0, 8, 2)),
    "articles": f"<article>{ps(TEXT[:2])}</article><article>{ps(TEXT[2:])}</article>",
    "grid": f"<article>{ps(TEXT[:1])}</article><div class='grid'><div class='cell'>{ps(TEXT[1:])}</div></div>",
    "boxes": f"<div><div class='story-content'>{ps(TEXT[:2])}</div></div><div><div>{ps(TEXT[2:])}</div></div>",
    "sections": f"<article><header>{ps(TEXT[:1])}</header></article>"
    + "".join(f"<section><h2>Part {n}</h2><div>{ps((line,))}</div></section>" for n, line in enumerate(TEXT[1:])),
}


def page(body: str) -> str:
    return f"<html><head><title>New buses</title></head><body><h1>New buses</h1>{body}</body></html>"


@pytest.mark.parametrize("form", SPLIT)
def test_a_text_in_many_boxes_comes_whole(ingest: Callable[..., Ingested], form: str) -> None:
    (row,) = ingest(page(SPLIT[form]), "p.html").articles.to_dicts()
    assert [line for line in TEXT if line not in row["text"].split("\n")] == []


def test_cards_of_other_stories_below_a_short_text_are_none_of_it(ingest: Callable[..., Ingested]) -> None:
    cards = "".join(
        f"<div class='cell'><h3><a href='/{n}'>{OTHER_EN} {n}</a></h3><p>{line}</p></div>"
        for n, line in enumerate(TEXT[2:])
    )
    (row,) = ingest(
        page(f"<article>{ps(TEXT[:2])}</article><div class='grid'>{cards}</div>"), "p.html"
    ).articles.to_dicts()
    assert [line for line in TEXT if line in row["text"]] == [*TEXT[:2]]


def test_a_page_that_was_read_well_is_looked_at_once(
    ingest: Callable[..., Ingested], monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[bool] = []
    kept = selection._kept

    def seen(root: object, *, fast: bool) -> set[int]:
        looks.append(fast)
        return kept(root, fast=fast)

    monkeypatch.setattr(selection, "_kept", seen)
    ingest(page(f"<article>{ps(TEXT)}</article>"), "p.html")
    assert looks == [True]
    ingest(page(SPLIT["articles"]), "q.html")
    assert looks == [True, True, False]
