"""The page of `claims --html` in a real browser: in three languages, on a wide and on a narrow screen."""

from __future__ import annotations

import functools
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Request

from factcheck import settings as settings_package
from factcheck.languages import SPOKEN
from factcheck.pipeline.claims import claims
from factcheck.pipeline.ingest import ingest
from factcheck.pipeline.init import init
from factcheck.samples import articles_folder
from tests.fake_studio.props import NOW

pytestmark = pytest.mark.browser
HOSTILE = (
    "<script>document.title='broken'</script><img src='https://example.invalid/x' onerror=\"document.title='broken'\">"
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk with the samples and an article that would like to be a program; no claims cut yet."""
    folder = tmp_path_factory.mktemp("page") / "desk"
    init(folder, name="Desk", language="fa", url="https://desk.example", force=False)
    (folder / "hostile.txt").write_text(f"The minister said 40 percent voted. {HOSTILE} \u202eno end\n", "utf-8")
    settings = settings_package.load(folder, {})
    ingest(settings, [str(articles_folder()), str(folder / "hostile.txt")], now=NOW)
    return folder


def _note(asked: list[str], request: Request) -> None:
    asked.append(request.url)


@pytest.mark.parametrize("language", SPOKEN)
def test_an_article_is_read_on_any_screen(desk: Path, chromium: Browser, screens: Path, language: str) -> None:
    settings = settings_package.load(desk, {})
    of_language = settings.desk.model_copy(update={"language": language})
    file = desk / f"{language}.html"
    claims(settings.model_copy(update={"desk": of_language}), show=0, now=NOW, page=file, force=True)
    for width in (1366, 390):
        page = chromium.new_page(viewport={"width": width, "height": 844})
        asked: list[str] = []
        page.on("request", functools.partial(_note, asked))
        page.goto(file.as_uri())
        page.screenshot(path=screens / f"article-page-{language}-{width}.png", full_page=False)
        assert asked == [file.as_uri()], "nothing but the file is asked for"
        assert page.title() != "broken"
        assert page.locator("script, img").count() == 0
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        assert page.locator("u.worth").count() > 10
        sides = page.eval_on_selector_all(
            "p.text", "all => all.map(one => [one.lang, getComputedStyle(one).direction])"
        )
        assert {direction for lang, direction in sides if lang in {"fa", "ar"}} == {"rtl"}
        assert {direction for lang, direction in sides if lang == "en"} == {"ltr"}
        page.close()
