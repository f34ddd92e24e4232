"""Hostile texts in every field, shown by a real Chromium: no script of theirs runs, and nothing is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree as ET

import pytest
from markdown_it import MarkdownIt
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, Request

from factcheck.exporters import find, render, write_folder
from tests.exporters.hostile_texts import TEXTS, all_of_them, leaves, rendered

LIVELY = ("script", "image", "attribute", "vector", "textarea", "comment", "CDATA", "Markdown")
"""Texts that run where somebody takes them for markup."""
pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page on which a question to a person, a broken script or a request to others is a failure."""
    page = chromium.new_page()
    said: list[str] = []

    def refuse(dialog: Dialog) -> None:
        said.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def console(message: ConsoleMessage) -> None:
        if message.type == "error":
            said.append(message.text)

    def asked(request: Request) -> None:
        if not request.url.startswith("file:"):
            said.append(request.url)

    page.on("dialog", refuse)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", console)
    page.on("request", asked)
    yield page
    page.close()
    assert said == []


def ran(page: Page) -> bool:
    return any(frame.evaluate("window.__ran === 1") for frame in page.frames)


def test_no_script_of_a_text_runs_on_any_page_of_the_site(page: Page, tmp_path: Path) -> None:
    kinds = [*LIVELY, "address", "data address", "line separators", "escape of JSON", "template", "NUL"]
    view, context = all_of_them([TEXTS[kind] for kind in kinds])
    done = render(view, find("public-site", None), context)
    assert done.folder is not None
    root = write_folder(done.folder, tmp_path).path
    pages = sorted(root.rglob("*.html"))
    assert len(pages) > 2 * len(kinds)
    for path in pages:
        page.goto(path.as_uri())
        assert not ran(page), path
        page.keyboard.press("Tab")
    page.goto((root / "index.html").as_uri())
    page.fill("input[type=search]", "script")
    page.wait_for_selector("#found:text-matches('[0-9]')")
    assert not ran(page)


@pytest.mark.parametrize("kind", LIVELY)
def test_no_script_of_a_text_runs_where_messages_and_entries_of_feeds_are_shown(
    page: Page, kind: str, tmp_path: Path
) -> None:
    """As the worst of readers shows them: HTML in Markdown is let through, and that of an entry put into the page."""
    page.goto("about:blank")
    for name in (
        "markdown",
        "weekly-changes",
        "dataset-folder",
        "verdict-feed",
        "corrections-feed",
        "label-studio-json",
    ):
        for file, content in rendered(TEXTS[kind], find(name, None), tmp_path).items():
            suffix = PurePosixPath(file).suffix
            shown = []
            if suffix == ".md":
                text = content.decode()
                body = text.split("---\n", 2)[2] if text.startswith("---\n") else text  # without the front matter
                shown = [MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(body)]
            elif suffix in {".rss", ".atom"}:
                shown = [entry.text or "" for entry in entries(content)]
            elif suffix == ".json" and name == "label-studio-json":
                shown = [said for place, said in leaves(file, content) if place.endswith((".about", ".context"))]
            for html in shown:
                page.set_content(html)
                assert not ran(page), file
                assert page.locator("script, img, svg, iframe, [onmouseover], [onfocus]").count() == 0, file


def entries(content: bytes) -> list[ET.Element]:
    """The elements that hold HTML."""
    return [
        one
        for one in ET.fromstring(content.decode()).iter()
        if one.tag == "description" or one.tag.endswith("}content")
    ]
