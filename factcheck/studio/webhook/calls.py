"""Whether Label Studio calls us when something happens, and what becomes of that."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from factcheck.errors import FactcheckError, WebhookRefused
from factcheck.studio.webhook.registration import register, unregister

if TYPE_CHECKING:
    from factcheck.studio.api.client import Client


class WebhookState(StrEnum):
    """What is known of the calls."""

    OFF = "off"
    """Nobody was asked to call: polling only, or not yet."""
    REGISTERED = "registered"
    SILENT = "silent"
    """Registered, and something changed without a call: as without a webhook, until somebody calls again."""
    REFUSED = "refused"
    """The server takes no webhook to our address."""


class Webhook:
    """Our webhook in the projects of a desk; `mark` gives what ours is known by in a project.

    `changed` is told of what was done or refused: the state, the address and, where there is one, the refusal.
    """

    def __init__(
        self, mark: Callable[[str], str], changed: Callable[[str, str, str, WebhookRefused | None], None]
    ) -> None:
        self.state = WebhookState.OFF
        self.url = ""
        self.secret = ""
        self._mark, self._changed = mark, changed
        self._confirmed: Client | None = None

    def listen(self, url: str, secret: str) -> None:
        """Be called at this address from now on, with this secret."""
        self.url, self.secret = url.rstrip("/"), secret

    @property
    def wanted(self) -> bool:
        """Whether there is an address to call."""
        return bool(self.url)

    def judge(self, *, heard: bool, surprised: bool) -> None:
        """Take in whether somebody called in this turn, or something had changed and nobody did."""
        if heard and self.state is WebhookState.SILENT:
            self.state = WebhookState.REGISTERED
        elif surprised and self.state is WebhookState.REGISTERED:
            self.state = WebhookState.SILENT

    def ask(self, client: Client, projects: Mapping[str, int]) -> None:
        """See to it that each project calls us; a person may have changed or removed the webhook."""
        before, anew = self.state, self._confirmed is not client
        for name, project_id in projects.items():
            url = f"{self.url}/webhook/{project_id}"
            try:
                done = register(client, project_id, url=url, secret=self.secret, mark=self._mark(name), anew=anew)
            except WebhookRefused as refused:
                self.stop(client, projects)
                self.state = WebhookState.REFUSED
                if before is not WebhookState.REFUSED:
                    self._changed(name, "refused", url, refused)
                return
            if done != "unchanged":
                self._changed(name, done, url, None)
        self.state = WebhookState.REGISTERED
        self._confirmed = client

    def stop(self, client: Client, projects: Mapping[str, Any]) -> None:
        """Ask nobody to call any more: a checker's request must not wait for a receiver that is not there."""
        for name, project_id in projects.items():
            with suppress(FactcheckError):  # the next watch repairs what stays behind
                unregister(client, project_id, mark=self._mark(name))
