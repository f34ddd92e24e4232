"""Figures in a claim: how many of what, with their sign and bound, in digits or in words. Pure.

They are read from the claim's identity key, where signs stand as what they say and digits are of one script.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final, NamedTuple

from factcheck.matching.facts_amounts import amount_at
from factcheck.matching.facts_words import TOMANS, Words, phrase_at, phrase_before

DATE: Final = "ꙮ"
"""Stands in a key for a date that was read already; no newspaper has it."""
YEAR: Final = "year"

_MINUS, _PLUS, _ABOUT, _TO = "➖➕≈↔"
_COMPARED: Final = {"≻": "more", "≺": "less", "≥": "at_least", "≤": "at_most"}
_FORMS: Final = frozenset("%‰‱°")
_CODES: Final = frozenset({"usd", "eur", "gbp", "irr"})
_BEFORE: Final = frozenset({_MINUS, _PLUS, _ABOUT, "±", *_COMPARED})
_SPLIT = re.compile(r"^(\d+)([^\W\d_]+)$|^([\u0620-\u06ff]+?)(\d+)$")
_YEARS: Final = (range(1250, 1500), range(1900, 2100))
_YEAR_DIGITS: Final = 4
_ALIKE: Final = 4
"""Letters at the beginning of two nouns that are taken for one."""


class Figure(NamedTuple):
    """An amount: its value, or first and last of a range, what of, and whether it is a bound.

    `unit` is a name of `facts_words`, `year`, or None; `noun` the word that follows where no unit does.
    """

    value: tuple[Fraction, ...]
    unit: str | None
    noun: str
    bound: str | None

    def told(self, *, noun: bool = True) -> str:
        """The figure in words, for people; the word that follows may be no noun, and is left out without `noun`."""
        amount = " to ".join(_plain(part) for part in self.value)
        bound = f"{self.bound.replace('_', ' ')} " if self.bound else ""
        what = "" if self.unit == YEAR else (self.unit or (self.noun if noun else ""))
        return f"{bound}{amount} {what.replace('_long', 's').replace('_', ' ')}".strip()

    def same(self, other: Figure) -> bool:
        """Whether it is the same amount; a noun may be another word for the same, a unit may not."""
        return (self.value, self.unit, self.bound) == (other.value, other.unit, other.bound)

    def of_a_kind(self, other: Figure) -> bool:
        """Whether the two count the same, so that they contradict each other where they are not the same."""
        if self.unit or other.unit:
            return self.unit == other.unit
        return not (self.noun and other.noun) or self.noun[:_ALIKE] == other.noun[:_ALIKE]


class Read(NamedTuple):
    """The figures of a text, and its words that no figure took."""

    figures: tuple[Figure, ...]
    rest: list[str]


def figures_in(key: str, words: Words) -> Read:
    """The figures in an identity key."""
    tokens = [part for token in key.split() for part in _parted(token, words)]
    found: list[Figure] = []
    used: set[int] = set()
    at = 0
    while at < len(tokens):
        read = _figure(tokens, at, words)
        if read is None:
            at += 1
            continue
        figure, first, end = read
        found.append(figure)
        used |= {*range(first, end)}
        at = end
    return Read(tuple(found), [token for place, token in enumerate(tokens) if place not in used])


def _parted(token: str, words: Words) -> list[str]:
    """A number parted from the letters that stand against it: 5km, و300, وعشرون."""
    if match := _SPLIT.match(token):
        return [part for part in match.groups() if part]
    rest = token[1:]
    known = rest in words.numbers or rest in words.scales or (rest,) in words.other["half"]
    if words.attached_and and token[:1] == "و" and known:
        return ["و", rest]
    return [token]


def _figure(tokens: list[str], begin: int, words: Words) -> tuple[Figure, int, int] | None:
    """The figure that begins at a token with its signs, from where and up to where it reaches."""
    signs = _signs(tokens, begin, words)
    at = signs.end
    read = amount_at(tokens, at, words, money=signs.currency is not None)
    if read is None:
        return None
    value, end = read
    amounts: tuple[Fraction, ...] = (value,)
    if (to := _up_to(tokens, begin, end, words)) is not None:
        amounts, end = (value, to[0]), to[1]
    unit, noun, after = _unit(tokens, end, words, signs.currency)
    alone = end == at + 1 and begin == at
    if alone and unit is None and (tokens[at],) in words.other["doubtful"]:
        return None
    if alone and unit is None and _is_year(tokens[at]):
        unit, noun = YEAR, ""
    below = phrase_at(dict.fromkeys(words.other["below_zero"], ""), tokens, after)
    factor = (-1 if signs.minus or below else 1) * (TOMANS if unit == "IRT" else 1)
    amounts = tuple(factor * part for part in amounts)
    bound, first = phrase_before(words.bounds, tokens, begin) or (signs.bound, begin)
    return Figure(amounts, "IRR" if unit == "IRT" else unit, noun, bound), first, below[1] if below else after


def _up_to(tokens: list[str], begin: int, end: int, words: Words) -> tuple[Fraction, int] | None:
    """The end of the range that a number begins, and where it ends: 5-7, 5 to 7, 5% to 7%, between 5 and 7.

    Two units are no range: exports rose by 12 percent to 3 billion dollars.
    """
    unit = phrase_at(words.units, tokens, end)
    for at in (end, *([unit[1]] if unit else [])):
        token = tuple(tokens[at : at + 1])
        between = token in words.other["and"] and tuple(tokens[begin - 1 : begin]) in words.other["between"]
        if token == (_TO,) or token in words.other["to"] or between:
            currency = at + 1 < len(tokens) and not tokens[at + 1][0].isalnum() and (tokens[at + 1],) in words.units
            found = amount_at(tokens, at + 1 + currency, words, money=currency)
            if found is None or unit is None or at == end:
                return found
            after = (words.units[tokens[at + 1],],) if currency else phrase_at(words.units, tokens, found[1])
            return found if after is None or after[0] == unit[0] else None
    return None


class _Signs(NamedTuple):
    """The signs before a number, and where they end."""

    minus: bool
    bound: str | None
    currency: str | None
    end: int


def _signs(tokens: list[str], at: int, words: Words) -> _Signs:
    minus, bound, currency = False, None, None
    while at < len(tokens):
        token = tokens[at]
        if token in _BEFORE:
            minus |= token == _MINUS
            bound = _COMPARED.get(token, bound)
        elif (token,) in words.other["minus"]:
            minus = True
        elif (token in _CODES or not (token[0].isalnum() or token in _FORMS)) and (token,) in words.units:
            currency = words.units[token,]
        else:
            break
        at += 1
    return _Signs(minus, bound, currency, at)


def _unit(tokens: list[str], at: int, words: Words, currency: str | None) -> tuple[str | None, str, int]:
    """The unit after a number, or the noun, and where it ends; a noun is left to whoever reads on."""
    found = phrase_at(words.units, tokens, at)
    if currency is not None:
        return currency, "", found[1] if found and found[0] == currency else at
    if found is not None:
        return found[0], "", found[1]
    noun = tokens[at] if at < len(tokens) and tokens[at][0].isalpha() and tokens[at] != DATE else ""
    return None, noun, at


def _is_year(token: str) -> bool:
    return token.isdecimal() and len(token) == _YEAR_DIGITS and any(int(token) in years for years in _YEARS)


def _plain(value: Fraction) -> str:
    if value.denominator == 1:
        return f"{value.numerator:,}"
    decimal = float(value)
    return f"{decimal:,.10g}" if Fraction(f"{decimal:.10g}") == value else f"{value.numerator}/{value.denominator}"
