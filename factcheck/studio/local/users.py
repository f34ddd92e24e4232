"""Users of Label Studio who can log in, made without clicking: they sign up at the invitation address.

`POST /api/users/` would be shorter, but what it makes has no password and cannot log in.
"""

from __future__ import annotations

import html
import re
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from factcheck.errors import AuthError, ProtocolError, Unavailable

if TYPE_CHECKING:
    import httpx

_TIMEOUT_SECONDS = 30.0
_CSRF = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_COMPLAINT = re.compile(r"<li>\s*([^<>]*?)\s*</li>")
_FOUND = 302  # what both forms answer when they are content; 200 is the form again, with complaints


@dataclass(frozen=True)
class User:
    """A person's account; `token` acts as that person in the HTTP interface."""

    id: int
    email: str
    name: str
    password: str = field(repr=False)
    token: str = field(repr=False)


def new_password() -> str:
    """A random password that Label Studio accepts: 20 characters, never all digits."""
    return "p-" + secrets.token_urlsafe(14)[:18]


def make_user(url: str, admin_token: str, *, email: str, password: str, name: str = "") -> User:
    """The account with that e-mail and password, made where it is missing; asking again changes nothing.

    Raises AuthError where the administrator's token is refused or the account has another password, ProtocolError
    where Label Studio does not accept the e-mail or password, Unavailable where it does not answer.
    """
    import httpx

    email = email.lower()  # as Label Studio stores it
    try:
        # trust_env: a proxy from the environment must not see the password.
        with httpx.Client(base_url=url, timeout=_TIMEOUT_SECONDS, trust_env=False) as browser:
            if not _log_in(browser, email, password):
                _sign_up(browser, _invitation(url, admin_token), email, password)
            return _account(browser, name, password)
    except httpx.TransportError as error:
        raise Unavailable(f"does not answer: {error}", subject=url, hint="`factcheck studio status`") from error


def _invitation(url: str, admin_token: str) -> str:
    import httpx

    headers = {"Authorization": f"Token {admin_token}"}
    answer = httpx.get(f"{url}/api/invite", headers=headers, timeout=_TIMEOUT_SECONDS, trust_env=False)
    if answer.status_code in {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}:
        raise AuthError(
            "does not accept the administrator's token",
            subject=url,
            hint="check credentials.json in the server's folder",
        )
    address = str(_json(answer).get("invite_url", ""))
    if not (token := parse_qs(urlsplit(address).query).get("token")):
        raise ProtocolError(
            "returns no invitation link", subject=url, hint="check that it is Label Studio 1.23 or newer"
        )
    return token[0]


def _log_in(browser: httpx.Client, email: str, password: str) -> bool:
    answer = _submit(browser, "/user/login/", {"email": email, "password": password, "persist_session": "on"})
    return answer.status_code == _FOUND


def _sign_up(browser: httpx.Client, invitation: str, email: str, password: str) -> None:
    answer = _submit(browser, f"/user/signup/?token={invitation}", {"email": email, "password": password})
    if answer.status_code == _FOUND:
        return
    if "already exists" in answer.text:
        raise AuthError("already exists with another password", subject=email, hint="log in with that password")
    complaints = "; ".join(html.unescape(said) for said in _COMPLAINT.findall(answer.text))
    raise ProtocolError(
        f"was not accepted ({answer.status_code}): {complaints or 'no reason given'}",
        subject=email,
        hint=(
            "Label Studio needs a valid e-mail address and a password of at least 8 characters that is not a common one"
        ),
    )


def _submit(browser: httpx.Client, path: str, fields: dict[str, str]) -> httpx.Response:
    """The answer to a Django form, sent with the token that the form carries."""
    form = browser.get(path)
    if not (hidden := _CSRF.search(form.text)):
        raise ProtocolError(f"shows no sign-up form (HTTP {form.status_code})", subject=path.partition("?")[0])
    return browser.post(path, data={**fields, "csrfmiddlewaretoken": hidden[1]}, headers={"Referer": str(form.url)})


def _account(browser: httpx.Client, name: str, password: str) -> User:
    token = str(_json(browser.get("/api/current-user/token"))["token"])
    me = _json(browser.get("/api/current-user/whoami"))
    if name and me.get("first_name") != name:
        headers = {"Authorization": f"Token {token}"}
        # A client without the session's cookie: with it Django would want a CSRF token here as well.
        changed = browser.build_request("PATCH", f"/api/users/{me['id']}/", json={"first_name": name}, headers=headers)
        del changed.headers["Cookie"]
        me = _json(browser.send(changed))
    return User(id=int(me["id"]), email=str(me["email"]), name=str(me["first_name"]), password=password, token=token)


def _json(answer: httpx.Response) -> dict[str, Any]:
    import httpx

    try:
        data = answer.raise_for_status().json()
    except (httpx.HTTPStatusError, ValueError) as error:
        raise ProtocolError(f"{answer.url.path}: {error}", subject=answer.url.host) from error
    if not isinstance(data, dict):
        raise ProtocolError(f"{answer.url.path}: not an object", subject=answer.url.host)
    return data
