"""Names of the people and bodies that an article has mentioned: short forms resolve to the longest mention."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from factcheck.claims.words import words
from factcheck.folding import fold_with_offsets

_FAR = 120
_READ = 50_000
"""Code points of an article in which a name is looked for: it is introduced at the beginning."""
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
        self._shared: set[tuple[str, ...]] = set()
        """What stands beside the names of two, as a role in both their appositions."""

    def add(self, name: str) -> str:
        """Registers a name as written; the longest name mentioned before that it is a short form of, or itself."""
        keys = _keys(name)
        if not keys:
            return name
        longest = self.longest(name)
        self._names.setdefault(keys, name)
        for part in _COMMAS.split(name):  # "Ann Lee, the finance minister": either side names her
            if len(of_part := _keys(part)) > 1 and of_part != keys:
                known = self._names.setdefault(of_part, name)
                if _COMMAS.search(known) and _keys(known) != keys:
                    self._shared.add(of_part)  # and a second minister: nobody can say who is meant
        return longest

    def longest(self, name: str) -> str:
        """The longest mention that begins or ends with all words of the name; the name itself where none does.

        Nor where it could be short for two of whom neither is a short form of the other: then nobody can say.
        """
        keys = _keys(name)
        fitting = sorted(
            (of for of in self._names if len(of) > len(keys) > 0 and self._is_short_for(keys, of)), key=len
        )
        if not fitting and keys in self._shared:
            return name
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


class Mentions:
    """Names of words with capitals in a text, for scripts that have them: of people too who have not spoken yet.

    `is_ordinary` says that a word, in lower case, is one that a sentence may open with: it is no part of a name then.
    """

    def __init__(self, text: str, is_ordinary: Callable[[str], bool]) -> None:
        self._text, self._is_ordinary = text[:_READ], is_ordinary
        self._seen: dict[str, tuple[int, set[tuple[str, ...]]]] = {}

    def longest(self, short: str, end: int) -> str | None:
        """The longest name before `end` (code points) that ends in the one word `short`; None where there is none.

        Nor where two could be meant of whom neither is a longer form of the other.
        """
        if not short[:1].isupper() or " " in short:
            return None
        read, found = self._seen.get(short, (0, set()))
        for match in re.finditer(rf"(?<!\w){re.escape(short)}(?!\w)", self._text[read:end]):
            at = read + match.start()
            found.add(tuple(_capitals_before(self._text[max(0, at - _FAR) : at], self._is_ordinary)))
        self._seen[short] = (max(read, end), found)
        longest = max(sorted(found), key=len, default=())
        if not longest or not all({*one} <= {*longest} for one in found):
            return None
        return " ".join([*longest, short])


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
