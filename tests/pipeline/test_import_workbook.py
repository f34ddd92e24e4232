"""The workbook goes both ways: every edit comes back, nothing else changes, and no cell is lost without a word."""

from __future__ import annotations

import csv
import io
import json
import random
import shutil
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from typer.testing import CliRunner

from factcheck.cli import app
from factcheck.dataset import annotators
from factcheck.dataset.verify import verify
from factcheck.errors import UsageError
from factcheck.exporters import editorial
from factcheck.pipeline.export import export
from factcheck.pipeline.import_workbook import Brought
from tests import libreoffice
from tests.pipeline.edited_workbooks import (
    HEADERS,
    HOSTILE,
    Newsroom,
    cell,
    columns,
    edit_at_random,
    rewritten,
    saved,
    texts,
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "desk"
    Newsroom(folder)
    return folder


@pytest.fixture
def desk(made: Path, tmp_path: Path) -> Newsroom:
    """A fresh copy of a small desk."""
    folder = tmp_path / "desk"
    shutil.copytree(made, folder)
    return Newsroom(folder)


def codes(done: Brought) -> list[str]:
    return [one.code for one in done.report.rejections]


@pytest.mark.parametrize("way", ["openpyxl", "rewritten"])
def test_every_edit_comes_back_and_nothing_else_changes(tmp_path: Path, way: str) -> None:
    room, rng = Newsroom(tmp_path / "desk", 200), random.Random(200)
    book = room.workbook()
    done = edit_at_random(book.worksheets[0], room.ids, rng, texts)
    back = room.bring(saved(book) if way == "openpyxl" else rewritten(book, rng))
    assert back.report.rejections == []
    expected: dict[str, dict[str, str | None]] = {}
    for (claim, field), value in done.items():
        row = expected.setdefault(claim, dict.fromkeys(HEADERS))
        row[field] = editorial.state_of(value) if field == "state" else value.strip()
    for number, claim in enumerate(room.ids):
        row = expected.get(claim, {})
        if row.get("state") in {"approved", "published"} and row["claim_reviewed"] is None and number % 2:
            row["claim_reviewed"] = f"پیشنهاد {number}"
    assert room.standing() == expected
    head = room.data.head
    assert back.report.version == head
    again = room.bring((room.folder / "back.xlsx").read_bytes(), "again.xlsx")
    assert (again.report.version, again.report.rejections, room.data.head) == (None, [], head)
    assert verify(room.data.uri).findings == []


def test_a_workbook_that_nobody_wrote_in_brings_nothing(desk: Newsroom) -> None:
    back = desk.bring(saved(desk.workbook()))
    assert (back.report.seen, back.report.version, back.words) == (0, None, [])


def test_what_was_shown_may_be_brought_by_a_dry_run_first(desk: Newsroom) -> None:
    book = desk.workbook()
    cell(book.worksheets[0], desk.ids[1], "headline").value = "تیتر صفحه"
    head = desk.data.head
    dry = desk.bring(saved(book), dry_run=True)
    assert [(word.field, word.before, word.value) for word in dry.words] == [("headline", None, "تیتر صفحه")]
    assert (dry.report.version, desk.data.head) == (None, head)
    assert desk.bring(saved(book)).report.version == head + 1


def test_a_claim_whose_verdict_changed_is_refused_by_name_with_both_verdicts_and_whole_words(desk: Newsroom) -> None:
    book = desk.workbook()
    sheet = book.worksheets[0]
    long = "دلیل " * 1_000
    cell(sheet, desk.ids[1], "summary").value = long
    cell(sheet, desk.ids[2], "summary").value = "تازه"
    desk.decide(1, "disputed")
    back = desk.bring(saved(book))
    assert codes(back) == ["STALE_VERDICT"]
    (refused,) = back.report.rejections
    assert all(word in refused.reason for word in (desk.ids[1], "verified", "disputed"))
    assert refused.payload == long.strip()
    assert desk.standing() == {desk.ids[2]: dict.fromkeys(HEADERS) | {"summary": "تازه"}}
    kept = (desk.folder / ".factcheck" / "quarantine.jsonl").read_text("utf-8")
    assert json.loads(kept.splitlines()[-1])["payload"] == long.strip()


def test_a_claim_that_waits_for_other_votes_now_is_not_stale(desk: Newsroom) -> None:
    book = desk.workbook()
    cell(book.worksheets[0], desk.ids[0], "topic").value = "راه"
    desk.decide(0, None)
    assert codes(desk.bring(saved(book))) == []


def test_a_cell_that_another_editor_changed_since_is_refused_with_both_values(desk: Newsroom) -> None:
    mine, theirs = desk.workbook(), desk.workbook()
    for book, word in ((mine, "من"), (theirs, "او")):
        cell(book.worksheets[0], desk.ids[3], "headline").value = word
        cell(book.worksheets[0], desk.ids[3], "topic").value = "یکی"
    assert codes(desk.bring(saved(theirs), editor="Sara")) == []
    back = desk.bring(saved(mine))
    assert codes(back) == ["EDITED_SINCE"]
    assert "من" in back.report.rejections[0].reason
    assert "او" in back.report.rejections[0].reason
    assert back.report.counts["unchanged"] == 1  # both wrote the same topic
    assert desk.standing()[desk.ids[3]]["headline"] == "او"


def test_an_emptied_cell_takes_words_back_only_where_there_were_some(desk: Newsroom) -> None:
    book = desk.workbook()
    cell(book.worksheets[0], desk.ids[1], "headline").value = "تیتر صفحه"
    desk.bring(saved(book))
    book = desk.workbook()
    cell(book.worksheets[0], desk.ids[1], "headline").value = None
    cell(book.worksheets[0], desk.ids[1], "claim_reviewed").value = None  # a proposal
    cell(book.worksheets[0], desk.ids[2], "headline").value = " "
    back = desk.bring(saved(book))
    assert [(word.field, word.before, word.value) for word in back.words] == [("headline", "تیتر صفحه", None)]
    assert desk.standing() == {}


def test_a_proposal_is_nobodys_until_an_editor_approves_the_row(desk: Newsroom) -> None:
    sheet = (book := desk.workbook()).worksheets[0]
    proposal = cell(sheet, desk.ids[1], "claim_reviewed")
    assert (proposal.value, proposal.font.italic) == ("پیشنهاد 1", True)
    cell(sheet, desk.ids[1], "headline").value = "تیتر صفحه"
    cell(sheet, desk.ids[3], "state").value = "Draft"
    cell(sheet, desk.ids[5], "state").value = "Approved"
    desk.bring(saved(book))
    standing = desk.standing()
    assert [standing[desk.ids[at]]["claim_reviewed"] for at in (1, 3, 5)] == [None, None, "پیشنهاد 5"]
    after = cell(desk.workbook().worksheets[0], desk.ids[5], "claim_reviewed")
    assert (after.value, bool(after.font.italic)) == ("پیشنهاد 5", False)


def test_a_changed_verdict_puts_the_claim_first_until_a_person_chooses_a_state_again(desk: Newsroom) -> None:
    book = desk.workbook()
    last = book.worksheets[0].cell(book.worksheets[0].max_row, columns(book.worksheets[0])["Claim ID"]).value
    cell(book.worksheets[0], last, "state").value = "Published"
    desk.bring(saved(book))
    desk.decide(desk.ids.index(last), "disputed")
    sheet = (book := desk.workbook()).worksheets[0]
    assert sheet.cell(2, columns(sheet)["Claim ID"]).value == last
    state = cell(sheet, last, "state")
    assert state.value == "Needs review"
    state.value = "Published"
    assert [(word.before, word.value) for word in desk.bring(saved(book)).words] == [("needs_review", "published")]
    assert desk.standing()[last]["state"] == "published"


def test_what_the_programs_make_of_cells_is_read_as_a_person_reads_it(desk: Newsroom) -> None:
    sheet = (book := desk.workbook()).worksheets[0]
    values: dict[str, tuple[Any, str]] = {
        desk.ids[0]: (date(2026, 11, 27), "2026-11-27"),
        desk.ids[1]: (datetime(2026, 11, 27, 9, 30), "2026-11-27 09:30"),  # noqa: DTZ001 - as a cell has it
        desk.ids[2]: (14, "14"),
        desk.ids[3]: (2.5, "2.5"),
        desk.ids[4]: (True, "TRUE"),
        desk.ids[5]: ('=IF(A1="x",1,2)', '=IF(A1="x",1,2)'),
    }
    for claim, (value, _) in values.items():
        target = cell(sheet, claim, "topic")
        target.number_format = "General"
        target.value = value
    desk.bring(saved(book))
    assert {claim: row["topic"] for claim, row in desk.standing().items()} == {
        claim: text for claim, (_, text) in values.items()
    }


def test_rows_without_a_known_claim_are_refused_with_their_words(desk: Newsroom) -> None:
    sheet = (book := desk.workbook()).worksheets[0]
    at, end = columns(sheet), sheet.max_row
    sheet.cell(end + 1, at["Page headline"]).value = "بی‌نام"
    sheet.cell(end + 2, at["Page headline"]).value = "دیگری"
    sheet.cell(end + 2, at["Claim ID"]).value = "clm_" + "f" * 20
    cell(sheet, desk.ids[1], "state").value = "شاید"
    cell(sheet, desk.ids[1], "page_url").value = "desk.example/1"
    back = desk.bring(saved(book))
    assert sorted(codes(back)) == ["BAD_VALUE", "NOT_SHOWN", "NO_CLAIM", "UNKNOWN_STATE"]
    assert {one.payload for one in back.report.rejections} == {"بی‌نام", "دیگری", "شاید", "desk.example/1"}
    assert back.report.accepted + back.report.rejected == back.report.seen == 4


@pytest.mark.parametrize("escaped", ["a_xD800_b", "_xDFFF_", "a_x0000_b", "_xFFFE_"])
def test_what_an_escape_of_excel_hides_is_refused_where_no_text_can_hold_it(desk: Newsroom, escaped: str) -> None:
    sheet = (book := desk.workbook()).worksheets[0]
    cell(sheet, desk.ids[1], "headline").value = escaped
    cell(sheet, desk.ids[2], "headline").value = "تیتر صفحه"
    back = desk.bring(saved(book))
    assert codes(back) == ["BAD_VALUE"]
    assert list(desk.standing()) == [desk.ids[2]]


def test_a_row_that_stands_twice_with_other_words_is_refused_both_times(desk: Newsroom) -> None:
    sheet = (book := desk.workbook()).worksheets[0]
    cell(sheet, desk.ids[1], "headline").value = "یک"
    cell(sheet, desk.ids[1], "topic").value = "راه"
    row = cell(sheet, desk.ids[1], "headline").row
    sheet.append([one.value for one in sheet[row]])
    sheet.cell(sheet.max_row, columns(sheet)["Page headline"]).value = "دو"
    back = desk.bring(saved(book))
    assert codes(back) == ["CONTRADICTS"] * 2
    assert desk.standing()[desk.ids[1]] == dict.fromkeys(HEADERS) | {"topic": "راه"}


def test_columns_and_rows_that_were_deleted_say_nothing(desk: Newsroom) -> None:
    sheet = (book := desk.workbook()).worksheets[0]
    cell(sheet, desk.ids[2], "headline").value = "تیتر صفحه"
    desk.bring(saved(book))
    sheet = (book := desk.workbook()).worksheets[0]
    sheet.delete_cols(columns(sheet)["Page headline"])
    sheet.delete_rows(cell(sheet, desk.ids[2], "topic").row)
    cell(sheet, desk.ids[1], "topic").value = "راه"
    back = desk.bring(saved(book))
    assert (codes(back), len(back.words)) == ([], 1)
    assert desk.standing()[desk.ids[2]]["headline"] == "تیتر صفحه"


def test_another_workbook_is_refused_with_a_hint(desk: Newsroom, tmp_path: Path) -> None:
    other = openpyxl.Workbook()
    other.active.append(["Claim ID", "Page headline"])
    back = desk.bring(saved(other))
    assert codes(back) == ["NOT_A_WORKBOOK"]
    assert "newsroom-xlsx" in back.report.rejections[0].reason
    elsewhere = Newsroom(tmp_path / "other", 3)
    assert codes(desk.bring(saved(elsewhere.workbook()))) == ["OTHER_DATASET"]
    for broken in (b"PK\x03\x04 and nothing", saved(other)[:900], b"", b"%PDF-1.7"):
        assert len(codes(desk.bring(broken))) == 1
    sheet = (book := desk.workbook()).worksheets[0]
    cell(sheet, desk.ids[1], "topic").value = "x"
    with pytest.raises(UsageError, match="name"):
        desk.bring(saved(book), editor="  ")


@pytest.mark.parametrize(("delimiter", "encoding"), [(",", "utf-8"), (";", "utf-8-sig"), ("\t", "utf-16")])
def test_a_csv_of_the_sheet_is_taken_in_where_it_says_its_version(
    desk: Newsroom, delimiter: str, encoding: str
) -> None:
    sheet = desk.workbook().worksheets[0]
    cell(sheet, desk.ids[1], "headline").value = "=1+1"
    cell(sheet, desk.ids[5], "state").value = "Approved"
    lines = [["" if one.value is None else str(one.value) for one in line] for line in sheet.iter_rows()]
    back = desk.bring(_csv(lines, delimiter).encode(encoding), "back.csv")
    assert codes(back) == []
    standing = desk.standing()
    assert standing[desk.ids[1]]["headline"] == "=1+1"
    assert standing[desk.ids[5]]["claim_reviewed"] == "پیشنهاد 5"
    assert len(standing) == 2
    assert desk.bring(_csv(lines, delimiter).encode(encoding), "back.csv").words == []
    version = columns(sheet)["Dataset version"] - 1
    without = [[text for at, text in enumerate(line) if at != version] for line in lines]
    assert codes(desk.bring(_csv(without, delimiter).encode(encoding), "without.csv")) == ["NO_VERSION"]


def _csv(lines: list[list[str]], delimiter: str) -> str:
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter).writerows(lines)
    return file.getvalue()


