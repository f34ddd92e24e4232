"""The public site: what stands on its pages, what stands nowhere, and that it is the same each time."""

from __future__ import annotations

import dataclasses
import json
import posixpath
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck.errors import ConfigError
from factcheck.exporters import ExportContext, Profile, find, lint, render, write_folder
from factcheck.exporters.site.folding_script import script
from factcheck.exporters.site.frame import POLICY, data
from factcheck.exporters.site.lists import SIZE, leaves
from factcheck.languages import SPOKEN
from tests.exporters import site_rows
from tests.exporters.export_rows import TEXTS, appearance, row, rows

PROFILE = find("public-site", None)
GONE = "A sentence that nobody reads any more."
SECRET = "Only the withdrawn check said this."


class Seen(HTMLParser):
    """What a browser would act on in a page: elements with their attributes, and the text of each script."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.feed(page.decode())
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag == "script":
            self.scripts.append("")

    def handle_data(self, data: str) -> None:
        if self.scripts and self.elements[-1][0] == "script":
            self.scripts[-1] += data


def made(
    frame: pl.DataFrame, context: ExportContext = site_rows.CONTEXT, profile: Profile = PROFILE
) -> dict[str, bytes]:
    folder = render(frame, profile, context).folder
    assert folder is not None
    pages = {page.name: page.make() for page in folder.pages}
    assert len(pages) == len(folder.pages), "a page is made once"
    return pages


def page_of(claim: dict[str, Any], context: ExportContext = site_rows.CONTEXT) -> str:
    return made(rows(claim), context)[f"claims/{claim['claim_id']}.html"].decode()


def test_a_claim_has_a_page_with_all_that_a_reader_asks() -> None:
    claim = row(
        quote="The bridge has 12 arches.", claimant="Ann Corley", publisher="The Example", reason="misleading",
        verdict="disputed", rationales=["It has eleven."], n_votes=3, agreement=0.67,
        evidence=["https://web.archive.org/web/2026/https://city.example/bridge | official record | page 4"],
        appearances=[appearance(), appearance(claim_id="clm_" + "1" * 20, publisher="Other Daily", url=None)],
    )  # fmt: skip
    english = dataclasses.replace(site_rows.CONTEXT, language="en")
    text = page_of(claim, english)
    for wanted in (
        *("The bridge has 12 arches.", "Ann Corley", "Misleading", "leaves a wrong impression", "It has eleven."),
        *('href="https://city.example/bridge"', 'href="https://web.archive.org/web/2026/https://city.example/bridge"'),
        *("official record", "page 4", ">3<", "67%", "majority(min_votes=2,margin=1)", "Other Daily", "2026-11-20"),
        "Nothing has changed since it was published.",
    ):
        assert wanted in text, wanted


def test_a_page_has_exactly_one_claimreview_that_our_own_lint_passes() -> None:
    pages = made(site_rows.view(60))
    reviews = {name: Seen(page).scripts for name, page in pages.items() if name.startswith("claims/")}
    assert len(reviews) == 60
    for name, (found,) in reviews.items():
        document = json.loads(found)
        assert document["url"] == f"https://desk.example.org/{name}"
        review = lint.Review((), document, context=document["@context"])
        findings = lint.check(review, site="https://desk.example.org", page=None)
        assert [one.id for one in findings if one.rule.level != "advice"] == []
    assert not any(Seen(page).scripts for name, page in pages.items() if name in {"data.html", "corrections.html"})


def test_a_date_stands_in_both_calendars_for_persian_readers() -> None:
    from factcheck.days import Clock
    from factcheck.models import Calendar

    context = dataclasses.replace(site_rows.CONTEXT, clock=Clock("Asia/Tehran", Calendar.JALALI))
    assert "۲۹ آبان ۱۴۰۵ (\u20662026-11-20\u2069)" in page_of(row(), context)


def test_every_change_stands_on_the_page_with_its_reason_and_among_the_corrections() -> None:
    history = site_rows.changes([{"before_verdict": "disputed", "verdict": "verified", "rationales": ["New tables."]}])
    claim = row(claim_id=site_rows.claim_id(0))
    pages = made(rows(claim), dataclasses.replace(site_rows.CONTEXT, language="en", history=history))
    for name in (f"claims/{claim['claim_id']}.html", "corrections.html"):
        text = " ".join(pages[name].decode().split())
        assert "<b>False or misleading</b> → <b>Verified</b>" in text
        assert "New tables." in text


@pytest.mark.parametrize("status", ["decided", "contested"])
def test_a_withdrawn_verdict_stands_nowhere_but_on_its_tombstone(status: str) -> None:
    """Its words and reasons; of its page, only the corrections know."""
    frame = site_rows.view(20)
    gone = row(
        claim_id=site_rows.claim_id(99), quote=GONE, rationales=[SECRET],
        publisher="Gone Daily", claimant="Gone Person",
        **({"state": "withdrawn"} if status == "decided" else {"status": status, "verdict": None}),
    )  # fmt: skip
    history = site_rows.changes(
        [
            {"claim_id": gone["claim_id"], "before_verdict": "opinion", "verdict": "disputed", "rationales": [SECRET]},
            {"claim_id": gone["claim_id"], "before_verdict": "disputed", "status": "withdrawn", "cause": "withdraw"},
        ]
    )
    context = dataclasses.replace(site_rows.CONTEXT, language="en", history=history)
    pages = made(pl.concat([frame, rows(gone)]), context)
    own = f"claims/{gone['claim_id']}.html"
    for text in (SECRET, "Gone Daily", "Gone Person"):
        assert {name for name, page in pages.items() if text.encode() in page} <= {own}
    beside = {f"embed/{gone['claim_id']}.html", f"embed/{gone['claim_id']}.json"}
    named = {name for name, page in pages.items() if gone["claim_id"].encode() in page}
    assert named == {"corrections.html", own, *beside}
    for name in beside:
        assert "This check was withdrawn" in pages[name].decode()
        assert not re.search("misleading|opinion", pages[name].decode(), re.IGNORECASE)
    tombstone, corrections = pages[own].decode(), pages["corrections.html"].decode()
    assert "This check was withdrawn" in tombstone
    assert "<b>False or misleading</b>" in tombstone
    assert not Seen(pages[own]).scripts
    assert "Withdrawn" in corrections
    assert "misleading" not in corrections


def test_a_claim_that_never_had_a_result_has_no_page() -> None:
    never = row(status="contested", verdict=None, first_published_at=None, decided_at=None)
    done = render(rows(never, row(claim_id="clm_" + "1" * 20)), PROFILE, site_rows.CONTEXT)
    assert (done.accepted, done.rejected["code"].to_list()) == (1, ["NO_VERDICT"])
    assert done.folder is not None
    assert not [page for page in done.folder.pages if never["claim_id"] in page.name]


def test_a_claim_that_was_merged_leads_to_where_it_is_answered() -> None:
    other = "clm_" + "2" * 20
    claim = row(appearances=[appearance(), appearance(claim_id=other)])
    brought = pl.DataFrame({"claim_id": [claim["claim_id"], other], "version": [3, 2], "shown": [True, True]})
    pages = made(rows(claim), dataclasses.replace(site_rows.CONTEXT, brought=brought))
    assert f'href="{claim["claim_id"]}.html"'.encode() in pages[f"claims/{other}.html"]
    without = made(rows(claim), dataclasses.replace(site_rows.CONTEXT, brought=brought.head(1)))
    assert f"claims/{other}.html" not in without


@pytest.mark.parametrize("language", SPOKEN)
def test_every_link_of_the_site_leads_to_a_file_of_it(language: Any) -> None:
    pages = made(site_rows.view(150), dataclasses.replace(site_rows.CONTEXT, language=language))
    for name, page in pages.items():
        if not name.endswith(".html"):
            continue
        seen = Seen(page)
        for tag, attributes in seen.elements:
            address = attributes.get("href") or attributes.get("src")
            if tag == "link" and attributes.get("rel") == "canonical":
                continue
            if address and not address.startswith(("http", "#")):
                assert posixpath.normpath(posixpath.join(posixpath.dirname(name), address)) in pages, (name, address)


def test_pages_load_nothing_from_elsewhere_and_run_nothing_that_stands_in_them() -> None:
    for name, page in made(site_rows.view(60)).items():
        if not name.endswith(".html"):
            continue
        seen = Seen(page)
        assert ("meta", {"http-equiv": "Content-Security-Policy", "content": POLICY}) in seen.elements
        for tag, attributes in seen.elements:
            assert tag != "style"
            assert not {key for key in attributes if key == "style" or key.startswith("on")}, name
            if tag in {"script", "img"}:
                assert attributes.get("type") == "application/ld+json" or "//" not in str(attributes["src"])


def test_the_site_of_a_version_is_the_same_each_time() -> None:
    frame = site_rows.view(130)
    assert made(frame) == made(frame)


def test_a_page_with_the_same_inputs_has_the_same_bytes() -> None:
    """The rule by which a page that is there is not made again."""
    frame = site_rows.view(130)
    changed, context = site_rows.with_changes(frame, [3, 70])
    one, other = render(frame, PROFILE, site_rows.context_of(frame)), render(changed, PROFILE, context)
    assert one.folder is not None
    assert other.folder is not None
    before = {page.name: page for page in one.folder.pages}
    same = [page for page in other.folder.pages if page.inputs == before[page.name].inputs]
    assert len(same) > 130
    assert all(page.make() == before[page.name].make() for page in same)
    remade = {page.name for page in other.folder.pages} - {page.name for page in same}
    assert {name for name in remade if name.startswith("claims/")} == {
        f"claims/{site_rows.claim_id(number)}.html" for number in (3, 70)
    }


@given(st.integers(0, 4 * SIZE + 3))
@settings(max_examples=200)
def test_a_list_in_pages_has_each_item_once_in_order_and_full_pages_stay(count: int) -> None:
    items = list(range(count, 0, -1))
    found = list(leaves("a/b.html", items))
    assert [item for leaf in found for item in leaf.items] == items
    assert [leaf.older for leaf in found[:-1]] == [leaf.path.removeprefix("a/") for leaf in found[1:]]
    assert [leaf.newer for leaf in found[1:]] == [leaf.path.removeprefix("a/") for leaf in found[:-1]]
    assert found[0].path == "a/b.html"
    assert (found[0].newer, found[-1].older) == ("", "")
    more = {leaf.path: leaf.items for leaf in leaves("a/b.html", [count + 1, *items])}
    assert all(more[leaf.path] == leaf.items for leaf in found[1:])


@given(TEXTS, TEXTS)
@settings(max_examples=100, deadline=None)
def test_no_text_becomes_markup(one: str, other: str) -> None:
    hostile = f"</script><script>alert(1)</script><img src=x onerror=alert(1)>{one}"
    claim = row(
        quote=hostile, claimant=other or None, publisher=hostile, rationales=[hostile], evidence=[hostile],
        appearances=[appearance(publisher=hostile, title=hostile)],
    )  # fmt: skip
    context = dataclasses.replace(site_rows.CONTEXT, desk_name=hostile)
    for name, page in made(rows(claim), context).items():
        if name.endswith(".html"):
            assert not [tag for tag, _ in Seen(page).elements if tag == "img"]
            assert all(
                attributes.keys() <= {"type", "src"} for tag, attributes in Seen(page).elements if tag == "script"
            )
        if name.startswith("search/"):
            assert b"<" not in page
    (found,) = Seen(made(rows(claim), context)[f"claims/{claim['claim_id']}.html"]).scripts
    assert json.loads(found)["reviewBody"] == hostile


def test_a_review_that_breaks_a_rule_is_left_out_and_said() -> None:
    done = render(rows(row(quote="\u2028")), PROFILE, site_rows.CONTEXT)
    assert done.folder is not None
    (page,) = [page.make() for page in done.folder.pages if page.name.startswith("claims/")]
    assert not Seen(page).scripts
    assert done.folder.notes
    assert "has no ClaimReview" in done.folder.notes[0]


def test_the_pages_lie_beside_the_folder_of_a_desks_own_profile(tmp_path: Path) -> None:
    own = tmp_path / "exports" / "public-site" / "profile.toml"
    own.parent.mkdir(parents=True)
    own.write_text('format = "site"\nlanguage = "ar"\n', "utf-8")
    folder = render(rows(row()), find("public-site", tmp_path), site_rows.CONTEXT).folder
    assert folder is not None
    kept = write_folder(folder, tmp_path / "exports")
    assert 'lang="ar"' in (kept.path / "index.html").read_text("utf-8")
    assert [path.name for path in own.parent.iterdir()] == ["profile.toml"]


def test_a_site_takes_no_file_name() -> None:
    with pytest.raises(ConfigError, match="folder named like its profile"):
        render(rows(row()), Profile(name="mine", format="site", file="x-v{version}"), site_rows.CONTEXT)


def test_the_desks_own_words_stand_in_place_of_ours() -> None:
    texts = {"selection": "We choose by lot.\n\nReally.", "contact": "", "funding": "Readers pay."}
    context = dataclasses.replace(site_rows.CONTEXT, language="en", texts=texts)
    text = made(rows(row()), context)["method.html"].decode()
    assert re.search(r"<p[^>]*>We choose by lot.</p>\s*<p[^>]*>Really.</p>", text)
    assert "Readers pay." in text
    assert "Contact" not in text
    assert "Several people check each claim" in text


def test_the_folding_of_the_page_is_made_from_ours() -> None:
    assert data("folding.js").decode() == script()
