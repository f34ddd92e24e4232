"""docs/exit-codes.md: with which exit codes and error codes each command may end."""

from __future__ import annotations

import functools
from collections.abc import Iterable

from tests.docs import reach

SHARED = ("OS", "ERROR", "USAGE", "CONFIG", "INSTALL", "INTERRUPTED")
"""With these every command may end: what they come from stands before its own work."""
LINT = 10
_HEAD = """\
# Exit codes by command

Made from the program's source by `make generate`; do not edit. Listed is what the code behind a command can end it
with, so a code may stand here that no input brings about. What each code means is in [error codes](codes.md), what to
do about it in [questions](faq.md), and how exit codes hang together in [errors](errors.md).

Every command may end with 0 (done), 1 (`OS`, or `ERROR`: a bug in factcheck), 2 (`USAGE`), 4 (`CONFIG`, `INSTALL`), 130
or 143 (`INTERRUPTED`) and 141 (whoever read the output has closed it). `run` and `demo` end with what one of their
steps ends with.

| command | beside these |
| --- | --- |
"""


def page() -> str:
    """The page, from the source."""
    return _HEAD + "".join(f"| `{name}` | {_row(name, codes)} |\n" for name, codes in found().items())


@functools.cache
def found() -> dict[str, frozenset[str]]:
    """The codes of each command, by its name as it is typed."""
    return {name: frozenset(reach.codes(function)) for name, function in sorted(reach.commands().items())}


def _row(name: str, codes: Iterable[str]) -> str:
    by_exit: dict[int, list[str]] = {}
    for code in sorted({*codes} - {*SHARED}):
        by_exit.setdefault(exit_code(code), []).append(code)
    told = [f"{number} {', '.join(f'`{code}`' for code in by_exit[number])}" for number in sorted(by_exit)]
    return "; ".join(
        [*told, *([f"{LINT} markup with an error, or with `--strict` a warning"] if name == "lint" else [])]
    )


def exit_code(code: str) -> int:
    """The exit code of an error's code."""
    return reach.kinds()[code].exit_code
