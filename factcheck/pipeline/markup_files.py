"""Files of markup for `lint`: the JSON documents in a file or a saved page, and how a file is written again."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, NamedTuple

from factcheck import schema_org, web
from factcheck.articles import decode, files, json_ld, markup, metadata, sniff
from factcheck.articles.draft import Limits
from factcheck.errors import Rejected

LIMITS = Limits(max_bytes=200_000_000)
MOST_FILES = 100_000
"""Files of a folder that are looked at; their findings are held together."""
_LINE_END = r"(?:\r\n|\r|\n)"
_BOM = "\ufeff"
_IN_SCRIPTS = "<>&\u2028\u2029\u0085"
"""Written as escapes: they would end a script element, start markup, or end a JavaScript line."""


class Part(NamedTuple):
    """One JSON document of a file, or why it is none; its `line` is None where it is the whole file, `raw` its text."""

    line: int | None
    value: Any
    refused: Rejected | None
    raw: str


class MarkupFile(NamedTuple):
    """A file of markup; `address` is where a page says that it stands, where it does."""

    parts: list[Part]
    text: str
    encoding: str
    is_page: bool
    address: str | None

    def replaced(self, page: str, raw: str, value: Any) -> str:
        """The page's text with the value in place of the script `raw`; raises Rejected (NOT_MENDED)."""
        # The parser makes one kind of line end of all.
        found = list(re.finditer(_LINE_END.join(map(re.escape, raw.split("\n"))), page))
        if len(found) != 1:
            hint = "mend its script by hand"
            raise Rejected("NOT_MENDED", "holds its markup twice, or not as it is parsed", hint=hint)
        # A page in an old encoding stays in it, and has no letter for every other.
        text = dumped(value, indent=2, plain=not self.encoding.startswith("utf"))
        return f"{page[: found[0].start()]}\n{text}\n{page[found[0].end() :]}"

    def encoded(self, text: str) -> bytes:
        """The bytes of the text: a page in its own encoding, JSON in UTF-8.

        Halves of surrogate pairs become the escapes that JSON has for them.
        """
        if not self.is_page or self.encoding == "utf_8":
            return text.encode("utf-8", "backslashreplace")
        return (f"{_BOM}{text}" if self.encoding.startswith("utf") else text).encode(self.encoding)


def read(path: Path) -> MarkupFile:
    """The JSON documents in a file. Raises Rejected for what is neither JSON nor a page."""
    data = files.load(path, LIMITS)
    text, encoding = decode.decode(data, declared=sniff.declared(data))
    start = text.lstrip()[:1]
    if start in {"{", "["}:
        parts = [Part(one.line, one.value, one.refused, one.text) for one in schema_org.documents(text)]
        return MarkupFile(parts, text, encoding, is_page=False, address=None)
    if start != "<":
        hint = "save the page, the feed or the answer as a file and lint that"
        raise Rejected("NOT_A_REVIEW", "is neither JSON nor a page", hint=hint)
    root = markup.tree(text)
    address = next((found for one in metadata.canonical(root) if web.is_web_address(found := one.strip())), None)
    return MarkupFile([*map(_script, json_ld.scripts(root))], text, encoding, is_page=True, address=address)


def dumped(value: Any, indent: int | None = None, *, plain: bool = False) -> str:
    """JSON that may stand in a script, with `plain` of ASCII alone; numbers that JSON cannot say raise Rejected."""
    try:
        text = json.dumps(value, ensure_ascii=plain, indent=indent, allow_nan=False)
    except ValueError as error:
        raise Rejected("JSON", "has a number too large for JSON", hint="write a smaller one") from error
    for char in _IN_SCRIPTS:
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text


def _script(script: json_ld.Script) -> Part:
    try:
        return Part(script.line, schema_org.parse(json_ld.unwrapped(script.text)), None, script.text)
    except Rejected as error:
        return Part(script.line, None, error, script.text)
