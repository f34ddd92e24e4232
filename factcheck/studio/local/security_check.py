"""What can be seen from outside of how safe a Label Studio server is; nothing on the server is changed.

Each finding says pass, fail or unknown: what cannot be seen is never called safe.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import re
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from factcheck import web
from factcheck.errors import AuthError, ProtocolError, ProxyUnreachable, Unavailable, Untrusted
from factcheck.notation import json_value
from factcheck.studio import releases
from factcheck.studio.local.serving import HOST

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


class Ours(NamedTuple):
    """How the local server of `studio up` is reached: the address it listens on, and that of the proxy before it."""

    host: str = HOST
    public_url: str | None = None

    @property
    def alone(self) -> bool:
        """Whether nobody but this machine reaches it."""
        return self.public_url is None and self.host == HOST


def check(url: str, token: str | None, *, ours: Ours | None = None, route: web.Route = web.DIRECT) -> list[Finding]:
    """The findings about the server at that address, in the order of how bad a failure is.

    `token` is a legacy token or a personal access token (JWT) of any member, None where there is none. `ours` says
    that it is the local server of `studio up`, and who can reach it. Raises Unavailable where nothing
    answers, ProtocolError where it is no Label Studio, AuthError where the token is refused.
    """
    import httpx

    try:
        # trust_env: no proxy sees the token. Redirects are not followed: they could carry it elsewhere.
        with httpx.Client(
            base_url=url, timeout=9.0, trust_env=False, verify=route.trust or True, proxy=route.proxy
        ) as visitor:
            release = _release(visitor)
            member = _member(visitor, token)
            return [
                _version(release),
                _encryption(url),
                *([_listens(ours)] if ours else []),
                *([_public(ours.public_url, release, route)] if ours and ours.public_url else []),
                _cookies(visitor, url, behind_proxy=bool(ours and ours.public_url)),
                _sign_up(visitor),
                _hosts(visitor, url),
                _legacy_tokens(visitor, member, token, ours=ours),
                _lifetime(visitor, member, token, ours=ours),
                _ssrf(visitor, member),
                _local_files(visitor, member),
                _webhooks(visitor, member),
            ]
    except httpx.TransportError as error:
        if web.is_untrusted(error):
            what = f"the server's certificate is not trusted here: {error}"
            raise Untrusted(what, subject=url, hint=web.UNTRUSTED_HINT) from error
        if route.proxy and isinstance(error, httpx.ProxyError | httpx.ConnectError):
            what, hint = f"the proxy does not let us through: {error}", "correct proxy under [studio] in factcheck.toml"
            raise ProxyUnreachable(what, subject=route.proxy, hint=hint) from error
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


def _listens(ours: Ours) -> Finding:
    name = "listens on"
    if ipaddress.ip_address(ours.host).is_loopback:
        return Finding(name, "pass", f"{ours.host}: other machines reach it through a proxy or not at all")
    if ours.public_url is None:
        todo = "factcheck studio down, then factcheck studio up --only-here"
        return Finding(name, "fail", f"{ours.host}, without a proxy: passwords can be read on the way", todo)
    todo = "let the firewall allow this port to the proxy's machine alone, or use --host 127.0.0.1"
    return Finding(name, "unknown", f"{ours.host}: others may reach it past the proxy", todo)


def _public(url: str, release: str, route: web.Route) -> Finding:
    """What the proxy shows; from inside a network its address is not always to be reached, which says nothing."""
    import httpx

    name = "public address"
    try:
        # The machine's own list of authorities: a desk may have one of its own.
        trusted = route.trust or ssl.create_default_context()
        with httpx.Client(base_url=url, timeout=10.0, trust_env=False, verify=trusted) as visitor:
            answer = visitor.get("/api/version/")
            cookies = _cookies(visitor, url)
    except httpx.TransportError as error:
        if "CERTIFICATE_VERIFY_FAILED" in str(error):
            return Finding(name, "fail", f"{url} has a certificate that is not valid here", "give it a valid one")
        return Finding(name, "unknown", f"{url} does not answer from here", "open it from a checker's machine")
    try:
        same = answer.json()["release"] == release
    except (ValueError, KeyError, TypeError):
        same = False
    if not same:
        todo = "let the proxy pass on to this server, with the Host header that the browser sent"
        return Finding(name, "fail", f"{url} shows another server (HTTP {answer.status_code})", todo)
    if cookies.verdict == "fail":
        return Finding(name, "fail", f"{url}: {cookies.seen}", cookies.todo)
    return Finding(name, "pass", f"{url} leads here, with a valid certificate")


def _cookies(visitor: httpx.Client, url: str, *, behind_proxy: bool = False) -> Finding:
    """Whether cookies go over TLS alone; what is spoken on this machine only needs none of it."""
    name = "cookies"
    found = web.parts(url)
    if not behind_proxy and found is not None and found.scheme == "http" and found.host in web.LOOPBACK:
        return Finding(name, "pass", "sent on this machine only")
    lines = visitor.get("/user/login/").headers.get_list("set-cookie")
    if not lines:
        return Finding(name, "unknown", "the log-in page sets none", "look at them in a browser")
    careless = [line.partition("=")[0] for line in lines if not re.search(r";\s*secure\s*(;|$)", line, re.IGNORECASE)]
    if careless:
        todo = "set LABEL_STUDIO_SESSION_COOKIE_SECURE=1 and LABEL_STUDIO_CSRF_COOKIE_SECURE=1"
        return Finding(name, "fail", f"{', '.join(careless)} would be sent over plain http too", todo)
    return Finding(name, "pass", "sent over TLS only")


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


def _legacy_tokens(
    visitor: httpx.Client, member: dict[str, str] | None, token: str | None, *, ours: Ours | None
) -> Finding:
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
    if ours and ours.alone:
        return Finding(name, "pass", "on, but this server listens only on 127.0.0.1")
    if ours:
        seen = "on, because factcheck itself uses one; every member has one, and it never expires"
        return Finding(name, "unknown", seen, "remove who leaves: factcheck studio user remove EMAIL")
    return Finding(
        name,
        "fail",
        "on: such tokens never expire",
        "use personal access tokens and switch legacy ones off (Organization)",
    )


def _lifetime(visitor: httpx.Client, member: dict[str, str] | None, token: str | None, *, ours: Ours | None) -> Finding:
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
