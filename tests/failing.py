"""Functions that fail on purpose at a chosen call, and the death of our own process."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest


class Killed(BaseException):
    """Our process is dead, and nothing of it runs any more: not an Exception, so that nothing on the way handles it."""


def die_at(step: int, patch: pytest.MonkeyPatch, changes: Iterable[tuple[Any, str]]) -> None:
    """The process dies before this call, from 0, of all the named functions together; so does all tidying up."""
    fails = failing(step, Killed, for_good=True)
    for owner, name in changes:
        patch.setattr(owner, name, fails(getattr(owner, name)))


def failing(number: int, error: Callable[[], BaseException], *, for_good: bool = False) -> Callable[[Any], Any]:
    """What makes functions fail at their call of that number, from 0, counted together; `for_good` from then on."""
    calls = -1

    def fails(real: Any) -> Any:
        def call(*arguments: Any, **named: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls == number or (for_good and calls > number):
                raise error()
            return real(*arguments, **named)

        return call

    return fails
