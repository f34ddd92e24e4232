"""Claimants in Arabic: verb, speaker, what was said; the speaker first; nobody where none passes the test."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck import frames
from factcheck.claims import extract
from factcheck.claims.grammar import grammar
from factcheck.claims.names import Names
from factcheck.claims.verb_first import find
from factcheck.models import Article, article_id

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def claimants(text: str, lang: str = "ar") -> list[str | None]:
    identity = article_id(url="https://example.org/1", publisher=None, title=None, text=text)
    article = Article(article_id=identity, source="case", lang=lang, text=text, fetched_at=NOW)
    return extract(frames.from_records(Article, [article])).claims["claimant"].to_list()


@pytest.mark.parametrize(
    ("sentence", "who"),
    [
        ("قالت رئيسة البلدية سلمى نجار إن الجسر كلف أربعة ملايين.", "رئيسة البلدية سلمى نجار"),
        ("وأعلنت وزارة النقل أمس أن المرفأ سيغلق أسبوعين.", "وزارة النقل"),
        ("وأكد مدير المرفأ، جميل سعد، أن السفن عادت.", "مدير المرفأ، جميل سعد"),
        ("وأوضح المتحدث باسم الشركة نادر حلبي: عاد التيار إلى تسعين قرية.", "المتحدث باسم الشركة نادر حلبي"),
        ("قال المدير لوكالة البحر إن الكلفة بلغت مليونين.", "المدير"),
        ("وأضاف الخبير في شؤون المياه أن السد امتلأ.", "الخبير في شؤون المياه"),
        ("وكانت الهيئة قد أكدت أن السد آمن.", "الهيئة"),
        ("وقد ذكر تقرير المعهد أن الأسعار ارتفعت تسعة في المئة.", "تقرير المعهد"),
        ("سمير قاسم، الناطق باسم النقابة، قال إن الإضراب مستمر.", "سمير قاسم"),
        ("وزارة الصحة أعلنت أن اللقاح وصل إلى مليون شخص.", "وزارة الصحة"),
        ("الخارجية: «لم نتلق أي طلب رسمي لفتح المعبر هذا العام».", "الخارجية"),
        ("واتهم النائب خصوم الاتفاق بعرقلة المشروع.", "النائب"),
        ("وطالبت نقابة المعلمين وزارة المال بدفع الرواتب.", "نقابة المعلمين"),
        ("بحسب تقرير لصحيفة المرفأ، ارتفعت الأجور تسعة في المئة.", "تقرير"),
        ("لن نقبل العرض، قال رئيس الوفد.", None),
        ("يعتبر الخبراء أن الموسم جيد.", "الخبراء"),
        # What takes the place of a clause: a verbal noun, or one behind the verb's own preposition.
        ("أعلنت وزارة الصحة تسجيل 500 إصابة جديدة في المرفأ.", "وزارة الصحة"),
        ("نفى المتحدث باسم الجيش وجود قوات أجنبية في المدينة.", "المتحدث باسم الجيش"),
        ("أعلن الرئيس أحمد سالم استقالته من منصبه يوم الاثنين.", "الرئيس أحمد سالم"),
        ("أعلنت إيران تعليق الاتفاقية في بداية الشهر.", "إيران"),
        ("أعلنت منغوليا تحت حكم خان الجبل استقلالها.", "منغوليا"),
        ("حذر وزير الصحة أحمد سالم من انتشار المرض في ثلاث مدن.", "وزير الصحة أحمد سالم"),
        ("كشف رئيس الشركة عن خسائر بلغت ثلاثة ملايين.", "رئيس الشركة"),
        ("أشار التقرير إلى ارتفاع معدلات الفقر خمسة في المئة.", "التقرير"),
        ("شدد الوزير على ضرورة خفض الأسعار.", "الوزير"),
        ("أفادت وكالة الأنباء بمقتل 12 شخصا في الهجوم.", "وكالة الأنباء"),
        ("دعا الأمين العام للأمم المتحدة إلى وقف إطلاق النار.", "الأمين العام"),
        ("وصفه رئيس الحزب بأنه خطأ كبير.", "رئيس الحزب"),
        ("وصف السيد جندون كيف انهار الجسر.", "السيد جندون"),
        ("اتهم أحمد سالم الحكومة بسرقة خمسة ملايين.", "أحمد سالم"),
        ("قال أحمد سالم ذات مرة: إن السوق ينمو.", "أحمد سالم"),
    ],
)
def test_who_reports(sentence: str, who: str | None) -> None:
    assert claimants(sentence) == [who]


@pytest.mark.parametrize(
    "sentence",
    [
        "تم إعلان النتائج مساء أمس في المدينة.",
        "لم يقل أحد إن الجسر آمن للشاحنات.",
        "المهم أن يصل الماء إلى القرى قبل نهاية الشهر.",
        "بلغ طول الطريق أربعين كيلومترا وكلفته مليونين.",
        "كتب الأطفال متوفرة في مكتبة المدينة منذ عام.",
        "وقع الوزير اتفاقية جديدة مع شركة النفط.",
        "نقل الجيش الجرحى إلى المستشفى في المدينة.",
        "وفق البرنامج، ستتحدث عند الساعة 23:45 مساء.",
        "التعارض بين الأرقام والخطاب أمر مألوف، أو ينبغي أن يكون كذلك.",
    ],
)
def test_what_reports_nothing_has_nobody(sentence: str) -> None:
    assert claimants(sentence) == [None]


def test_a_bare_verb_and_a_pronoun_are_whoever_was_named() -> None:
    text = (
        "قال رئيس البلدية سامي عبود إن الجسر كلف أربعة ملايين.\nوأضاف أن العمل انتهى في موعده.\n"
        "وأكد بالقول إن القرى التسع عادت إليها المياه."
    )
    assert claimants(text) == ["رئيس البلدية سامي عبود"] * 3


def test_a_hamza_at_the_end_of_a_name_is_kept() -> None:
    assert claimants("أكد مدير معهد القضاء أن ستين قاضيا عينوا هذا العام.") == ["مدير معهد القضاء"]


PIECES = (
    "قال", "وأعلن", "وزير", "البلدية", "سامي", "إن", "أن", "،", ":", "«", "»", "تم", "قد", "كان", "في", "2024",
)  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=16))
def test_whatever_stands_there_the_spans_are_of_the_sentence(pieces: list[str]) -> None:
    of_arabic = grammar("ar")
    assert of_arabic is not None
    sentence = " ".join(pieces)
    found = find(sentence, of_arabic, Names())
    if found is not None:
        for start, end in filter(None, (found.who, found.verb)):
            assert 0 <= start < end <= len(sentence)
            assert sentence[start:end].strip() == sentence[start:end]


@pytest.mark.parametrize(
    ("sentence", "who"),
    [
        ("مدیر کارخانه بهای آجر را گران دانست و گفت: کوره‌ها خاموش است.", "مدیر کارخانه"),
        ("رئیس اتحادیه قیمت نان را مناسب خواند و افزود: آرد کافی است.", "رئیس اتحادیه"),
        ("ساعتی بعد، مینا دادگر فرماندار شهر اعلام کرد راه باز شده است.", "مینا دادگر فرماندار شهر"),
        ("به گزارش خبرگزاری دریا از بندر، سه کشتی رسید و بار خالی کرد.", "خبرگزاری دریا"),
        ("«خبر دریا» رئیس بندر گفت سه کشتی رسیده است.", "رئیس بندر"),
        ("رئیس مرکز آمار کشور نرخ بیکاری را نه درصد اعلام کرد.", "رئیس مرکز آمار کشور"),
    ],
)
def test_in_persian_a_speaker_ends_before_the_object_and_begins_after_time_and_brand(sentence: str, who: str) -> None:
    assert claimants(sentence, "fa") == [who]


@pytest.mark.parametrize("sentence", ["استاندار قهرمانی تیم را تبریک گفت.", "سفیر پیام دولت را به وزیر ابلاغ کرد."])
def test_in_persian_what_delivers_or_congratulates_reports_nothing(sentence: str) -> None:
    assert claimants(sentence, "fa") == [None]


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("قال المتحدث سامي الزين في إحاطة موجزة إن الجسر أغلق.", "المتحدث سامي الزين"),
        ("وقال الرئيس سامي الزين في حملته الانتخابية إن الضرائب انخفضت.", "الرئيس سامي الزين"),
        ("وقال الباحث في جامعة الورد إن المياه تلوثت.", "الباحث في جامعة الورد"),
        ("وقال سامي الزين لمحطة التلفزيون إنه كان في البيت.", "سامي الزين"),
        ("وقال مدير شركة الورد إن المبيعات ارتفعت.", "مدير شركة الورد"),
        (
            "قال سامي الزين الذي يبلغ من العمر ٦٨ عاما وهو عامل كهرباء يشارك في الاحتجاج مع زوجته كل أسبوع إنه متفائل.",
            "سامي الزين",
        ),
        ("وقال سامي الزين وهو عالم سياسي إن النتائج متقاربة.", "سامي الزين"),
        ("لا تزال التحقيقات جارية حيث قالت الشرطة إنها أبلغت أقاربه.", "الشرطة"),
        ("وحسبما يقول الزين، فإن الفريق سيفوز.", "الزين"),
        ("انخفض عدد المرضى إلى ٨٢٠ في الشهر، حسبما يقول مدير المستشفى.", "مدير المستشفى"),
        ("طلبت الشركة مهلة، لكن ذكرت الوزارة أن العقد انتهى.", "الوزارة"),
        ("قال سامي الزين المتحدث باسم هيئة الزلازل إن الشبكة تعطلت.", "سامي الزين المتحدث باسم هيئة الزلازل"),
        ("وقال المتحدث باسم حملة الزين إن التجمع ألغي.", "المتحدث باسم حملة الزين"),
    ],
)
def test_a_speaker_ends_where_the_occasion_the_addressee_or_a_clause_begins(text: str, who: str) -> None:
    assert claimants(text) == [who]


def test_by_request_is_no_source() -> None:
    assert claimants("تنفذ الشركة خطة البناء حسب الطلب.") == [None]
