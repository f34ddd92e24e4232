"""What readers are told of how a claim travelled, in fa, ar and en."""

from __future__ import annotations

from factcheck.exporters.labels import Label
from factcheck.languages import Language


def _label(en: str, fa: str, ar: str) -> Label:
    return {"en": en, "fa": fa, "ar": ar}


WORDS: dict[str, Label] = {
    "spread": _label("How the claim travelled", "این ادعا چگونه پخش شد", "كيف انتشر الادعاء"),
    "about": _label(
        "The places where the claim appeared, the earliest first.",
        "جاهایی که این ادعا در آن‌ها آمده است، از نخستین تا تازه‌ترین.",
        "المواضع التي ظهر فيها الادعاء، من الأقدم إلى الأحدث.",
    ),
    "more": _label(
        "The picture shows the first {}; the table has all.",
        "تصویر {} جای نخست را نشان می‌دهد و جدول همه را دارد.",
        "تعرض الصورة أول {} موضعاً، وفي الجدول كلها.",
    ),
    "date": _label("Date", "تاریخ", "التاريخ"),
    "no_date": _label("no date", "بدون تاریخ", "بلا تاريخ"),
    "report": _label("Report", "گزارش", "التقرير"),
    "own": _label("own report", "گزارش خود رسانه", "تقرير الوسيلة نفسها"),
    "copy": _label("copy", "بازنشر", "نسخة"),
    "copy_of": _label("copy of {}", "بازنشر از {}", "نسخة عن {}"),
    "changed": _label("figures changed", "رقم‌ها عوض شده", "تغيّرت الأرقام"),
    "beside": _label("another figure", "رقم دیگر", "رقم آخر"),
    "another": _label("Another figure is reported", "رقم دیگری هم گزارش شده است", "ورد رقم آخر أيضاً"),
    "first": _label("first", "نخستین", "الأول"),
}


def of(language: Language) -> dict[str, str]:
    """The words in the language."""
    return {name: label[language] for name, label in WORDS.items()}
