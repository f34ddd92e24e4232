"""Templates of pages: XML and HTML with `{{ }}`, in files beside the module that fills them (`*.j2`).

Every value that a template shows is escaped, unless it is the output of a template itself or `Whole`.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment, Template


class Whole(str):
    """A text that a template shows as it is: its maker has escaped what would be read as markup where it stands."""

    __slots__ = ()

    def __html__(self) -> str:
        """The text; what escapes values asks for it."""
        return str(self)


def template(path: str) -> Template:
    """The template of that path in the package; what it names and is not given raises UndefinedError."""
    return _environment().get_template(path)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("factcheck", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
        auto_reload=False,
    )
