"""Whether two quotes are one claim: the fold that keeps the signs which change what is said.

Signs are read where they stand: a hyphen is a minus before a number, joins two numbers, or is punctuation. What is read
is written with a character that newspapers do not use, so that a key read again says the same.
"""

from __future__ import annotations

import re
import unicodedata

from factcheck.folding.letters import fold_characters

_MINUS, _PLUS, _TO, _OVER, _RATIO, _POINT, _COMMA = "➖➕↔∕∶٫⸴"
_RAISED, _LOWERED, _SHARP, _LESS, _MORE, _EQUAL = "⌃⌄♯≺≻≡"
_CURRENCY = "$¢-¥֏؋߾߿৲৳৻૱௹฿៛\u20a0-\u20cf\ua838\U00011fdd-\U00011fe0\U0001e2ff\U0001ecb0"
_KEPT = "➖➕↔∕∶٫⸴⌃⌄♯≺≻≡±∓%‰‱°≤≥≠≈×÷√∞↑↓✓✗" + _CURRENCY
_GAP = "\x1f"
"""Stands around a fraction that was one character: white space to every rule, and no space to those that ask."""
_THIN = "\x1e"
"""A thin space, which sets thousands apart and is else a space."""


def _before() -> dict[int, str]:
    """What NFKC would flatten, or writes in several ways, by code point."""
    table = dict.fromkeys("\u2007\u2009\u202f", _THIN) | {"٪": "%", "؉": "‰", "؊": "‱", "⁄": _OVER, "˗": "-", "〜": "~"}
    for one, others in {
        "°": "º˚",
        "≤": "⩽≦",
        "≥": "⩾≧",
        "×": "✕✖",
        "↑": "⬆▲△🔺",
        "↓": "⬇▼▽🔻",
        "✓": "✔☑✅",
        "✗": "✘❌☒",
    }.items():
        table |= dict.fromkeys(others, one)
    for char in "⁰¹²³⁴⁵⁶⁷⁸⁹ⁱⁿ⁺⁻₀₁₂₃₄₅₆₇₈₉₊₋":
        kind, code = unicodedata.decomposition(char).split()
        plain = {"+": _PLUS, "−": _MINUS}.get(found := chr(int(code, 16)), found)
        table[char] = (_RAISED if kind == "<super>" else _LOWERED) + plain
    for char in "¼½¾⅐⅑⅒⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞⅟↉":
        table[char] = _GAP + unicodedata.normalize("NFKC", char).replace("⁄", _OVER) + (_GAP if char != "⅟" else "")
    return str.maketrans(table)


_BEFORE = _before()

_DASH = r"\-‐‒–−"
_LONG = "—―~"
_JOINED = _DASH + _LONG
_NUMBER = rf"(?:[{_CURRENCY}]\s?)?[{_GAP}.]?\d"
"""What begins a number."""
_OF_NUMBER = rf"\d%‰°{_CURRENCY}"
"""What a number ends with."""

# Each pattern begins with the character it is about, which lets a search skip everything else; what stands before it
# is looked at from there. That is several times as fast as looking back from every place of the text.
_WORD = re.compile(r"\w")
_ARABIC = re.compile("[\u0620-\u064a\u066e-\u06d3\u06fa-\u06ff\u0750-\u077f\u08a0-\u08c9\u05d0-\u05ea]")

