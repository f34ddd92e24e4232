"""What keeps two claims apart though their words are alike, and what only writes the same in another way."""

from __future__ import annotations

import csv
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck.claims.dates import named_dates
from factcheck.folding import fold_with_offsets
from factcheck.matching.facts import Facts, Relation, compare, facts

with (Path(__file__).parent / "facts_pairs.tsv").open(encoding="utf-8") as file:
    PAIRS = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
"""Claims written for this test: `apart` say different things, `alike` the same written otherwise."""
APART = [row for row in PAIRS if row["expected"] == "apart"]
ALIKE = [row for row in PAIRS if row["expected"] == "alike"]
QUOTES = st.sampled_from([(row[side], row["lang"]) for row in PAIRS for side in ("one", "other")])


def read(quote: str, lang: str, claimant: str | None = None) -> Facts:
    dates = named_dates(quote, fold_with_offsets(quote).text, lang, None)
    return facts(quote, lang, claimant=claimant, dates=dates)


def relation(one: str, other: str, lang: str) -> Relation:
    return compare(read(one, lang), read(other, lang)).relation


def test_there_are_pairs_of_every_kind_in_every_language() -> None:
    kinds = {"currency", "sign", "percent", "permille", "scale", "number word", "bound", "denial", "before or after"}
    assert len(APART) >= 100
    for lang in ("fa", "ar", "en"):
        assert kinds <= {row["kind"] for row in APART if row["lang"] == lang}
        assert len([row for row in ALIKE if row["lang"] == lang]) >= 20


@pytest.mark.parametrize("dated", [True, False])
@pytest.mark.parametrize("row", APART, ids=lambda row: f"{row['lang']} {row['kind']} {row['one'][:20]}")
def test_none_of_them_is_taken_for_the_other(row: dict[str, str], *, dated: bool) -> None:
    read_ = read if dated else facts
    found = compare(read_(row["one"], row["lang"]), read_(row["other"], row["lang"]))
    assert found.relation in {Relation.TENSION, Relation.DIFFERENT}
    assert all(found.reasons)


@pytest.mark.parametrize("dated", [True, False])
@pytest.mark.parametrize("row", ALIKE, ids=lambda row: f"{row['lang']} {row['one'][:30]}")
def test_none_is_kept_apart_for_its_writing(row: dict[str, str], *, dated: bool) -> None:
    read_ = read if dated else facts
    found = compare(read_(row["one"], row["lang"]), read_(row["other"], row["lang"]))
    assert found.relation is Relation.SAME, found.reasons


@settings(max_examples=200)
@given(QUOTES, QUOTES)
def test_it_does_not_matter_which_is_named_first(one: tuple[str, str], other: tuple[str, str]) -> None:
    a, b = facts(*one), facts(*other)
    assert compare(a, b).relation is compare(b, a).relation
    assert compare(a, a).relation is Relation.SAME


def some(words: str) -> list[str]:
    return words.split()


FA = some("صفر یک دو سه چهار پنج شش هفت هشت نه ده یازده دوازده سیزده چهارده پانزده شانزده هفده هجده نوزده")
FA_TENS = some(". . بیست سی چهل پنجاه شصت هفتاد هشتاد نود")
FA_HUNDREDS = some(". صد دویست سیصد چهارصد پانصد ششصد هفتصد هشتصد نهصد")
EN = some("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen")
EN += some("seventeen eighteen nineteen")
EN_TENS = some(". . twenty thirty forty fifty sixty seventy eighty ninety")
AR = some(". واحد اثنين ثلاثة أربعة خمسة ستة سبعة ثمانية تسعة عشرة")
AR_TENS = some(". . عشرين ثلاثين أربعين خمسين ستين سبعين ثمانين تسعين")
AR_HUNDREDS = some(". مئة مئتين ثلاثمئة أربعمئة خمسمئة ستمئة سبعمئة ثمانمئة تسعمئة")


