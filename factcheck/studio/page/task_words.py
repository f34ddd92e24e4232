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
    alike: str
    other_figures: str
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
        alike="{} alike",
        other_figures="other figures",
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
            "denial": "a denial",
            "document": "a document",
            "first person": "first person",
            "future or intention": "future or intention",
            "health": "health",
            "law": "what the law says",
            "long": "many words",
            "medical effect": "a medical effect",
            "name": "a name",
            "norm": "what ought to be",
            "number": "a number",
            "opinion": "a word of opinion",
            "public affairs": "public affairs",
            "quantity": "a quantity",
            "question": "a question",
            "quoted": "a quotation",
            "reported fact": "reported as a fact",
            "said before": "somebody's earlier words",
            "several numbers": "several numbers",
            "short": "few words",
            "since or until now": "a change over time",
            "speaker's own": "the speaker's own affairs",
            "vague": "vague words",
            "vote or stand": "a vote or decision",
            "what is or does": "what something is or does",
            "wish or appeal": "a wish or appeal",
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
        alike="شباهت {}",
        other_figures="با رقم‌های دیگر",
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
            "denial": "انکار یا نفی",
            "document": "سند",
            "first person": "اول شخص",
            "future or intention": "آینده یا قصد",
            "health": "سلامت",
            "law": "حکم قانون",
            "long": "بلندی جمله",
            "medical effect": "اثر پزشکی",
            "name": "نام",
            "norm": "باید و نباید",
            "number": "عدد",
            "opinion": "واژهٔ نظر",
            "public affairs": "امور عمومی",
            "quantity": "مقدار",
            "question": "پرسش",
            "quoted": "نقل‌قول مستقیم",
            "reported fact": "نقل به‌عنوان واقعیت",
            "said before": "گفتهٔ پیشین کسی",
            "several numbers": "چند عدد",
            "short": "کوتاهی جمله",
            "since or until now": "دگرگونی در گذر زمان",
            "speaker's own": "سخن گوینده از خود",
            "vague": "واژهٔ مبهم",
            "vote or stand": "رأی یا تصمیم",
            "what is or does": "چیستی یا کار چیزی",
            "wish or appeal": "آرزو یا درخواست",
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
        alike="تشابه {}",
        other_figures="بأرقام أخرى",
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
            "denial": "نفي",
            "document": "وثيقة",
            "first person": "صيغة المتكلم",
            "future or intention": "مستقبل أو نية",
            "health": "صحة",
            "law": "حكم القانون",
            "long": "طول الجملة",
            "medical effect": "أثر طبي",
            "name": "اسم",
            "norm": "ما ينبغي",
            "number": "رقم",
            "opinion": "لفظ رأي",
            "public affairs": "شأن عام",
            "quantity": "كمية",
            "question": "سؤال",
            "quoted": "اقتباس مباشر",
            "reported fact": "منقول بوصفه واقعة",
            "said before": "قول سابق لأحد",
            "several numbers": "عدة أرقام",
            "short": "قصر الجملة",
            "since or until now": "تغير مع الزمن",
            "speaker's own": "كلام القائل عن نفسه",
            "vague": "لفظ مبهم",
            "vote or stand": "تصويت أو قرار",
            "what is or does": "ماهية شيء أو فعله",
            "wish or appeal": "تمن أو مناشدة",
            "year": "سنة",
        },
    ),
}
