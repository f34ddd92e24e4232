"""A list of web addresses, one on a line: blank lines and comments (`#`) are passed over."""

from __future__ import annotations

import re

from factcheck import web
from factcheck.text import bare

_COMMENT = re.compile(r"(?:^|\s)#.*")


def addresses(text: str) -> list[str]:
    """The lines of the list that say something, as they stand, without comments and the marks around them."""
    lines = (bare(_COMMENT.sub("", line)).strip("\ufeff") for line in text.splitlines())
    return [line for line in lines if line]


def is_address_list(text: str) -> bool:
    """Whether a text is nothing but web addresses: a list that somebody meant to be followed."""
    found = addresses(text[:100_000])
    return bool(found) and all(web.is_meant_as_address(line) and len(line.split()) == 1 for line in found)