_GROUPS = re.compile(rf"[,،٬'’{_THIN}]\d{{3}}")
_THOUSANDS = re.compile(rf"(?<![\d.,٫])([1-9]\d{{0,2}})(([,،٬'’{_THIN}])\d{{3}}(?:\3\d{{3}})*)(?!\d|\3\d)")
_MIDDLE_OF_DATE = re.compile(r"[-/.–]\d{1,2}[-/.–]\d")
_DATE = re.compile(r"(?<!\d)(?:(\d{4})([-/.–])(\d{1,2})\2(\d{1,2})|(\d{1,2})([-/.–])(\d{1,2})\6(\d{4}))(?!\d)")
_IN_NUMBERS = (
    (re.compile(r"\.(?<=\d\.)(?=\d)"), _POINT),
    (re.compile(r"\.(?<![\w.]\.)(?=\d)"), "0" + _POINT),
    (re.compile(r"[,،٬](?<=\d.)(?=\d)"), _COMMA),
    (re.compile(r":(?<=\d:)(?=\d)"), _RATIO),
)
_JOINS = (
    (re.compile(r"(?<=\d)\s?/\s?(?=\d)"), _OVER),
    (re.compile(r"(?<=\d)\s?\*\s?(?=\d)"), "×"),
    (re.compile(rf"\+\s?/?\s?[{_DASH}](?=\s?{_NUMBER})"), "±"),
    (re.compile(rf"\^(?<=[^\W_].)(?=[{_DASH}+]?\d)"), _RAISED),
)

_COMPARED = ((re.compile("<=|=<"), "≤"), (re.compile(">="), "≥"), (re.compile("!=|<>"), "≠"))
_COMPARISON = re.compile("[<>=](?<![<>=].)(?![<>=])")
_LIKE = {"<": _LESS, ">": _MORE, "=": _EQUAL}
_AFTER = re.compile(rf"\s?[+±~≈{_DASH}]?{_NUMBER}")

_RANGE = re.compile(rf"(?<=[{_OF_NUMBER}])(\s*)[{_JOINED}](\s*)(?=[-+−]?{_NUMBER})")
_MINUSES = (
    (re.compile(rf"[{_DASH}](?<![\w%‰°)\]»\"'”’{_JOINED}].)(?={_NUMBER})"), _MINUS),
    # Glued to a word it is a hyphen (Covid-19), but for the sign that nobody takes for one, and before a per cent.
    (re.compile(rf"−(?<=[^\W\d_].)(?={_NUMBER})"), _MINUS),
    (re.compile(rf"[{_DASH}](?<=[^\W\d_].)(?={_NUMBER}[\d{_POINT}{_OVER}{_COMMA}]*\s?[%‰°])"), _MINUS),
)
_TRAILING = re.compile(
    rf"(?<![\w{_MINUS}])(\d[\d{_POINT}{_OVER}{_COMMA}]*(?:\s?[%‰°])?)[-−](?=[\s%‰°{_CURRENCY}،,.؛:!?؟)»]|$)"
)
_AFTER_DIGITS = re.compile(r"[-−](?<=[\d%‰°].)(?=\D|$)")
_PLUSES = re.compile(rf"\+(?<=[^\W_].)\+*|\++(?={_NUMBER})|\+(?<=\d\s.)(?=\s\d)")
_GLUED = (
    (re.compile(rf"[~∼≃≅≈]\s?(?={_NUMBER})"), "≈"),
    (re.compile(r"#(?<=[a-z].)(?!\w)"), _SHARP),
    (re.compile(r"_(?<=[^\W_].)(?=\d)"), _LOWERED),
    (re.compile(rf"[{_RAISED}{_LOWERED}](?<=[{_RAISED}{_LOWERED}][\d{_PLUS}{_MINUS}].)(?=[\d{_PLUS}{_MINUS}])"), ""),
)

_FLAT = re.compile("[" + "".join(map(chr, _BEFORE)) + "]")
_AT_NUMBER = re.compile(rf"[{_JOINED}.,،٬:/'’{_THIN}][\s+.{_CURRENCY}{_DASH}]*\d")
"""All that the rules about signs before and inside numbers begin with."""
_RARE = re.compile(rf"[+*/<>=~∼≃≅≈^_#{_RAISED}{_LOWERED}]")
_TO_READ = re.compile(rf"\d|[+*/<>=~∼≃≅≈^_#{_RAISED}{_LOWERED}]")
_BEFORE_NUMBER = re.compile(rf"[{_JOINED}]\s*[-+−]?{_NUMBER}")
_TOKEN = re.compile(rf"[^\W_]+|[{_KEPT}]")

