"""Our webhook in a project: one, ours, right, whatever was there before. The real client on a wire of its own."""

from __future__ import annotations

import json
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from factcheck.errors import ConfigError, TokenExposed, WebhookRefused
from factcheck.studio.api.client import Client
from factcheck.studio.local.banned_networks import webhook_variables
from factcheck.studio.webhook.hook_secret import hook_secret
from factcheck.studio.webhook.receiver import SECRET_HEADER
from factcheck.studio.webhook.registration import MARK_HEADER, register, unregister

Hook = dict[str, Any]
URL = "http://127.0.0.1:9999/webhook/7"
OURS: dict[str, Any] = {"url": URL, "secret": "s" * 43, "mark": "factcheck:me:main"}


class Wire(httpx.BaseTransport):
    """Label Studio's webhooks in memory."""

    def __init__(self) -> None:
        self.hooks: dict[int, Hook] = {}
        self.writes: list[str] = []
        self.forbidden = False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        number = int(found[1]) if (found := re.search(r"/webhooks/(\d+)/", request.url.path)) else 0
        if request.method == "GET":
            project = int(request.url.params["project"])
            return httpx.Response(200, json=[hook for hook in self.hooks.values() if hook["project"] == project])
        self.writes.append(request.method)
        if request.method == "DELETE":
            return httpx.Response(204 if self.hooks.pop(number, None) else 404)
        if self.forbidden:
            return httpx.Response(403, json={"detail": "URL resolves to a reserved network address"})
        number = number or max(self.hooks, default=0) + 1
        self.hooks[number] = self.hooks.get(number, {}) | json.loads(request.content) | {"id": number}
        return httpx.Response(200, json=self.hooks[number])


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def client(wire: Wire) -> Iterator[Client]:
    made = Client("http://127.0.0.1:9", "a" * 40, transport=wire, sleep=lambda _: None)
    yield made
    made.close()


def test_one_is_made_and_found_again(client: Client, wire: Wire) -> None:
    assert register(client, 7, **OURS) == "made"
    assert register(client, 7, **OURS) == "unchanged"
    assert register(client, 7, **OURS, anew=False) == "unchanged"
    assert wire.writes == ["POST", "PATCH"], "saved anew where asked to: only then the server checks the address"
    (hook,) = wire.hooks.values()
    assert hook["send_payload"] is False, "no answer of an annotator travels"
    assert hook["headers"] == {SECRET_HEADER: OURS["secret"], MARK_HEADER: OURS["mark"]}


@pytest.mark.parametrize(
    "damage",
    [{"url": "http://127.0.0.1:1/webhook/7"}, {"is_active": False}, {"actions": []}, {"send_payload": True},
     {"headers": {MARK_HEADER: OURS["mark"]}}, {"send_for_all_actions": True}],
)  # fmt: skip
def test_what_somebody_changed_is_put_right(client: Client, wire: Wire, damage: Hook) -> None:
    register(client, 7, **OURS)
    right = dict(wire.hooks[1])
    wire.hooks[1] |= damage
    assert register(client, 7, **OURS, anew=False) == "repaired"
    assert wire.hooks == {1: right}


def test_copies_of_ours_go_and_others_stay(client: Client, wire: Wire) -> None:
    register(client, 7, **OURS)
    wire.hooks[2] = wire.hooks[1] | {"id": 2}
    wire.hooks[3] = {"id": 3, "project": 7, "url": "https://example.org", "headers": {}, "actions": []}
    wire.hooks[4] = wire.hooks[1] | {"id": 4, "headers": {MARK_HEADER: "factcheck:another:main"}}
    assert register(client, 7, **OURS) == "repaired"
    assert sorted(wire.hooks) == [1, 3, 4]
    unregister(client, 7, mark=OURS["mark"])
    assert sorted(wire.hooks) == [3, 4]


def test_an_address_the_server_forbids_is_said_with_the_way_out(client: Client, wire: Wire) -> None:
    wire.forbidden = True
    with pytest.raises(WebhookRefused, match="SSRF") as told:
        register(client, 7, **OURS)
    assert "USE_DEFAULT_BANNED_SUBNETS" in told.value.hint
    assert "USER_ADDITIONAL_BANNED_SUBNETS" in told.value.hint


def test_the_local_server_may_call_one_address_and_no_other() -> None:
    from ipaddress import ip_address, ip_network

    banned = webhook_variables()["LABEL_STUDIO_USER_ADDITIONAL_BANNED_SUBNETS"].split(",")
    networks = [ip_network(net) for net in banned]
    reserved = ["127.0.0.0", "127.0.0.1", "127.0.0.2", "127.255.255.255", "0.0.0.0", "10.0.0.1", "172.16.0.1"]
    reserved += ["192.168.1.1", "169.254.169.254", "::1", "::ffff:127.0.0.1", "fe80::1", "fd00::1", "100.64.0.1"]
    free = [address for address in reserved if not any(ip_address(address) in net for net in networks)]
    assert free == ["127.0.0.1"]


def test_the_secret_is_drawn_once_and_is_private(tmp_path: Path) -> None:
    secret = hook_secret(tmp_path / "state")
    path = tmp_path / "state" / "webhook-secret"
    assert len(secret) >= 43
    assert hook_secret(tmp_path / "state") == secret
    assert hook_secret(tmp_path / "other") != secret
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o640)
    with pytest.raises(TokenExposed, match="other users"):
        hook_secret(tmp_path / "state")
    path.chmod(0o600)
    path.write_text("short", "ascii")
    with pytest.raises(ConfigError):
        hook_secret(tmp_path / "state")
