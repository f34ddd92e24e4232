"""Articles of about 3 kB that no newspaper printed: Persian, Arabic and English 4 : 3 : 3, seeded."""

from __future__ import annotations

import random
from typing import NamedTuple

SIZE = 3_000
"""Bytes of an article's text."""
LANGUAGES = ("fa",) * 4 + ("ar",) * 3 + ("en",) * 3


class _Parts(NamedTuple):
    """What sentences are made of: who says it and how ("" for nobody), what, and what is added."""

    reports: tuple[str, ...]
    facts: tuple[str, ...]
    ends: tuple[str, ...]


_OF = {
    "fa": _Parts(
        (
            "شهردار نیک‌شهر در نشست خبری امروز گفت ",
            "رضا کاویانی، رئیس شورای شهر، تأکید کرد که ",
            "",
            "",
            "به گفته وزیر راه، ",
            "سخنگوی سازمان آب اعلام کرد ",
            "وی افزود: ",
            "مرکز آمار استان در گزارشی نوشت که ",
            "او در پایان یادآور شد که ",
        ),
        (
            "بودجه حمل‌ونقل عمومی شهر {} درصد افزایش می‌یابد",
            "{} کارگاه تولیدی در سال گذشته تعطیل شد",
            "کار ساخت پل دوم رودخانه از {} ماه پیش آغاز شده است",
            "مصرف برق خانه‌ها به {} مگاوات رسید",
            "قرارداد خرید {} دستگاه اتوبوس با شرکت سازنده امضا شد",
            "شمار دانش‌آموزان مدرسه‌های روستایی به {} نفر کاهش یافت",
            "بارندگی در حوضه سد نسبت به سال پیش {} درصد کمتر بود",
            "{} پرونده تازه در دادگاه‌های استان ثبت شد",
        ),
        (
            " و هزینه آن از فروش زمین تأمین نمی‌شود",
            "",
            " و این رقم در ده سال گذشته بی‌سابقه بود",
            " که بیشتر آنها در بخش کشاورزی است",
            "؛ با این حال شورا هنوز درباره آن تصمیم نگرفته است",
            "",
        ),
    ),
    "ar": _Parts(
        (
            "قال رئيس بلدية وادي الورد إن ",
            "وأضاف المتحدث باسم وزارة المياه أن ",
            "",
            "",
            "وبحسب مديرية الإحصاء، ",
            "وأكدت مديرة التعليم سلمى الخطيب أن ",
            "وأوضح أن ",
            "وذكر تقرير للمجلس البلدي أن ",
        ),
        (
            "المدينة ستفتتح {} مدارس جديدة قبل نهاية العام",
            "عدد التلاميذ ارتفع بنسبة {} في المئة خلال عامين",
            "أعمال البناء في الجسر الثاني بدأت قبل {} أشهر",
            "استهلاك الكهرباء في المنازل بلغ {} ميغاواط",
            "الشركة وقعت عقدا لشراء {} حافلة جديدة",
            "هطول الأمطار في حوض السد انخفض بنسبة {} في المئة",
            "المحاكم سجلت {} قضية جديدة هذا العام",
            "{} مصنعا أغلق أبوابه في المحافظة العام الماضي",
        ),
        (
            " بكلفة لم تعلن حتى الآن",
            "",
            "، وهو أعلى رقم منذ عشر سنوات",
            " ومعظمها في القطاع الزراعي",
            "، غير أن المجلس لم يصوت على الميزانية بعد",
            "",
        ),
    ),
    "en": _Parts(
        (
            "The mayor of Lowbridge said on Monday that ",
            "",
            "",
            "According to the water board, ",
            "Ann Corley, the treasurer, added that ",
            "A spokesman for the ministry told reporters that ",
            "She said ",
            "The council's report found that ",
        ),
        (
            "the city would buy {} new buses",
            "work on the second bridge began {} months ago",
            "{} workshops closed in the county last year",
            "the use of power in homes reached {} megawatts",
            "the number of pupils in village schools fell to {}",
            "rainfall at the reservoir was {} per cent lower than a year before",
            "{} new cases were filed with the courts",
            "the budget for roads would rise by {} per cent",
        ),
        (
            " and that no land had been sold to pay for it",
            "",
            ", the highest figure in ten years",
            ", most of them in farming",
            ", although the council has not voted on the scheme yet",
            "",
        ),
    ),
}


def article(number: int) -> tuple[str, str]:
    """Language and text of the article of that number, the same each time."""
    dice = random.Random(number)
    lang = LANGUAGES[number % len(LANGUAGES)]
    parts = _OF[lang]
    paragraphs: list[str] = []
    while sum(len(one.encode()) for one in paragraphs) < SIZE:
        said = [_sentence(parts, dice) for _ in range(dice.randint(1, 4))]
        paragraphs.append(" ".join(one[0].upper() + one[1:] + "." for one in said))
    return lang, "\n".join(paragraphs)


def _sentence(parts: _Parts, dice: random.Random) -> str:
    fact = dice.choice(parts.facts).format(dice.randint(2, 9_999))
    return f"{dice.choice(parts.reports)}{fact}{dice.choice(parts.ends)}"
