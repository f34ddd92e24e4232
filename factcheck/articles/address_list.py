"""A list of web addresses, one on a line: blank lines and comments (`#`) are passed over."""

from __future__ import annotations

import re

from factcheck import web
from factcheck.articles.decode import decode
from factcheck.text import bare

_COMMENT = re.compile(r"(?:^|\s)#.*")


def listed_addresses(data: bytes) -> list[str]:
    """The lines of a list that say something, as they stand, without comments; raises Rejected for what is no text."""
    return _said(decode(data).text)


def _said(text: str) -> list[str]:
    lines = (bare(_COMMENT.sub("", line)).strip("\ufeff") for line in text.splitlines())
    return [line for line in lines if line]


def is_address_list(text: str) -> bool:
    """Whether a text is nothing but web addresses: a list that somebody meant to be followed."""
    found = _said(text[:100_000])
    return bool(found) and all(web.is_meant_as_address(line) and len(line.split()) == 1 for line in found)
