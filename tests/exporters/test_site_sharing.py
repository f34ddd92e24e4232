"""Cards that others frame, their oEmbed, and the pictures: what they say, and what they do not say any more."""

from __future__ import annotations

import dataclasses
import io
import json
import re
import struct
import time
import zlib
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from factcheck.exporters import ExportContext, Profile, find, render
from factcheck.exporters.site import card
from factcheck.exporters.site.card import Card
from tests.exporters import site_rows
from tests.exporters.export_rows import TEXTS, appearance, row, rows

PROFILE = find("public-site", None)
ENGLISH = dataclasses.replace(site_rows.CONTEXT, language="en", desk_name="Example <Desk>")
WITH_CARDS = dataclasses.replace(ENGLISH, cards=True)
ID = "clm_" + "0" * 20


def inputs(frame: Any, context: ExportContext, profile: Profile = PROFILE) -> dict[str, str]:
    folder = render(frame, profile, context).folder
    assert folder is not None
    return {page.name: page.inputs for page in folder.pages}


def made(frame: Any, context: ExportContext, *names: str, profile: Profile = PROFILE) -> dict[str, bytes]:
    folder = render(frame, profile, context).folder
    assert folder is not None
    return {page.name: page.make() for page in folder.pages if page.name in names or not names}


class Elements(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.found if name == tag]


def test_the_page_of_a_claim_names_its_oembed_before_anything_long() -> None:
    names = (f"claims/{ID}.html", f"embed/{ID}.json", f"embed/{ID}.html")
    page, oembed, framed = (made(rows(row(claim_id=ID)), ENGLISH, *names)[name].decode() for name in names)
    link = next(one for one in Elements(page).of("link") if one.get("type") == "application/json+oembed")
    assert link["href"] == f"https://desk.example.org/embed/{ID}.json"
    assert page.index("json+oembed") < 2000 < page.index("ld+json") + 2000
    answer = json.loads(oembed)
    assert (answer["version"], answer["type"], answer["provider_name"]) == ("1.0", "rich", "Example <Desk>")
    assert isinstance(answer["width"], int)
    assert isinstance(answer["height"], int)
    inside = Elements(answer["html"])
    assert [tag for tag, _ in inside.found] == ["blockquote", "a", "bdi", "b", "bdi", "iframe"]
    assert inside.of("a")[0]["href"] == f"https://desk.example.org/claims/{ID}.html"
    assert inside.of("iframe")[0]["src"] == f"https://desk.example.org/embed/{ID}.html"
    # WordPress shows what a regular expression of its own finds, and nothing where there is no frame.
    assert re.search(r"(<blockquote>.*?</blockquote>)?.*(<iframe.*?></iframe>)", answer["html"], re.DOTALL)
    snippet = Elements(page)
    assert snippet.of("textarea")
    assert Elements(framed).of("a")[0]["href"] == f"../claims/{ID}.html"


def test_a_card_has_no_script_and_no_style_of_its_own_however_hostile_the_words() -> None:
    hostile = row(
        claim_id=ID, quote="</h1><script>alert(1)</script>\" onload='x' \u202e abc",
        claimant="<img src=x>", publisher='a"b<i>',
    )  # fmt: skip
    names = (f"embed/{ID}.html", f"embed/{ID}.json")
    framed, oembed = (made(rows(hostile), ENGLISH, *names)[name].decode() for name in names)
    for text in (framed, json.loads(oembed)["html"]):
        elements = Elements(text)
        assert not {"script", "style", "img", "i"} & {tag for tag, _ in elements.found}
        assert not [attrs for _, attrs in elements.found if any(name.startswith(("on", "style")) for name in attrs)]


def test_without_a_known_address_of_the_site_nothing_names_one() -> None:
    elsewhere = PROFILE.claimreview.model_copy(update={"review_url": "{desk_url}/check?id={claim_id}"})
    profile = PROFILE.model_copy(update={"claimreview": elsewhere})
    names = inputs(rows(row(claim_id=ID)), WITH_CARDS, profile)
    assert f"embed/{ID}.html" in names
    assert f"embed/{ID}.json" not in names
    page = made(rows(row(claim_id=ID)), WITH_CARDS, f"claims/{ID}.html", profile=profile)[f"claims/{ID}.html"].decode()
    assert "oembed" not in page
    assert "og:image" not in page


def test_a_page_names_its_picture_only_where_there_is_one() -> None:
    for context, wanted in ((ENGLISH, False), (WITH_CARDS, True)):
        page = made(rows(row(claim_id=ID)), context, f"claims/{ID}.html")[f"claims/{ID}.html"].decode()
        said = {one.get("property") or one.get("name"): one.get("content") for one in Elements(page).of("meta")}
        assert (said.get("og:image") == f"https://desk.example.org/cards/{ID}.png") is wanted
        assert (said.get("twitter:card") == "summary_large_image") is wanted
        assert (f"cards/{ID}.png" in inputs(rows(row(claim_id=ID)), context)) is wanted
    off = PROFILE.model_copy(update={"site": PROFILE.site.model_copy(update={"cards": False})})
    assert f"cards/{ID}.png" not in inputs(rows(row(claim_id=ID)), WITH_CARDS, off)


