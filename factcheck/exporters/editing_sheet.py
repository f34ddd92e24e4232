"""The editor's part of a workbook: columns that may be written in, and a hidden sheet of what they showed.

A profile that names columns of editors makes a workbook that can come back: `import` finds it by the hidden sheet and
compares its cells with what was shown in them. All other cells are locked, without a password: the lock is there
against a slip of the hand.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import polars as pl

from factcheck.exporters import columns, editing_words, editorial, labels, sheet_splice, sheet_xml, verdict_cells
from factcheck.exporters.as_csv import CELL_UNITS
from factcheck.exporters.contract import ExportContext
from factcheck.exporters.profiles import Profile
from factcheck.hidden_sheet import EDITORIAL, MARK, NAME, SHOWN
from factcheck.languages import SPOKEN, Language

STATE: Final = "editorial_state_label"
EDITABLE: Final = (*(name for name in EDITORIAL if name != "editorial_state"), STATE)
WIDTHS: Final = {"claim_reviewed": 36, "headline": 28, "summary": 42, "page_url": 28, "topic": 14, STATE: 16}
_ALLOWED: Final = (
    *("format_cells", "format_columns", "format_rows", "sort", "autofilter", "insert_columns", "insert_hyperlinks"),
    *("select_locked_cells", "select_unlocked_cells"),
)
_HEAD, _CELL, _PROPOSED, _REVIEW = "#FFE9B8", "#FFFBEF", "#8A6D3B", "#F8CBC6"
"""Fill of the editor's headers and cells, letters of a proposal, fill of a state that waits for a person."""


def editable(profile: Profile) -> list[str]:
    """The columns of the profile that editors fill in; none where the workbook is for reading alone."""
    return [name for name in profile.columns if name in EDITABLE]


