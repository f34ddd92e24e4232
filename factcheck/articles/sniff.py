"""What kind of source the bytes are (by content; the name only has to agree with it), and its candidates."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import BinaryIO

from factcheck.articles import documents, layout, parquet, pdf, people
from factcheck.articles.address_list import is_address_list
from factcheck.articles.decode import decode, marked
from factcheck.articles.delimited import delimited_candidates
from factcheck.articles.draft import Candidate, Draft, Limits, Origin, reject
from factcheck.articles.feeds import feed_candidates
from factcheck.articles.jsons import is_json, json_candidates
from factcheck.articles.links import web_link
from factcheck.articles.pages import page_candidate
from factcheck.articles.splitting import split
from factcheck.articles.subtitles import is_subtitles, subtitle_draft
from factcheck.articles.tables import looks_like_table
from factcheck.articles.whatsapp import is_whatsapp, whatsapp_candidates
from factcheck.errors import Rejected

_TEXT_SUFFIXES = frozenset({"", ".txt", ".text", ".md", ".markdown"})
_MARKUP_SUFFIXES = frozenset({".html", ".htm", ".xhtml", ".xml", ".rss", ".atom", ".rdf"})
_DELIMITED = frozenset({".csv", ".tsv", ".tab"})
_SUBTITLES = frozenset({".srt", ".vtt"})
_KINDS = {
    **dict.fromkeys((".json", ".jsonl", ".ndjson"), "JSON"),
    **dict.fromkeys((".csv", ".tsv", ".tab"), "a table"),
    **dict.fromkeys((".srt", ".vtt"), "subtitles"),
}
_PROMISED = {
    ".pdf": "PDF", ".docx": "Word document", ".odt": "OpenDocument text", ".parquet": "Parquet file",
    ".zip": "zip archive", ".gz": "gzip archive", ".tgz": "gzip archive", ".tar": "tar archive", ".warc": "web archive",
}  # fmt: skip
SUFFIXES = frozenset({*_TEXT_SUFFIXES, *_MARKUP_SUFFIXES, *_DELIMITED, *_SUBTITLES, *_KINDS, *_PROMISED})
"""Endings of names that are read here."""
_OLE = b"\xd0\xcf\x11\xe0"
_TELEGRAM_PAGE = re.compile(r'<title>\s*Exported Data\s*</title>|class="page_wrap"[^§]{0,2000}class="history"')
_DECLARED = re.compile(
    rb"""(?:<\?xml[^>]{0,200}?encoding|<meta[^>]{0,200}?charset)\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE
)
_PROLOGUE = re.compile(r"(?:\s|<\?.*?\?>|<!--.*?-->|<!doctype[^>\[]*(?:\[.*?\])?\s*>)*", re.IGNORECASE | re.DOTALL)
_FEED = re.compile(r"<(?:rss|feed|rdf:RDF|(?:\w+:)?feed)[\s>]", re.IGNORECASE)
# Every element that a page or a piece of one may begin with.
_PAGE = re.compile(
    r"<(?:a|abbr|address|article|aside|b|base|bdi|bdo|big|blockquote|body|br|button|center|cite|code|dd|del|details|div"
    r"|dl|dt|em|figcaption|figure|font|footer|form|frameset|h[1-6]|head|header|hr|html|i|iframe|img|input|ins|label"
    r"|li|link|main|mark|meta|nav|nobr|noscript|ol|p|picture|pre|q|s|script|section|small|span|strong|style|sub"
    r"|sup|table|tbody|td|template|th|thead|time|title|tr|u|ul|video)[\s>/]",
    re.IGNORECASE,
)
_TAG = re.compile(r"<([a-zA-Z][\w:.-]*)(?:\s[^<>]*)?>")
# What is not seen in front of markup: white space, BOMs and other characters of no width.
_UNSEEN = re.compile(r"[\s\ufeff\u200b-\u200f\u2060\u061c]+(?=<)")


def declared(data: bytes) -> str | None:
    """The encoding that a page or an XML document names itself."""
    named = _DECLARED.search(data[:2048])
    return named[1].decode("ascii") if named else None


def candidates(data: bytes, origin: Origin) -> list[Candidate]:
    """The article candidates of one source, at least one; raises Rejected where the source as a whole is none.

    What it is is told by the bytes; a name that promises something else refuses it, with what it really is.
    """
    if reader := _binary(data, origin):
        return reader
    try:
        text, encoding = decode(data, declared=origin.declared or declared(data))
    except Rejected as error:
        return _apart_from_damage(data, origin, error)
    return _of_text(text, origin, () if encoding == "utf_8" else (f"encoding_{encoding}",))


