"""What a task says of its claim's worth and earlier verdicts, and a tab's name, in the desk's languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from factcheck.languages import Language


class TaskWords(NamedTuple):
    """The words of one language; `signals` has one for each reason of `claims.worthiness`."""

    tab: str
    worth: str
    raised: str
    lowered: str
    earlier: str
    open: str
    withdrawn: str
    settled: str
    comma: str
    digits: str
    per_cent: str
    signals: Mapping[str, str]

    def share(self, value: float) -> str:
        """A share of 1 as per cent, in the digits of the language."""
        return f"{value * 100:.0f}".translate(str.maketrans("0123456789", self.digits)) + self.per_cent


TASK_WORDS: dict[Language, TaskWords] = {
    "en": TaskWords(
        tab="By worth",
        worth="Worth checking",
        raised="raised by",
        lowered="lowered by",
        earlier="Earlier verdicts (they are no votes)",
        open="open",
        withdrawn="withdrawn",
        settled="settled",
        comma=", ",
        digits="0123456789",
        per_cent="%",
        signals={
            "about the article": "talk about the article itself",
            "absence or presence": "says that something exists or not",
            "absolute": "an absolute word",
            "address": "an address",
            "attributed": "somebody named said it",
            "cause": "a cause",
            "comparison": "a comparison",
            "condition": "a condition",
            "content of a text": "what a text says",
            "date": "a date",
            "document": "a document",
            "first person": "first person",
            "future or intention": "future or intention",
            "name": "a name",
            "norm": "what ought to be",
            "number": "a number",
            "opinion": "a word of opinion",
            "quantity": "a quantity",
            "reported fact": "reported as a fact",
            "short": "few words",
            "vague": "vague words",
            "year": "a year",
        },
    ),
    "fa": TaskWords(
        tab="به ترتیب اهمیت",
        worth="اهمیت بررسی",
        raised="عوامل افزاینده",
        lowered="عوامل کاهنده",
        earlier="نتیجه‌های پیشین (رأی به شمار نمی‌آیند)",
        open="باز",
        withdrawn="پس گرفته‌شده",
        settled="بدون اختلاف",
        comma="، ",
        digits="۰۱۲۳۴۵۶۷۸۹",
        per_cent="٪",
        signals={
            "about the article": "سخن دربارهٔ خود خبر",
            "absence or presence": "بودن یا نبودن چیزی",
            "absolute": "واژهٔ مطلق",
            "address": "نشانی",
            "attributed": "گویندهٔ مشخص",
            "cause": "علت",
            "comparison": "مقایسه",
            "condition": "شرط",
            "content of a text": "محتوای یک متن",
            "date": "تاریخ",
            "document": "سند",
            "first person": "اول شخص",
            "future or intention": "آینده یا قصد",
            "name": "نام",
            "norm": "باید و نباید",
            "number": "عدد",
            "opinion": "واژهٔ نظر",
            "quantity": "مقدار",
            "reported fact": "نقل به‌عنوان واقعیت",
            "short": "کوتاهی جمله",
            "vague": "واژهٔ مبهم",
            "year": "سال",
        },
    ),
    "ar": TaskWords(
        tab="حسب الأهمية",
        worth="الجدارة بالتحقق",
        raised="ما يرفعها",
        lowered="ما يخفضها",
        earlier="نتائج سابقة (لا تُحتسب أصواتاً)",
        open="مفتوح",
        withdrawn="مسحوب",
        settled="لا خلاف فيه",
        comma="، ",
        digits="0123456789",
        per_cent="%",
        signals={
            "about the article": "كلام عن المادة نفسها",
            "absence or presence": "وجود شيء أو عدمه",
            "absolute": "لفظ مطلق",
            "address": "عنوان",
            "attributed": "قائل معروف",
            "cause": "سبب",
            "comparison": "مقارنة",
            "condition": "شرط",
            "content of a text": "مضمون نص",
            "date": "تاريخ",
            "document": "وثيقة",
            "first person": "صيغة المتكلم",
            "future or intention": "مستقبل أو نية",
            "name": "اسم",
            "norm": "ما ينبغي",
            "number": "رقم",
            "opinion": "لفظ رأي",
            "quantity": "كمية",
            "reported fact": "منقول بوصفه واقعة",
            "short": "قصر الجملة",
            "vague": "لفظ مبهم",
            "year": "سنة",
        },
    ),
}
