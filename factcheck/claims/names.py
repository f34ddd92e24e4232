"""Names of the people and bodies that an article has mentioned: short forms resolve to the longest mention."""

from __future__ import annotations

from functools import lru_cache

from factcheck.claims.words import words
from factcheck.folding import fold_with_offsets

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
            return name
        *others, longest = fitting
        return self._names[longest] if all({*one} <= {*longest} for one in others) else name

    def __contains__(self, name: str) -> bool:
        keys = {*_keys(name)}
        return bool(keys) and any(keys <= {*of} for of in self._names)

    def _is_short_for(self, keys: tuple[str, ...], of: tuple[str, ...]) -> bool:
        opens = of[: len(keys)] == keys and of[len(keys)] not in self._apart
        return opens or of[-len(keys) :] == keys


@lru_cache(maxsize=4096)
def _keys(name: str) -> tuple[str, ...]:
    """The words of a name, without signs and the article before it."""
    keys = [word.key for word in words(fold_with_offsets(name).text) if word.key[0].isalnum()]
    return tuple(keys[1:] if len(keys) > 1 and keys[0] in _ARTICLES else keys)