HEADS = {
    "fa": ("تیتر صفحه", "وضعیت انتشار", "شناسهٔ ادعا"),
    "ar": ("عنوان الصفحة", "حالة النشر", "معرّف الادعاء"),
    "tr": ("Sayfa başlığı", "Yayın durumu", "İddia kimliği"),
    "ur": ("صفحے کی سرخی", "اشاعت کی حالت", "دعوے کی شناخت"),
}
"""Of the page's headline, the editorial state and the claim's ID."""


@pytest.mark.parametrize("language", sorted(HEADS))
def test_a_desk_gets_its_words_back_in_its_own_language(tmp_path: Path, language: str) -> None:
    room = Newsroom(tmp_path / "desk", 4, language)
    sheet = (book := room.workbook()).worksheets[0]
    heads = HEADS[language]
    named = {"headline": heads[0], "state": heads[1]}
    cell(sheet, room.ids[1], "headline", named, heads[2]).value = "تیتر صفحه"
    listed = sheet.data_validations.dataValidation[0].formula1.strip('"').split(",")
    cell(sheet, room.ids[1], "state", named, heads[2]).value = listed[2]
    room.bring(saved(book))
    standing = room.standing()[room.ids[1]]
    assert (standing["headline"], standing["state"]) == ("تیتر صفحه", "published")


