"""How far a long run is, in words; who shows it, where and how often, is the command line's."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

Progress = Callable[[int, int], None]
"""Told how many of how many are done; 0 of them where nobody knows how many there will be."""

Working = Callable[[str], AbstractContextManager[Progress]]
"""A context for work of that name, in which a person sees how far it is."""


def silent(_done: int, _of: int) -> None:
    """The progress that nobody is told of."""


def in_words(name: str, done: int, of: int, seconds: float) -> str:
    """How far the work is after so many seconds; the time that is left goes by the pace so far."""
    if not done and not of:
        return f"{name}: working, {duration(seconds)}"
    if not of:
        return f"{name}: {done:,} so far, {duration(seconds)}"
    left = f", about {duration(seconds / done * (of - done))} left" if 0 < done < of else ""
    return f"{name}: {done:,} of {of:,}{left}"


def duration(seconds: float) -> str:
    """The seconds as a person says them."""
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"  # noqa: PLR2004 - seconds a person reads
