"""Pieces of invented newspapers' pages; every outlet, person and place is made up."""

# ruff: noqa: E501 - markup as pages have it

from __future__ import annotations

from html import escape
from json import dumps
from typing import NamedTuple

FA = (
    "شهردار نیک‌شهر گفت بودجه حمل‌ونقل عمومی در سال آینده ۱۸ درصد افزایش می‌یابد و ۴۲ اتوبوس تازه خریداری می‌شود.",
    "به گفته او، کار ساخت پل دوم از ماه گذشته آغاز شده و تاکنون ۳۱ درصد آن به پایان رسیده است.",
    "رئیس شورای شهر هم تأکید کرد که هزینه این طرح از فروش زمین تأمین نمی‌شود و عوارض تازه‌ای در کار نیست.",
    "در این نشست ۱۴ نفر از اعضا رأی موافق دادند و سه نفر با طرح مخالفت کردند.",
)
AR = (
    "قال رئيس بلدية وادي الورد إن المدينة ستفتتح ثلاث مدارس جديدة قبل نهاية العام، بكلفة بلغت ١٢ مليون دينار.",
    "وأضاف أن عدد التلاميذ ارتفع بنسبة ٩ في المئة خلال عامين، وأن الصفوف الحالية لم تعد تتسع لهم.",
    "وأكدت مديرة التعليم أن أعمال البناء بدأت في الربيع، وأن نصف المعلمين عُيّنوا بالفعل.",
    "ومن المقرر أن يصوّت المجلس على الميزانية يوم الخميس المقبل بعد مناقشات استمرت شهرين.",
)
EN = (
    "The mayor of Lowbridge said on Monday that the city would buy 42 new buses, after a vote of nine to two.",
    "Work on the second bridge began last month and 31 per cent of it is finished, according to the council.",
    "The treasurer added that no land had been sold to pay for the scheme and that fares would not rise.",
    "A consultation will run until the end of June, and the first route opens in the autumn.",
)
OTHER_FA = "گزارش دیگری درباره قیمت نان در بازار"
OTHER_EN = "Another story about the price of bread in the markets"
OTHER_AR = "خبر آخر عن أسعار الخبز في الأسواق القديمة"


class Form(NamedTuple):
    """A page, and what a reader finds in it; `lacks` stands in the page and not in the article."""

    html: str
    title: str | None
    day: str | None
    publisher: str | None = None
    url: str | None = None
    paragraphs: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()


def ld(*nodes: object) -> str:
    """A JSON-LD script."""
    return f'<script type="application/ld+json">{dumps(nodes[0] if len(nodes) == 1 else list(nodes), ensure_ascii=False)}</script>'


def meta(**values: str) -> str:
    """Meta tags; `__` in a name is a colon."""
    return "".join(
        f'<meta property="{name.replace("__", ":")}" content="{escape(value)}">' for name, value in values.items()
    )


def ps(paragraphs: tuple[str, ...], tag: str = "p") -> str:
    """The paragraphs as elements."""
    return "".join(f"<{tag}>{paragraph}</{tag}>\n" for paragraph in paragraphs)


def page(body: str, head: str = "", lang: str = "fa") -> str:
    """A whole document."""
    return (
        f'<!DOCTYPE html><html lang="{lang}" dir="{"ltr" if lang == "en" else "rtl"}"><head><meta charset="utf-8">'
        f"{head}</head><body>{body}</body></html>"
    )


def links(*titles: str) -> str:
    return "<ul>" + "".join(f'<li><a href="/x/{n}">{title}</a></li>' for n, title in enumerate(titles)) + "</ul>"


MENU_FA = '<nav class="main-menu"><a href="/">خانه</a> <a href="/p">سیاسی</a> <a href="/e">اقتصاد</a></nav>'
MENU_AR = '<nav><a href="/">الرئيسية</a> <a href="/p">سياسة</a></nav>'
MENU_EN = '<nav role="navigation"><a href="/">Home</a> <a href="/n">News</a> <a href="/s">Sport</a></nav>'
