"""Our webhook in a Label Studio project: made, found again by a mark, put right, put to sleep."""

from __future__ import annotations

from typing import Any

from factcheck.errors import AccessError, WebhookRefused
from factcheck.studio.api.client import Client
from factcheck.studio.webhook.receiver import ACTIONS, SECRET_HEADER

MARK_HEADER = "X-Factcheck-Desk"
"""Says whose webhook it is; it stays ours when the address we listen on changes."""


def register(client: Client, project_id: int, *, url: str, secret: str, mark: str, anew: bool = True) -> str:
    """What was done so that the project calls `url`: `unchanged`, `made` or `repaired`; never more than one of ours.

    Whether the address is allowed, the server says only when a webhook is saved: with `anew` ours is, also unchanged.

    It sends no payload: the action and the address say enough, and no answer of an annotator travels. Raises
    WebhookRefused where the server's SSRF protection forbids the address.
    """
    wanted = {
        "url": url,
        "is_active": True,
        "send_payload": False,
        "send_for_all_actions": False,
        "actions": sorted(action for action, matters in ACTIONS.items() if matters),
        "headers": {SECRET_HEADER: secret, MARK_HEADER: mark},
    }
    ours = _ours(client, project_id, mark)
    for copy in ours[1:]:
        client.delete_webhook(copy["id"])
    same = len(ours) == 1 and _like(ours[0], wanted)
    if same and not anew:
        return "unchanged"
    try:
        client.save_webhook(project_id, ours[0]["id"] if ours else None, wanted)
    except AccessError as error:
        # Its list may be read, so the token is good: it is the address that is refused.
        raise WebhookRefused(
            "Label Studio does not accept a webhook to this address (SSRF protection)",
            subject=url,
            hint="for an address of its own machine or network, its administrator must set "
            "USE_DEFAULT_BANNED_SUBNETS=false and lists the other networks in USER_ADDITIONAL_BANNED_SUBNETS; "
            "or poll only: factcheck watch --no-webhook",
        ) from error
    return "unchanged" if same else "repaired" if ours else "made"


def unregister(client: Client, project_id: int, *, mark: str) -> None:
    """Take our webhook out of the project: a checker's request must not wait for a receiver that is not there."""
    for webhook in _ours(client, project_id, mark):
        client.delete_webhook(webhook["id"])


def _ours(client: Client, project_id: int, mark: str) -> list[dict[str, Any]]:
    found = [hook for hook in client.webhooks(project_id) if _headers(hook).get(MARK_HEADER) == mark]
    return sorted(found, key=lambda hook: int(hook["id"]))


def _headers(webhook: dict[str, Any]) -> dict[str, Any]:
    headers = webhook.get("headers")
    return headers if isinstance(headers, dict) else {}


def _like(webhook: dict[str, Any], wanted: dict[str, Any]) -> bool:
    there = webhook | {"actions": sorted(webhook.get("actions") or [])}
    return all(there.get(key) == value for key, value in wanted.items())
