from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck.articles.source_chain import _Pattern, _patterns, source_chain


@pytest.mark.parametrize(
    ("text", "publisher", "names", "outlet"),
    [
        ("به گزارش روشنا به نقل از سپهر، مدیر گفت", None, ["روشنا", "سپهر"], "روشنا"),
        ("به گزارش روشنا به نقل از خبرگزاری سپهر؛ مدیر گفت", "روشنا", ["روشنا", "خبرگزاری سپهر"], "روشنا"),
        ("به گزارش الف به نقل از ب به نقل از پ به نقل از ت، او گفت", None, ["الف", "ب", "پ", "ت"], "الف"),
        ("به گزارش خبرنگار اقتصادی سپهر از تهران، قیمت", "نیم‌روز", ["نیم‌روز", "سپهر"], None),
        (
            "متن کامل که توسط روابط عمومی شرکت آب منتشر شده، به این شرح است",
            "کرانه",
            ["کرانه", "روابط عمومی شرکت آب"],
            None,
        ),
        ("به گزارش این منبع، قیمت‌ها", None, [], None),
        (
            "أفادت صحيفة الضفاف نقلاً عن وكالة السنابل، أن",
            "صحيفة الضفاف",
            ["صحيفة الضفاف", "وكالة السنابل"],
            None,
        ),
        ('في حوار أجرته صحيفة "إزفستيا" الروسية مع السفير', None, ["صحيفة إزفستيا"], None),
        ("وقال المدير، نقلا عن المركز الوطني، إن", "شبكة المرايا", ["شبكة المرايا", "المركز الوطني"], None),
        (
            "According to the Coastal Herald, citing the Health Board, nurses",
            None,
            ["Coastal Herald", "Health Board"],
            "Coastal Herald",
        ),
        ('"We spent it," she told the Harbour News Agency.', None, ["Harbour News Agency"], None),
        ("She told reporters on Tuesday. He told parliament.", "Lowland Daily", ["Lowland Daily"], None),
        ("", None, [], None),
    ],
)
def test_the_chain_is_read_in_its_order(text: str, publisher: str | None, names: list[str], outlet: str | None) -> None:
    assert source_chain(text, publisher=publisher) == (names, outlet)


def test_a_source_is_named_once_in_any_spelling() -> None:
    text = "به گزارش خبرگزاری سپهر، مدیر در گفت‌وگو با خبرگزاري سپهر گفت و به نقل از سپهر، ادامه داد"
    assert source_chain(text, publisher="سپهر").names == ["سپهر"]


def test_voices_deep_in_the_story_are_no_source_of_the_article() -> None:
    lead = "The province opened a school. " * 12
    assert source_chain(lead + "According to the Taxpayers League, it is dear.", publisher=None).names == []


@pytest.mark.parametrize(
    ("text", "outlet"),
    [
        ("پل تازه\n\nخبرگزاری نسیم جنوب: فرماندار گفت پل فردا باز می‌شود.", "نسیم جنوب"),
        ("خبرگزاری سپیدار؛ نرگس کاویانی* - رئیس مجلس با همتای خود دیدار کرد.", "سپیدار"),
        ("متن خبر است و تمام.\nمنبع: روزنامه بندر", "روزنامه بندر"),
        ("نص الخبر هنا.\nالمصدر: صحيفة المرفأ\n", "صحيفة المرفأ"),
        ("The dam was repaired.\nSource: Corran Post\n", "Corran Post"),
        ("CORRAN, May 3 (Lindow Wire) - The dam was repaired.", "Lindow Wire"),
        ("نص الخبر هنا.\nالمصدر: وكالات\n", None),
        ("وزیر به خبرگزاری گفت: پل باز شد.", None),
        ("The source: a friend of mine, says the dam was repaired.", None),
    ],
)
def test_a_source_line_names_the_outlet_and_no_list_of_names_is_needed(text: str, outlet: str | None) -> None:
    found = source_chain(text, publisher=None).outlet
    assert (found is None) if outlet is None else (found is not None and outlet in found)


def test_a_publisher_that_is_known_goes_before_a_source_line() -> None:
    chain = source_chain("نص الخبر هنا.\nالمصدر: صحيفة المرفأ\n", publisher="Corran Post")
    assert chain.names[0] == "Corran Post"


@given(st.sampled_from(_patterns()).flatmap(lambda pattern: st.tuples(st.just(pattern), st.from_regex(pattern.regex))))
@settings(max_examples=150)
def test_what_a_pattern_finds_holds_what_it_needs(found: tuple[_Pattern, str]) -> None:
    pattern, text = found
    assert any(word in text for word in pattern.needs)
