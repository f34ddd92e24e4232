"""How the names of institutions begin: schema.org asks whether a claimant is a person."""

from __future__ import annotations

from typing import Final

from factcheck.folding import match_key

INSTITUTIONS: Final = frozenset(
    match_key(word)
    for word in (
        *("agency", "army", "bank", "committee", "company", "council", "embassy", "government", "ministry", "office"),
        *("organisation", "organization", "parliament", "party", "police", "university"),
        *("آژانس", "ارتش", "بانک", "پلیس", "حزب", "خبرگزاری", "دانشگاه", "دولت", "روزنامه", "سازمان", "سفارت"),
        *("شرکت", "شورای", "فدراسیون", "کمیته", "کمیسیون", "مجلس", "مرکز", "مؤسسه", "نیروی", "وزارت"),
        *("البنك", "الجيش", "الحكومة", "الشرطة", "الوزارة", "الهيئة", "بنك", "جامعة", "حزب", "سفارة", "شركة", "صحيفة"),
        *("لجنة", "مجلس", "مركز", "منظمة", "هيئة", "وزارة", "وكالة"),
    )
)
"""First words of institutions' names, as match keys."""