def _apart_from_damage(data: bytes, origin: Origin, error: Rejected) -> list[Candidate]:
    """The articles of a damaged source of several, of which those with damage are rejected; raises the error else."""
    found = marked(data) if error.reason_code in {"ENCODING", "SURROGATE"} else None
    if found is None:
        raise error
    text, mark = found
    try:
        several = _of_text(text, origin, ())
    except Rejected:
        raise error from None
    if len(several) < 2:  # noqa: PLR2004 - of a single article nothing is left
        raise error
    what = "holds a character that was cut" if error.reason_code == "ENCODING" else error.what
    return [_unmarked(one, mark, error.reason_code, f"{what}: {error.hint}", n) for n, one in enumerate(several, 1)]


def _unmarked(one: Candidate, mark: str, code: str, reason: str, n: int) -> Candidate:
    """The candidate, or its rejection where its own fields hold the mark; a name that many share gets U+FFFD."""
    if not isinstance(one, Draft):
        return one.model_copy(update={"payload": one.payload and one.payload.replace(mark, "\ufffd")})
    if any(
        mark in value for value in (one.text, one.title, one.url, one.published_raw, one.claimant, *one.via) if value
    ):
        return reject(code, f"{one.source}#{n}", reason, one.text.replace(mark, "\ufffd"))
    return replace(one, publisher=one.publisher and one.publisher.replace(mark, "\ufffd"))


def _of_text(text: str, origin: Origin, warnings: tuple[str, ...]) -> list[Candidate]:
    if not text.strip():
        raise Rejected("EMPTY", "contains no text", hint="save it again with the article's text")
    if unseen := _UNSEEN.match(text):
        text = text[unseen.end() :]
    found = _of_markup(text, origin, warnings)
    if found is None:
        found = _of_export(text, origin)
        found = None if found is None else _warned(found, warnings)
    if found is not None:
        return found
    if origin.suffix not in _TEXT_SUFFIXES | _MARKUP_SUFFIXES or (
        origin.url and origin.media_type not in {None, "text/plain", "text/markdown"}
    ):
        kind = origin.suffix or origin.media_type
        raise Rejected("UNSUPPORTED", f"{kind} files are not read as articles", hint="save it as .txt, .html or a feed")
    return _plain(text, origin, warnings)


def document_candidates(file: BinaryIO, origin: Origin) -> list[Candidate]:
    """The articles of an office document; see `documents.document_text` for what it raises."""
    text = documents.document_text(file, origin.limits)
    return text_candidates(
        text, source=origin.source, url=origin.url, warnings=(), now=origin.now, limits=origin.limits
    )


def _binary(data: bytes, origin: Origin) -> list[Candidate] | None:
    """The candidates of a format that is no text; None for text."""
    if data.startswith(pdf.MAGIC):
        text, warnings = pdf.pdf_text(data, origin.limits)
        return text_candidates(
            text, source=origin.source, url=origin.url, warnings=warnings, now=origin.now, limits=origin.limits
        )
    if data.startswith(parquet.MAGIC):
        return parquet.parquet_candidates(data, origin)
    if data.startswith(_OLE):
        raise _old_office(data)
    if data.startswith(b"{\\rtf"):
        raise Rejected("UNSUPPORTED", "is an RTF document", hint="open it and save it as .docx or .odt")
    if (kind := _PROMISED.get(origin.suffix)) and not data.lstrip().startswith(b"<"):
        raise Rejected("UNSUPPORTED", f"is called {origin.suffix} and is no {kind}", hint="save it again, or rename it")
    return None


