from __future__ import annotations

import dataclasses
import io
import zipfile
from datetime import UTC, datetime
from typing import Any

import openpyxl
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.days import Clock
from factcheck.errors import UsageError
from factcheck.exporters import Exported, Profile, as_xlsx, find, render, view
from factcheck.exporters.as_csv import CELL_UNITS, units
from factcheck.exporters.side_sheets import pieces
from factcheck.models import Calendar
from tests.exporters.export_rows import CONTEXT, MOMENT, TEXTS, row, rows
from tests.golden.export_release import release

LONG = "متن بلند 🙂 " * 4_000


def workbook(done: Exported) -> Any:
    return openpyxl.load_workbook(io.BytesIO(done.files[0].content))


def exported(*items: dict[str, Any], profile: Profile | str = "xlsx") -> Exported:
    return render(rows(*items), profile, CONTEXT)


def cell(book: Any, name: str, number: int = 2) -> Any:
    sheet = book.worksheets[0]
    return sheet.cell(number, [head.value for head in sheet[1]].index(name) + 1)


def test_an_editor_reads_it_in_the_desks_direction_and_language() -> None:
    frames = release("fa")
    rows_ = view(frames.articles, frames.claims, frames.verdicts, frames.versions)
    book = workbook(render(rows_, find("newsroom-xlsx", None), frames.context))
    assert [sheet.title for sheet in book if sheet.sheet_state == "visible"] == ["نتیجه‌ها", "درباره"]
    assert all(sheet.sheet_view.rightToLeft for sheet in book)
    first = book.worksheets[0]
    assert [head.value for head in first[1]][:3] == ["نتیجه", "وضعیت بررسی", "متن ادعا"]
    assert {line[0].value for line in first.iter_rows(min_row=2)} == {
        *("درست / تأیید شد", "نادرست یا گمراه‌کننده", "اظهار نظر", None)
    }
    assert first.freeze_panes == "A2"


def test_an_english_desk_reads_left_to_right() -> None:
    frames = release("en")
    rows_ = view(frames.articles, frames.claims, frames.verdicts, frames.versions)
    book = workbook(render(rows_, "xlsx", frames.context))
    assert book.sheetnames == ["Verdicts", "About"]
    assert not any(sheet.sheet_view.rightToLeft for sheet in book)


def test_each_claim_runs_in_its_own_direction() -> None:
    book = workbook(exported(row(quote="WHO گفت", lang="fa"), row(quote="12 «پل»", lang="en")))
    assert [cell(book, "quote", number).alignment.readingOrder for number in (2, 3)] == [2, 1]


def test_it_says_which_version_it_is() -> None:
    book = workbook(exported(row()))
    about = {line[0].value: line[1].value for line in book.worksheets[-1].iter_rows()}
    assert (about["نسخهٔ داده"], about["برچسب نسخه"], about["کد یکتای نسخه"]) == (7, "week-47", "ab" * 32)
    assert about["زمان ثبت نسخه (UTC)"] == datetime(2026, 11, 20, 9, 30)  # noqa: DTZ001 - cells have no zone
    assert cell(book, "dataset_version").value == 7
    assert book.properties.created == MOMENT.replace(tzinfo=None)
    assert {item.name: item.value for item in book.custom_doc_props}["dataset_version"] == 7


@given(items=st.lists(st.builds(row, quote=TEXTS.filter(bool), claimant=st.none() | TEXTS), min_size=1, max_size=3))
def test_no_text_becomes_anything_else(items: list[dict[str, Any]]) -> None:
    profile = Profile(name="q", format="xlsx", columns=["quote", "claimant"])
    book = workbook(exported(*items, profile=profile))
    for number, item in enumerate(items, start=2):
        found = cell(book, "quote", number)
        assert found.data_type == "s"
        # openpyxl reads line ends as XML does; Excel's own escape for a carriage return comes back as it was.
        assert plain(found.value) == plain(item["quote"])
        assert plain(cell(book, "claimant", number).value or "") == plain(item["claimant"] or "")


def plain(text: str) -> str:
    from openpyxl.utils.escape import unescape

    return str(unescape(text)).replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@a", "＝1", "\t=1", "{=1}", "http://x.example", "1234", "TRUE"])
