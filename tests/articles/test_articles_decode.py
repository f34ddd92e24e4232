from __future__ import annotations

import codecs
import contextlib
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.articles.decode import decode
from factcheck.errors import Rejected

PERSIAN = "رئیس مرکز گفت که این طرح در سال گذشته به پایان رسید و ۱۲ هزار نفر از آن استفاده کردند.\n"
PERSIAN_1256 = "رئيس مركز گفت كه اين طرح در سال گذشته به پايان رسيد و 12 هزار نفر از آن استفاده كردند.\n"
ARABIC = "قال المدير إن العمل في المشروع انتهى في العام الماضي من دون تأخير، وإن كلفته بلغت 12 مليون دينار.\n"
ENGLISH = "The mayor said the café on Köpmangatan had 12 guests “at most”.\n"


@pytest.mark.parametrize("text", [PERSIAN, ARABIC, ENGLISH, "x"])
@pytest.mark.parametrize(
    ("bom", "encoding"),
    [
        (b"", "utf_8"),
        (codecs.BOM_UTF8, "utf_8"),
        (codecs.BOM_UTF16_LE, "utf_16_le"),
        (codecs.BOM_UTF16_BE, "utf_16_be"),
        (codecs.BOM_UTF32_LE, "utf_32_le"),
        (codecs.BOM_UTF32_BE, "utf_32_be"),
    ],
)
def test_a_bom_is_encoding_and_not_text(text: str, bom: bytes, encoding: str) -> None:
    assert decode(bom + text.encode(encoding)) == (text, encoding)


@pytest.mark.parametrize("text", [PERSIAN, ARABIC, PERSIAN_1256, ENGLISH])
@pytest.mark.parametrize("encoding", ["utf_16_le", "utf_16_be"])
def test_utf16_without_bom_is_found(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == (text, encoding)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(PERSIAN_1256, "cp1256"), (ARABIC, "cp1256"), (ARABIC.replace("،", ","), "iso8859_6"), (ENGLISH, "cp1252")],
)
def test_eight_bit_encodings_are_told_by_their_words(text: str, encoding: str) -> None:
    found = decode(text.encode(encoding))
    assert found.text == text
    # Where two code pages agree on every byte of the text, either name is right.
    assert found.text.encode(found.encoding) == text.encode(encoding)


def test_arabic_is_not_read_in_the_other_arabic_code_page() -> None:
    assert decode((ARABIC * 3).replace("،", ",").encode("iso8859_6")).encoding == "iso8859_6"
    assert decode((ARABIC * 3).encode("cp1256")).encoding == "cp1256"


@pytest.mark.parametrize(
    "data",
    [
        PERSIAN.encode()[:-4] + b"\xd8",  # cut in the middle of a letter
        PERSIAN.encode().replace("طرح".encode(), b"\xff\xfe\xfa"),
        b"caf\xc3",
        "Мэр города сообщил (MWP) о новом доме".encode("cp1251"),
        b"\xfe\xfa\xfc",
        b"plain words and then \x81\x8d\x8f",
        codecs.BOM_UTF16_LE + b"abc",
        bytes(range(128, 256)),
    ],
)
def test_what_no_encoding_explains_is_refused(data: bytes) -> None:
    with pytest.raises(Rejected) as error:
        decode(data)
    assert error.value.reason_code == "ENCODING"
    assert error.value.hint


@pytest.mark.parametrize(
    "data",
    [
        "قبل".encode() + b"\xed\xa0\xbd" + "بعد".encode(),
        "\ud83d".encode("utf-8", "surrogatepass"),
        codecs.BOM_UTF16_LE + "ab\ud83dcd".encode("utf_16_le", "surrogatepass"),
    ],
)
def test_half_a_surrogate_pair_is_refused_by_its_name(data: bytes) -> None:
    with pytest.raises(Rejected) as error:
        decode(data)
    assert error.value.reason_code == "SURROGATE"


def test_a_declared_charset_is_believed_only_when_utf8_fails() -> None:
    assert decode("Добрый день".encode("koi8_r"), declared="koi8-r").text == "Добрый день"
    assert decode(PERSIAN.encode(), declared="windows-1256") == (PERSIAN, "utf_8")
    assert decode(ARABIC.encode("cp1256"), declared="no-such-charset").text == ARABIC


@pytest.mark.parametrize("data", [b"%PDF-1.7 x", b"PK\x03\x04", b"\x89PNG\r\n", b"\x1f\x8b\x08"])
def test_known_binary_files_are_named(data: bytes) -> None:
    with pytest.raises(Rejected) as error:
        decode(data)
    assert error.value.reason_code == "UNSUPPORTED"


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_utf8_comes_back_as_it_was(text: str) -> None:
    if text[0] == "\ufeff" or any(char < " " for char in text):
        return
    if text.encode()[:4] in {b"%PDF", b"PAR1", b"GIF8"}:
        return
    assert decode(text.encode()).text == text


@given(st.binary(min_size=1, max_size=200))
def test_any_bytes_give_a_text_or_a_reason_and_no_replacement_character(data: bytes) -> None:
    with contextlib.suppress(Rejected):
        text, encoding = decode(data)
        # Nothing was put in or left out: the text is the very bytes, apart from a BOM.
        assert data.endswith(text.encode(encoding))
        assert len(data) - len(text.encode(encoding)) in {0, 2, 3, 4}


def test_random_bytes_are_never_an_article() -> None:
    rng = random.Random(0)
    for _ in range(20):
        with pytest.raises(Rejected):
            decode(b"\xff\xff" + rng.randbytes(2000))