def test_a_withdrawn_check_is_withdrawn_on_all_its_cards() -> None:
    gone = row(claim_id=ID, state="withdrawn", quote="The bridge is closed.", verdict="disputed", reason="doctored")
    names = (f"embed/{ID}.html", f"embed/{ID}.json", f"cards/{ID}.png")
    found = made(rows(gone), WITH_CARDS, *names)
    for name in names[:2]:
        assert "This check was withdrawn" in found[name].decode()
        assert "octored" not in found[name].decode()
    said = Card("Example <Desk>", "The bridge is closed.", "en", "withdrawn", "This check was withdrawn", "en")
    assert found[names[2]] == card.draw(said)


def test_who_framed_a_claim_that_was_merged_is_led_on() -> None:
    old = "clm_" + "2" * 20
    one = row(claim_id=ID, appearances=[appearance(claim_id=ID), appearance(claim_id=old)])
    frame = rows(one)
    brought = site_rows.context_of(rows(one, row(claim_id=old))).brought
    context = dataclasses.replace(WITH_CARDS, brought=brought)
    found = made(frame, context, f"embed/{old}.html", f"claims/{old}.html")
    assert f'href="../claims/{ID}.html"' in found[f"embed/{old}.html"].decode()
    assert "og:image" not in found[f"claims/{old}.html"].decode()
    assert f"cards/{old}.png" not in inputs(frame, context)


def test_only_pictures_of_changed_claims_are_drawn_again() -> None:
    frame = site_rows.view(30)
    changed, later = site_rows.with_changes(frame, [3, 7])
    first = inputs(frame, dataclasses.replace(site_rows.context_of(frame), cards=True))
    other = dataclasses.replace(later, cards=True, licence="CC0-1.0", policy="another")
    second = inputs(changed, other)
    pictures = {name for name in first if name.startswith("cards/")}
    assert len(pictures) == 30
    again = {name for name in pictures if first[name] != second[name]}
    moved = frame.filter(frame["verdict"] != changed["verdict"])["claim_id"].to_list()
    reworded = frame.filter(frame["reason"].fill_null("") != changed["reason"].fill_null(""))["claim_id"].to_list()
    assert again == {f"cards/{one}.png" for one in {*moved, *reworded}}
    assert len(again) <= 2


def one_card(**changes: str) -> Card:
    base = {
        "desk": "میز نمونه",
        "words": "بهای نان بالا رفت.",
        "lang": "fa",
        "key": "false",
        "rating": "نادرست",
        "language": "fa",
    }
    return Card(**base | changes)


def test_a_picture_is_a_plain_png_of_the_size_that_sites_ask_for() -> None:
    content = card.draw(one_card())
    assert content == card.draw(one_card())
    assert struct.unpack(">II", content[16:24]) == (1200, 630)
    kinds, at = [], 8
    while at < len(content):
        length, kind = struct.unpack(">I4s", content[at : at + 8])
        kinds.append(kind)
        at += 12 + length
    assert set(kinds) == {b"IHDR", b"PLTE", b"IDAT", b"IEND"}, "no time and no name of a program"
    assert len(content) < 60_000
    assert zlib.crc32(content) != zlib.crc32(card.draw(one_card(rating="درست", key="verified")))


@pytest.mark.parametrize("key", ["verified", "false", "misleading", "opinion", "withdrawn"])
def test_a_picture_has_the_colour_of_its_verdict_where_its_lines_begin(key: str) -> None:
    for language, column in (("fa", 1195), ("en", 5)):
        image = Image.open(io.BytesIO(card.draw(one_card(key=key, language=language)))).convert("RGB")
        assert image.getpixel((column, 300)) == card.INK.get(key, (0x47, 0x4D, 0x57))
        assert image.getpixel((1200 - column, 300)) == (255, 255, 255)


@settings(max_examples=100, deadline=None)
@given(words=TEXTS, desk=TEXTS, lang=st.sampled_from(["fa", "ar", "en", ""]))
def test_any_text_is_drawn_inside_the_picture(words: str, desk: str, lang: str) -> None:
    image = Image.open(io.BytesIO(card.draw(one_card(words=words, desk=desk, lang=lang)))).convert("L")
    # Nothing touches the edge where lines end, and the bar stands where they begin.
    assert min(image.crop((0, 0, 24, 630)).tobytes()) == 255
    assert min(image.crop((0, 0, 1176, 20)).tobytes()) == 255
    assert min(image.crop((0, 612, 1176, 630)).tobytes()) == 255


@pytest.mark.parametrize(
    "words", ["x" * 40_000, "ن" * 5000, "a\u0301" * 2000, "\x00\ud800", "", "$x_2$ \\frac{1}{2}", "😀" * 90]
)
def test_what_no_card_holds_is_cut_off(words: str) -> None:
    image = Image.open(io.BytesIO(card.draw(one_card(words=words)))).convert("L")
    assert min(image.crop((0, 0, 24, 630)).tobytes()) == 255


def test_fifteen_pictures_take_less_than_a_second_of_the_processor() -> None:
    words = "{} واحد مسکونی در شهرهای کوچک تا پایان سال ساخته می‌شود و شورا آن را پذیرفت."
    said = [one_card(words=words.format(number)) for number in range(30)]
    card.draw(said[0])
    start = time.process_time()
    for one in said:
        card.draw(one)
    assert len(said) / (time.process_time() - start) >= 15