def persian(n: int) -> str:
    parts = [f"{persian(n // 1000)} هزار"] if n >= 1000 else []
    n %= 1000
    parts += [FA_HUNDREDS[n // 100]] if n >= 100 else []
    n %= 100
    if n >= 20:
        parts.append(FA_TENS[n // 10])
        n %= 10
    return " و ".join([*parts, *([FA[n]] if n or not parts else [])])


def english(n: int) -> str:
    parts = [f"{english(n // 1000)} thousand"] if n >= 1000 else []
    n %= 1000
    parts += [f"{EN[n // 100]} hundred"] if n >= 100 else []
    n %= 100
    if n >= 20:
        parts.append(f"{EN_TENS[n // 10]}-{EN[n % 10]}" if n % 10 else EN_TENS[n // 10])
    elif n or not parts:
        parts.append(EN[n])
    return " ".join(parts)


def arabic(n: int) -> str:
    """From 1 to 999, teens left out: they have another order."""
    parts = [AR_HUNDREDS[n // 100]] if n >= 100 else []
    n %= 100
    if n % 10 and n > 10:
        parts.append(AR[n % 10])
    if n >= 20:
        parts.append(AR_TENS[n // 10])
    elif n:
        parts.append(AR[n])
    return " و".join(parts)


@settings(max_examples=300)
@given(st.integers(2, 999_999))
def test_a_number_in_words_is_the_number(n: int) -> None:
    for lang, text, unit in (
        ("fa", f"مبلغ {persian(n)} دلار بود", "دلار"),
        ("en", f"it was {english(n)} dollars", "dollars"),
        *([("ar", f"المبلغ {arabic(n)} دولار", "دولار")] if n < 1000 and not 10 < n % 100 < 20 else []),
    ):
        (figure,) = facts(text, lang).figures
        assert (figure.value, figure.unit) == ((Fraction(n),), "USD"), (text, figure)
        assert facts(f"{n:,} {unit}", lang).figures[0].same(figure)


@settings(max_examples=200)
@given(
    st.integers(1, 10**9), st.sampled_from(["۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩"]), st.sampled_from([",", "٬", ""]), st.booleans()
)
def test_a_figure_is_one_in_every_script_and_with_its_sign_another(
    n: int, digits: str, between: str, minus: bool
) -> None:
    sign = "-" if minus else ""
    written = f"{n:,}".replace(",", between).translate(str.maketrans("0123456789", digits))
    plain, other = facts(f"بودجه {sign}{n} درصد", "fa"), facts(f"بودجه {sign}{written}٪", "fa")
    assert compare(plain, other).relation is Relation.SAME
    turned = facts(f"بودجه {'' if minus else '-'}{written}٪", "fa")
    assert compare(plain, turned).relation is Relation.TENSION
    assert compare(plain, facts(f"بودجه {sign}{n + 1} درصد", "fa")).relation is Relation.TENSION


@pytest.mark.parametrize(
    ("one", "other", "lang", "expected"),
    [
        ("The bridge cost $5 million.", "The bridge was opened.", "en", Relation.COMPATIBLE),
        ("The bridge opened on 22 November 2025.", "The bridge opened on 2025/11/22.", "en", Relation.SAME),
        ("The bridge opened on 22 November 2025.", "The bridge opened in November 2025.", "en", Relation.SAME),
        ("The bridge opened on 22 November 2025.", "The bridge opened on 23 November 2025.", "en", Relation.TENSION),
        ("پل در ۱ آذر ۱۴۰۴ باز شد.", "پل در ۱۴۰۴/۹/۱ باز شد.", "fa", Relation.SAME),
        ("پل در ۱ آذر ۱۴۰۴ باز شد.", "پل در ۲۲ نوامبر ۲۰۲۵ باز شد.", "fa", Relation.SAME),
        ("پل در ۱ آذر ۱۴۰۴ باز شد.", "پل در ۱ دی ۱۴۰۴ باز شد.", "fa", Relation.TENSION),
        ("فتح الجسر في 22 نوفمبر 2025.", "فتح الجسر في 2025-11-22.", "ar", Relation.SAME),
        ("300 people came.", "500 people came.", "en", Relation.TENSION),
        ("300 people came.", "The town has 3 statues.", "en", Relation.DIFFERENT),
        ("یک مقام گفت پل باز شد.", "مقامی گفت پل باز شد.", "fa", Relation.SAME),
        ("It rained.", "It rained!", "en", Relation.SAME),
    ],
)
def test_figures_and_days_that_meet_or_do_not(one: str, other: str, lang: str, expected: Relation) -> None:
    assert relation(one, other, lang) is expected


def test_a_figure_in_one_language_is_that_in_another() -> None:
    persian_, arabic_ = read("بودجه ۵ میلیون دلار شد.", "fa"), read("بلغت الميزانية خمسة ملايين دولار.", "ar")
    assert compare(persian_, arabic_).relation is Relation.SAME
    assert compare(persian_, read("The budget was €5 million.", "en")).relation is Relation.DIFFERENT


def test_who_says_it_tells_claims_apart_and_a_shorter_name_does_not() -> None:
    text = "پل باز شد."
    same, shorter, other = (
        compare(read(text, "fa", "کاظم جلالی"), read(text, "fa", name))
        for name in ("كاظم جلالي", "جلالی", "سرگئی لاوروف")
    )
    assert (same.relation, shorter.relation, other.relation) == (Relation.SAME, Relation.SAME, Relation.DIFFERENT)
    assert compare(read(text, "fa", "کاظم جلالی"), read(text, "fa")).relation is Relation.SAME


def test_reasons_tell_both_figures() -> None:
    found = compare(read("It cost $5 million.", "en"), read("It cost $6 million.", "en"))
    assert found.reasons == ("one says 5,000,000 USD, the other 6,000,000 USD",)


def test_an_office_and_a_name_may_be_one_person_and_two_offices_or_names_are_not() -> None:
    quote = "The bridge carried 41,000 vehicles a day."

    def said(claimant: str, role: str | None = None) -> Facts:
        return facts(quote, "en", claimant=claimant, role=role)

    office, person = said("the mayor", "the mayor"), said("Dana Whitlock", "the mayor")
    found = compare(office, person)
    assert found.relation is Relation.COMPATIBLE
    assert "the mayor" in found.reasons[0]
    assert compare(person, office).relation is Relation.COMPATIBLE
    for one, other in ((office, said("the minister", "the minister")), (person, said("Omid Rad"))):
        assert compare(one, other).relation is Relation.DIFFERENT
    assert compare(office, said("The Mayor", "the mayor")).relation is Relation.SAME


@pytest.mark.parametrize(
    ("quote", "lang", "values"),
    [
        ("Exports rose by 12 percent to 3.4 billion dollars.", "en", [(12,), (3_400_000_000,)]),
        ("Exports rose by 12% to $3.4 billion.", "en", [(12,), (3_400_000_000,)]),
        ("Exports rose by 12% to 14%.", "en", [(12, 14)]),
        ("Exports rose from 12 percent to 14 percent.", "en", [(12, 14)]),
        ("Exports rose from $3 billion to $4 billion.", "en", [(3_000_000_000, 4_000_000_000)]),
    ],
)
def test_two_units_are_no_range(quote: str, lang: str, values: list[tuple[int, ...]]) -> None:
    assert [figure.value for figure in read(quote, lang).figures] == values
