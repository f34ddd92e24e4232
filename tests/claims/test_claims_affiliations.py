"""Role and organisation of a claimant: what its own phrase says, and nothing where it does not say how far they go."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.claims.affiliations import Affiliation, affiliation

ENGLISH = {
    "Water Board spokesman John Smith": ("Water Board spokesman", "Water Board"),
    "Health Minister Jane Doe": ("Health Minister", None),
    "Jane Doe, spokeswoman for the Water Board": ("spokeswoman for the Water Board", "Water Board"),
    "the Water Board": (None, "Water Board"),
    "the company’s chief economist": ("company’s chief economist", "company"),
    "former President Anna Berg": ("former President", None),
    "Kestrel spokesman Otto Berg": ("Kestrel spokesman", "Kestrel"),
    "Israeli spokesman Otto Berg": ("Israeli spokesman", None),
    "the head of the Kestrel Bank": ("head of the Kestrel Bank", "Kestrel Bank"),
    "Mr Smith": (None, None),
    "Ada Lindqvist": (None, None),
    "the report": (None, None),
}
PERSIAN = {
    "سخنگوی وزارت راه": ("سخنگوی وزارت راه", "وزارت راه"),
    "رها کامیاب، سخنگوی وزارت راه": ("سخنگوی وزارت راه", "وزارت راه"),
    "سخنگوی وزارت راه علی کامیاب": ("سخنگوی وزارت راه", "وزارت راه"),
    "علی کامیاب سخنگوی وزارت راه و شهرسازی": ("سخنگوی وزارت راه و شهرسازی", "وزارت راه و شهرسازی"),
    "وزیر راه و شهرسازی فرزانه نیکو": ("وزیر راه و شهرسازی", None),
    "وزیر نیرو": ("وزیر نیرو", None),
    "رئیس دانشگاه شهید بهرامی": ("رئیس دانشگاه شهید بهرامی", "دانشگاه شهید بهرامی"),
    "رئیس دانشگاه علی فرزان": (None, None),
    "سخنگوی سازمان هواشناسی کشور": ("سخنگوی سازمان هواشناسی کشور", "سازمان هواشناسی کشور"),
    "رئیس سابق بانک مرکزی": ("رئیس سابق بانک مرکزی", "بانک مرکزی"),
    "وزارت راه": (None, "وزارت راه"),
    "کامیاب": (None, None),
}
ARABIC = {
    "وزير الكهرباء زياد علي": ("وزير الكهرباء", None),
    "رئيس الوزراء": ("رئيس الوزراء", None),
    "هيئة الأنباء": (None, "هيئة الأنباء"),
    "وزير الصحة سامي النجار": ("وزير الصحة", None),
    "وزير الصحة، جورج خوري": ("وزير الصحة", None),
    "المتحدث باسم وزارة الصحة": ("المتحدث باسم وزارة الصحة", "وزارة الصحة"),
    "وزير الخارجية الإيراني": ("وزير الخارجية الإيراني", None),
    "رئيس البرلمان العراقي خالد سعد": ("رئيس البرلمان العراقي", "البرلمان العراقي"),
    "رئيس بلدية السفح زيدون حسن": (None, None),
    "مدير شركة النور للنقل حسن علي": ("مدير شركة النور للنقل", "شركة النور للنقل"),
    "الناطقة باسم الشرطة هدى سالم": ("الناطقة باسم الشرطة", "الشرطة"),
    "وزارة الصحة العراقية": (None, "وزارة الصحة العراقية"),
    "سفير جمهورية النور لدى موسكو كاظم خوري": ("سفير جمهورية النور لدى موسكو", "جمهورية النور"),
    "خوري": (None, None),
}
CASES = [(lang, *case) for lang, cases in (("en", ENGLISH), ("fa", PERSIAN), ("ar", ARABIC)) for case in cases.items()]


@pytest.mark.parametrize(("lang", "claimant", "expected"), CASES)
def test_a_claimant_is_read_for_role_and_organisation(
    lang: str, claimant: str, expected: tuple[str | None, str | None]
) -> None:
    assert affiliation(claimant, lang) == expected


def test_a_language_without_a_file_says_nothing() -> None:
    assert affiliation("porte-parole du ministère", "fr") == Affiliation()


@given(
    lang=st.sampled_from(["fa", "ar", "en", "xx"]),
    claimant=st.lists(
        st.sampled_from([word for _, case, _ in CASES for word in case.split()]) | st.text(max_size=6), max_size=9
    ).map(" ".join),
)
def test_both_stand_in_the_claimant_as_written(lang: str, claimant: str) -> None:
    for read in affiliation(claimant, lang):
        assert read is None or (read and read in claimant)