def _old_office(data: bytes) -> Rejected:
    """Office files of before 2007, and newer ones under a password, are the same kind of container."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return Rejected("ENCRYPTED", "is protected by a password", hint="save it without a password")
    for stream, what, hint in (
        ("WordDocument", "an old Word document (.doc)", "save it as .docx"),
        ("Workbook", "an old spreadsheet (.xls)", "save the sheet as CSV"),
        ("PowerPoint Document", "an old presentation (.ppt)", "save its text as .docx"),
        ("__substg1.0_", "an Outlook message (.msg)", "save its text as .txt"),
    ):
        if stream.encode("utf-16-le") in data:
            return Rejected("UNSUPPORTED", f"is {what}", hint=f"open it and {hint}")
    return Rejected("UNSUPPORTED", "is an old office document", hint="open it and save it as .docx")


def _of_markup(text: str, origin: Origin, warnings: tuple[str, ...]) -> list[Candidate] | None:
    """The candidates of a feed or a page, None for what is neither."""
    opening = _PROLOGUE.match(text[:20_000])
    after = text[opening.end() if opening else 0 :][:200]
    is_page = bool(
        _PAGE.match(after)
        or "<!doctype html" in text[:1000].lower()
        or origin.media_type in {"text/html", "application/xhtml+xml"}
    )
    if _FEED.match(after):
        return feed_candidates(text, source=origin.source, warnings=warnings, limits=origin.limits)
    if kind := _PROMISED.get(origin.suffix) or _KINDS.get(origin.suffix):
        if is_page:
            raise Rejected(
                "UNSUPPORTED",
                f"is called {origin.suffix} and is an HTML page, not {kind} (perhaps a site's error page)",
                hint="fetch it again, or rename it to .html if it is the article",
            )
        if after.startswith("<"):
            raise Rejected("UNSUPPORTED", f"is called {origin.suffix} and is markup, not {kind}", hint="save it again")
    if is_page:
        if ("page_wrap" in text or "Exported Data" in text) and _TELEGRAM_PAGE.search(text[:20_000]):
            raise Rejected(
                "UNSUPPORTED",
                "is a Telegram export in HTML",
                hint="export the chat again and choose Machine-readable JSON",
            )
        return [page_candidate(text, origin, warnings)]
    tag = _TAG.match(after)
    if (origin.suffix in _MARKUP_SUFFIXES and after.startswith("<")) or (tag and f"</{tag[1]}>" in text):
        raise Rejected("UNSUPPORTED", "is neither an HTML page nor a feed", hint="save the article as text or HTML")
    return None


def _of_export(text: str, origin: Origin) -> list[Candidate] | None:
    """The candidates of subtitles, JSON, a table or an exported chat, None for plain text."""
    if is_subtitles(text):
        return [subtitle_draft(text, origin)]
    if origin.suffix in _SUBTITLES:
        raise Rejected("UNSUPPORTED", f"is called {origin.suffix} and has no subtitles", hint="save it again as SRT")
    if is_json(text, origin):
        return json_candidates(text, origin)
    if origin.suffix in _DELIMITED or origin.media_type in {"text/csv", "text/tab-separated-values"}:
        return delimited_candidates(text, origin)
    if is_whatsapp(text):
        return whatsapp_candidates(text, origin)
    if people.looks_like_chat(text):
        raise Rejected(
            "UNSUPPORTED",
            "is an exported chat in a form that cannot be read",
            hint="copy what was said into a .txt file, without who said it",
        )
    if is_address_list(text):
        raise Rejected(
            "UNSUPPORTED",
            "contains only web addresses",
            hint="read the pages with `factcheck ingest --urls FILE`",
        )
    if looks_like_table(text.lstrip().partition("\n")[0][:2000]):
        raise Rejected("UNSUPPORTED", "looks like a table of articles", hint="rename it to .csv")
    return None


def _warned(found: list[Candidate], warnings: tuple[str, ...]) -> list[Candidate]:
    return [
        replace(one, warnings=(*warnings, *one.warnings)) if warnings and isinstance(one, Draft) else one
        for one in found
    ]


def _plain(text: str, origin: Origin, warnings: tuple[str, ...]) -> list[Candidate]:
    return text_candidates(
        text, source=origin.source, url=origin.url, warnings=warnings, now=origin.now, limits=origin.limits
    )


def text_candidates(
    text: str, *, source: str, url: str | None, warnings: tuple[str, ...], now: datetime, limits: Limits
) -> list[Candidate]:
    """The articles of a plain text: a single one keeps its text untouched, of several each is a slice."""
    if len(text) > limits.max_text * 10:
        raise Rejected("TOO_LARGE", f"has {len(text)} characters", hint="split it into its articles")
    found = split(text, now=now)
    return [
        _draft(
            text,
            part.start,
            part.end,
            several=len(found.parts) > 1,
            source=source,
            url=url,
            now=now,
            warnings=(*warnings, *found.warnings),
        )
        for part in found.parts
    ]


def _draft(
    text: str,
    start: int,
    end: int,
    *,
    several: bool,
    source: str,
    url: str | None,
    now: datetime,
    warnings: tuple[str, ...],
) -> Candidate:
    head = layout.header(text[:end], start)
    fields = head.fields
    start = head.end
    body = text[start:end]
    if several:
        body = body.rstrip()
        start += len(body) - len(body.lstrip())
        body = body.lstrip()
    subject = f"{source}#{start}" if several else source
    if not body.strip():
        return reject("NO_TEXT", subject, "has header lines but no text", fields.get("title"))
    link, dropped = web_link(fields.get("url"))
    return Draft(
        source=source,
        text=body,
        source_start=start,
        url=link or url,
        publisher=fields.get("outlet"),
        title=fields.get("title") or layout.headline(body),
        published_raw=fields.get("date") or layout.dateline(body, now=now),
        warnings=(*warnings, *dropped),
    )
