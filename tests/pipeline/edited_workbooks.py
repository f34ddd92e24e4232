"""A desk with claims and a workbook of it, and what people and programs do to workbooks."""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl

from factcheck import dataset as ds
from factcheck import settings as settings_package
from factcheck.dataset.editorial import WORDS
from factcheck.pipeline.export import export
from factcheck.pipeline.import_workbook import Brought, import_workbook
from factcheck.settings import Settings
from tests.dataset.conftest import Rows

ROWS = Rows()
HEADERS = {
    "claim_reviewed": "Claim in our words",
    "headline": "Page headline",
    "summary": "Page summary",
    "page_url": "Page address",
    "topic": "Topic",
    "state": "Editorial state",
}
HOSTILE = ["=1+1", '=HYPERLINK("http://x")', "+49", "@x", "'x", "\u202eabc", "a\nb", "<script>", "🙂" * 50, "_x0041_",
           "۱۲۳", "<b>", "a\tb", "a\u2028b", "x" * 9_000, "&amp;", "1/2", "TRUE", "0012", "-"]  # fmt: skip
"""What editors and attackers write in cells."""
STATES = ["Draft", "approved", "منتشرشده", "يحتاج إلى مراجعة", "withdrawn", "Needs review"]


class Newsroom:
    """A desk with `size` claims: two in three decided, every other with a proposal of its words."""

    def __init__(self, folder: Path, size: int = 12, language: str = "en") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "factcheck.toml").write_text(
            f'[desk]\nlanguage = "{language}"\nurl = "https://desk.example"\n[projects.main]\ntitle = "Desk"\n', "utf-8"
        )
        self.folder, self.size, self.hours = folder, size, 0
        self.ids = [ROWS.claim(number).claim_id for number in range(size)]
        if self.data.head:  # a copy of one that was made
            return
        claims = ROWS.claims(range(size)).with_columns(
            claim_in_words=pl.Series([f"پیشنهاد {number}" if number % 2 else None for number in range(size)])
        )
        ds.commit(
            self.data, articles=ROWS.articles(range(size)), claims=claims,
            verdicts=ROWS.verdicts([number for number in range(size) if number % 3]), cause="pull",
            policy="majority(min_votes=2,margin=1)", now=ROWS.now,
        )  # fmt: skip

    @property
    def settings(self) -> Settings:
        return settings_package.load(self.folder, {})

    @property
    def data(self) -> ds.Dataset:
        return ds.open(self.settings.dataset_uri, create=True)

    def later(self) -> Any:
        self.hours += 1
        return ROWS.now + timedelta(hours=self.hours)

    def decide(self, number: int, verdict: str | None) -> None:
        self.decide_all([number], verdict)

    def decide_all(self, numbers: list[int], verdict: str | None) -> None:
        ds.commit(self.data, verdicts=ROWS.verdicts(numbers, verdict), cause="pull", now=self.later())

    def workbook(self) -> Any:
        done = export(
            self.settings, "newsroom-xlsx", as_of=None, out=self.folder / f"out-{self.later():%d%H}", force=True
        )
        return openpyxl.load_workbook(io.BytesIO(done.files[0][0].read_bytes()))

    def bring(self, content: bytes, name: str = "back.xlsx", *, dry_run: bool = False, editor: str = "Mina") -> Brought:
        path = self.folder / name
        path.write_bytes(content)
        return import_workbook(self.settings, [path], editor=editor, dry_run=dry_run, now=self.later())

    def standing(self) -> dict[str, dict[str, str | None]]:
        """What stands of each claim that has words, by field."""
        rows = self.data.editorial().rename({"editorial_state": "state"}).to_dicts()
        return {row["claim_id"]: {name: row[name] for name in (*WORDS, "state")} for row in rows}


def saved(book: Any) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def columns(sheet: Any, row: int = 1) -> dict[str, int]:
    return {cell.value: cell.column for cell in sheet[row] if cell.value is not None}


def cell(sheet: Any, claim: str, field: str, headers: Mapping[str, str] = HEADERS, ident: str = "Claim ID") -> Any:
    """The cell of a claim and field."""
    at = columns(sheet)
    (row,) = [line[0].row for line in sheet.iter_rows(min_row=2) if line[at[ident] - 1].value == claim]
    return sheet.cell(row, at[headers[field]])


def texts(rng: random.Random) -> str:
    """A text that an editor may write, every other time one of `HOSTILE`."""
    return rng.choice(HOSTILE) if rng.random() < 0.5 else f"نوشتهٔ {rng.randrange(10**6)}"


def edit_at_random(sheet: Any, ids: list[str], rng: random.Random, texts: Callable[[random.Random], str]) -> Any:
    """Edits a third of the cells of editors; what they hold then, by claim and field."""
    at = columns(sheet)
    rows = {line[at["Claim ID"] - 1].value: line[0].row for line in sheet.iter_rows(min_row=2)}
    done = {}
    for claim in ids:
        for field, header in HEADERS.items():
            if rng.random() < 2 / 3:
                continue
            text = {"state": rng.choice(STATES), "page_url": f"https://desk.example/{rng.randrange(99)}"}.get(field)
            value = text or texts(rng)
            target = sheet.cell(rows[claim], at[header])
            # What Excel writes for a text that reads as an escape (ECMA-376, 22.4.2.4); openpyxl leaves that to us.
            target.value, target.data_type = value.replace("_x0041_", "_x005F_x0041_"), "s"
            done[claim, field] = value
    return done


def rewritten(book: Any, rng: random.Random) -> bytes:
    """The workbook as Excel or Sheets may give it back: a new file with cells alone, sorted, with columns moved about.

    Comments, protection, styles and drop-downs are lost, a title stands above the table, a column is added, the row of
    the header is elsewhere, rows are in another order, some of them hidden, and the hidden sheet is only hidden.
    """
    new = openpyxl.Workbook()
    new.remove(new.active)
    for sheet in book.worksheets:
        copy = new.create_sheet(sheet.title if sheet.title == "factcheck" else f"{sheet.title} (2)")
        lines = [[(one.value, one.data_type) for one in line] for line in sheet.iter_rows()]
        if sheet is book.worksheets[0]:
            order = list(range(len(lines[0])))
            rng.shuffle(order)
            body = lines[1:]
            rng.shuffle(body)
            added = [[("Mina's notes", "s"), *(lines[0][at] for at in order)]]
            added += [[("=1+1", "f"), *(line[at] for at in order)] for line in body]
            lines = [[("For Sunday", "s")], [], *added]
        for number, line in enumerate(lines, start=1):
            for column, (value, kind) in enumerate(line, start=1):
                if value is not None:
                    target = copy.cell(number, column)
                    target.value = value
                    target.data_type = kind
            if rng.random() < 0.3 and number > 3:
                copy.row_dimensions[number].hidden = True
        if sheet.title == "factcheck":
            copy.sheet_state = "hidden"
    return saved(new)
