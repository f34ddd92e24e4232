"""The claim page says how a claim travelled and which other figures were checked, and keeps its bytes."""

from __future__ import annotations

import dataclasses
import re
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree as ET

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck.days import UTC_CLOCK
from factcheck.exporters import ExportContext, find, render
from factcheck.exporters.spread_picture import MOST, WIDTH, Mark, drawn, picture
from factcheck.languages import Language
from factcheck.matching.spread import SPREAD
from tests.exporters import site_rows
from tests.exporters.export_rows import MOMENT, TEXTS, appearance, row, rows

PROFILE = find("public-site", None)
ONE, OTHER = site_rows.claim_id(1), site_rows.claim_id(2)
QUOTE = "The bridge has 12 arches."


def place(number: int, days: int | None, **more: Any) -> dict[str, Any]:
    when = None if days is None else MOMENT + timedelta(days=days)
    base = dict.fromkeys(SPREAD.names()) | {
        "group_id": ONE, "claim_id": site_rows.claim_id(100 + number), "article_id": f"art_{number:020x}",
        "publisher": f"Outlet {number}", "lang": "en", "published_at": when, "quote": QUOTE, "first": False,
        "figures": [], "changed": [],
    }  # fmt: skip
    return base | more


WAY = [
    place(1, 0, first=True, publisher="The Agency", url="https://agency.example/1"),
    place(2, 1, publisher="Morning", copy_of="art_" + "1".rjust(20, "0"), kind="copy", share=0.93),
    place(3, 2, publisher="صحيفة", lang="ar", quote="للجسر ١٤ قوساً.", changed=[{"before": "12", "now": "14"}]),
    place(4, None, publisher="Blog <b>"),
]


def made(frame: pl.DataFrame, way: list[dict[str, Any]], **more: Any) -> dict[str, tuple[str, str]]:
    changed: dict[str, Any] = {"language": "en", "spread": pl.DataFrame(way, schema=SPREAD)} | more
    context: ExportContext = dataclasses.replace(site_rows.context_of(frame), **changed)
    folder = render(frame, PROFILE, context).folder
    assert folder is not None
    return {one.name: (one.inputs, one.make().decode()) for one in folder.pages if one.name.startswith("claims/")}


def claim(number: int, **more: Any) -> dict[str, Any]:
    return row(claim_id=site_rows.claim_id(number), quote=QUOTE, appearances=[appearance(), appearance()]) | more


def test_the_page_shows_the_way_as_a_picture_and_the_same_as_a_table() -> None:
    _, text = made(rows(claim(1)), WAY)[f"claims/{ONE}.html"]
    section = text.split('<h2 id="spread">')[1].split("</section>")[0]
    assert '<title id="spread-title">How the claim travelled</title>' in section
    marks = re.findall(r'<path class="mark (\w+)" d="M[\d.]+ [\d.]+', section.split("<table>")[0].split("</ul>")[1])
    assert marks == ["own", "copy", "changed"]
    cells = re.findall(r"<tr><th.*?</tr>", section.split("<tbody>")[1], re.DOTALL)
    assert len(cells) == 4
    assert ["first, own report" in cells[0], "copy of \u2068The Agency\u2069" in cells[1]] == [True, True]
    assert "own report, figures changed" in cells[2]
    assert '<p class="said" lang="ar" dir="rtl">للجسر ١٤ قوساً.</p>' in cells[2]
    assert "no date" in cells[3]
    assert "Blog &lt;b&gt;" in cells[3]
    assert 'href="https://agency.example/1"' in cells[0]
    assert "style=" not in section


def test_a_claim_that_appeared_once_says_nothing_and_one_without_the_frame_lists_its_places() -> None:
    _, once = made(rows(claim(1, appearances=[appearance()])), [])[f"claims/{ONE}.html"]
    assert 'id="spread"' not in once
    assert "Where it appeared" not in once
    _, without = made(rows(claim(1)), [], spread=None)[f"claims/{ONE}.html"]
    assert 'id="spread"' not in without
    assert "Where it appeared" in without


