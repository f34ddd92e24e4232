"""The webhook receiver: an ASGI application that believes nothing but that something changed.

Label Studio calls once, waits a second inside the checker's own request, never tries again and signs nothing. So the
answer must be quick, whoever does not know the secret is turned away before anything is read, and what a call says
is only a hint that wakes a pull. A call that is acknowledged is on disk (`inbox.py`); what cannot be kept is refused.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import re
from collections.abc import Awaitable, Callable, Collection, Iterable, MutableMapping
from typing import Any, NamedTuple

from factcheck.errors import Rejected
from factcheck.studio.webhook.inbox import Hint, Inbox
from factcheck.studio.webhook.metrics import CONTENT_TYPE, Metrics

SECRET_HEADER = "X-Factcheck-Secret"  # noqa: S105 - the name of a header, not a secret
MAX_BODY = 1_000_000
"""Bytes; what we register sends about 40."""
MAX_WAITING = 1024
"""Calls that may wait for the disk at a time."""
BODY_SECONDS = 5.0
ACTIONS = {
    "ANNOTATION_CREATED": True,
    "ANNOTATIONS_CREATED": True,
    "ANNOTATION_UPDATED": True,
    "ANNOTATIONS_DELETED": True,
    "TASKS_DELETED": True,
    "TASKS_CREATED": False,
    "PROJECT_CREATED": False,
    "PROJECT_UPDATED": False,
    "PROJECT_DELETED": False,
    "LABEL_LINK_CREATED": False,
    "LABEL_LINK_UPDATED": False,
    "LABEL_LINK_DELETED": False,
}
"""Label Studio's webhook actions, and whether one of them can change what a pull finds."""

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
_PATH = re.compile(r"/webhook(?:/(\d{1,18}))?")


class Answer(NamedTuple):
    """What a request gets; `outcome` is its name in the metrics."""

    status: int
    outcome: str
    body: bytes = b""
    content_type: str = "text/plain; charset=utf-8"


class _Refused(Rejected):
    """One request that is put aside; raised inside `Receiver` with the status that ends it."""

    def __init__(self, status: int, outcome: str, what: str) -> None:
        super().__init__(outcome, what)
        self.status = status


