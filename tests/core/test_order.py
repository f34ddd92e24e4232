"""Names in lists stand by the alphabet of the language, where it gives one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.languages import SPOKEN, read
from factcheck.languages.order import in_order

WITH_ALPHABET = [code for code in SPOKEN if (read(code, "labels") or {}).get("alphabet")]


def in_turkish(names: list[str]) -> list[str]:
    return sorted(names, key=lambda name: in_order(name, "tr"))


def test_turkish_names_stand_by_its_alphabet() -> None:
    names = [
        "Cem",
        "Çağrı",
        "Dağ",
        "Gül",
        "Ğ",
        "Hür",
        "Ilgın",
        "Işıl",
        "İlker",
        "Jale",
        "Oya",
        "Öz",
        "Su",
        "Şen",
        "Ufuk",
    ]
    names += ["Ümit", "Vural"]
    assert in_turkish(names[::-1]) == names


def test_a_word_stands_before_those_it_begins_and_signs_and_figures_before_letters() -> None:
    names = ["24 Saat", "Ağ", "Ağ Haber", "Ağa", "Zil", "Ωmega", "ایسنا"]
    assert in_turkish(names[::-1]) == names


def test_case_makes_no_difference_but_for_names_that_are_else_the_same() -> None:
    assert in_turkish(["ışık", "IŞIL", "İZ", "iz", "IŞIK"]) == ["IŞIK", "ışık", "IŞIL", "iz", "İZ"]


@given(st.lists(st.text(max_size=8)))
def test_names_are_in_the_order_of_code_points_where_there_is_no_alphabet(names: list[str]) -> None:
    for code in {*SPOKEN} - {*WITH_ALPHABET}:
        assert sorted(names, key=lambda name: in_order(name, code)) == sorted(names)


@given(st.lists(st.text("aâbcçdefgğhıiîklmnoöprsştuûüvyzAÇĞIİÖŞÜ 1-ی", max_size=6), max_size=8), st.randoms())
def test_the_order_is_the_same_however_the_names_came(names: list[str], rng: object) -> None:
    shuffled = sorted(names, key=lambda _: rng.random())  # type: ignore[attr-defined]
    assert in_turkish(shuffled) == in_turkish(names)


@pytest.mark.parametrize("code", WITH_ALPHABET)
def test_an_alphabet_has_each_letter_once_and_in_small(code: str) -> None:
    letters: str = (read(code, "labels") or {})["alphabet"]
    assert len({*letters}) == len(letters)
    assert letters == letters.lower()
