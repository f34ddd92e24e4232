"""PDF: the text layer, page by page, of text that runs from left to right.

A PDF holds glyphs at places, not text. What readers make of a Persian or Arabic page has digits and words in another
order, joined letters exchanged and half-spaces lost, also where the page looks right (decision 0023 has the
figures); a claim read so is another claim, so those are refused with the way to do it.
"""

from __future__ import annotations

import io
import logging
import re
from typing import Any

from factcheck.articles.draft import Limits
from factcheck.distribution import needing
from factcheck.errors import Rejected, Stop
from factcheck.process_wide import Lent

MAGIC = b"%PDF-"
_RIGHT_TO_LEFT = re.compile("[\u0590-\u05ea\u0620-\u064a\u066e-\u06d3\u06fa-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_FEW = 10  # a name in another script; more of them are text
_LETTER = re.compile(r"[^\W\d_]")
_HYPHENED = re.compile(r"[^\W\d_]-$")
_OPENS_ROW = re.compile(r"(?P<capital>[A-Z])|(?P<digit>\d)|(?P<mark>[•–-])")
_FULL = 0.75  # of the longest line
_MOST_PAGES = 500
_LARGEST_PAGE = 5_000_000  # bytes of drawing; a page of text has some thousands
_SHORT_PAGE = 20  # letters; a page with fewer is a picture with its number


def _silent() -> int:
    log = logging.getLogger("pypdf")
    before = log.level
    log.setLevel(logging.CRITICAL)
    return before


SILENCE = Lent(_silent, logging.getLogger("pypdf").setLevel)
"""No log of pypdf's: what it cannot read is our rejection to tell."""


def pdf_text(data: bytes, limits: Limits) -> tuple[str, tuple[str, ...]]:
    """The text of a PDF, pages parted by a blank line, and warnings (`pdf_right_to_left`, `pdf_pages_without_text`).

    Raises InstallError without the extra `pdf`; Rejected: ENCRYPTED, NO_TEXT for scanned pages, TOO_LARGE,
    UNREADABLE, UNSUPPORTED for Persian, Arabic and Hebrew.
    """
    with needing("pdf", "a PDF"):
        import pypdf
    try:
        with SILENCE.taken():
            pages = _pages(pypdf.PdfReader(io.BytesIO(data), strict=False), limits)
    except (Rejected, Stop):
        raise
    except MemoryError as error:
        raise Rejected("TOO_LARGE", "needs too much memory", hint="save its text as .txt") from error
    except Exception as error:  # whatever a damaged PDF makes its reader stumble on
        what = f"is a damaged PDF ({type(error).__name__})"
        raise Rejected("UNREADABLE", what, hint="open it and save it again, or save its text as .txt") from error
    texts = [page for page in pages if len(_LETTER.findall(page)) >= _SHORT_PAGE]
    if not texts and sum(len(_LETTER.findall(page)) for page in pages) < _SHORT_PAGE:
        raise Rejected(
            "NO_TEXT",
            "is a PDF without a text layer: its pages are pictures",
            hint="recognise its text (OCR) and save that as .txt or .docx",
        )
    text = "\n\n".join(page.strip() for page in pages if page.strip())
    warnings = (
        *_right_to_left(text),
        *(("pdf_pages_without_text",) if len(texts) < len(pages) else ()),
    )
    return text, warnings


def _pages(reader: Any, limits: Limits) -> list[str]:
    if reader.is_encrypted and not reader.decrypt(""):
        raise Rejected("ENCRYPTED", "is protected by a password", hint="save it without a password")
    count = len(reader.pages)
    if count > _MOST_PAGES:
        raise Rejected("TOO_LARGE", f"has {count} pages, more than {_MOST_PAGES}", hint="save the pages you need")
    found: list[str] = []
    size = 0
    for page in reader.pages:
        contents = page.get_contents()
        if contents is not None and len(contents.get_data()) > _LARGEST_PAGE:
            raise Rejected("TOO_LARGE", "has a page too large to read", hint="save its text as .txt")
        text = page.extract_text()
        size += len(text)
        if size > limits.max_text * 10:
            raise Rejected("TOO_LARGE", "has too much text", hint="save the pages you need")
        found.append(_unwrapped(text))
    return found


def _opening(row: str) -> str | None:
    match = _OPENS_ROW.match(row)
    return match.lastgroup if match else None


def _unwrapped(page: str) -> str:
    """The page with its lines joined where the line was full and no sentence ended: the break is the paper's."""
    rows = [row.strip() for row in page.split("\n")]
    full = max(map(len, rows), default=0) * _FULL
    pieces: list[str] = []
    for row, following in zip(rows, [*rows[1:], ""], strict=True):
        # Rows that begin alike, with a capital, say, may be those of a list: then they stay rows.
        listed = _opening(row) is not None and _opening(row) == _opening(following)
        joined = len(row) >= full and following and not listed and not row.endswith((".", "!", "?", ":"))
        pieces += [row, ("" if _HYPHENED.search(row) else " ") if joined else "\n"]
    return "".join(pieces)


def _right_to_left(text: str) -> tuple[str, ...]:
    """A warning for a few letters of that direction, none for none; raises Rejected for more."""
    found = len(_RIGHT_TO_LEFT.findall(text))
    if found > _FEW:
        raise Rejected(
            "UNSUPPORTED",
            "is a PDF in a script written from right to left, which cannot be read without mixing up words and digits",
            hint="open the source document and save it as .docx, .odt or .txt, or type the passage",
        )
    return ("pdf_right_to_left",) if found else ()