class Receiver:
    """The application: `POST /webhook/PROJECT_ID`, `GET /healthz`, `GET /readyz`, `GET /metrics`.

    `projects` tells the ids that are watched; any other one counts as "some project", so that callers cannot fill the
    inbox with made-up ones. `wake` is called after a hint is on disk. `health` tells what /healthz shows as JSON,
    `unready` why /readyz answers 503: a code, "" where it does not.
    Raises InstallError where the library that writes /metrics is not installed.
    """

    def __init__(
        self,
        inbox: Inbox,
        secret: str,
        *,
        metrics: Metrics,
        projects: Callable[[], Collection[int]],
        wake: Callable[[], None],
        health: Callable[[], dict[str, Any]],
        unready: Callable[[], str] = str,
    ) -> None:
        self._secret = secret.encode()
        self._metrics, self._projects, self._wake = metrics, projects, wake
        self._health, self._unready = health, unready
        self._figures = metrics.exposition()
        self._keeper = _Keeper(inbox)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        try:
            answer = await self._answer(scope, receive)
        except _Refused as refused:
            answer = Answer(refused.status, refused.reason_code, refused.what.encode())
        if answer.outcome:
            self._metrics.add("factcheck_hints_total", outcome=answer.outcome)
        headers = [(b"content-type", answer.content_type.encode()), (b"content-length", b"%d" % len(answer.body))]
        if answer.status in {429, 503}:
            headers.append((b"retry-after", b"1"))
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": answer.body})

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        path, method = scope["path"], scope["method"]
        if path in {"/healthz", "/readyz", "/metrics"}:
            if method not in {"GET", "HEAD"}:
                raise _Refused(405, "", "GET it")
            return self._told(path)
        if (found := _PATH.fullmatch(path)) is None:
            raise _Refused(404, "unknown_path", "not found: use /webhook/PROJECT_ID, /healthz, /readyz or /metrics")
        if method != "POST":
            raise _Refused(405, "wrong_method", "POST it")
        self._check_headers(scope["headers"])
        try:
            async with asyncio.timeout(BODY_SECONDS):
                event = _event(await _body(receive))
        except TimeoutError as error:
            raise _Refused(408, "too_slow", f"the body took more than {BODY_SECONDS:.0f} s") from error
        return await self._take_in(event, int(found[1]) if found[1] else _project_of(event))

    def _told(self, path: str) -> Answer:
        if path == "/metrics":
            return Answer(200, "", self._figures(), CONTENT_TYPE)
        told, status = self._health(), 200
        if path == "/readyz":
            reason = self._unready()
            told, status = told | {"ready": not reason, "reason": reason}, 503 if reason else 200
        return Answer(status, "", json.dumps(told).encode(), "application/json")

    def _check_headers(self, headers: Iterable[tuple[bytes, bytes]]) -> None:
        found: dict[bytes, list[bytes]] = {}
        for name, value in headers:
            found.setdefault(name.lower(), []).append(value)
        given = found.get(SECRET_HEADER.lower().encode(), [])
        # compare_digest takes the same time wherever the first difference is.
        if not hmac.compare_digest(b"\n".join(given), self._secret):
            raise _Refused(401, "wrong_secret", f"{SECRET_HEADER} is missing or wrong")
        length = b"".join(found.get(b"content-length", [b"0"]))
        if not length.isdigit() or len(length) > len(str(MAX_BODY)) or int(length) > MAX_BODY:
            raise _Refused(413, "too_large", f"more than {MAX_BODY} bytes")
        kind = b"".join(found.get(b"content-type", [])).partition(b";")[0].strip().lower()
        if kind != b"application/json":
            raise _Refused(415, "wrong_type", "send application/json")

    async def _take_in(self, event: dict[str, Any], project_id: int | None) -> Answer:
        action = event.get("action")
        matters = ACTIONS.get(action) if isinstance(action, str) else None
        if matters is None:
            return Answer(202, "unknown_action", b"unknown action")
        if not matters:
            return Answer(202, "ignored", b"changes no verdict")
        try:
            project = project_id if project_id in self._projects() else None
            await self._keeper.keep(Hint(project, deletion=action == "TASKS_DELETED"))
        except OSError as error:
            raise _Refused(503, "not_durable", f"cannot be stored: {error.strerror}") from error
        self._wake()
        return Answer(200, "accepted", b"ok")


class _Keeper:
    """Brings hints to disk: those that arrive while one write is under way share the next one (group commit)."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self._next: dict[Hint, asyncio.Future[None]] = {}
        self._waiting = 0
        self._writer: asyncio.Task[None] | None = None

    async def keep(self, hint: Hint) -> None:
        """Returns once the hint is on disk; raises OSError where it cannot be brought there."""
        if self._inbox.holds(hint):
            return
        if self._waiting >= MAX_WAITING:
            raise _Refused(429, "queue_full", "too many calls at once")
        future = self._next.setdefault(hint, asyncio.get_running_loop().create_future())
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write())
        self._waiting += 1
        try:
            await asyncio.shield(future)
        finally:
            self._waiting -= 1

    async def _write(self) -> None:
        while self._next:
            batch, self._next = self._next, {}
            try:
                await asyncio.to_thread(self._inbox.add, list(batch))
            except OSError as error:
                for future in batch.values():
                    future.set_exception(error)
            else:
                for future in batch.values():
                    future.set_result(None)


async def _body(receive: Receive) -> bytes:
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _Refused(400, "disconnected", "the body is incomplete")
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MAX_BODY:
            raise _Refused(413, "too_large", f"more than {MAX_BODY} bytes")
        if not message.get("more_body", False):
            return b"".join(parts)


def _event(body: bytes) -> dict[str, Any]:
    try:
        event = json.loads(body)
    except (ValueError, RecursionError) as error:  # UnicodeDecodeError is a ValueError
        raise _Refused(400, "bad_json", "the body is not valid JSON") from error
    if not isinstance(event, dict):
        raise _Refused(400, "bad_json", "the body is not a JSON object")
    return event


def _project_of(event: dict[str, Any]) -> int | None:
    """The project of a webhook made by hand, which sends its payload to /webhook."""
    project = event.get("project")
    number = project.get("id") if isinstance(project, dict) else None
    return number if isinstance(number, int) and not isinstance(number, bool) else None