def test_formulas_addresses_and_numbers_stay_text(text: str) -> None:
    found = cell(workbook(exported(row(quote=text))), "quote")
    assert (found.data_type, found.value, found.hyperlink) == ("s", text, None)
    assert bool(found.quotePrefix) == text.startswith(("=", "+", "-", "@", "＝", "\t"))


def test_the_link_is_a_link_and_only_to_the_web() -> None:
    urls = ["https://news.example.com/a?b=1#c", "javascript:alert(1)", "https://x.example/a b", "file:///etc/passwd"]
    done = exported(*(row(url=url) for url in urls))
    found = [cell(workbook(done), "url", number) for number in range(2, 6)]
    assert [item.value for item in found] == urls
    assert [bool(item.hyperlink) for item in found] == [True, False, False, False]
    assert done.notes == []


def test_an_address_too_long_for_a_link_stands_as_text_and_is_said() -> None:
    long = "https://x.example/" + "a" * 2_100
    done = exported(row(url=long), row(url="https://x.example/" + "[" * 700))
    found = [cell(workbook(done), "url", number) for number in (2, 3)]
    assert found[0].value == long
    assert [item.hyperlink for item in found] == [None, None]
    assert done.notes[0].startswith("2 addresses are written as text")


def test_more_links_than_a_sheet_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(as_xlsx, "MAX_LINKS", 1)
    done = exported(row(), row())
    assert [bool(cell(workbook(done), "url", number).hyperlink) for number in (2, 3)] == [True, False]
    assert done.notes[0].startswith("1 addresses")


def test_a_text_too_long_for_a_cell_stands_whole_on_its_own_sheet() -> None:
    done = exported(row(), row(claim_id="clm_" + "1" * 20, rationales=[LONG, "کوتاه"]))
    book = workbook(done)
    shown = cell(book, "rationales", 3).value
    assert shown.startswith(LONG[:500])
    assert "متن‌های بلند" in shown
    lines = list(book["متن‌های بلند"].iter_rows(min_row=2, values_only=True))
    assert [line[:3] for line in lines] == [("clm_" + "1" * 20, "rationales", part) for part in (1, 2)]
    assert "".join(str(line[3]) for line in lines) == f"{LONG}\nکوتاه"
    assert "1 texts over 32767 characters are complete" in done.notes[0]


