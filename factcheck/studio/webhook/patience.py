"""The HTTP protocol of the webhook receiver: uvicorn's own, with a time limit for every head and every body.

uvicorn waits for the end of a head, and for a body nobody reads any more, as long as the other side likes. So a few
hundred connections that say nothing would take every place there is.
"""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 5.0
BODY_SECONDS = 6.0
"""A second more than the receiver itself gives a body that it reads, so that its 408 comes first."""


class Impatient(H11Protocol):
    """Closes what has no complete head, or no complete body, in time; makes room for whoever comes when all is taken.

    Made by uvicorn, one for each connection.
    """

    _phase: Any = None
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A new connection: its head has to come soon, and the oldest without one goes where there is no room left."""
        super().connection_made(transport)
        if self.limit_concurrency is not None and len(self.connections) >= self.limit_concurrency:
            self._make_room()
        self._watch()

    def data_received(self, data: bytes) -> None:
        """Bytes came; they give no more time unless they end a head or a body."""
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """The end of the connection and of its timer."""
        self._cancel()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        """The answer is out; what is left of the body, or the next head, has its own time."""
        super().on_response_complete()
        self._watch()

    def _watch(self) -> None:
        phase = self.conn.their_state
        if phase is self._phase and self._timer is not None:
            return
        self._cancel()
        self._phase = phase
        seconds = {h11.IDLE: HEAD_SECONDS, h11.SEND_BODY: BODY_SECONDS}.get(phase)
        if seconds is not None and not self.transport.is_closing():
            self._timer = self.loop.call_later(seconds, self.transport.abort)

    def _cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _make_room(self) -> None:
        waiting = [one for one in self.connections if isinstance(one, Impatient) and one is not self and one.waits]
        if waiting:
            min(waiting, key=lambda one: one.closes_at).transport.abort()

    @property
    def waits(self) -> bool:
        """Whether it holds a place without asking for anything."""
        return self._phase is h11.IDLE and self._timer is not None and not self.transport.is_closing()

    @property
    def closes_at(self) -> float:
        """When its time is up, by the loop's clock."""
        return self._timer.when() if self._timer is not None else 0.0
