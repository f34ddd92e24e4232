"""Articles with their claims as a page that no text of an article can break."""

from __future__ import annotations

from typing import Any

import lxml.html
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck.claims import underlined
from factcheck.exporters.article_page import Note, PageWords, Shown, article_page
from factcheck.languages import Language

WORDS = PageWords("Articles", "Legend", "None", "Left out", "Again", "In words")
HOSTILE = (
    "</p></article></body><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "{{ 7 * 7 }}{% for x in y %}",
    '" onmouseover="alert(1)" x="',
    "--><!--]]>&lt;b&gt;&#x202e;",
    "\u202eevil\u2066",
    "</style><style>*{display:none}",
    "javascript:alert(1)",
)
ELEMENTS = {"html", "head", "meta", "title", "style", "body", "article", "h1", "h2", "p", "ul", "li", "u", "a", "b",
            "bdi", "br", "code"}  # fmt: skip
ATTRIBUTES = {"lang", "dir", "class", "id", "href", "rel", "charset", "name", "content", "http-equiv"}
TEXTS = st.lists(st.sampled_from([*HOSTILE, "the ministry said 12 percent. ", "وزارت راه ۳۸۰ مدرسه ساخت. ", "\n"]),
                 max_size=6).map("".join)  # fmt: skip


def page(article: dict[str, Any], quotes: list[str], claimant: str, language: Language = "fa") -> str:
    text = article["text"]
    claims = [{"start": text.index(one), "end": text.index(one) + len(one), "repeated": None} for one in quotes]
    notes = [Note(f"clm_{number:020x}", number == 0, [("Said by", claimant)]) for number in range(len(claims))]
    shown = Shown(article, "2026-11-27", list(underlined(text, claims)), notes)
    return article_page([shown], words=WORDS, language=language)


def an_article(**changed: Any) -> dict[str, Any]:
    row = {"article_id": f"art_{1:020x}", "title": "T", "lang": "en", "publisher": "P", "url": None, "text": "One."}
    return row | changed


@settings(max_examples=100)
@given(text=TEXTS, title=TEXTS, publisher=TEXTS, url=st.sampled_from([*HOSTILE, "https://example.org/a?b=1&c=<d>"]),
       lang=st.sampled_from(["fa", "en", '"><b>', None]), claimant=TEXTS, cut=st.integers(1, 30))  # fmt: skip
def test_every_character_of_an_article_is_text(
    text: str, title: str, publisher: str, url: str, lang: str | None, claimant: str, cut: int
) -> None:
    article = an_article(text=text or "x", title=title, publisher=publisher, url=url, lang=lang)
    made = page(article, [article["text"][:cut]], claimant)
    tree = lxml.html.document_fromstring(made)
    assert {element.tag for element in tree.iter()} <= ELEMENTS
    assert len(tree.findall(".//style")) == len(tree.findall(".//article")) == 1
    for element in tree.iter():
        assert {*element.attrib} <= ATTRIBUTES
        href = element.get("href", "#")
        assert href.startswith(("#clm_", "https://example.org/")) or href == "#"
    for override in "\u202a\u202b\u202d\u202e":
        assert override not in made
    if "\u202e" not in text:
        shown = "".join("".join(one.itertext()) for one in tree.iterfind(".//p[@class='text']"))
        assert "".join(shown.split()).replace("1", "") == "".join(article["text"].split()).replace("1", "")


def test_claims_are_underlined_with_their_notes_in_both_directions() -> None:
    text = "وزارت راه ۳۸۰ مدرسه ساخت. BBC reported it.\nHe agreed."
    made = page(an_article(text=text, lang="fa"), ["وزارت راه ۳۸۰ مدرسه ساخت.", "He agreed."], "وزیر راه")
    tree = lxml.html.document_fromstring(made)
    assert [(one.text, one.get("class")) for one in tree.iterfind(".//u")] == [
        ("وزارت راه ۳۸۰ مدرسه ساخت.", "worth"),
        ("He agreed.", "low"),
    ]
    assert {one.get("dir") for one in tree.iterfind(".//p[@class='text']")} == {"rtl"}
    assert (tree.get("lang"), tree.get("dir")) == ("fa", "rtl")
    assert [one.get("href") for one in tree.iterfind(".//a")] == [f"#clm_{0:020x}", f"#clm_{1:020x}"]
    assert [one.get("id") for one in tree.iterfind(".//li")] == [f"clm_{0:020x}", f"clm_{1:020x}"]
    assert "default-src 'none'" in made
    made = page(an_article(text=text), [], "", "en")
    assert made.count('dir="ltr"') > 1
    assert "None" in made
