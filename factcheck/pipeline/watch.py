"""`watch`: the dataset follows Label Studio. A webhook or a glance says that something changed, a pull finds out what.

Every turn that finds news is one ordinary pull with its commit; nothing here decides what is new. So a lost, repeated
or forged hint changes how soon a pull comes, never what the dataset holds.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from factcheck import logs
from factcheck.errors import (
    AccessError,
    Busy,
    Corrupt,
    FactcheckError,
    Interrupted,
    NewerFormat,
    UsageError,
    WebhookRefused,
)
from factcheck.models import Report
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.glance import Seen, glance, is_news
from factcheck.pipeline.publish import follow
from factcheck.pipeline.pull import Look, pull
from factcheck.pipeline.remote_project import find
from factcheck.pipeline.watch_health import stands, taken_up, unready
from factcheck.settings import Settings
from factcheck.studio.webhook.calls import Webhook, WebhookState
from factcheck.studio.webhook.hook_secret import hook_secret
from factcheck.studio.webhook.inbox import Hint, Inbox
from factcheck.studio.webhook.listener import listening
from factcheck.studio.webhook.metrics import Metrics
from factcheck.studio.webhook.receiver import Receiver

if TYPE_CHECKING:
    from factcheck.studio.api.client import Client

_LOG = logs.named(__name__)
DEBOUNCE = 0.1
"""Seconds between the first hint and the pull: one submit in Label Studio may call more than once."""
POLL, POLL_BESIDE_WEBHOOK = 1.0, 30.0
"""Seconds between glances by default; a glance costs the server two small queries."""
WIDE_EVERY = 120.0
"""Seconds between pulls with the full overlap window, for changes whose times are out of order."""
MARGIN = timedelta(seconds=5)
"""How far the looks in between reach back before the one before them."""
_CHECK_EVERY, _CHECK_MISSING_EVERY, _CHECK_FIRST_EVERY = 300.0, 30.0, 5.0
_FIRST_PAUSE, _LONGEST_PAUSE, _BUSY_PAUSE = 0.5, 10.0, 0.5
_DEADLINE = 5.0
PUBLISH_WITHIN = 60.0
"""Seconds after a version at which it is published although checkers go on: publishing may take longer than a pull."""
_FATAL = (AccessError, UsageError, Corrupt, NewerFormat)
"""What no waiting mends; anything else is tried again."""

Say = Callable[[str], None]


@dataclass(frozen=True)
class Watching:
    """How to watch: where to listen, under which address Label Studio reaches us, seconds between glances."""

    webhook: bool = True
    host: str = "127.0.0.1"
    port: int | None = None
    address: str | None = None
    poll: float | None = None


@dataclass
class WatchLoop:
    """A watch over a desk; `run` returns after `stop`, which may be called from a signal handler or another thread.

    `tell` gets an event for each commit, each trouble and its end, as a JSON-like dict; `say` gets sentences, and
    `alert`, where it is given, those that are no good news, each with its level.
    """

    settings: Settings
    how: Watching
    clock: Callable[[], datetime]
    say: Say
    tell: Callable[[dict[str, Any]], None]
    alert: Callable[[str, str], None] | None = None
    metrics: Metrics = field(default_factory=Metrics)
    commits: int = 0
    _stopped: threading.Event = field(default_factory=threading.Event)
    _awake: threading.Event = field(default_factory=threading.Event)
    _connection: ExitStack = field(default_factory=ExitStack)
    _client: Client | None = None
    _trouble: str = ""
    _warned: tuple[str, ...] = ()
    _last_look: datetime | None = None
    _projects: dict[str, int] = field(default_factory=dict)
    _seen: dict[str, Seen] = field(default_factory=dict)
    _since: datetime | None = None
    _wide_at: float | None = None
    _checked_at: float | None = None
    _unpublished_at: float | None = None

    def __post_init__(self) -> None:
        self._desk = Desk(self.settings)
        self._inbox = Inbox(self.settings.state / "inbox")
        self._webhook = Webhook(self._desk.mark, self._webhook_changed)

    def stop(self) -> None:
        """End the watch after what it is doing now."""
        self._stopped.set()
        self._awake.set()

    def run(self) -> None:
        """Watch until `stop`; raises AccessError, UsageError, Corrupt or NewerFormat, which no waiting mends."""
        taken_up(self._desk, self.metrics)
        with self._receiving():
            try:
                self._turns()
            finally:
                if self._client is not None and self._webhook.wanted:
                    self._webhook.stop(self._client, self._projects)
                self._hang_up()
                self._inbox.close()

    @contextmanager
    def _receiving(self) -> Iterator[None]:
        if not self.how.webhook:
            self.tell({"event": "watching", "webhook": False, "poll": self._interval()})
            yield
            return
        secret = hook_secret(self.settings.state)
        receiver = Receiver(
            self._inbox,
            secret,
            metrics=self.metrics,
            projects=self._project_ids,
            wake=self._awake.set,
            health=self._health,
            unready=self._unready,
        )
        with listening(receiver, host=self.how.host, port=self.how.port) as port:
            host = f"[{self.how.host}]" if ":" in self.how.host else self.how.host
            self._webhook.listen(self.how.address or f"http://{host}:{port}", secret)
            self.say(f"listening on http://{host}:{port}  (/webhook, /healthz, /readyz, /metrics)")
            self.tell({"event": "watching", "webhook": True, "url": self._webhook.url, "port": port})
            yield

    def _turns(self) -> None:
        failures = 0
        while not self._stopped.is_set():
            try:
                self._turn()
            except Interrupted:
                return
            except Busy:  # a push or another pull is at work; its turn ends
                self._stopped.wait(_BUSY_PAUSE)
            except (FactcheckError, OSError) as error:
                if isinstance(error, _FATAL):
                    raise
                failures += 1
                self._in_trouble(error)
                self._stopped.wait(min(_FIRST_PAUSE * 2 ** (failures - 1), _LONGEST_PAUSE))
            else:
                failures = 0
                self._out_of_trouble()
                if self._awake.wait(self._interval()):
                    self._stopped.wait(DEBOUNCE)

    def _turn(self) -> None:
        self._awake.clear()
        hints = self._inbox.take()
        client = self._connected()
        # The server's clock as of an earlier answer: a look reaches back at least to the one before it.
        before = client.server_time
        self._keep_registered(client)
        now = time.monotonic()
        wide = self._wide_at is None or now - self._wide_at >= WIDE_EVERY
        seen = {} if hints or wide or self._since is None else glance(client, self._projects, self._since)
        news = is_news(seen, self._seen, self._projects)
        self._webhook.judge(heard=bool(hints), surprised=bool(news and seen and self._seen))
        if hints or wide or news:
            self._pull(client, hints, wide=wide)
            self._wide_at = now if wide else self._wide_at
        self._publish(quiet=not (hints or news), wide=wide)
        self._inbox.done()
        self._seen = seen
        self._since = before - MARGIN if before else None
        self._last_look = self.clock()
        self.metrics.set("factcheck_last_look_timestamp_seconds", self._last_look.timestamp())

    def _pull(self, client: Client, hints: Collection[Hint], *, wide: bool) -> None:
        names = {project_id: name for name, project_id in self._projects.items()}
        hinted = {names.get(hint.project_id) for hint in hints if hint.project_id is not None}
        only = hinted.pop() if len(hinted) == 1 and not wide and all(hint.project_id for hint in hints) else None
        since, sweep = None if wide else self._since, any(hint.deletion for hint in hints)
        look = Look(client, since, sweep, self._projects)
        began = time.monotonic()
        report = pull(self.settings, project=only, full=False, now=self.clock(), say=_silent, look=look)
        seconds = time.monotonic() - began
        self._warn(report)
        self.metrics.add("factcheck_pulls_total", cause="hint" if hints else "poll")
        self.metrics.set("factcheck_last_pull_seconds", seconds)
        self.metrics.add("factcheck_events_total", report.counts.get("events", 0))
        self.metrics.add("factcheck_rejected_total", report.rejected if report.counts.get("events") else 0)
        if report.version is not None:
            self._committed(report.version, report, seconds)

    def _publish(self, *, quiet: bool, wide: bool) -> None:
        """Publish what is new when nothing comes in, or it has waited long enough; now and then, what has failed."""
        waiting = self._unpublished_at
        due = waiting is not None and (quiet or time.monotonic() - waiting >= PUBLISH_WITHIN)
        if not self.settings.publish.profiles or not (due or (wide and quiet)):
            return
        self._unpublished_at = None
        done = follow(self.settings, now=self.clock(), say=self.say)
        if done is not None and (done.written or done.failed):
            self.tell(
                {
                    "event": "published",
                    "version": done.version,
                    "profiles": list(done.written),
                    "failed": {name: error.code for name, error in done.failed.items()},
                }
            )

    def _warn(self, report: Report) -> None:
        """Say what a person has to know or decide, such as votes that are missing; once, until it changes."""
        for warning in report.warnings:
            if warning not in self._warned:
                self._alert("warning", f"warning: {warning}")
                self.tell({"event": "warning", "message": warning, "next_steps": report.next_steps})
        self._warned = tuple(report.warnings)

    def _committed(self, version: int, report: Report, seconds: float) -> None:
        self.commits += 1
        self._unpublished_at = self._unpublished_at or time.monotonic()
        self.metrics.add("factcheck_commits_total")
        stands(self.metrics, version, self.clock())
        self.tell(
            {
                "event": "commit",
                "version": version,
                "counts": report.counts,
                "rejected": report.rejected,
                "seconds": round(seconds, 3),
            }
        )

    def _connected(self) -> Client:
        if self._client is None:
            self._client = self._connection.enter_context(self._desk.client(deadline=_DEADLINE, sleep=self._nap))
        return self._client

    def _hang_up(self) -> None:
        self._connection.close()
        self._connection, self._client = ExitStack(), None

    def _nap(self, seconds: float) -> None:
        """The client's pause between its own tries; ends the watch where that is asked for."""
        if self._stopped.wait(seconds):
            raise Interrupted("the watch was stopped")

    def _keep_registered(self, client: Client) -> None:
        """Know the projects, and see to it that each calls us; a person may have changed or removed the webhook."""
        names = self._desk.watched(None)
        found = len(self._projects)
        every = _CHECK_EVERY if found == len(names) else _CHECK_MISSING_EVERY if found else _CHECK_FIRST_EVERY
        now = time.monotonic()
        if self._checked_at is not None and now - self._checked_at < every:
            return
        remotes = {name: find(self._desk, client, name) for name in names}
        self._projects = {name: remote.project_id for name, remote in remotes.items() if remote}
        self._checked_at = now
        if self._webhook.wanted and self._projects:
            self._webhook.ask(client, self._projects)
            self.metrics.set("factcheck_webhook_registered", self._webhook.state is WebhookState.REGISTERED)

    def _webhook_changed(self, name: str, done: str, url: str, refused: WebhookRefused | None) -> None:
        if refused is None:
            self.say(f"{name}: webhook {done}: {url}")
            self.tell({"event": "webhook", "state": done, "url": url})
            return
        said = f"{refused}; polling every {self._interval():g} s instead\n  to change that: {refused.hint}"
        self._alert("warning", said)
        self.tell({"event": "webhook", "state": done, "url": url, "poll": self._interval()})

    def _in_trouble(self, error: FactcheckError | OSError) -> None:
        code = error.code if isinstance(error, FactcheckError) else "OS"
        self.metrics.add("factcheck_pull_failures_total", code=code)
        # The server may be back at another port, with another version or another token.
        self._hang_up()
        self._checked_at = None
        self._wide_at = None  # nor is it known what became of it meanwhile
        if self._trouble != code:
            self._trouble = code
            _LOG.error("trouble", extra=logs.said(code=code))
            self._alert("error", f"[{code}] {error}; trying again")
            self.tell({"event": "trouble", "code": code, "message": str(error)})

    def _out_of_trouble(self) -> None:
        if self._trouble:
            self._trouble = ""
            _LOG.info("recovered")
            self.say("working again")
            self.tell({"event": "recovered"})

    def _alert(self, level: str, message: str) -> None:
        if self.alert is None:
            self.say(message)
        else:
            self.alert(level, message)

    def _interval(self) -> float:
        if self.how.poll is not None:
            return self.how.poll
        return POLL_BESIDE_WEBHOOK if self._webhook.state is WebhookState.REGISTERED else POLL

    def _project_ids(self) -> Collection[int]:
        return frozenset(self._projects.values())

    def _unready(self) -> str:
        return unready(self._trouble, self._last_look, now=self.clock(), interval=self._interval())

    def _health(self) -> dict[str, Any]:
        return {
            "status": "trouble" if self._trouble else "ok",
            "trouble": self._trouble,
            "webhook": self._webhook.state,
            "last_look": self._last_look.isoformat() if self._last_look else None,
            "commits": self.commits,
        }


def _silent(_message: str) -> None:
    """A pull's own words: the watch tells of a commit itself."""
