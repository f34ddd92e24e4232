"""What checkers type as evidence, read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck import web
from factcheck.evidence import KINDS, Evidence, Kind, addresses, parse, visible

A, B = "https://stat.example/b", "http://press.example/x?y=1"
PERSIAN = "https://fa.example/wiki/می\u200cشود_تهران،_ایران"
MARKS = ["\u200e", "\u200f", "\u202a", "\u202c", "\u2066", "\u2069", "\ufeff", "\u200b", "\u061c", "\u2060"]


def test_the_case_of_pasted_direction_marks() -> None:
    """B12: six addresses in five lines; two of them were published, one with a mark inside (a dead link)."""
    lines = [
        f"\u202a{A}1\u202c",
        f"{A}2\u200e",
        f"\u200f{A}3، {A}4",
        f"({A}5).",
        "https://fa.example/می\u200cشود",
    ]
    assert addresses(lines) == [f"{A}1", f"{A}2", f"{A}3", f"{A}4", f"{A}5", "https://fa.example/می\u200cشود"]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (A, [A]),
        (f"{A}, {B}; {A}", [A, B]),
        (f"{A},{B}", [A, B]),
        (f"{A}؛{B}", [A, B]),
        (f"{A}|{B}", [A, B]),
        (f"۱. {A}", [A]),
        (f"۲-{A}؛", [A]),
        (f"«{A}»", [A]),
        (f"<{A}>", [A]),
        (f"[متن گزارش]({A})", [A]),
        (f"{A}؟", [A]),
        (f"{A}…", [A]),
        (f"see {A}.", [A]),
        ("https://en.example/wiki/Iran_(country)", ["https://en.example/wiki/Iran_(country)"]),
        ("(https://en.example/wiki/Iran_(country))", ["https://en.example/wiki/Iran_(country)"]),
        (PERSIAN, [PERSIAN]),
        ("https://web.example/2020/https://a.example/", ["https://web.example/2020/https://a.example/"]),
        ("https://a.example/?title=a|b", ["https://a.example/?title=a|b"]),
        ("HTTPS://A.example/X", ["HTTPS://A.example/X"]),
        ("amar.org.ir", ["https://amar.org.ir"]),
        ("www.amar.qwerty", ["https://www.amar.qwerty"]),
        ("مرکز آمار، amar.org.ir/report۱۴۰۲.", ["https://amar.org.ir/report۱۴۰۲"]),
        ("example.com:8080/a", ["https://example.com:8080/a"]),
        ("AMAR.ORG.IR", ["https://AMAR.ORG.IR"]),
        # What is no address.
        ("مرکز آمار ایران، سالنامهٔ ۱۴۰۲، ص. ۱۲", []),
        ("report.pdf", []),
        ("That was the end.In short: no", []),
        ("e.g. the minister, p.12", []),
        ("desk@example.com", []),
        ("https://", []),
        ("https://user:word@bank.example/", []),
        ("javascript:alert(1)", []),
        ("ftp://files.example/a", []),
        ("1.5 percent, 3.com", ["https://3.com"]),
        ("", []),
    ],
)
def test_addresses_in_a_line(line: str, found: list[str]) -> None:
    assert list(parse(line).addresses) == found


@pytest.mark.parametrize(
    ("line", "kind", "quote"),
    [
        (f"{A} | official record | p. 12", Kind.OFFICIAL_RECORD, "p. 12"),
        (f"{A}|data|table 3", Kind.DATA, "table 3"),
        (f"{A} | آمار | ص ۱۲", Kind.DATA, "ص ۱۲"),
        (f"{A} | كارشناس", Kind.EXPERT, ""),
        (f"{A} | وثيقة رسميّة | المادة ٣ | الفقرة ٢", Kind.OFFICIAL_RECORD, "المادة ٣ | الفقرة ٢"),
        (f"Video | {A}", Kind.VIDEO, ""),
        (f"{A} | p. 12", None, "p. 12"),
        (f"{A} | data | video", Kind.DATA, "video"),
        ("own check | we asked the ministry on 3 May", Kind.OWN_CHECK, "we asked the ministry on 3 May"),
        ("بررسی خودمان | تماس با وزارتخانه", Kind.OWN_CHECK, "تماس با وزارتخانه"),
        (f"see {A} p. 4", None, "see p. 4"),
        ("archive, box 7", None, "archive, box 7"),
        (f"({A}).", None, ""),
    ],
)
def test_kind_and_quote(line: str, kind: Kind | None, quote: str) -> None:
    assert parse(line)[2:] == (kind, quote)


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("language", ["en", "fa", "ar"])
def test_every_word_that_is_taught_is_understood(kind: Kind, language: str) -> None:
    for word in KINDS[kind][language]:
        assert parse(f"{A} | {word} | ص ۳") == Evidence(f"{A} | {word} | ص ۳", (A,), kind, "ص ۳")


_PATH = st.text(st.sampled_from("abcXYZ019-_~/%سلام\u200c"), max_size=12).map(lambda text: text.strip("\u200c"))
ADDRESS = st.builds(
    lambda scheme, host, path: f"{scheme}://{host}/{path}",
    st.sampled_from(["http", "https"]),
    st.sampled_from(["a.example", "www.amar.org.ir", "xn--mgb.example", "b.example:8080"]),
    _PATH,
)
AROUND = st.lists(st.sampled_from([*MARKS, " ", "(", "«", "“", "[", "۱. "]), max_size=4).map("".join)
BEHIND = st.text(st.sampled_from([*MARKS, " ", ")", "»", "”", "]", ".", "،", "؛", "؟", "…", ","]), max_size=4)


@given(st.lists(st.tuples(AROUND, ADDRESS, BEHIND), min_size=1, max_size=4), st.sampled_from([*Kind, None]))
def test_whatever_is_pasted_around_addresses_they_are_found_and_nothing_else(
    pasted: list[tuple[str, str, str]], kind: Kind | None
) -> None:
    line = " ".join(f"{before}{address}{behind}" for before, address, behind in pasted)
    found = parse(line if kind is None else f"{line} | {KINDS[kind]['fa'][0]} | ص ۳")
    assert list(found.addresses) == list(dict.fromkeys(address for _, address, _ in pasted))
    assert (found.kind, found.quote) == (kind, "" if kind is None else "ص ۳")


@given(st.text(max_size=60))
def test_any_text_is_read_and_what_is_found_is_an_address(text: str) -> None:
    found = parse(text)
    assert found.typed == text
    assert all(web.is_web_address(address) for address in found.addresses)
    assert parse(visible(text))[1:] == found[1:]
