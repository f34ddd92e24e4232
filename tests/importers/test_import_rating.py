from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.errors import UsageError
from factcheck.exporters import labels
from factcheck.importers.draft import Rating
from factcheck.importers.ratings import _data, meaning, own_words
from factcheck.models import Verdict


def verdict(*words: str, value: str = "", worst: str = "", best: str = "", own: tuple[str, ...] = ()) -> str | None:
    rating = Rating(words=words, value=value, worst=worst, best=best)
    return meaning([rating], own_words(own)).verdict


@pytest.mark.parametrize(("expected", "words"), labels.VERDICTS.items())
def test_what_our_own_exports_say_is_read_back(expected: str, words: dict[str, str]) -> None:
    assert {verdict(word) for word in words.values()} == {expected}


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("True", "verified"),
        ("mostly true", "verified"),
        ("Our rating: Mostly True.", "verified"),
        ("True. Every word of it is correct", "verified"),
        ("درست", "verified"),
        ("تأیید شد", "verified"),
        ("تاييد شد", "verified"),  # Arabic keyboard, no hamza
        ("ثبتت صحته", "verified"),
        ("صَحيح", "verified"),
        ("Größtenteils richtig", "verified"),
        ("FALSE", "disputed"),
        ("❌ False!", "disputed"),
        ("Not true", "disputed"),
        ("False: this photo does not show it", "disputed"),
        ("This claim is false.", "disputed"),
        ("Half-True", "disputed"),
        ("Pants on Fire!", "disputed"),
        ("Altered image", "disputed"),
        ("گمراه‌کننده", "disputed"),
        ("گمراه کننده", "disputed"),
        ("گمراه‌كننده", "disputed"),
        ("این ادعا نادرست است", "disputed"),
        ("محل مناقشه", "disputed"),
        ("زائف جزئيًّا", "disputed"),
        ("غير صحيح", "disputed"),
        ("YANLIŞ", "disputed"),
        ("Plutôt faux", "disputed"),
        ("Engañoso", "disputed"),
        ("Opinion", "opinion"),
        ("رأي", "opinion"),
        ("اظهار نظر", "opinion"),
    ],
)
def test_words_of_published_ratings(word: str, expected: str) -> None:
    assert verdict(word) == expected


@pytest.mark.parametrize(
    "word",
    [
        "Satire",
        "False: no evidence",
        "Unproven; false",
        "True, unproven",
        "Other",
        "طنز",
        "إشاعة",
        "False, satire",
        "False?",
        "true or false",
        "True, but misleading",
        "True (partly)",
        "Correct – with no caveats",
        "درست، اما گمراه‌کننده",
        "صحيح، لكن خارج السياق",
        "Opinion - false",
        "untrustworthy",
        "Falsettos",
        "It is complicated",
    ],
)
def test_what_is_unclear_or_unknown_is_never_guessed_and_named(word: str) -> None:
    found = meaning([Rating(words=(word,))], {})
    assert found.verdict is None
    assert word in found.problem


@pytest.mark.parametrize(
    ("value", "worst", "best", "expected"),
    [
        ("1", "1", "5", "disputed"),
        ("2", "1", "5", "disputed"),
        ("4", "1", "5", "verified"),
        ("5", "1", "5", "verified"),
        ("۵", "۱", "۵", "verified"),
        ("0,9", "0", "1", "verified"),
        ("3", "1", "5", None),
        ("4", "1", "6", None),
        ("5", "5", "1", None),
        ("3", "3", "3", None),
        ("6", "1", "5", None),
        ("-1", "1", "5", None),
        ("4", "", "", None),
        ("nan", "1", "5", None),
        ("1e999", "1", "5", None),
    ],
)
def test_numbers_count_at_the_ends_of_a_given_scale(value: str, worst: str, best: str, expected: str | None) -> None:
    assert verdict(value=value, worst=worst, best=best) == expected


def test_words_outweigh_the_number_and_the_contradiction_is_told() -> None:
    # AFP's markup has "False" with 5 of 1..5: its readers saw the word.
    found = meaning([Rating(words=("False",), value="5", worst="1", best="5")], {})
    assert (found.verdict, found.contradicted) == (Verdict.DISPUTED, True)
    assert not meaning([Rating(words=("False",), value="1", worst="1", best="5")], {}).contradicted
    # An unknown word is not replaced by such a number.
    assert verdict("Missing the point", value="1", worst="1", best="5") is None


def test_several_ratings_have_to_agree() -> None:
    assert verdict("False", "نادرست") == "disputed"
    assert verdict("False", "True") is None
    two = [Rating(words=("False",)), Rating(words=("True",))]
    assert "contradict" in meaning(two, {}).problem


def test_a_person_can_say_what_a_rating_means() -> None:
    own = ("Other=disputed", "نا مشخص=opinion", "3=disputed")
    assert verdict("OTHER", own=own) == "disputed"
    assert verdict("other: see below", own=own) == "disputed"
    assert verdict("نامشخص", own=own) == "opinion"
    assert verdict(value="3", worst="1", best="5", own=own) == "disputed"
    assert verdict("True", own=("true=opinion",)) == "opinion"


@pytest.mark.parametrize("pair", ["Other", "Other=wrong", "=disputed", "Other="])
def test_a_mapping_that_is_none_says_what_is_one(pair: str) -> None:
    with pytest.raises(UsageError) as error:
        own_words([pair])
    assert "verified, disputed, opinion" in error.value.hint


def test_no_phrase_means_two_things() -> None:
    for name in ("verified", "disputed", "opinion", "unclear"):
        for phrase in _data()[name]:
            expected = None if name == "unclear" else name
            assert verdict(phrase) == expected, phrase


@given(st.sampled_from(["True", "صحيح", "درست"]), st.sampled_from(["but", "اما", "لكن", "partly", "not"]), st.text())
def test_an_affirmation_that_is_limited_never_verifies(word: str, however: str, rest: str) -> None:
    assert verdict(f"{word}, {however} {rest}") in {None, "disputed"}


@given(st.text(max_size=40), st.text(max_size=4), st.text(max_size=4), st.text(max_size=4))
def test_any_text_gets_an_answer(word: str, value: str, worst: str, best: str) -> None:
    found = meaning([Rating(words=(word,) if word else (), value=value, worst=worst, best=best)], {})
    assert (found.verdict is None) == bool(found.problem)


@pytest.mark.parametrize(
    "word",
    [
        "Unproven", "UNVERIFIED", "Not enough evidence", "Rating: Unproven", "اثبات‌نشدنی", "غیر قابل اثبات",
        "غير مثبت", "غير مؤكد", "non prouvé", "unbelegt", "kanıtlanamaz", "sin pruebas",
    ],
)  # fmt: skip
def test_what_could_not_be_settled_elsewhere_is_unproven_here(word: str) -> None:
    assert meaning([Rating(words=(word,))], {}) == ("unproven", "", False)


def test_a_person_may_map_a_word_to_unproven_and_a_verdict_beside_it_contradicts() -> None:
    own = own_words(["Open=unproven", "Shaky = Unproven"])
    assert meaning([Rating(words=("open",))], own).verdict == "unproven"
    assert meaning([Rating(words=("shaky",)), Rating(words=("unproven",))], own).verdict == "unproven"
    assert meaning([Rating(words=("unproven",)), Rating(words=("false",))], own).verdict is None
    assert meaning([Rating(words=("unproven",), value="5", worst="1", best="5")], {}) == ("unproven", "", True)