def test_a_text_that_just_fits_stays() -> None:
    fits = "🙂" * (CELL_UNITS // 2)
    done = exported(row(quote=fits))
    assert cell(workbook(done), "quote").value == fits
    assert not done.notes
    assert exported(row(quote=fits + "🙂")).notes


@given(text=st.text(st.sampled_from("a🙂ک\u200c"), min_size=1, max_size=8), times=st.sampled_from([1, 7_000, 20_000]))
def test_pieces_join_to_the_text(text: str, times: int) -> None:
    whole = text * times
    found = pieces(whole)
    assert "".join(found) == whole
    assert all(0 < units(piece) <= CELL_UNITS for piece in found)
    assert len(found) <= units(whole) // (CELL_UNITS - 1) + 1


def test_more_rows_than_a_sheet_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(as_xlsx, "MAX_ROWS", 2)
    with pytest.raises(UsageError, match="do not fit on a sheet"):
        exported(row(), row())


def test_times_are_times_and_numbers_numbers() -> None:
    book = workbook(exported(row(agreement=1 / 3, published_at=None)))
    assert cell(book, "decided_at").value == MOMENT.replace(tzinfo=None)
    assert cell(book, "published_at").value is None
    assert (cell(book, "agreement").value, cell(book, "n_votes").value) == (pytest.approx(1 / 3), 2)


def test_no_part_depends_on_the_clock() -> None:
    archive = zipfile.ZipFile(io.BytesIO(exported(row()).files[0].content))
    assert {item.date_time for item in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert b"2026-11-20T09:30:00Z" in archive.read("docProps/core.xml")


def test_an_empty_view_is_a_sheet_of_headers() -> None:
    book = workbook(render(pl.DataFrame(schema=rows().schema), "xlsx", CONTEXT))
    assert book.worksheets[0].max_row == 1


def test_decided_claims_come_first_then_contested_ones_then_the_rest() -> None:
    def waiting(number: int, status: str) -> dict[str, Any]:
        return row(claim_id=f"clm_{number:020}", status=status, verdict=None, decided_at=None)

    done = exported(
        *(waiting(1, "unreviewed"), waiting(2, "contested"), waiting(3, "single"), row()), profile=newsroom("en")
    )
    shown = [cell(workbook(done), "Status", number).value for number in range(2, 6)]
    assert shown == ["Decided", "Contested", "Awaiting another checker", "Not checked"]


def newsroom(language: Any) -> Profile:
    return find("newsroom-xlsx", None).model_copy(update={"language": language})


def test_a_contested_claim_shows_what_was_said_and_not_by_whom() -> None:
    contested = row(status="contested", verdict=None, n_votes=3)
    votes = [
        {"voter": "A", "choice": "verified", "rationale": "The office\nsays so.", "evidence": []},
        {"voter": "B", "choice": "verified", "rationale": None, "evidence": []},
        {"voter": "C", "choice": "not_a_claim", "rationale": "A forecast.", "evidence": []},
    ]
    said = pl.DataFrame({"claim_id": [contested["claim_id"]], "votes": [votes]})
    done = render(rows(contested), newsroom("en"), dataclasses.replace(CONTEXT, said=said))
    assert cell(workbook(done), "What the checkers said").value == (
        "Verified: 2\n– The office says so.\nNot a checkable claim: 1\n– A forecast."
    )
    decided = render(rows(row()), newsroom("en"), dataclasses.replace(CONTEXT, said=said))
    assert cell(workbook(decided), "What the checkers said").value is None
    assert (
        b"A forecast" not in render(rows(contested), "jsonl", dataclasses.replace(CONTEXT, said=said)).files[0].content
    )


def test_verdicts_are_coloured_and_the_page_is_a4_with_numbers() -> None:
    contested = row(claim_id="clm_" + "1" * 20, status="contested", verdict=None)
    book = workbook(exported(row(), row(verdict="disputed"), contested, profile=newsroom("fa")))
    fills = [cell(book, "نتیجه", number).fill.fgColor.rgb for number in (2, 3)]
    assert len(set(fills)) == 2
    assert "FF000000" not in fills
    assert cell(book, "وضعیت بررسی", 4).fill.patternType == "solid"
    sheet = book.worksheets[0]
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight) == (True, 0)
    assert sheet.print_title_rows == "$1:$1"
    assert "&P" in str(sheet.oddFooter.center.text)
    assert sheet.print_area.startswith("'نتیجه‌ها'!$A$1:")
    printed = [head.value for head in sheet[1]][: sheet[sheet.print_area.rpartition(":")[2].replace("$", "")].column]
    assert "دلیل" in printed
    assert "شواهد" in printed
    about = {line[0].value: line[1].value for line in book["درباره"].iter_rows()}
    assert about["ستون‌های چاپی"] == f"{len(printed)} / {sheet.max_column}"


def test_dates_for_people_are_the_desks_and_a_day_without_a_time_has_none() -> None:
    midnight, late = datetime(2026, 11, 20, tzinfo=UTC), datetime(2026, 11, 20, 22, tzinfo=UTC)
    bare = row(published_at=midnight, published_raw="۱۴۰۵/۰۸/۲۹")
    timed = row(published_at=late, published_raw="2026-11-20T22:00Z")
    clock = Clock("Asia/Tehran", Calendar.JALALI)
    book = workbook(render(rows(bare, timed), newsroom("fa"), dataclasses.replace(CONTEXT, clock=clock)))
    assert [cell(book, "تاریخ خبر", number).value for number in (2, 3)] == ["۲۹ آبان ۱۴۰۵", "۳۰ آبان ۱۴۰۵"]
    formats = [cell(book, "تاریخ خبر (UTC)", number).number_format for number in (2, 3)]
    assert formats == ["yyyy-mm-dd", "yyyy-mm-dd hh:mm"]
