from __future__ import annotations

import itertools
import re
import sys
import unicodedata

import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from factcheck.claims.regrouping import to_compare
from factcheck.folding import fold_in_place, fold_with_offsets, identity_key, match_key
from factcheck.folding.identity import _CURRENCY

LETTERS = (
    "ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهیيكىةأإآؤئۀ\u200c\u200d ًٌٍَُِّْـ۰۱۲۳٤٥٦abcXYZ0 .,«»؟!\u200f\u202e\u202c\u2067\u2069😀"
)
SIGNS = "-−–—+±$€٪%‰؉<>≤=≠~≈²₂⁻½¼⅟°º℃,،٬٫./:'’*^_#№() \u202f"
mixed = st.text(alphabet=LETTERS, max_size=80)
signed = st.lists(
    st.one_of(
        st.sampled_from(["۵", "5", "10", "1,200", "۱٬۲۰۰", "رشد", "درصد", "growth", "C", " ", " ", "\u200c"]),
        st.sampled_from(SIGNS),
    ),
    max_size=14,
).map("".join)
anything = st.one_of(mixed, signed, st.text(max_size=50))
INVISIBLE = ("\u200c", "\u200d", "\u200e", "\u200f", "\u061c", "\u2066", "\u2069", "\u202a", "\u202c", "ـ", "\u00ad")

SAME = [
    ("می\u200cشود", "ميشود"),
    ("كتاب", "کتاب"),
    ("علي", "علی"),
    ("۱۲۳", "١٢٣"),
    ("مُحَمَّد", "محمد"),
    ("کـــتاب", "کتاب"),
    ("Résumé A", "résumé a"),
    ("«سلام»، دنیا.", "سلام دنیا"),
    ("أعلنت", "اعلنت"),
    ("هذا", "ه\u0670ذا"),  # the dagger alif of careful print
    ("خانۀ ما", "خانه\u0654 ما"),
    ("ﻣﺤﻤﺪ", "محمد"),
    ("ＡＢＣ １２", "abc 12"),
    ("“yes”, he said", "'yes' he said"),
    ("\u2067قیمت\u2069 نفت", "قیمت نفت"),
]

ONE_CLAIM = [
    ("رشد -۵ درصد", "رشد −5 درصد"),
    ("رشد -۵ درصد", "رشد \u200e–۵ درصد"),
    ("رشد -۵ درصد", "رشد ۵- درصد"),  # as a line from right to left shows it
    ("۵٪ رشد", "5% رشد"),
    ("٪۵ رشد", "۵ ٪ رشد"),
    ("۵‰", "5 ؉"),
    ("۵$", "$5"),
    ("مبلغ ۵ €", "مبلغ €۵"),
    ("۱٬۲۰۰ نفر", "1200 نفر"),
    ("1,200 people", "1200 people"),
    ("۱،۲۰۰ نفر", "۱٬۲۰۰ نفر"),
    ("1\u202f234\u202f567", "1,234,567"),
    ("1,200.50", "۱٬۲۰۰٫۵۰"),
    ("10-15", "10 – 15"),
    ("10 / 15", "۱۰/۱۵"),
    ("½", "1/2"),
    ("1½", "1 1/2"),
    ("10²", "10^2"),
    ("10⁻³", "10^-3"),
    ("30°C", "30 ℃"),
    ("30º", "۳۰°"),
    (">= 5", "≥5"),
    ("2024-05-06", "2024/05/06"),
    ("6-5-2024", "6/5/2024"),
    (".5 percent", "0.5 percent"),
    ("Covid-19", "covid 19"),
    ("he said – 5 people", "he said 5 people"),
    ("<<سلام>>", "«سلام»"),
    ("<سلام> گفت", "سلام گفت"),
    ("- 5 people died", "5 people died"),  # an item of a list
    ("± 5", "+/-5"),
    ("a\u00a0b", "a b"),
]

