"""Verdicts as Markdown: a reader sees the texts as they are, and no markup, HTML or link that they hold."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from factcheck.exporters import Exported, Profile, render
from factcheck.exporters.addresses import sources_of
from factcheck.exporters.commonmark import LOST, inline, quoted
from tests.exporters.export_rows import CONTEXT, TEXTS, appearance, row, rows
from tests.exporters.test_export_feeds import HOSTILE

PAGE = "https://example.org/claims/clm_" + "0" * 20
OURS = {"heading_open", "bullet_list_open", "list_item_open", "blockquote_open", "paragraph_open", "hr", "inline"}
INLINE = {"text", "text_special", "softbreak", "hardbreak", "strong_open", "strong_close", "link_open", "link_close"}
WORDS = st.text(st.sampled_from("ab \\`*_{}[]()<>#+-.!|~&:@=$^/'\"1\n\t\r سلام\u200c\u2028"), max_size=60)


def exported(*items: dict[str, Any], files: str = "one", **claimreview: Any) -> Exported:
    profile = Profile.model_validate(
        {"name": "page", "format": "markdown", "markdown": {"files": files}, "claimreview": claimreview}
    )
    return render(rows(*items), profile, CONTEXT)


def parsed(text: str) -> list[Token]:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)


def said(token: Token) -> str:
    """The text of an inline token as a reader sees it, ends of lines included, without the isolates around it."""
    ends = {"hardbreak": "\n", "softbreak": "\N{SYMBOL FOR NEWLINE}"}
    return "".join(ends.get(child.type, child.content) for child in token.children or ())


def bare(text: str) -> str:
    """Without the marks that keep its direction in."""
    return text.removeprefix("\u2068").rstrip("\u202c\u2069")


def quotations(text: str) -> list[str]:
    found, inside = [], False
    for token in parsed(text):
        inside = inside or token.type == "blockquote_open"
        if inside and token.type == "inline":
            found.append(bare(said(token)))
        inside = inside and token.type != "blockquote_close"
    return found


def check(text: str) -> None:
    item = row(
        quote=text, claimant=text, rationales=[text], evidence=[text], verdict_origin="import", verdict_source=text,
        appearances=[appearance(publisher=text, url=text)],
    )  # fmt: skip
    done = exported(item)
    content = done.files[0].content.decode()
    tokens = parsed(content)
    assert {token.type for token in tokens if not token.type.endswith("_close")} <= OURS
    children = [child for token in tokens for child in token.children or ()]
    assert {child.type for child in children} <= INLINE
    ours = {PAGE, *(part["url"] for part in sources_of(text)), *(part["archived_url"] for part in sources_of(text))}
    assert {child.content for child in children if child.type == "text"} >= ours - {None}
    links = [child for child in children if child.type == "link_open"]
    assert len(links) == len(ours - {None})
    assert all(link.markup == "autolink" for link in links)
    assert sum(token.type == "heading_open" for token in tokens) == 2
    wanted = LOST.sub("\ufffd", text)
    if text.strip():
        assert quotations(content) == [wanted.rstrip("\u202c\u2069")] * 2
    assert bool(done.notes and "U+FFFD" in done.notes[0]) == bool(LOST.search(text))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_text_in_every_field(text: str) -> None:
    check(text)


@settings(max_examples=150)
@given(TEXTS | WORDS)
def test_any_text_is_text_in_every_field(text: str) -> None:
    check(text)


@settings(max_examples=300)
@given(WORDS)
def test_a_piece_of_a_line_reads_as_it_was(text: str) -> None:
    (token,) = [one for one in parsed(f"- **x**: {inline(text)}") if one.type == "inline"]
    if text.strip():
        assert said(token) == f"x: \u2068{text}\u2069"


@settings(max_examples=300)
@given(WORDS.filter(str.strip))
def test_a_quotation_reads_as_it_was(text: str) -> None:
    assert quotations("\n".join(quoted(text))) == [text]


def test_a_page_says_what_stands_and_which_version_it_is() -> None:
    copy = "https://web.archive.org/web/20260102030405/https://a.example/x"
    item = row(
        claimant="A minister", evidence=[f"{copy} | data | table 3", "p. 4"], rationales=["Counted."],
        verdict="disputed", reason="outdated", n_corrections=1,
    )  # fmt: skip
    profile = Profile(name="page", format="markdown", language="en")
    text = render(rows(item), profile, CONTEXT).files[0].content.decode()
    assert "## Outdated\n\n> \u2068The bridge has 12 arches\\.\u2069\n" in text
    assert f"- <https://a.example/x> · <{copy}> · data · \u2068table 3\u2069\n" in text
    assert "- \u2068p\\. 4\u2069\n" in text
    assert "- **Checkers**: 2 (100%)\n" in text
    assert "- **Corrections**: 1\n" in text
    assert re.search(r"Dataset version: 7 \(\u2068week\\-47\u2069\)", text)
    assert "Version hash: abababababab" in text
    assert "Export profile: \u2068page\u2069" in text


def test_each_claim_may_have_a_file_of_its_own() -> None:
    done = exported(row(), row(claim_id="clm_" + "1" * 20, status="contested", verdict=None), files="each")
    assert [file.name for file in done.files] == [f"page-v7/clm_{digit * 20}.md" for digit in "01"]
    assert all("page" in file.content.decode() and "abababababab" in file.content.decode() for file in done.files)
    assert "## اختلاف نظر" in done.files[1].content.decode()


def test_what_is_withdrawn_or_kept_back_is_not_in_it() -> None:
    done = exported(row(state="withdrawn"), row(claim_id="clm_" + "1" * 20, rationales=["internal"]), rationale=False)
    assert (done.accepted, done.rejected["code"].to_list()) == (1, ["WITHDRAWN"])
    assert b"internal" not in done.files[0].content
