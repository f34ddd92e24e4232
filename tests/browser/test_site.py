"""The public site in a real Chromium, from `file://`: search, folding, no errors, and what axe has to say."""

from __future__ import annotations

import dataclasses
import functools
import random
import unicodedata
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request

from factcheck.days import Clock
from factcheck.exporters import find, render, write_folder
from factcheck.folding import match_key
from factcheck.models import Calendar
from tests.exporters import site_rows
from tests.exporters.export_rows import row, rows

pytestmark = pytest.mark.browser
PROFILE = find("public-site", None)
DONE = "#found:text-matches('[0-9۰-۹٠-٩]')"
"""How many were found is said once every part is there."""
CALENDARS = {"fa": Calendar.JALALI, "ar": Calendar.GREGORIAN, "en": Calendar.GREGORIAN}
DESKS = {"fa": "میز راستی‌آزمایی نمونه", "ar": "مكتب التحقق", "en": "Example Desk"}


def built(folder: Path, frame: Any, language: str, **changes: Any) -> Path:
    """The folder of the site, with a correction and a withdrawn verdict in it."""
    gone = row(claim_id=site_rows.claim_id(10**6), quote="گفته‌ای که پس گرفته شد.", lang="fa", state="withdrawn")
    history = site_rows.changes(
        [
            {"claim_id": site_rows.claim_id(1), "before_verdict": "disputed", "verdict": "verified"}
            | {"rationales": ["The second table says so."]},
            {"claim_id": gone["claim_id"], "before_verdict": "verified", "status": "withdrawn", "cause": "withdraw"},
        ]
    )
    context = dataclasses.replace(
        site_rows.context_of(frame), language=language, desk_name=DESKS[language], history=history,
        clock=Clock("UTC", CALENDARS[language]), **changes,
    )  # fmt: skip
    done = render(frame.vstack(rows(gone)), PROFILE, context)
    assert done.folder is not None
    return write_folder(done.folder, folder).path


@pytest.fixture(scope="module", params=["fa", "ar", "en"])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    return request.param, built(tmp_path_factory.mktemp("site"), site_rows.view(160), request.param)


@pytest.fixture
def quiet(chromium: Browser) -> Iterator[Page]:
    """A page that is asked for nothing but files, and whose console stays empty."""
    page = chromium.new_page(viewport={"width": 1366, "height": 768})
    said: list[str] = []
    page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", functools.partial(_files_only, said))
    yield page
    page.close()
    assert not said


def _files_only(said: list[str], request: Request) -> None:
    if not request.url.startswith("file://"):
        said.append(f"asked for {request.url}")


def pages_of(root: Path) -> list[str]:
    claims = sorted(path.relative_to(root).as_posix() for path in root.glob("claims/*.html"))
    named = sorted(path.relative_to(root).as_posix() for path in root.glob("claimants/*.html"))
    return [
        *("index.html", "index-1.html", "outlets.html", "claimants.html", "corrections.html", "method.html"),
        *("data.html", claims[0], claims[1], claims[-1], named[0]),
    ]


def axe() -> str:
    """The source of axe-core, which is for tests alone."""
    return (resources.files("axe_playwright_python") / "axe.min.js").read_text("utf-8")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1366])
def test_every_kind_of_page_is_read_by_everybody(
    site: tuple[str, Path], quiet: Page, screens: Path, width: int, scheme: Any
) -> None:
    language, root = site
    quiet.set_viewport_size({"width": width, "height": 844})
    quiet.emulate_media(color_scheme=scheme)
    for number, name in enumerate(pages_of(root)):
        quiet.goto((root / name).as_uri())
        kind = f"{number}-" + name.split("/", maxsplit=1)[0].removesuffix(".html")
        path = screens / f"site-{language}-{width}-{scheme}-{kind}.png"
        quiet.screenshot(path=path, full_page=kind.endswith("claims"))
        assert quiet.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), name
        assert quiet.evaluate("getComputedStyle(document.body).direction") == ("ltr" if language == "en" else "rtl")
        quiet.evaluate(axe())
        found = quiet.evaluate("axe.run(document, {preload: false}).then(found => found.violations)")
        bad = [
            (one["id"], one["impact"], [node["html"] for node in one["nodes"]][:3], one["nodes"][0]["failureSummary"])
            for one in found
        ]
        assert not bad, (name, bad)


def test_the_fonts_of_the_folder_are_used(site: tuple[str, Path], quiet: Page) -> None:
    quiet.goto((site[1] / "index.html").as_uri())
    quiet.evaluate("document.fonts.ready.then(() => true)")
    assert quiet.evaluate("[...document.fonts].filter(one => one.status === 'loaded').length") >= 1