def test_only_the_editors_cells_may_be_written_in_and_the_rules_stand_there(desk: Newsroom) -> None:
    book = desk.workbook()
    sheet, at = book.worksheets[0], columns(book.worksheets[0])
    assert sheet.protection.sheet
    assert sheet.protection.password is None
    for header, number in at.items():
        assert sheet.cell(2, number).protection.locked == (header not in HEADERS.values()), header
        assert (sheet.cell(1, number).comment is not None) == (header in HEADERS.values())
    assert book["factcheck"].sheet_state == "veryHidden"


def test_no_name_of_an_editor_is_in_anything_but_the_table_of_people(desk: Newsroom) -> None:
    sheet = (book := desk.workbook()).worksheets[0]
    cell(sheet, desk.ids[1], "headline").value = "تیتر صفحه"
    cell(sheet, desk.ids[1], "state").value = "Published"
    desk.bring(saved(book), editor="Mina Kamali")
    editor = annotators.people(desk.data).filter(name="Mina Kamali")["annotator_id"][0]
    assert desk.data.editorial_changes().collect()["editor"].unique().to_list() == [editor]
    for name in ("newsroom-xlsx", "records-jsonl", "archive-parquet", "claimreview"):
        done = export(desk.settings, name, as_of=None, out=desk.folder / "all" / name, force=True)
        for path, _ in done.files:
            raw = path.read_bytes()
            assert b"Kamali" not in raw
            assert editor.encode() not in raw
    assert b"Kamali" not in b"".join(map(str.encode, desk.data.versions()["message"]))


