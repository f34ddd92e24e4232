"""Code points that an extractor would delete (ZWNJ, ZWJ, direction controls) stand in as letters while it works."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable

# Letters of Linear B, then of Han Extension B: printable, unchanged by Unicode normalisation, not in newspapers.
_STAND_INS = (range(0x10000, 0x1005E), range(0x20000, 0x2A6D0))
_INNER_NBSP = re.compile(r"(?<=\S)\u00a0(?=\S)")


class Shield:
    """A reversible exchange of every code point of the texts that is neither printable nor white space.

    A no-break space between two visible characters is kept as well; anywhere else it only fills a line.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        used = {char for text in texts for char in text}
        hidden = sorted(char for char in used if not char.isprintable() and not char.isspace())
        free = (chr(code) for code in itertools.chain(*_STAND_INS) if chr(code) not in used and chr(code).isprintable())
        pairs = list(zip([*hidden, "\u00a0"], free, strict=False))
        self._put = {ord(char): stand_in for char, stand_in in pairs[:-1]}
        self._space = pairs[-1][1]
        self._back = {ord(stand_in): char for char, stand_in in pairs}

    def put(self, text: str) -> str:
        """The text with stand-ins."""
        return _INNER_NBSP.sub(self._space, text.translate(self._put))

    def back(self, text: str) -> str:
        """The text with its own code points again."""
        return text.translate(self._back)
