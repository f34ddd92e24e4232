"""Names of the people and bodies that an article has mentioned: short forms resolve to the longest mention."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from factcheck.claims.words import words
from factcheck.folding import fold_with_offsets

_FAR = 120
_MOST_WORDS = 5
_LAST_WORD = re.compile(r"([^\W\d_](?:[\w'’\-]|\.(?=\w))*\.?) $")
_OPENS_AFTER = '.!?…\n"“”«»:;()'
_COMMAS = re.compile("[,،]")
_ARTICLES = frozenset({"the", "a", "an"})


class Names:
    """The names of one article, in the order in which they came; a name is what stands in the text."""

    def __init__(self, apart: frozenset[str] = frozenset()) -> None:
        """`apart` are words behind a name that make somebody else of it: "کے" in "واٹرز کے ترجمان"."""
        self._apart = apart
        self._names: dict[tuple[str, ...], str] = {}

    def add(self, name: str) -> str:
        """Registers a name as written; the longest name mentioned before that it is a short form of, or itself."""
        keys = _keys(name)
        if not keys:
            return name
        longest = self.longest(name)
        self._names.setdefault(keys, name)
        for part in _COMMAS.split(name):  # "Ann Lee, the finance minister": either side names her
            if len(of_part := _keys(part)) > 1:
                self._names.setdefault(of_part, name)
        return longest

    def longest(self, name: str) -> str:
        """The longest mention that begins or ends with all words of the name; the name itself where none does.

        Nor where it could be short for two of whom neither is a short form of the other: then nobody can say.
        """
        keys = _keys(name)
        fitting = sorted(
            (of for of in self._names if len(of) > len(keys) > 0 and self._is_short_for(keys, of)), key=len
        )
        if not fitting:
            with_apposition = self._names.get(keys, name)
            return with_apposition if _COMMAS.search(with_apposition) else name
        *others, longest = fitting
        return self._names[longest] if all({*one} <= {*longest} for one in others) else name

    def __contains__(self, name: str) -> bool:
        keys = {*_keys(name)}
        return bool(keys) and any(keys <= {*of} for of in self._names)

    def _is_short_for(self, keys: tuple[str, ...], of: tuple[str, ...]) -> bool:
        opens = of[: len(keys)] == keys and of[len(keys)] not in self._apart
        return opens or of[-len(keys) :] == keys


def mentioned(short: str, before: str, is_ordinary: Callable[[str], bool]) -> str | None:
    """The longest name of words with capitals that ends in the one word `short` in the text before; None for none.

    `is_ordinary` says that a word, in lower case, is one that a sentence may open with: it is no part of the name then.
    For scripts that have capitals.
    """
    if not short[:1].isupper() or " " in short:
        return None
    found = ""
    for match in re.finditer(rf"(?<!\w){re.escape(short)}(?!\w)", before):
        words = _capitals_before(before[max(0, match.start() - _FAR) : match.start()], is_ordinary)
        if words:
            found = max(found, f"{' '.join(words)} {short}", key=len)
    return found or None


def _capitals_before(text: str, is_ordinary: Callable[[str], bool]) -> list[str]:
    """The words with capitals that `text` ends in, in order."""
    words: list[str] = []
    while len(words) < _MOST_WORDS and (match := _LAST_WORD.search(text)) and match[1][0].isupper():
        text = text[: match.start(1)]
        if not text.rstrip() or text.rstrip()[-1] in _OPENS_AFTER:
            return words if is_ordinary(match[1].lower()) else [match[1], *words]
        words.insert(0, match[1])
    return words


@lru_cache(maxsize=4096)
def _keys(name: str) -> tuple[str, ...]:
    """The words of a name, without signs and the article before it."""
    keys = [word.key for word in words(fold_with_offsets(name).text) if word.key[0].isalnum()]
    return tuple(keys[1:] if len(keys) > 1 and keys[0] in _ARTICLES else keys)
