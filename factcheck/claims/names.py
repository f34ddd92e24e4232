"""Names of the people and bodies that an article has mentioned: short forms resolve to the longest mention."""

from __future__ import annotations

from factcheck.claims.words import words
from factcheck.folding import fold_with_offsets


class Names:
    """The names of one article, in the order in which they came; a name is what stands in the text."""

    def __init__(self) -> None:
        self._names: list[tuple[str, tuple[str, ...]]] = []

    def add(self, name: str) -> str:
        """Registers a name as written; the longest name mentioned before that it is a short form of, or itself."""
        keys = _keys(name)
        longest = self.longest(name)
        if keys and (name, keys) not in self._names:
            self._names.append((name, keys))
        return longest

    def longest(self, name: str) -> str:
        """The longest mention that has all words of the name and ends as it does; the name itself where none has."""
        keys = _keys(name)
        fitting = [
            (full, of)
            for full, of in self._names
            if keys and len(of) > len(keys) and of[-1] == keys[-1] and set(keys) <= set(of)
        ]
        return max(fitting, key=lambda entry: len(entry[1]))[0] if fitting else name

    def __contains__(self, name: str) -> bool:
        keys = _keys(name)
        return bool(keys) and any(set(keys) <= set(of) for _, of in self._names)


def _keys(name: str) -> tuple[str, ...]:
    return tuple(word.key for word in words(fold_with_offsets(name).text))