# In a finished key: a per cent that was typed before its number, a currency that was typed after it.
_PARTS = rf"\d+(?: [{_POINT}{_OVER}{_COMMA}] \d+)*"
_SHARE = re.compile(rf"([%‰‱])(?<!\d .) ((?:[{_MINUS}{_PLUS}±≈] )?{_PARTS})(?!\S)(?! [{_POINT}{_OVER}{_COMMA}%‰‱])")
_PRICE = re.compile(
    rf"(?<![{_CURRENCY}{_POINT}{_OVER}{_COMMA}\d] )(?<!\S)({_PARTS}) ([{_CURRENCY}])(?! [{_MINUS}{_PLUS}\d])"
)
_PER = re.compile("[%‰‱]")
_PAID = re.compile(f"[{_CURRENCY}](?<=\\d .)")


def identity_key(text: str) -> str:
    """The text folded for the identity of a claim: equal where two quotes say the same, word for word.

    As `match_key`, but signs that change what is said stay, each in one form: minus, plus and ± of a number, currency,
    per cent and per mille, comparison, raised and lowered digits, degrees, what joins two numbers (10-15, 10/15, 10:15,
    10.5), C++ and C#. Thousands that are set apart (1,200 and ۱٬۲۰۰) read as 1200. In doubt two quotes stay apart: a
    claim that is checked twice costs an hour, a verdict on the wrong claim is a false one. Equal keys have an equal
    `match_key` but for thousands, fractions and raised digits that are written in two ways. The rules are in
    docs/decisions/0012.
    """
    folded = fold_characters(text.translate(_BEFORE) if _FLAT.search(text) else text)
    key = " ".join(_TOKEN.findall(_read(folded)))
    if _PER.search(key):
        key = _SHARE.sub(r"\2 \1", key)
    return _PRICE.sub(r"\2 \1", key) if _PAID.search(key) else key


def _read(text: str) -> str:
    """The text with its signs written as what they say."""
    if not _TO_READ.search(text):
        return text
    at_number = _AT_NUMBER.search(text)
    if at_number:
        if _MIDDLE_OF_DATE.search(text):
            text = _DATE.sub(lambda at: _OVER.join(at.group(1, 3, 4) if at[1] else at.group(5, 7, 8)), text)
        if _GROUPS.search(text):
            text = _THOUSANDS.sub(lambda at: at[1] + at[2].replace(at[3], ""), text)
        text = _replaced(text, _IN_NUMBERS)
    if rare := _RARE.search(text):
        text = _replaced(text, _JOINS)
        text = _COMPARISON.sub(_compared, _replaced(text, _COMPARED))
    if at_number and _BEFORE_NUMBER.search(text):
        text = _replaced(_RANGE.sub(_range, text), _MINUSES)
    if _AFTER_DIGITS.search(text) and _ARABIC.search(text):
        text = _TRAILING.sub(_trailing, text)
    if rare:
        text = _PLUSES.sub(lambda at: _PLUS * len(at[0]), _replaced(text, _GLUED))
    return text


def _replaced(text: str, rules: tuple[tuple[re.Pattern[str], str], ...]) -> str:
    for pattern, sign in rules:
        text = pattern.sub(sign, text)
    return text


def _compared(at: re.Match[str]) -> str:
    """The comparison, or a space for half of a quotation mark: `<word>`."""
    left, right = at.string[: at.start()][-2:], at.string[at.end() :][:6]
    between = left[-1:].isspace() and right[:1].isspace()
    glued = left[-1:].isalnum() and right[:1].isalnum()
    number = _AFTER.match(right) or re.search(r"[\d%‰°]\s?$", left)
    return _LIKE[at[0]] if between or glued or number else " "


def _range(at: re.Match[str]) -> str:
    """What joins two numbers; the dash as it is where only the second touches it, whose sign it then is: 10 -5."""
    before, after = (gap.replace(_GAP, "") for gap in at.groups())
    return at[0] if before and not after else _TO


def _trailing(at: re.Match[str]) -> str:
    """A minus typed after the digits, as a line that runs from right to left shows it before them.

    What opens the text may as well be the number of an item in a list: that stays apart from both.
    """
    return (_MINUS + at[1]) if _WORD.search(at.string, 0, at.start()) else at[1] + _MINUS