def test_the_commands_write_and_import(desk: Newsroom) -> None:
    def run(*arguments: str) -> Any:
        return CliRunner().invoke(app, ["--desk", str(desk.folder), *arguments])

    done = run("write", desk.ids[1][:12], "--headline", "تیتر صفحه", "--state", "published", "--editor", "Mina")
    assert done.exit_code == 0, done.output
    assert "version 2: 2 values" in done.output
    again = run("write", desk.ids[1], "--headline", "تیتر صفحه", "--editor", "Mina")
    assert (again.exit_code, "nothing to change" in again.output) == (0, True)
    for hostile in ("x" * 40_000, "a\x00b", "a\ufffeb", "\x1b[31m"):
        assert run("write", desk.ids[1], "--summary", hostile, "--editor", "Mina").exit_code == 2
    assert run("write", desk.ids[1], "--summary", "\u202e=1+1", "--editor", "Mina").exit_code == 0
    assert desk.standing()[desk.ids[1]]["summary"] == "\u202e=1+1"
    sheet = (book := desk.workbook()).worksheets[0]
    cell(sheet, desk.ids[2], "headline").value = "دوم"
    (desk.folder / "b.xlsx").write_bytes(saved(book))
    path = str(desk.folder / "b.xlsx")
    shown = run("import", path, "--editor", "Mina", "--dry-run")
    assert "headline: – → \u2068دوم\u2069" in shown.output
    assert run("import", path, "--editor", "Mina").exit_code == 0
    assert desk.standing()[desk.ids[2]]["headline"] == "دوم"
    assert run("import", path).exit_code == 2
    assert run("import", path, "--editor", "Mina", "--source", "X").exit_code == 2
    assert "--editor" in run("import", path, "--source", "X").output


