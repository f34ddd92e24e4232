"""What can be seen from outside of how safe a Label Studio server is; nothing on the server is changed.

Each finding says pass, fail or unknown: what cannot be seen is never called safe.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from factcheck import web
from factcheck.errors import AuthError, ProtocolError, Unavailable
from factcheck.notation import json_value
from factcheck.studio import releases

if TYPE_CHECKING:
    import httpx

LONGEST_TOKEN_DAYS = 90
_CSRF = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_DAY = 86_400
_OK, _BAD_REQUEST, _UNAUTHORIZED, _FORBIDDEN = 200, 400, 401, 403
_NO_TOKEN = "needs a token: set FACTCHECK_TOKEN"  # noqa: S105 - a sentence, not a token

Verdict = Literal["pass", "fail", "unknown"]


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; `todo` is empty where there is nothing to do."""

    name: str
    verdict: Verdict
    seen: str
    todo: str = ""


def check(url: str, token: str | None, *, ours: bool = False) -> list[Finding]:
    """The findings about the server at that address, in the order of how bad a failure is.

    `token` is a legacy token or a personal access token (JWT) of any member, None where there is none. `ours` says
    that it is the local server of `studio up`, which listens on 127.0.0.1 alone. Raises Unavailable where nothing
    answers, ProtocolError where it is no Label Studio, AuthError where the token is refused.
    """
    import httpx

    try:
        # trust_env: no proxy sees the token. Redirects are not followed: they could carry it elsewhere.
        with httpx.Client(base_url=url, timeout=15.0, trust_env=False) as visitor:
            release = _release(visitor)
            member = _member(visitor, token)
            return [
                _version(release),
                _encryption(url),
                _sign_up(visitor),
                _hosts(visitor, url),
                _legacy_tokens(visitor, member, token, ours=ours),
                _lifetime(visitor, member, token, ours=ours),
                _ssrf(visitor, member),
                _local_files(visitor, member),
                _webhooks(visitor, member),
            ]
    except httpx.TransportError as error:
        raise Unavailable(
            f"does not answer: {error}", subject=url, hint="check the address, and that the server is running"
        ) from error


def _release(visitor: httpx.Client) -> str:
    answer = visitor.get("/api/version/")
    try:
        release = answer.json()["release"]
    except (ValueError, KeyError, TypeError) as error:
        raise ProtocolError(
            f"does not report a version (HTTP {answer.status_code})",
            subject=str(visitor.base_url),
            hint="give the address of Label Studio itself, without a path",
        ) from error
    return str(release)


def _member(visitor: httpx.Client, token: str | None) -> dict[str, str] | None:
    """The header that speaks for a member of the organization."""
    if token is None:
        return None
    if token.count(".") != 2:  # noqa: PLR2004 - a JWT has three parts
        headers = {"Authorization": f"Token {token}"}
    else:
        answer = visitor.post("/api/token/refresh/", json={"refresh": token})
        if answer.status_code != _OK:
            raise AuthError(
                f"does not accept the token (HTTP {answer.status_code})",
                subject=str(visitor.base_url),
                hint="make a new one",
            )
        headers = {"Authorization": f"Bearer {answer.json()['access']}"}
    answer = visitor.get("/api/current-user/whoami", headers=headers)
    if answer.status_code != _OK:
        raise AuthError(
            f"does not accept the token (HTTP {answer.status_code})",
            subject=str(visitor.base_url),
            hint="make a new one",
        )
    return headers


def _version(release: str) -> Finding:
    todo = f"{releases.pinned()} or newer"
    if not releases.has_number(release):
        return Finding("version", "unknown", f"unknown version '{release}'", f"run {todo}")
    if found := releases.holes(release):
        return Finding("version", "fail", f"{release} has {'; '.join(found)}", f"upgrade to {todo}")
    return Finding("version", "pass", f"{release} has no known holes")


def _encryption(url: str) -> Finding:
    if web.can_be_overheard(url):
        seen = "plain http: passwords and tokens can be read on the way"
        return Finding("encryption", "fail", seen, "put it behind TLS")
    found = web.parts(url)
    https = found is not None and found.scheme == "https"
    return Finding("encryption", "pass", "https" if https else "plain http, which stays on this machine")


def _sign_up(visitor: httpx.Client) -> Finding:
    name = "sign-up"
    form = visitor.get("/user/signup/")
    if not (hidden := _CSRF.search(form.text)):
        return Finding(
            name, "unknown", f"shows no sign-up form (HTTP {form.status_code})", "find out who can create an account"
        )
    # An empty form makes no account: an open server complains about the e-mail, a closed one about the missing link.
    fields = {"email": "", "password": "", "csrfmiddlewaretoken": hidden[1]}
    answer = visitor.post("/user/signup/", data=fields, headers={"Referer": str(form.url)})
    if answer.status_code == _FORBIDDEN:
        return Finding(name, "pass", "only people with an invitation link")
    if answer.status_code == _OK:
        return Finding(name, "fail", "open to everybody", "set LABEL_STUDIO_DISABLE_SIGNUP_WITHOUT_LINK=true")
    return Finding(name, "unknown", f"answers {answer.status_code}", "find out who can create an account")


def _hosts(visitor: httpx.Client, url: str) -> Finding:
    name, host = "host names", web.host(url)
    answer = visitor.get("/health", headers={"Host": "another-name.invalid"})
    if answer.status_code == _OK:
        todo = f"set LABEL_STUDIO_ALLOWED_HOSTS={host}"
        return Finding(name, "fail", "answers to any host name, which allows DNS rebinding", todo)
    return Finding(name, "pass", "answers only to its own host name")


