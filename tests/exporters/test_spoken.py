"""What a desk says in its own language: every text that its readers see, and no English in it."""

from __future__ import annotations

import dataclasses
import html
import re
from datetime import UTC, date, datetime

import polars as pl
import pytest

from factcheck.days import Clock
from factcheck.exporters import labels
from factcheck.exporters.columns import headers
from factcheck.exporters.site import frame, words
from factcheck.exporters.site.bars import number
from factcheck.exporters.site.periods import Periods
from factcheck.languages import SPOKEN, folders, read
from factcheck.models import Calendar
from factcheck.studio.page import guide
from factcheck.studio.page.label_config import label_config
from factcheck.studio.page.task_words import TASK_WORDS
from tests.exporters import site_rows
from tests.exporters.test_site import made

OTHERS = [code for code in SPOKEN if code != "en"]


def texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [text for one in inner for text in texts(one)]


@pytest.mark.parametrize("code", OTHERS)
@pytest.mark.parametrize("part", ["wording", "guide", "labels", "ratings", "site", "evidence"])
def test_no_text_of_a_language_is_the_english_one(code: str, part: str) -> None:
    said, english = (texts(read(it, part)) for it in (code, "en"))
    # A word alone may be the same in both.
    assert [text for text in said if text in english and " " in text.strip() and text != ", "] == []


@pytest.mark.parametrize("code", OTHERS)
def test_no_page_of_the_site_has_an_english_text(code: str) -> None:
    english = [text for table in (words.WORDS, words.MEANINGS, words.METHOD, words.CAUSES) for text in table.values()]
    long = {one["en"].replace("{}", "").strip() for one in english if len(one["en"]) > len("Last changed")}
    frame, context = site_rows.with_changes(site_rows.view(60), [3, 4, 5])
    pages = made(frame, dataclasses.replace(context, language=code))
    seen = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.decode())) for name, page in pages.items()
                    if name.endswith(".html"))  # fmt: skip
    assert words.METHOD["method"][code] in seen
    assert [text for text in long if text in seen] == []


@pytest.mark.parametrize("code", OTHERS)
def test_the_checkers_page_and_guide_have_no_english_text(code: str) -> None:
    english = [text for text in texts((read("en", "wording") or {})["page"]) if text[0].isupper() or " " in text]
    shown = html.unescape(label_config(code) + guide.page(code) + guide.instruction(code))
    assert [text for text in english if f">{text}<" in shown or f'"{text}"' in shown] == []


@pytest.mark.parametrize("code", SPOKEN)
def test_the_places_of_a_text_are_those_of_the_english_one(code: str) -> None:
    """What is filled in is filled in wherever the word order puts it."""
    for part in ("wording", "guide", "labels", "ratings", "site"):
        mine, english = read(code, part) or {}, read("en", part) or {}
        assert _places(mine) == _places(english), part


def _places(value: object, path: str = "") -> dict[str, list[str]]:
    if isinstance(value, str):
        return {path: found} if (found := sorted(re.findall(r"\{\w*\}|&[PN]\b", value))) else {}
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else []
    return {name: found for key, one in pairs for name, found in _places(one, f"{path}.{key}").items()}


@pytest.mark.parametrize(
    ("verdict", "reason", "word"),
    [
        ("verified", None, "Doğru"),
        ("disputed", None, "Yanlış veya yanıltıcı"),
        ("disputed", "misleading", "Yanıltıcı"),
        ("disputed", "partly_true", "Kısmen doğru"),
        ("opinion", None, "Görüş"),
        (None, None, "Kanıtlanamadı"),
    ],
)
def test_turkish_words_for_results(verdict: str | None, reason: str | None, word: str) -> None:
    assert labels.rating_of(verdict, reason, "tr") == word


def test_turkish_numbers_shares_and_days() -> None:
    assert number(12.5, "tr") == "12,5"
    assert TASK_WORDS["tr"].share(0.54) == "%54"
    assert TASK_WORDS["fa"].share(0.54) == "۵۴٪"
    assert Clock().label(date(2026, 3, 14), "tr") == "2026-03-14"
    hijri = Clock("Europe/Istanbul", Calendar.HIJRI)
    assert hijri.label(datetime(2026, 2, 20, tzinfo=UTC), "tr") == "3 Ramazan 1447"
    assert Clock("UTC", Calendar.JALALI).label(date(2026, 3, 21), "tr") == "1405/01/01"
    assert Periods("month", hijri).label(date(2026, 2, 20), "tr") == "Ramazan 1447"
    assert Periods("year", hijri).label(date(2026, 2, 20), "tr") == "1447"


def test_the_agreement_on_a_page_is_written_as_the_language_does() -> None:
    frame = site_rows.view(12).with_columns(agreement=pl.lit(0.75))
    pages = made(frame, dataclasses.replace(site_rows.CONTEXT, language="tr"))
    assert any(b">%75<" in page for page in pages.values())


def test_turkish_headers_are_those_of_its_file() -> None:
    assert headers(["quote", "verdict_label", "agreement"], "tr") == ["İddia metni", "Sonuç", "Görüş birliği"]


def test_a_language_without_a_name_in_another_is_called_what_it_calls_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    assert words.language_name("tr", "fa") == "ترکی"
    monkeypatch.delitem(words.LANGUAGES["fa"], "tr")
    assert words.language_name("tr", "fa") == "Türkçe"
    assert words.language_name("xx", "fa") == "xx"


def test_a_word_of_another_language_makes_no_page_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor does a language that is added; one of its own does."""

    def inputs(changed: str) -> str:
        with monkeypatch.context() as patched:
            whole = folders.read(changed, "site") or {}
            other = whole | {"words": whole["words"] | {"home": "Other"}}
            patched.setattr(
                frame, "read", lambda code, part: other if (code, part) == (changed, "site") else read(code, part)
            )
            frame._code.cache_clear()
            found = frame._code("fa")
        frame._code.cache_clear()
        return found

    assert inputs("tr") == frame._code("fa") != inputs("fa")