def test_a_tombstone_says_nothing_of_the_way_and_of_other_figures() -> None:
    beside = pl.DataFrame({"group_id": [ONE, OTHER], "other": [OTHER, ONE]})
    gone = claim(1, state="withdrawn")
    pages = made(rows(gone, claim(2)), WAY, tension=beside)
    for name, (_, text) in pages.items():
        assert "The Agency" not in text, name
        assert 'id="another"' not in text, name
    assert f"claims/{ONE}.html" in pages


def test_another_figure_that_was_checked_stands_beside_it_with_its_verdict() -> None:
    beside = pl.DataFrame({"group_id": [ONE, OTHER], "other": [OTHER, ONE]})
    frame = rows(claim(1), claim(2, quote="The bridge has 14 arches.", verdict="disputed"))
    pages = made(frame, [], tension=beside)
    section = pages[f"claims/{ONE}.html"][1].split('<h2 id="another">')[1].split("<h2")[0]
    assert "Another figure is reported" in section
    assert "The bridge has 14 arches." in section
    assert f'href="../claims/{OTHER}.html"' in section
    assert "False or misleading" in section
    back = pages[f"claims/{OTHER}.html"][1].split('<h2 id="another">')[1]
    assert f'href="../claims/{ONE}.html"' in back


def test_pages_are_made_of_the_way_and_of_the_other_figure_and_of_nothing_more() -> None:
    frame = rows(claim(1), claim(2), claim(3))
    beside = pl.DataFrame({"group_id": [ONE, OTHER], "other": [OTHER, ONE]})
    plain, way, both = made(frame, []), made(frame, WAY), made(frame, WAY, tension=beside)
    assert made(frame, WAY, tension=beside) == both
    changed = {name for name in plain if plain[name][0] != way[name][0]}
    assert changed == {f"claims/{ONE}.html"}
    assert {name for name in plain if way[name][0] != both[name][0]} == {f"claims/{ONE}.html", f"claims/{OTHER}.html"}
    for name in plain:
        assert (plain[name][0] == both[name][0]) == (plain[name][1] == both[name][1])


MARKS = st.builds(
    Mark,
    article_id=st.sampled_from([f"art_{number}" for number in range(4)]),
    outlet=TEXTS,
    moment=st.none() | st.integers(0, 3000).map(lambda days: MOMENT - timedelta(days=days)),
    bare=st.booleans(),
    kind=st.sampled_from(["own", "copy", "changed", "beside"]),
    copy_of=st.none() | st.sampled_from([f"art_{number}" for number in range(4)]),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(MARKS, max_size=50), st.sampled_from(["fa", "ar", "en"]), TEXTS)
def test_every_mark_stands_inside_the_picture_in_the_order_of_time(
    marks: list[Mark], language: Language, quote: str
) -> None:
    found = drawn(marks, language, UTC_CLOCK)
    lines = found["lines"]
    assert len(lines) == min(len(marks), MOST)
    assert bool(found["more"]) == (len(marks) > MOST)
    dated = [line["x"] for line in lines if line["kind"]]
    assert all(found["from"] <= x <= found["to"] for x in dated)
    assert dated == sorted(dated, reverse=language != "en")
    assert all(0 < line["y"] < found["base"] for line in lines)
    assert sum(mark.at is None for mark in marks) >= sum(not line["kind"] for line in lines)
    places = {(line["x"], line["y"]) for line in lines}
    assert all({(one["x1"], one["y1"]), (one["x2"], one["y2"])} <= places for one in found["copies"])
    svg = ET.fromstring(picture(marks, quote=quote, language=language, clock=UTC_CLOCK))
    assert svg.get("viewBox", "").split()[2] == str(WIDTH)


@pytest.mark.parametrize("language", ["fa", "ar", "en"])
def test_the_same_marks_make_the_same_file(language: Language) -> None:
    marks = [Mark.of(one) for one in WAY]
    first = picture(marks, quote=QUOTE, language=language, clock=UTC_CLOCK)
    assert picture(marks[::-1], quote=QUOTE, language=language, clock=UTC_CLOCK) == first
    assert ('direction="rtl"' in first) == (language != "en")
