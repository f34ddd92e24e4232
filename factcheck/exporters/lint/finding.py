"""What the rules find, and where in a document it stands (JSONPath, RFC 9535)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Literal, NamedTuple

from factcheck.exporters.lint.rule import Rule, rules
from factcheck.text import ZWNJ, storable

Path = tuple[str | int, ...]
Kind = Literal["markup", "answer"]

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SHOWN = 60


class Review(NamedTuple):
    """One review to be judged: where in its document it stands, and what is known of that place.

    `context` is what `@context` says there, at `context_path`: its own or that of what it stands in. `feed` is whether
    it stands in a DataFeed as it should (None outside of one). `converted` means that the node is not what the document
    has there (microdata), `liftable` that the graph around it has nothing beside it but a context. An `answer` is one
    review of a claim in Google's Claim Search, with that claim beside it.
    """

    path: Path
    node: dict[str, Any]
    kind: Kind = "markup"
    context: Any = None
    context_path: Path = ()
    converted: bool = False
    in_graph: bool = False
    liftable: bool = False
    feed: bool | None = None


class Finding(NamedTuple):
    """One broken rule: its id, where, what was seen there, and whether `mended` mends it."""

    id: str
    path: Path
    seen: str = ""
    fixable: bool = False

    @property
    def rule(self) -> Rule:
        """The rule that is broken."""
        return rules()[self.id]

    @property
    def message(self) -> str:
        """What is wrong, with what was seen, as one line."""
        return f"{self.rule.what}{': ' if self.seen else ''}{self.seen}"


def json_path(path: Iterable[str | int]) -> str:
    """The path as JSONPath: `$.itemReviewed.author`, `$['@graph'][0]`."""
    return "$" + "".join(_step(step) for step in path)


def shown(value: Any) -> str:
    """A value for a message: a short text or number as it is, of anything else its kind; never long, always storable.

    Not `repr`: a published value may be nested deeper than Python goes.
    """
    if isinstance(value, str):
        cut = value if len(value) <= _SHOWN else f"{value[:_SHOWN]}…"
        # `repr` shows what nobody sees, such as NBSP; the joiner of Persian is a letter, and stays one.
        return f"'{ZWNJ.join(repr(part)[1:-1] for part in storable(cut).split(ZWNJ))}'"
    if value is None or isinstance(value, bool | float):
        return str(value)
    if isinstance(value, int):
        return str(value) if abs(value) < 10**_SHOWN else "a number of many digits"
    return "a list" if isinstance(value, list) else "an object"


def _step(step: str | int) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    if _PLAIN.fullmatch(step):
        return f".{step}"
    escaped = storable(step).replace("\\", "\\\\").replace("'", "\\'")
    return f"['{escaped}']"
