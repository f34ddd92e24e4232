"""Numbers in a claim's key, in digits, in words and in both: 2.5 million, بیست و پنج, خمسة وعشرون. Pure."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from factcheck.matching.facts_words import Words, phrase_at

_SHORT: Final = {"m": "million", "b": "billion", "k": "thousand"}
_FEW: Final = 10
_HUNDRED: Final = 100
_HALF: Final = Fraction(1, 2)


def amount_at(tokens: list[str], at: int, words: Words, *, money: bool) -> tuple[Fraction, int] | None:
    """The number that begins at a token, and where it ends; None where none does. With `money` m is a million."""
    amount = _Amount(tokens, words, money=money)
    end = at
    while end < len(tokens):
        joined = amount.started and (tokens[end],) in words.other["and"]
        here = end + joined
        if here >= len(tokens):
            break
        after = next((to for step in _STEPS if (to := step(amount, here, joined)) is not None), None)
        if after is None:
            break
        end = after
    return (amount.value, end) if amount.started else None


class _Amount:
    """A number as it is read: what is multiplied already, what the next scale multiplies, the last scale."""

    def __init__(self, tokens: list[str], words: Words, *, money: bool) -> None:
        self.tokens, self.words, self.money = tokens, words, money
        self.total = Fraction(0)
        self.part: Fraction | None = None
        self.scale: int | None = None

    @property
    def started(self) -> bool:
        return self.part is not None or self.scale is not None

    @property
    def value(self) -> Fraction:
        if self.part == _HALF and self.scale is not None:
            return self.total + self.part * self.scale  # a million and a half
        return self.total + (self.part or 0)

    def token(self, at: int) -> str:
        return self.tokens[at] if at < len(self.tokens) else ""

    def scale_at(self, at: int) -> int | None:
        token = self.token(at)
        return self.words.scales.get(_SHORT.get(token, token) if self.money else token)

    def is_other(self, name: str, at: int) -> bool:
        return (self.token(at),) in self.words.other[name]

    def add(self, value: Fraction) -> None:
        self.part = (self.part or Fraction(0)) + value


def _digits(amount: _Amount, at: int, joined: bool) -> int | None:
    if not amount.token(at).isdecimal():
        return None
    value, end = _in_digits(amount.tokens, at, amount.words)
    goes_on = joined and amount.part is None and amount.scale is not None and value < amount.scale
    if amount.started and not goes_on:
        return None
    amount.add(value)
    return end


def _half(amount: _Amount, at: int, joined: bool) -> int | None:
    """Half a million; one and a half million; a million and a half."""
    first = at + (joined and amount.is_other("a", at))
    if not amount.is_other("half", first):
        return None
    if amount.started:
        if not joined:
            return None
        amount.add(_HALF)
        return first + 1
    after = first + 1 + amount.is_other("a", first + 1)
    if amount.scale_at(after) is None:
        return None
    amount.add(_HALF)
    return after


def _one(amount: _Amount, at: int, _joined: bool) -> int | None:
    """The article of a million."""
    if amount.started or not amount.is_other("a", at) or amount.scale_at(at + 1) is None:
        return None
    amount.add(Fraction(1))
    return at + 1


def _word(amount: _Amount, at: int, joined: bool) -> int | None:
    value = amount.words.numbers.get(amount.token(at))
    if value is None or not _adds(amount.part, amount.scale, value, joined=joined, arabic=amount.words.attached_and):
        return None
    amount.add(Fraction(value))
    return at + 1


def _scaled(amount: _Amount, at: int, joined: bool) -> int | None:
    by = amount.scale_at(at)
    if by is None or (joined and amount.part is not None and not amount.words.attached_and):
        return None
    if by == _HUNDRED and (amount.part or 0) < _FEW:
        amount.part = (amount.part or 1) * Fraction(by)
    elif amount.part is None and amount.scale is not None and not joined:
        amount.total *= by  # a thousand billion
        amount.scale *= by
    else:
        amount.total += (1 if amount.part is None else amount.part) * by
        amount.part, amount.scale = None, by
    return at + 1


_STEPS: Final = (_digits, _half, _one, _word, _scaled)


def _adds(part: Fraction | None, scale: int | None, value: int, *, joined: bool, arabic: bool) -> bool:
    """Whether a number word goes on with the number before it: twenty five, بیست و پنج, خمسة وعشرون, خمسة عشر."""
    if part is None:
        return scale is None or (value < scale and (joined or not arabic))
    if part.denominator != 1:
        return False
    whole = int(part)
    if arabic:
        if not joined:
            return value == _FEW and 0 < whole < _FEW
        return (0 < whole % _HUNDRED < _FEW < value < _HUNDRED) or (whole % _HUNDRED == 0 and value < _HUNDRED)
    smaller = whole % _HUNDRED == 0 and value < _HUNDRED
    smaller |= whole % _FEW == 0 and whole % _HUNDRED != _FEW and value < _FEW
    return smaller and whole > 0


def _in_digits(tokens: list[str], at: int, words: Words) -> tuple[Fraction, int]:
    """The number in digits at a token, with its decimals, as a fraction or raised, and where it ends."""
    value, end = Fraction(tokens[at]), at + 1
    more = tokens[end + 1] if end + 1 < len(tokens) and tokens[end + 1].isdecimal() else None
    if more is None:
        return value, end
    match tokens[end]:
        case "٫":
            return Fraction(f"{tokens[at]}.{more}"), end + 2
        case "⌃" if len(more) <= 2:  # noqa: PLR2004 - larger powers are no figures of news
            return value ** int(more), end + 2
        case "∕" if int(more):
            after = end + 2
            measured = phrase_at(words.units, tokens, after) or "".join(tokens[after : after + 1]) in words.scales
            # Persian writes 2/5 for 2.5 where a unit or a scale follows.
            decimal = bool(words.denied) and measured
            return (Fraction(f"{tokens[at]}.{more}") if decimal else value / int(more)), after
    return value, end