def _legacy_tokens(visitor: httpx.Client, member: dict[str, str] | None, token: str | None, *, ours: bool) -> Finding:
    name = "legacy tokens"
    if member is None or token is None:
        return Finding(name, "unknown", _NO_TOKEN)
    answer = visitor.get("/api/jwt/settings", headers=member)
    on = member["Authorization"].startswith("Token ")
    if answer.status_code == _OK:
        on = bool(_object(answer).get("legacy_api_tokens_enabled"))
    elif not on:
        return Finding(
            name, "unknown", f"the settings cannot be read (HTTP {answer.status_code})", "ask an administrator"
        )
    if not on:
        return Finding(name, "pass", "switched off")
    if ours:
        return Finding(name, "pass", "on, but this server listens only on 127.0.0.1")
    return Finding(
        name,
        "fail",
        "on: such tokens never expire",
        "use personal access tokens and switch legacy ones off (Organization)",
    )


def _lifetime(visitor: httpx.Client, member: dict[str, str] | None, token: str | None, *, ours: bool) -> Finding:
    name = "token lifetime"
    if member is None or token is None:
        return Finding(name, "unknown", _NO_TOKEN)
    answer = visitor.get("/api/token/", headers=member)
    listed = answer.json() if answer.status_code == _OK else []
    days = [found for item in [token, *(entry.get("token", "") for entry in listed)] if (found := _days(item))]
    if days and max(days) > LONGEST_TOKEN_DAYS:
        return Finding(
            name,
            "fail",
            f"this member's personal access tokens are valid for {max(days):,.0f} days",
            f"revoke unused tokens and renew the others every {LONGEST_TOKEN_DAYS} days (the free "
            "edition has no setting)",
        )
    if days:
        return Finding(name, "pass", f"{max(days):,.0f} days at most, of this member's tokens")
    if ours:
        return Finding(name, "pass", "no personal access token to check")
    return Finding(name, "unknown", "this member has no personal access token", "create one and check again")


def _days(token: str) -> float | None:
    """The lifetime that a JWT says it has; None for anything else."""
    try:
        part = token.split(".")[1]
        payload = json_value(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
        return (float(payload["exp"]) - float(payload["iat"])) / _DAY
    except (IndexError, ValueError, KeyError, TypeError, binascii.Error):
        return None


def _ssrf(visitor: httpx.Client, member: dict[str, str] | None) -> Finding:
    name = "SSRF protection"
    if member is None:
        return Finding(name, "unknown", _NO_TOKEN)
    # The action does not exist, so that no webhook is ever made: what differs is whether the address is complained of.
    wrong = {"url": "http://127.0.0.2/", "actions": ["NO_SUCH_ACTION"], "is_active": False}
    answer = visitor.post("/api/webhooks/", headers=member, json=wrong)
    if answer.status_code == _FORBIDDEN and "reserved" in answer.text:
        return Finding(name, "pass", "a webhook to an internal address is refused")
    complaints = _object(answer).get("validation_errors") or {}
    if answer.status_code == _BAD_REQUEST and "url" in complaints:
        return Finding(name, "pass", "a webhook to an internal address is refused")
    if answer.status_code == _BAD_REQUEST and "actions" in complaints:
        todo = "set LABEL_STUDIO_SSRF_PROTECTION_ENABLED=true"
        return Finding(name, "fail", "a webhook to an internal address is allowed", todo)
    return Finding(
        name, "unknown", f"this member may not create webhooks (HTTP {answer.status_code})", "check with another token"
    )


def _local_files(visitor: httpx.Client, member: dict[str, str] | None) -> Finding:
    name = "local files"
    if member is None:
        return Finding(name, "unknown", _NO_TOKEN)
    answer = visitor.get("/data/local-files/", params={"d": "factcheck-no-such-file"}, headers=member)
    if answer.status_code == _FORBIDDEN and "LOCAL_FILES_SERVING_ENABLED" in answer.text:
        return Finding(name, "pass", "the server's own files are not served")
    if answer.status_code in {_UNAUTHORIZED, _FORBIDDEN}:
        return Finding(name, "unknown", f"answers {answer.status_code}", "check with another token")
    todo = "set LABEL_STUDIO_LOCAL_FILES_SERVING_ENABLED=false"
    return Finding(name, "fail", f"serving of the server's own files is on ({answer.status_code})", todo)


def _webhooks(visitor: httpx.Client, member: dict[str, str] | None) -> Finding:
    name = "webhook headers"
    if member is None:
        return Finding(name, "unknown", _NO_TOKEN)
    answer = visitor.get("/api/webhooks/", headers=member)
    if answer.status_code != _OK:
        return Finding(
            name, "unknown", f"the list cannot be read (HTTP {answer.status_code})", "check with another token"
        )
    telling = [str(hook.get("id")) for hook in answer.json() if hook.get("headers")]
    if telling:
        return Finding(
            name,
            "fail",
            f"every member can read the headers of webhook {', '.join(telling)}",
            "treat secrets in them as known to all members, and never reuse them elsewhere",
        )
    return Finding(name, "pass", "no webhook carries headers")


def _object(answer: httpx.Response) -> dict[str, Any]:
    try:
        data = answer.json()
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}