def proposed(rows: pl.DataFrame, context: ExportContext) -> pl.Series:
    """For each row the proposal that stands in the cell of an empty `claim_reviewed`, null where there is none."""
    words = context.proposals
    if words is None:
        return pl.Series("proposal", [None] * rows.height, pl.String)
    found = rows.join(words, on="claim_id", how="left", maintain_order="left")
    wanted = pl.col("claim_reviewed").is_null() & (pl.col("claim_in_words").str.len_chars() <= CELL_UNITS // 2)
    return found.select(pl.when(wanted).then("claim_in_words").alias("proposal"))["proposal"]


_AT_ONCE: Final = 8_192


class Styles(NamedTuple):
    """The formats of an editor's cells: words, a proposal, a state that waits for a person."""

    words: Any
    proposal: Any
    review: Any


def head(main: Any, names: list[str], mine: list[str], n_rows: int) -> Styles:
    """Marks the editor's columns, says their rules in comments, offers the states, and locks what is not theirs."""
    language: Language = main.language
    main.sheet.protect("", dict.fromkeys(_ALLOWED, True))
    for name in mine:
        number = names.index(name)
        # The column's own format: a cell below the last row may be written in too, and is refused by name, not lost.
        main.sheet.set_column(number, number, WIDTHS[name], main.format(locked=False, text_wrap=True, num_format="@"))
        main.sheet.write_comment(
            0, number, editing_words.RULES[name][language], {"x_scale": 2.2, "y_scale": 1.6, "font_size": 9}
        )
    if STATE in mine:
        number = names.index(STATE)
        main.sheet.data_validation(
            *(1, number, max(1, n_rows), number),
            {
                "validate": "list",
                "source": [text[language] for text in labels.EDITORIAL_STATES.values()],
                "error_title": labels.COLUMNS[STATE][language],
                "error_message": editing_words.CHOOSE[language],
            },
        )
    own: dict[str, Any] = {"locked": False, "text_wrap": True, "num_format": "@", "bg_color": _CELL}
    return Styles(
        main.format(**own, quote_prefix=True),
        main.format(**own, quote_prefix=True, italic=True, font_color=_PROPOSED),
        main.format(**own | {"bg_color": _REVIEW}, bold=True),
    )


def header_style(main: Any) -> Any:
    """The format of the header of a column that editors fill in."""
    return main.format(bold=True, text_wrap=True, bottom=1, bg_color=_HEAD)


def looks(name: str, styles: Styles) -> tuple[pl.Expr, dict[int, Any]]:
    """A number for how each cell of an editor's column looks, and the format of each number.

    The frame has the claim's `about_editorial_state`, and in `claim_reviewed` the words of a proposal where nobody
    wrote any, as `shown` puts them there.
    """
    code = pl.lit(0)
    if name == STATE:
        code = pl.when(pl.col("about_editorial_state") == editorial.REVIEW).then(2).otherwise(0)
    if name == "claim_reviewed":
        code = pl.when(pl.col(name) == pl.col("about_proposal")).then(1).otherwise(0)
    code = pl.when(pl.col(name).is_not_null()).then(code).otherwise(0)
    return code, {0: styles.words, 1: styles.proposal, 2: styles.review}


def shown(table: pl.DataFrame, proposals: pl.Series, mine: list[str]) -> pl.DataFrame:
    """The table with what an editor's cells show: a proposal where nobody wrote words, null for an empty text."""
    table = table.with_columns(pl.when(pl.col(name) != "").then(name).alias(name) for name in mine)
    if "claim_reviewed" not in mine:
        return table
    return table.with_columns(claim_reviewed=pl.coalesce("claim_reviewed", proposals))


def write_hidden(
    workbook: Any,
    rows: pl.DataFrame,
    proposals: pl.Series,
    profile: Profile,
    context: ExportContext,
    heads: dict[str, str],
) -> tuple[str, sheet_splice.Rows]:
    """The sheet that says of which dataset, version and profile the workbook is, and what it showed of each claim.

    `heads` are the headers of its columns by name, as they are written. What comes back is the sheet's name in the
    archive and its rows.
    """
    sheet = workbook.add_worksheet(NAME)
    sheet.very_hidden()
    for number, name in enumerate(SHOWN):
        sheet.write_string(0, number, name)
    facts = [
        (MARK, "1"),
        ("dataset_id", context.dataset_id),
        ("version", str(context.version)),
        ("version_hash", context.version_hash),
        ("profile", profile.name),
        *((f"column:{name}", text) for name, text in heads.items() if name in {*EDITABLE, "claim_id"}),
    ]
    for row, (name, value) in enumerate(facts):
        sheet.write_string(row, len(SHOWN), name)
        sheet.write_string(row, len(SHOWN) + 1, value)
    frame = verdict_cells.numbered(rows.with_columns(proposals.alias("proposal")).select(SHOWN))
    fits = frame.with_columns(
        pl.when(pl.col(name).str.len_chars() <= CELL_UNITS).then(name).alias(name) for name in SHOWN
    )
    letters = [sheet_xml.letters_of(number) for number in range(len(SHOWN) + 2)]
    cells = [sheet_xml.text(where, pl.col(name), pl.lit("")) for where, name in zip(letters, SHOWN, strict=False)]
    parts = (part.select(row=sheet_xml.row(cells)).to_series() for part in fits.iter_slices(_AT_ONCE))
    extent = f"A1:{letters[-1]}{max(rows.height + 1, len(facts))}"
    return f"xl/worksheets/sheet{sheet.index + 1}.xml", sheet_splice.Rows(parts, extent, keeps=True)


def header_names(languages: tuple[Language, ...] = SPOKEN) -> dict[str, str]:
    """The names of columns that an import looks for, by every header a workbook of ours may have."""
    wanted = {"claim_id", "dataset_version", "editorial_state", *EDITABLE}
    found = {name: name for name in wanted}
    found |= {labels.COLUMNS[name][language]: name for name in wanted for language in languages}
    return {header: _AS_FIELD.get(name, name) for header, name in found.items()}


_AS_FIELD: Final = {STATE: "state", "editorial_state": "state_code"}
assert set(EDITABLE) <= set(columns.TYPES)
