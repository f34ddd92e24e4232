"""DOCX, ODT, DOC, RTF, PDF and XLSX of `documents/` were written by LibreOffice 7.4 from the texts beside them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pypdf
import pytest

from factcheck.articles import Ingested
from factcheck.articles.pdf import _unwrapped

Ingest = Callable[..., Ingested]
WRITTEN = Path(__file__).with_name("documents")
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"


def paragraphs(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


@pytest.mark.parametrize("language", ["fa", "ar"])
@pytest.mark.parametrize("kind", ["docx", "odt"])
def test_a_document_has_every_code_point_of_its_paragraphs(ingest: Ingest, language: str, kind: str) -> None:
    found = ingest((WRITTEN / f"{language}.{kind}").read_bytes(), f"a.{kind}")
    (row,) = found.articles.to_dicts()
    written = paragraphs((WRITTEN / f"{language}.txt").read_text("utf-8"))
    assert paragraphs(row["text"]) == written
    assert row["title"] == written[0]
    assert row["lang"] == language
    assert row["published_at"].date().isoformat() == "2025-11-23"


def test_a_document_in_an_archive_is_read_and_an_archive_in_an_archive_is_not(ingest: Ingest) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("fa.docx", (WRITTEN / "fa.docx").read_bytes())
        archive.writestr("rows.csv", "title,text\nTrees,The city planted 12 trees.\n")
        archive.writestr("sheet.xlsx", (WRITTEN / "sheet.xlsx").read_bytes())
    found = ingest(buffer.getvalue(), "a.zip")
    assert [source.rpartition("/")[2] for source in found.articles["source"]] == ["a.zip!fa.docx", "a.zip!rows.csv"]
    assert found.rejected["code"].to_list() == ["UNSUPPORTED"]


@pytest.mark.parametrize(
    ("name", "code", "hint"),
    [
        ("en.doc", "UNSUPPORTED", "save it as .docx"),
        ("en.rtf", "UNSUPPORTED", "save it as .docx"),
        ("sheet.xlsx", "UNSUPPORTED", "CSV"),
        ("fa.pdf", "UNSUPPORTED", "save it as .docx"),
        ("ar.pdf", "UNSUPPORTED", "save it as .docx"),
    ],
)
@pytest.mark.parametrize("called", [None, "a.csv", "a.txt"])
def test_what_cannot_be_read_faithfully_is_refused_with_the_way(
    ingest: Ingest, name: str, code: str, hint: str, called: str | None
) -> None:
    found = ingest((WRITTEN / name).read_bytes(), called or name)
    assert found.rejected["code"].to_list() == [code]
    assert hint in found.rejected["reason"][0]


def test_a_pdf_has_its_words_and_its_sentences_in_one_line(ingest: Ingest) -> None:
    (row,) = ingest((WRITTEN / "en.pdf").read_bytes(), "a.pdf").articles.to_dicts()
    assert row["text"].split() == (WRITTEN / "en.txt").read_text("utf-8").split()
    assert "had planted 12,000 trees since 2019." in row["text"]


def pdf(*, password: str = "") -> bytes:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(200, 200)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def test_a_pdf_of_pictures_and_one_under_a_password_are_refused(ingest: Ingest) -> None:
    scanned = ingest(pdf(), "a.pdf").rejected.to_dicts()[0]
    assert scanned["code"] == "NO_TEXT"
    assert "OCR" in scanned["reason"]
    assert ingest(pdf(password="x"), "a.pdf").rejected["code"].to_list() == ["ENCRYPTED"]


def docx(body: str, **parts: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="r"><Relationship Type="{REL}" Target="word/document.xml"/></Relationships>',
        )
        archive.writestr(
            "word/document.xml",
            body if "<w:document" in body else f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>',
        )
        for name, data in parts.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def run(text: str, about: str = "") -> str:
    return f"<w:r>{about}<w:t>{text}</w:t></w:r>"


def test_only_what_a_document_shows_is_read(ingest: Ingest) -> None:
    body = (
        f"<w:p>{run('Output ')}<w:del><w:r><w:delText>fell</w:delText></w:r></w:del><w:ins>{run('rose')}</w:ins>"
        + run(" secretly", "<w:rPr><w:vanish/></w:rPr>")
        + run(" openly", '<w:rPr><w:vanish w:val="0"/></w:rPr>')
        + "<w:r><w:tab/><w:instrText>HYPERLINK</w:instrText></w:r></w:p>"
        f"<w:tbl><w:tr><w:tc><w:p>{run('in the cell')}</w:p></w:tc></w:tr></w:tbl>"
    )
    found = ingest(docx(body, **{"word/comments.xml": "<x>a comment</x>", "word/vbaProject.bin": "MACRO"}), "a.docm")
    assert found.articles["text"].to_list() == ["Output rose openly\n\nin the cell"]


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
FILE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (
            docx(f'{BOMB}<w:document xmlns:w="{W}"><w:body><w:p>{run("&b;")}</w:p></w:body></w:document>'),
            "XML_ENTITIES",
        ),
        (
            docx(f'{FILE}<w:document xmlns:w="{W}"><w:body><w:p>{run("&a;")}</w:p></w:body></w:document>'),
            "XML_ENTITIES",
        ),
        (docx(f"<w:p>{run('a' * 9_000_000)}</w:p>"), "TOO_LARGE"),
        (docx("<w:p>" * 5000), "UNREADABLE"),
        (docx("<w:p/>"), "NO_TEXT"),
        ((WRITTEN / "fa.docx").read_bytes()[:3000], "PARTIAL"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "ENCRYPTED"),
    ],
)
def test_what_a_hostile_document_does_costs_that_document(ingest: Ingest, data: bytes, code: str) -> None:
    assert ingest(data, "a.docx").rejected["code"].to_list() == [code]


def test_an_odt_under_a_password_is_refused(ingest: Ingest) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("META-INF/manifest.xml", "<m><encryption-data/></m>")
        archive.writestr("content.xml", b"\x01\x02")
    assert ingest(buffer.getvalue(), "a.odt").rejected["code"].to_list() == ["ENCRYPTED"]


def test_rows_of_a_list_stay_rows_and_a_hyphen_stays_in_its_word() -> None:
    rows = "Wheat imports rose to 12,000 t\nRice imports fell 4,000 tons\nSugar imports rose 900 tons"
    assert _unwrapped(rows) == rows + "\n"
    prose = "The minister said on Monday that inter-\nnational trade had grown by 4 per cent, as\nMr Smith had said."
    assert _unwrapped(prose) == prose.replace("-\n", "-").replace("as\nMr", "as Mr") + "\n"
