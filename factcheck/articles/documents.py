"""Office documents: the text of DOCX and ODT as it is shown; others are named and refused.

Nothing in them is run or followed. Deleted passages, comments, notes and hidden text are not what the document says,
and are left out; its author and its editors are not read.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from typing import Any, BinaryIO

from factcheck.articles.draft import Limits
from factcheck.articles.gunzip import too_packed
from factcheck.articles.zips import FAULTS, METHODS, opened
from factcheck.errors import Rejected

_TEXT = ("application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.text-template")
_OTHERS = (
    ("xl/", "a spreadsheet (XLSX)", "save the sheet as CSV"),
    ("ppt/", "a presentation (PPTX)", "save its text as .txt or .docx"),
    ("META-INF/container.xml", "an e-book (EPUB)", "save the article as text or HTML"),
    ("Index/Document.iwa", "a Pages document", "export it as .docx"),
    ("AndroidManifest.xml", "a program", "ingest texts"),
)
_OPEN_DOCUMENTS = {
    "spreadsheet": ("a spreadsheet (ODS)", "save the sheet as CSV"),
    "presentation": ("a presentation (ODP)", "save its text as .txt or .odt"),
}
_SKIPPED = frozenset({
    "del", "moveFrom", "instrText", "delText", "Fallback", "pPr", "rPr", "sectPr", "tblPr", "trPr", "tcPr", "footnote",
    "tracked-changes", "annotation", "annotation-end", "note", "hidden-text", "hidden-paragraph", "forms",
    "sequence-decls", "variable-decls", "user-field-decls", "bibliography-mark", "script", "object", "binary-data",
    "sdtPr", "desc",
})  # fmt: skip
_BLOCKS = frozenset({"p", "h"})
_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "line-break": "\n", "noBreakHyphen": "\u2011", "softHyphen": "\u00ad"}
_SPACES = re.compile(r"[ \t\r\n]+")
_MOST_SPACES = 100
_DOCTYPE = re.compile(rb"<\x00?!\x00?D\x00?O\x00?C\x00?T\x00?Y\x00?P\x00?E|<\x00?!\x00?E\x00?N\x00?T\x00?I\x00?T\x00?Y")
_OFF = frozenset({"0", "false", "off"})


def is_document(file: BinaryIO) -> bool:
    """Whether a zip is an office document, an e-book or a program, which are zips by the way; `file` is rewound."""
    try:
        with opened(file) as archive:
            names = {info.filename for info in archive.infolist()}
    except Rejected:
        return False  # the reader of archives says what is wrong with it
    finally:
        file.seek(0)
    return bool(names & {"[Content_Types].xml", "mimetype", "META-INF/container.xml", "AndroidManifest.xml"})


def document_text(file: BinaryIO, limits: Limits) -> str:
    """The text of a DOCX or ODT, its paragraphs parted by blank lines.

    Raises Rejected: UNSUPPORTED for other documents, ENCRYPTED, XML_ENTITIES, TOO_LARGE, UNREADABLE, NO_TEXT.
    """
    with opened(file) as archive:
        names = [info.filename for info in archive.infolist()]
        kind = _read(archive, "mimetype", limits).decode("ascii", "replace").strip() if "mimetype" in names else ""
        if kind in _TEXT:
            text = _odt(archive, names, limits)
        elif part := _main_part(archive, names, limits):
            text = _shown(_xml(_read(archive, part, limits), part), _docx_piece)
        else:
            raise _unsupported(kind, names)
    if not text.strip():
        raise Rejected("NO_TEXT", "is a document without text (perhaps a scanned picture)", hint="write its text down")
    return text


def _unsupported(kind: str, names: list[str]) -> Rejected:
    for word, (what, hint) in _OPEN_DOCUMENTS.items():
        if word in kind:
            return Rejected("UNSUPPORTED", f"is {what}, not a text", hint=hint)
    for prefix, what, hint in _OTHERS:
        if any(name.startswith(prefix) for name in names):
            return Rejected("UNSUPPORTED", f"is {what}, not a text", hint=hint)
    return Rejected("UNSUPPORTED", "is an office document or e-book of another kind", hint="save it as .docx or text")


def _odt(archive: zipfile.ZipFile, names: list[str], limits: Limits) -> str:
    if "META-INF/manifest.xml" in names and b"encryption-data" in _read(archive, "META-INF/manifest.xml", limits):
        raise Rejected("ENCRYPTED", "is protected by a password", hint="save it without a password")
    root = _xml(_read(archive, "content.xml", limits), "content.xml")
    body = next((element for element in root.iter("{*}text") if _name(element.getparent()) == "body"), None)
    if body is None:
        raise Rejected("UNREADABLE", "is a damaged document: it has no body", hint="save it again")
    return _shown(body, _odt_piece)


def _main_part(archive: zipfile.ZipFile, names: list[str], limits: Limits) -> str | None:
    """The part that the package names as the document itself; None where that is no text."""
    if "_rels/.rels" not in names:
        return "word/document.xml" if "word/document.xml" in names else None
    root = _xml(_read(archive, "_rels/.rels", limits), "_rels/.rels")
    for link in root.iter("{*}Relationship"):
        target = str(link.get("Target", "")).lstrip("/")
        if str(link.get("Type", "")).endswith("/officeDocument"):
            return target if target.startswith("word/") and target in names else None
    return None


def _read(archive: zipfile.ZipFile, name: str, limits: Limits) -> bytes:
    try:
        info = archive.getinfo(name)
        if info.compress_type not in METHODS:
            raise zipfile.BadZipFile("uses a rare compression method")
        with archive.open(info) as file:
            data = file.read(limits.max_export + 1)
    except (KeyError, *FAULTS) as error:
        raise Rejected("UNREADABLE", f"is a damaged document ({name}: {error})", hint="save it again") from error
    if len(data) > limits.max_export or too_packed(info.compress_size, len(data), limits.ratio):
        raise Rejected("TOO_LARGE", f"expands to more than a document holds ({name})", hint="save its text as .txt")
    return data


def _xml(data: bytes, name: str) -> Any:
    """The root element; raises Rejected XML_ENTITIES for a document type, which office programs do not write."""
    from lxml import etree

    if _DOCTYPE.search(data):
        raise _entities()
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        what = f"is a damaged document ({name}: {str(error)[:200]})"
        raise Rejected("UNREADABLE", what, hint="save it again") from error
    if root.getroottree().docinfo.doctype:
        raise _entities()
    return root


def _entities() -> Rejected:
    return Rejected("XML_ENTITIES", "defines XML entities, which are not allowed", hint="check where it comes from")


def _shown(root: Any, piece: Callable[[Any], str | None]) -> str:
    """The paragraphs in the order of the document; one inside another (a text box) comes after it."""
    lines: list[str] = []
    _walk(root, piece, lines, [])
    return "\n\n".join(line for line in lines if line.strip())


def _walk(element: Any, piece: Callable[[Any], str | None], lines: list[str], line: list[str]) -> None:
    for child in element:
        name = _name(child)
        if name in _SKIPPED or (name == "r" and _is_hidden(child)):
            if piece is _odt_piece and child.tail:
                line.append(_SPACES.sub(" ", child.tail))
            continue
        if name in _BLOCKS:
            inner: list[str] = []
            at = len(lines)
            lines.append("")
            if piece is _odt_piece:
                inner.append(_SPACES.sub(" ", child.text or "").lstrip())
            _walk(child, piece, lines, inner)
            lines[at] = "".join(inner).rstrip()
            continue
        found = piece(child)
        if found is None:
            if piece is _odt_piece and name:
                line.append(_SPACES.sub(" ", child.text or ""))
            _walk(child, piece, lines, line)
        else:
            line.append(found)
        if piece is _odt_piece and child.tail:
            line.append(_SPACES.sub(" ", child.tail))


def _docx_piece(element: Any) -> str | None:
    name = _name(element)
    return (element.text or "") if name == "t" else _SIGNS.get(name)


def _odt_piece(element: Any) -> str | None:
    name = _name(element)
    if name == "s":
        count = next((value for key, value in element.attrib.items() if key.endswith("}c")), "1")
        return " " * min(int(count) if count.isdecimal() and len(count) < 6 else 1, _MOST_SPACES)  # noqa: PLR2004
    return _SIGNS.get(name)


def _is_hidden(run: Any) -> bool:
    for vanish in run.iterfind("{*}rPr/{*}vanish"):
        value = next((value for key, value in vanish.attrib.items() if key.endswith("}val")), "1")
        return value.lower() not in _OFF
    return False


def _name(element: Any) -> str:
    tag = element.tag if element is not None else None
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