def test_on_paper_there_is_the_check_and_nothing_to_press(site: tuple[str, Path], quiet: Page, screens: Path) -> None:
    language, root = site
    quiet.emulate_media(media="print")
    quiet.goto((root / "claims" / f"{site_rows.claim_id(1)}.html").as_uri())
    quiet.screenshot(path=screens / f"site-{language}-print.png", full_page=True)
    assert not quiet.locator("nav").first.is_visible()
    assert quiet.locator("article").is_visible()


def test_by_keyboard_alone(site: tuple[str, Path], quiet: Page) -> None:
    """The first stop leads past the navigation; what is typed is found and opened."""
    quiet.goto((site[1] / "index.html").as_uri())
    quiet.keyboard.press("Tab")
    assert quiet.evaluate("document.activeElement.className") == "skip"
    quiet.keyboard.press("Enter")
    quiet.keyboard.press("Tab")
    assert quiet.evaluate("document.activeElement.id") == "words"
    quiet.keyboard.type("159")
    quiet.wait_for_selector(f"#results li:first-child a[href*='{site_rows.claim_id(159)}']")
    quiet.wait_for_selector(DONE)
    quiet.wait_for_timeout(500)
    stops = 0
    while quiet.evaluate("document.activeElement.closest('#results') === null"):
        quiet.keyboard.press("Tab")
        stops += 1
        assert stops < 8, "four filters and a button stand between the box and the first result"
    with quiet.expect_navigation():
        quiet.keyboard.press("Enter")
    assert quiet.url.endswith(f"{site_rows.claim_id(159)}.html")


def test_filters_cut_the_list(site: tuple[str, Path], quiet: Page) -> None:
    quiet.goto((site[1] / "index.html").as_uri())
    quiet.select_option("[data-field=lang]", "ar")
    quiet.select_option("[data-field=verdict]", "verified")
    quiet.wait_for_timeout(500)
    quiet.wait_for_selector(DONE)
    frame = site_rows.view(160)
    wanted = frame.filter(lang="ar", verdict="verified")["claim_id"].to_list()
    links = quiet.eval_on_selector_all("#results a", "all => all.map(one => one.getAttribute('href'))")
    assert sorted(links) == sorted(f"claims/{one}.html" for one in wanted)
    assert not quiet.locator("#latest").is_visible()
    quiet.click("[type=reset]")
    quiet.wait_for_selector("#latest", state="visible")


def test_without_scripts_every_claim_is_still_reached(site: tuple[str, Path], chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site[1] / "index.html").as_uri())
    assert not page.locator("#search").is_visible()
    found: set[str] = set()
    while True:
        found |= {str(link.get_attribute("href")) for link in page.locator(".entries a").all()}
        if not page.locator("a[rel=next]").count():
            break
        page.click("a[rel=next]")
    context.close()
    assert len(found) == 160


def test_the_browser_folds_every_letter_as_we_do(site: tuple[str, Path], quiet: Page) -> None:
    """And every other character of the Basic Multilingual Plane that Python knows."""
    known = [chr(code) for code in range(0x10000) if unicodedata.category(chr(code)) not in {"Cn", "Cs", "Co"}]
    assert sum(unicodedata.category(char).startswith("L") for char in known) > 40_000
    texts = [f"a{char}b" for char in known] + known
    quiet.goto((site[1] / "index.html").as_uri())
    folded = quiet.evaluate("texts => texts.map(one => factcheckFold(one))", texts)
    wrong = [
        (text, match_key(text), other) for text, other in zip(texts, folded, strict=True) if match_key(text) != other
    ]
    assert not wrong, (len(wrong), wrong[:20])


def test_the_browser_folds_whole_sentences_as_we_do(site: tuple[str, Path], quiet: Page) -> None:
    rng = random.Random(7)
    letters = "ابپتكکيیىئأإآةۀهوؤء ‌ـًٌٍَُِّْ۱۲۳١٢٣123abcÉéßİıΣς é.,؛«»ﻼﷲ٪-"
    texts = ["".join(rng.choices(letters, k=rng.randint(1, 30))) for _ in range(2000)]
    quiet.goto((site[1] / "index.html").as_uri())
    folded = quiet.evaluate("texts => texts.map(one => factcheckFold(one))", texts)
    assert [match_key(text) for text in texts] == folded


