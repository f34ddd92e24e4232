"""What others show of a claim, in a real Chromium: the framed card, the picture's letters, and the site over http."""

from __future__ import annotations

import base64
import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from PIL import Image
from playwright.sync_api import Browser

from factcheck.exporters import show_folder
from factcheck.exporters.site import card
from tests.browser.test_site import axe, built, pages_of
from tests.exporters import site_rows
from tests.exporters.export_rows import row, rows

pytestmark = pytest.mark.browser
WORDS = [
    *("می‌رود", "پیش‌بینی", "لا", "المدينة", "أنّ", "ستفتتح", "یارانهٔ", "گمراه‌کننده", "دربرگیرد", "الله", "مؤسسة"),
    *("۱۲ درصد «نان» is 12% بالا رفت", "أعلنت (الوزارة) 27 مدرسة في 2026", "It «پل» has 12 arches, 50%"),
]
SIZE = 72


@contextmanager
def served(root: Path) -> Iterator[str]:
    server = show_folder.server(root, port=None)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module", params=["fa", "ar", "en"])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """A site with all that one can have: topics, claims that wait, pictures."""
    frame = site_rows.view(140).with_columns(
        topic=pl.Series(["انرژی", "الصحة", None, "Energy"] * 35), editorial_state=pl.lit("published")
    )
    waiting = row(claim_id=site_rows.claim_id(10**7), status="contested", verdict=None, published_at=site_rows.START)
    frame = frame.vstack(rows(waiting))
    return request.param, built(tmp_path_factory.mktemp("site"), frame, request.param, cards=True)


def kinds(root: Path) -> list[str]:
    gone = site_rows.claim_id(10**6)
    named = sorted(path.relative_to(root).as_posix() for path in root.glob("topics/*.html"))
    return [
        *pages_of(root), "charts.html", "topics.html", named[0],
        f"embed/{site_rows.claim_id(1)}.html", f"embed/{gone}.html", f"claims/{gone}.html",
    ]  # fmt: skip


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1366, "light")])
def test_over_http_under_the_strict_policy_every_page_is_read_by_everybody(
    site: tuple[str, Path], chromium: Browser, screens: Path, width: int, scheme: Any
) -> None:
    """The policy is sent as a header; axe is given to the page by the debugger, as no page may load it."""
    language, root = site
    said: list[str] = []
    with served(root) as address:
        page = chromium.new_page(viewport={"width": width, "height": 844}, color_scheme=scheme)
        page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda asked: None if asked.url.startswith(address) else said.append(asked.url))
        for name in kinds(root):
            page.goto(address + name)
            if page.locator("summary").count():
                page.locator("summary").first.focus()
                page.keyboard.press("Enter")
                assert page.locator("details").first.get_attribute("open") is not None
            kind = name.split("/", maxsplit=1)[0].removesuffix(".html")
            page.screenshot(path=screens / f"http-{language}-{width}-{kind}.png", full_page=True)
            assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), name
            page.evaluate(axe())
            found = page.evaluate("axe.run(document, {preload: false}).then(found => found.violations)")
            assert not [(one["id"], one["impact"], one["nodes"][0]["html"]) for one in found], name
        page.goto(address)
        page.fill("#words", "12")
        page.wait_for_selector("#results li")
        page.close()
    assert not said


def test_charts_on_paper_keep_apart_what_colours_kept_apart(
    site: tuple[str, Path], chromium: Browser, screens: Path
) -> None:
    page = chromium.new_page(viewport={"width": 794, "height": 1123})
    page.goto((site[1] / "charts.html").as_uri())
    page.emulate_media(media="print")
    page.screenshot(path=screens / f"site-{site[0]}-charts-print.png", full_page=True)
    fills = page.eval_on_selector_all(
        "section:first-of-type .legend rect", "all => all.map(one => getComputedStyle(one).fill)"
    )
    assert len(set(fills)) == len(fills) >= 3
    page.close()


def test_a_framed_card_is_styled_and_without_scripts_in_the_strictest_frame(
    site: tuple[str, Path], chromium: Browser, screens: Path
) -> None:
    language, root = site
    claim = site_rows.claim_id(1)
    with served(root) as address:
        page = chromium.new_page(viewport={"width": 700, "height": 400})
        asked: list[str] = []
        page.on("request", lambda one: asked.append(one.url))
        page.set_content(
            f'<body style="margin:0"><iframe sandbox src="{address}embed/{claim}.html" width="600" height="260" '
            'frameborder="0"></iframe>'
        )
        page.wait_for_load_state("networkidle")
        box: Any = {"x": 0, "y": 0, "width": 600, "height": 260}
        shot = page.screenshot(path=screens / f"framed-{language}.png", clip=box)
        page.close()
    image = Image.open(io.BytesIO(shot)).convert("RGB")
    colours = card.INK | {"opinion": (0x47, 0x4D, 0x57)}
    key = site_rows.view(140).filter(claim_id=claim).select(pl.coalesce("reason", "verdict")).item()
    at = 4 if language == "en" else 596
    assert image.getpixel((at, 130)) == colours[key], "its style sheet was read"
    assert not [one for one in asked if one.endswith(".js")]


def test_the_picture_that_a_page_names_is_the_card_of_its_claim(site: tuple[str, Path]) -> None:
    root = site[1]
    claim = site_rows.claim_id(1)
    page = (root / "claims" / f"{claim}.html").read_text("utf-8")
    assert f'content="https://desk.example.org/cards/{claim}.png"' in page
    with Image.open(root / "cards" / f"{claim}.png") as image:
        assert image.size == (1200, 630)


def inked(image: Image.Image) -> np.ndarray[Any, Any]:
    """How dark each pixel is, cut to what is not white."""
    dark = 255 - np.asarray(image.convert("L"), dtype=float)
    rows_, columns = np.flatnonzero(dark.max(axis=1) > 60), np.flatnonzero(dark.max(axis=0) > 60)
    return dark[rows_[0] : rows_[-1] + 1, columns[0] : columns[-1] + 1]


def alike(one: np.ndarray[Any, Any], other: np.ndarray[Any, Any]) -> float:
    """The correlation of two pictures, the second drawn at the size of the first."""
    height, width = one.shape
    same = np.asarray(Image.fromarray(other.astype(np.uint8)).resize((width, height)), dtype=float)
    return float(np.corrcoef(one.ravel(), same.ravel())[0, 1])


def drawn(text: str, direction: str) -> np.ndarray[Any, Any]:
    """The line as the cards have it."""
    import matplotlib as mpl

    renderer = card._renderer()
    renderer.clear()
    with mpl.rc_context({"text.hinting": "no_hinting"}):
        card._line(text, 300, SIZE, 500, direction)
    return inked(Image.fromarray(255 - np.asarray(renderer.buffer_rgba())[..., 3]))


def test_letters_are_shaped_as_chromium_shapes_them(chromium: Browser) -> None:
    """And not as letters that stand alone, or in the order in which they are stored: both look different enough."""
    font = (resources.files("factcheck.exporters.site") / "data" / "vazirmatn-card-500.ttf").read_bytes()
    page = chromium.new_page(viewport={"width": 1400, "height": 300})
    page.set_content(
        "<style>@font-face { font-family: F; src: url(data:font/ttf;base64," + base64.b64encode(font).decode() + ") }"
        "body { margin: 40px; background: #fff; color: #000; font: 72px/2 F; white-space: nowrap }</style><p id=p>x"
    )
    page.evaluate("document.fonts.load('72px F').then(() => true)")

    def shown(text: str, direction: str) -> np.ndarray[Any, Any]:
        page.evaluate("([text, dir]) => { p.dir = dir; p.textContent = text; }", [text, direction])
        return inked(Image.open(io.BytesIO(page.screenshot())))

    found, apart, wrong = {}, {}, {}
    for text in WORDS:
        direction = "ltr" if text[0].isascii() else "rtl"
        theirs = shown(text, direction)
        ours = drawn(text, direction)
        found[text] = alike(theirs, ours)
        wrong[text] = abs(theirs.shape[1] - ours.shape[1])
        if " " not in text and text != "أنّ":
            # A letter after a non-joiner does not join; those of the word left out do not anyway.
            apart[text] = alike(theirs, drawn("\u200c".join(text), direction))
    page.close()
    assert min(found.values()) > 0.95, found
    assert max(wrong.values()) <= 3, wrong
    assert max(apart.values()) < 0.8, apart
