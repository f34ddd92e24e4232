"""What texts of a profile must be: a line that readers see, an address, the word of a rating."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from factcheck import web
from factcheck.folding import match_key
from factcheck.text import is_one_line


def _line(text: str) -> str:
    if not is_one_line(text) or (text and not match_key(text)):
        raise ValueError("is no line of letters or digits, or has a control character in it")
    return text


def _address(text: str) -> str:
    if text and ((parts := web.parts(text)) is None or parts.has_user or any(char in "^`{|}" for char in text)):
        raise ValueError("is not a web address; write it as https://desk.example")
    return text


Line = Annotated[str, AfterValidator(_line)]
Address = Annotated[str, AfterValidator(_address)]
Word = Annotated[str, Field(max_length=40), AfterValidator(_line)]
"""The word of a rating; readers of markup take a longer one for a sentence."""
