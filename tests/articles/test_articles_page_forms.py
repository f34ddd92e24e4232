"""Pages in the forms that newspapers' systems make: what a reader finds in them is what is read."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from factcheck.articles import Ingested
from tests.articles.page_forms import FORMS, Form


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_a_page_is_read_as_a_reader_reads_it(ingest: Callable[..., Ingested], form: Callable[[], Form]) -> None:
    wanted = form()
    found = ingest(wanted.html, "p.html")
    assert found.rejected.height == 0, found.rejected.to_dicts()
    (row,) = found.articles.to_dicts()
    lines = row["text"].split("\n")
    at = row["published_at"]
    assert [one for one in wanted.paragraphs if one not in lines] == []
    assert [one for one in wanted.lacks if one in row["text"]] == []
    assert row["title"] == wanted.title
    assert (at and at.date().isoformat()) == wanted.day
    assert row["publisher"] == wanted.publisher
    assert row["url"] == wanted.url