FACTS = [
    ("fa", "بهای نان در شیراز می‌تواند تا ۱۲ درصد بالا برود و کارخانه‌ها بسته‌اند."),
    ("fa", "پیش‌بینی می‌شود که یارانهٔ کشاورزان یک‌میلیون و ۳۴۵ هزار نفر را دربرگیرد."),
    ("fa", "دانش‌آموزان مدرسه‌های روستایی کیک و شیر رایگان نمی‌گیرند."),
    ("fa", "آزمون‌های زبان انگلیسی در سال ۱۴۰۴ به دانشگاه‌ها بازگشت."),
    ("ar", "أعلنت الوزارة أنّ المدينة ستفتتح ٢٧ مدرسة في السنة القادمة."),
    ("ar", "إن كلفة الكهرباء على البيوت بلغت ٣٥٠ ميغاواط في الأسبوع الماضي."),
    ("ar", "قال رئيس المجلس إن القرى المتضررة لا تزال بلا مياه منذ عام ٢٠٢٥."),
    ("ar", "مؤسسة الإحصاء تؤكد أن عدد المصانع المغلقة في الولاية ارتفع."),
]
_FORMS = {
    form[1]: char
    for code in (*range(0xFB50, 0xFE00), *range(0xFE70, 0xFEFD))
    for char in [chr(code)]
    if len(form := ["", unicodedata.normalize("NFKC", char)]) == 2 and len(form[1]) == 1
}


def variants() -> list[tuple[str, str, str]]:
    """What kind, the words as somebody types them, and the fact they are of: all pairs of a rule and a passage."""

    def to(table: dict[str, str]) -> Any:
        return lambda text: text.translate(str.maketrans(table))

    rules = {
        "yeh and kaf as on an Arabic keyboard": to({"ی": "ي", "ک": "ك"}),
        "alef maksura for yeh": to({"ی": "ى", "ي": "ى"}),
        "yeh and kaf as on a Persian keyboard": to({"ي": "ی", "ك": "ک", "ى": "ی"}),
        "space for a joiner": to({"\u200c": " "}),
        "nothing for a joiner": to({"\u200c": ""}),
        "joiners everywhere": lambda text: text.replace(" ", "\u200c"),
        "ASCII digits": lambda text: "".join(str(unicodedata.digit(one, one)) for one in text),
        "Persian digits": lambda text: "".join(
            chr(0x06F0 + unicodedata.digit(one)) if one.isdigit() else one for one in text
        ),
        "Arabic digits": lambda text: "".join(
            chr(0x0660 + unicodedata.digit(one)) if one.isdigit() else one for one in text
        ),
        "with tashkeel": lambda text: "".join(one + "\u064e\u0651" if one.isalpha() else one for one in text),
        "without tashkeel": lambda text: "".join(one for one in text if not unicodedata.combining(one)),
        "presentation forms": lambda text: "".join(_FORMS.get(one, one) for one in text),
        "kashida": lambda text: "".join(one + "ـ" if one.isalpha() else one for one in text),
        "without hamza": to({"أ": "ا", "إ": "ا", "آ": "ا", "ؤ": "و", "ئ": "ی"}),
        "heh for teh marbuta": to({"ة": "ه", "ۀ": "ه"}),
    }
    found = []
    for kind, rule in rules.items():
        for _, fact in FACTS:
            words = fact.rstrip(".").split(" ")
            for start in range(len(words) - 3):
                typed = " ".join(words[start : start + 4])
                if rule(typed) != typed:
                    found.append((kind, rule(typed), fact))
    return found


def test_a_claim_is_found_however_it_is_typed(chromium: Browser, tmp_path: Path) -> None:
    frame = rows(
        *(row(claim_id=site_rows.claim_id(10**5 + at), quote=fact, lang=lang) for at, (lang, fact) in enumerate(FACTS))
    )
    root = built(tmp_path, site_rows.view(400).vstack(frame), "fa")
    ids = {fact: site_rows.claim_id(10**5 + at) for at, (_, fact) in enumerate(FACTS)}
    pairs = variants()
    kinds = {kind for kind, _, _ in pairs}
    table = [
        pair
        for kind in sorted(kinds)
        for pair in random.Random(kind).sample(
            [p for p in pairs if p[0] == kind], k=min(25, sum(p[0] == kind for p in pairs))
        )
    ]
    assert len(table) >= 200
    page = chromium.new_page()
    page.goto((root / "index.html").as_uri())
    page.focus("#words")
    page.fill("#words", "xyz")
    page.wait_for_selector(DONE)
    asked = """typed => {
      const box = document.getElementById("words"), form = document.getElementById("search");
      box.value = typed;
      form.dispatchEvent(new Event("submit", { cancelable: true }));
      return [...document.querySelectorAll("#results a")].map(one => one.getAttribute("href"));
    }"""
    missed = [
        (kind, typed)
        for kind, typed, fact in table
        if f"claims/{ids[fact]}.html" not in page.evaluate(asked, typed)[:3]
    ]
    assert page.evaluate(asked, "واژه‌ای که در هیچ ادعایی نیست") == []
    page.close()
    assert not missed, (len(missed), len(table), missed[:5])
