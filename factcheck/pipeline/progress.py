"""How far a long run is, told now and then, with an estimate of what is left."""

from __future__ import annotations

import time
from collections.abc import Callable

_EVERY = 2.0


def progress(
    name: str, say: Callable[[str], None], *, clock: Callable[[], float] = time.monotonic
) -> Callable[[int, int], None]:
    """What a run calls with how many steps of how many are done.

    Told to `say` at the end and every other second before it; the time that is left goes by the pace so far.
    """
    began = told = clock()

    def advance(done: int, of: int) -> None:
        nonlocal told
        now = clock()
        if done < of and now - told < _EVERY:
            return
        told = now
        left = (now - began) / done * (of - done) if done else 0.0
        say(f"{name}: {done:,} of {of:,}" + (f", about {_duration(left)} left" if done < of and done else ""))

    return advance


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"  # noqa: PLR2004 - seconds a person reads
