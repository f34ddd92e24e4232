"""Readers that other installed distributions add, by the ending of a file's name or by the host of an address."""

from __future__ import annotations

from collections.abc import Callable

from factcheck import plugins, web
from factcheck.articles.draft import Candidate, Draft, Origin
from factcheck.articles.sniff import SUFFIXES
from factcheck.errors import FactcheckError, Rejected, failure
from factcheck.models import Rejection

Reader = Callable[[bytes, Origin], list[Candidate]]


def reader(origin: Origin) -> Reader | None:
    """The added reader of this source; None where there is none, and for files that the program reads itself.

    Raises PluginBroken, naming the distribution, where it cannot be loaded or is no function. What it does to one
    source costs that source (UNEXPECTED, with the distribution's name).
    """
    name = _name(origin)
    found = plugins.load(plugins.READERS, name) if name else None
    if found is None:
        return None
    if not callable(found.made):
        raise plugins.broken(found.called, "is not a function of bytes and an Origin")

    def read(data: bytes, origin: Origin) -> list[Candidate]:
        try:
            drafts = [*found.made(data, origin)]
        except FactcheckError:
            raise
        except Exception as error:  # whatever another's code does with this source
            raise _failed(found.called, failure(error)) from error
        if not drafts or not all(isinstance(one, Draft | Rejection) for one in drafts):
            raise _failed(found.called, "it gave back something else than articles")
        return drafts

    return read


def _name(origin: Origin) -> str | None:
    """What an entry point for this source is called: the ending with its dot, or the host of the address."""
    if origin.url is None:
        return None if origin.suffix in SUFFIXES else origin.suffix
    parts = web.parts(origin.url)
    return None if parts is None else parts.host.removeprefix("www.")


def _failed(called: str, why: str) -> Rejected:
    return Rejected("UNEXPECTED", f"could not be read by {called}: {why}", hint="report it to those who made that")