@pytest.mark.parametrize("kind", ["xlsx", libreoffice.CSV])
def test_libreoffice_gives_every_edit_back(desk: Newsroom, kind: str) -> None:
    book = desk.workbook()
    rng = random.Random(5)
    done = edit_at_random(book.worksheets[0], desk.ids, rng, lambda chosen: chosen.choice([*HOSTILE[:12], "نوشته"]))
    name, content = libreoffice.converted(saved(book), "book.xlsx", kind, desk.folder / "office")
    back = desk.bring(content, name)
    assert back.report.rejections == []
    standing = desk.standing()
    for (claim, field), value in done.items():
        assert standing[claim][field] == (editorial.state_of(value) if field == "state" else value.strip())
    taken_over = sum(
        row["claim_reviewed"] is not None and (claim, "claim_reviewed") not in done for claim, row in standing.items()
    )
    assert sum(text is not None for row in standing.values() for text in row.values()) == len(done) + taken_over


def test_a_changed_verdict_under_published_words_is_told_first_by_changes_and_by_status(desk: Newsroom) -> None:
    before = desk.data.head
    sheet = (book := desk.workbook()).worksheets[0]
    cell(sheet, desk.ids[1], "state").value = "Published"
    desk.bring(saved(book))
    done = export(desk.settings, "newsroom-xlsx", as_of=None, out=desk.folder / "since", force=True, since=str(before))
    assert not done.unchanged  # an editor's words are news in the desk's own workbook
    desk.decide(2, "disputed")
    desk.decide(1, "disputed")
    since = export(desk.settings, "weekly-changes", as_of=None, out=desk.folder / "w", force=True, since=str(before))
    by_suffix = {path.suffix: path.read_text("utf-8") for path, _ in since.files}
    told = [json.loads(line) for line in by_suffix[".jsonl"].splitlines()]
    assert [(one["claim_id"], one["editorial_state"]) for one in told] == [
        (desk.ids[1], "needs_review"),
        (desk.ids[2], None),
    ]
    assert by_suffix[".md"].index("wait for a review") < by_suffix[".md"].index("## Changed")
    shown = CliRunner().invoke(app, ["--desk", str(desk.folder), "status"]).output
    assert f"1 claims whose verdict changed wait for an editor: {desk.ids[1]}" in shown
