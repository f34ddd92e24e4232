"""factcheck: from news articles to checked claims and verdict exports.

`factcheck.open(path).verdicts(as_of="2026-11")` gives a polars LazyFrame of the verdicts as of a version, tag or date.

What `__all__` names is public. Every other module may change from one release to the next.
"""

from __future__ import annotations

__all__ = ["Dataset", "Settings", "__version__", "errors", "open"]
__version__ = "0.1.0"

TYPE_CHECKING = False  # not from typing: 10 ms in which a Ctrl-C would still be Python's
if TYPE_CHECKING:
    from factcheck import errors
    from factcheck.reading import Dataset, open  # noqa: A004 - as in gzip.open; the module is always named before it
    from factcheck.settings import Settings
else:  # a type checker would take every misspelt name for something that this function may find

    def __getattr__(name):  # noqa: ANN001, ANN202
        """The public name, loaded when it is first asked for: `import factcheck` loads no library."""
        homes = {"Dataset": "reading", "open": "reading", "Settings": "settings", "errors": "errors"}
        if name not in homes:
            raise AttributeError(f"module 'factcheck' has no attribute {name!r}")
        from importlib import import_module

        home = import_module(f"factcheck.{homes[name]}")
        found = home if name == homes[name] else getattr(home, name)
        globals()[name] = found
        return found


def __dir__() -> list[str]:
    return sorted(__all__)