TWO_CLAIMS = [
    ("رشد -۵ درصد بوده", "رشد ۵ درصد بوده"),
    ("grew by -5 percent", "grew by 5 percent"),
    ("رشد-۵٪", "رشد ۵٪"),
    ("رشد−۵", "رشد ۵"),
    ("+30 degrees", "−30 degrees"),
    ("+30 degrees", "30 degrees"),
    ("۵+ سال", "۵ سال"),
    ("±5", "5"),
    ("$5 million", "€5 million"),
    ("-$5 million", "$5 million"),
    ("the $ rose", "the € rose"),
    ("۵٪", "۵‰"),
    ("۵٪", "۵"),
    ("5‰", "5‱"),
    ("> ۱۰", "< ۱۰"),
    ("≥ 10", "> 10"),
    ("= 5", "≠ 5"),
    ("Spain > Italy", "Spain < Italy"),
    ("۱۰۲", "۱۰²"),
    ("m2", "m²"),
    ("H₂O", "H2O"),
    ("x₂", "x²"),
    ("10³", "10⁻³"),
    ("C++", "C"),
    ("C++", "C#"),
    ("C#", "C"),
    ("۱۰-۱۵", "۱۰/۱۵"),
    ("10:15", "10/15"),
    ("10.15", "10:15"),
    ("10.5", "10,5"),
    ("10.5", "105"),
    ("10,5", "105"),
    ("10-15", "10 -15"),
    ("½", "12"),
    ("½", "2"),
    ("1½", "11/2"),
    ("3½", "3"),
    (".5 percent", "5 percent"),
    ("2024-05-06", "2024-05-05"),
    ("2024-05-06", "2024-06-06"),
    ("06-05-2024", "06-05-2025"),
    ("06-05-2024", "06-06-2024"),
    ("06-05-2024", "07-05-2024"),
    ("⅟8", "1 8"),
    ("30°", "30"),
    ("30°C", "30°F"),
    ("~5", "5"),
    ("5×3", "53"),
    ("5×3", "5 3"),
    ("5*3", "5/3"),
    ("↑ 5", "↓ 5"),
    ("√5", "5"),
    ("0,500", "0500"),
    ("1,20", "120"),
    ("1,2000", "12000"),
    ("۵- درجه", "۵ درجه"),
    ("صد میلیون", "ده میلیون"),
    ("will win", "will not win"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_spellings_of_one_text_share_both_keys(one: str, other: str) -> None:
    assert match_key(one) == match_key(other)
    assert identity_key(one) == identity_key(other)


@pytest.mark.parametrize(("one", "other"), ONE_CLAIM)
def test_what_says_the_same_is_one_claim(one: str, other: str) -> None:
    assert identity_key(one) == identity_key(other)


@pytest.mark.parametrize(("one", "other"), TWO_CLAIMS)
def test_what_says_another_thing_is_another_claim(one: str, other: str) -> None:
    assert identity_key(one) != identity_key(other)


def test_each_currency_sign_of_unicode_stays() -> None:
    ours = re.compile(f"[{_CURRENCY}]")
    missing = [
        hex(code)
        for code in range(sys.maxunicode + 1)
        if unicodedata.category(chr(code)) == "Sc"
        and not all(ours.match(char) or char.isalpha() for char in unicodedata.normalize("NFKC", chr(code)))
    ]
    assert missing == []
    assert identity_key("﷼ ۵") == identity_key("۵ ﷼".replace("﷼", "ریال")[2:] + " ۵")


@settings(max_examples=200, deadline=None)
@given(anything)
def test_keys_are_idempotent(value: str) -> None:
    for key in (match_key, identity_key):
        assert key(key(value)) == key(value)


@settings(max_examples=200, deadline=None)
@given(st.one_of(mixed, signed), st.data())
def test_what_cannot_be_seen_changes_no_key(value: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(value)))
    # Between a base and its combining mark an invisible character keeps the two from being composed.
    assume(not unicodedata.combining(value[at : at + 1] or " "))
    put_in = value[:at] + data.draw(st.sampled_from(INVISIBLE)) + value[at:]
    assert identity_key(put_in) == identity_key(value)
    assert match_key(put_in) == match_key(value)


_BOTH_WAYS = re.compile("[,،٬'’*^½¼¾⅐-⅞⅟↉⁰-₉²³¹ºª°%٪‰؉‱؊$€\u2009\u202f\u2007_<>]")


@settings(max_examples=200, deadline=None)
@given(st.lists(signed, min_size=2, max_size=6))
def test_one_claim_is_found_as_one(values: list[str]) -> None:
    """The identity is finer than the search, but for what is written in two ways."""
    plain = [_BOTH_WAYS.sub(" ", value) for value in values]
    for one in plain:
        for other in plain:
            if identity_key(one) == identity_key(other):
                assert match_key(one) == match_key(other)


NUMBERS = st.integers(1, 10**9).map(str)
AROUND = st.sampled_from(["رشد {} بود", "growth was {} then", "{}", "رشد {}"])


MARKED = (
    *("-{}", "+{}", "±{}", "{}%", "{}‰", "{}²", "{}₂", "{}°", "${}", "€{}", "≤{}", ">{}", "<{}", "={}", "≠{}", "≈{}"),
    *("{}½", "{}/7", "{}.7", "{}:7", "7-{}", "√{}"),
)
PLAIN = ("{}", "7{}", "{}7", "7 {}", "{} 7", "{}2", "{} 2", "{}12", "{} 1 2")


@given(NUMBERS, AROUND, st.sampled_from(MARKED))
def test_each_sign_of_a_number_changes_the_key(number: str, around: str, sign: str) -> None:
    plain = {identity_key(around.format(one.format(number))) for one in PLAIN}
    assert identity_key(around.format(sign.format(number))) not in plain


@given(st.integers(1000, 10**12), st.sampled_from(",،٬'’\u202f"))
def test_thousands_read_as_the_number(number: int, separator: str) -> None:
    assert identity_key(f"{number:,}".replace(",", separator)) == str(number)


@given(signed)
def test_digits_of_three_scripts_are_one(value: str) -> None:
    for zero in "٠۰":
        assert identity_key(value.translate({48 + n: ord(zero) + n for n in range(10)})) == identity_key(value)


@given(anything)
def test_keys_are_words_and_signs_with_single_spaces(value: str) -> None:
    for key in (match_key(value), identity_key(value)):
        assert key == " ".join(key.split())
        assert all(unicodedata.category(char)[0] != "Z" or char == " " for char in key)


@given(anything)
def test_the_fold_in_place_keeps_every_offset(value: str) -> None:
    assert len(fold_in_place(value)) == len(value)
    assert len(fold_in_place(value, keep_case=True)) == len(value)


@given(anything.filter(bool))
def test_the_fold_with_offsets_knows_the_way_back(value: str) -> None:
    folded = fold_with_offsets(value)
    for at in range(len(folded.text)):
        start, end = folded.span(at, at + 1)
        assert 0 <= start < end <= len(value)
        assert folded.text[at] in fold_with_offsets(value[start:end]).text


WRITTEN = st.text(alphabet="ءأئابهموزيك\u064b\u064e\u0651", min_size=1, max_size=6)


@given(st.lists(WRITTEN, min_size=1, max_size=6))
def test_a_word_found_in_the_fold_ends_where_it_was_written_to_end(written: list[str]) -> None:
    source = " ".join(written)
    folded = fold_with_offsets(source)
    ends = set(itertools.accumulate((len(word) + 1 for word in written), initial=-1))
    for word in re.finditer(r"[^ ]+", folded.text):
        assert folded.span(*word.span())[1] in ends


KNOWN_RANGES = (
    ("\u00a0", "\u00af"),
    ("\u0600", "\u077f"),
    ("\u2000", "\u206f"),
    ("\ufb50", "\ufdff"),
    ("\ufe70", "\ufeff"),
)


def test_the_fold_with_offsets_folds_arabic_and_what_no_reader_sees_and_nothing_else() -> None:
    """Of every character there is: letters, digits and marks as `match_key`, spaces as a space."""
    for code in (*range(0xD800), *range(0xE000, 0x11000)):
        char = chr(code)
        kind, known = unicodedata.category(char), any(first <= char <= last for first, last in KNOWN_RANGES)
        expected = {"Zs": " ", "Cf": ""}.get(kind, match_key(char) if kind[0] in "LMN" else char) if known else char
        assert fold_with_offsets(char).text == expected, ascii(char)


def test_a_fraction_of_one_character_is_apart_from_what_follows_but_for_the_one_that_asks_for_it() -> None:
    assert identity_key("1½") == identity_key("1 1/2") != identity_key("11/2")
    assert identity_key("⅟8") == identity_key("1/8")
    assert identity_key("½8") == identity_key("1/2 8")


def test_a_minus_behind_what_opens_the_text_may_number_an_item_of_a_list() -> None:
    assert identity_key("۵- درجه بود") not in {identity_key("-۵ درجه بود"), identity_key("۵ درجه بود")}
    assert identity_key("ر ۵- بود") == identity_key("ر -۵ بود")


@settings(max_examples=200, deadline=None)
@given(st.lists(signed, min_size=2, max_size=6))
def test_regrouping_looks_at_every_claim_that_the_two_folds_read_differently(values: list[str]) -> None:
    ids = [str(number) for number in range(len(values))]
    claims = pl.DataFrame({"claim_id": ids, "group_id": ids, "quote": values})
    looked_at = {*to_compare(claims)["claim_id"]}
    for one, quote in zip(ids, values, strict=True):
        for other, else_said in zip(ids, values, strict=True):
            if identity_key(quote) == identity_key(else_said) != "" and match_key(quote) != match_key(else_said):
                assert {one, other} <= looked_at


def test_regrouping_looks_at_both_ways_to_write_a_number() -> None:
    for one, other in ONE_CLAIM:
        if match_key(one) != match_key(other):
            claims = pl.DataFrame({"claim_id": ["1", "2"], "group_id": ["1", "2"], "quote": [one, other]})
            assert to_compare(claims).height == 2, (one, other)


# Written out, so that a mark that falls out of the table is seen: single ones, and the ends of each range.
UNSEEN = (
    "\u0640\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\u061c\u0670"
    "\u064b\u064c\u0655\u065e\u065f\u06d6\u06d7\u06ec\u06ed\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069"
)


@pytest.mark.parametrize("mark", UNSEEN, ids=ascii)
def test_a_mark_that_no_reader_sees_makes_no_other_word(mark: str) -> None:
    assert match_key(f"ب{mark}ت") == match_key("بت")
    assert match_key(f"a{mark}b") == "ab"


@pytest.mark.parametrize("letter", ["\u06d5", "\u06ee", "\u066e", "\u0671", "0", "ء‌ب"], ids=ascii)
def test_a_letter_beside_those_marks_is_one(letter: str) -> None:
    assert match_key(f"ب{letter}ت") != match_key("بت")


@given(anything, st.data())
def test_a_piece_of_a_folded_text_is_the_fold_of_that_piece(value: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(value)))
    end = data.draw(st.integers(start, len(value)))
    assert fold_with_offsets(value).piece(start, end) == fold_with_offsets(value[start:end])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("İSTANBUL", "istanbul"),
        ("İstanbul", "i\u0307stanbul"),  # what lower() makes of it
        ("IŞIK", "ışık"),
        ("IĞDIR VALİLİĞİ", "Iğdır Valiliği"),
        ("KADIN", "kadın"),
        ("KADIN", "kadin"),  # on a keyboard without it
    ],
)
def test_turkish_is_found_in_either_case_and_is_no_other_claim_or_the_same(one: str, other: str) -> None:
    assert match_key(one) == match_key(other)
    assert " " not in match_key("İİİ")
    assert identity_key("kadın") != identity_key("kadin")


_TURKISH = "abcçdefgğhıijklmnoöprsştuüvyz"


def _capitals(text: str) -> str:
    """As Turks write them: the dot stays."""
    return text.replace("i", "İ").replace("ı", "I").upper()


@settings(max_examples=300, deadline=None)
@given(st.text(f"{_TURKISH} ", max_size=30))
def test_no_case_of_turkish_words_hides_them(text: str) -> None:
    assert match_key(_capitals(text)) == match_key(text)
    assert match_key(text.upper()) == match_key(text) == match_key(_capitals(text).lower())
    assert len(match_key(text).split()) == len(text.split())
