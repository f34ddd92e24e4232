"""How the local server is reached: from this machine alone, or by a team through a proxy with TLS.

Remembered in the server's folder, so that every later start serves the same people.
"""

from __future__ import annotations

import ipaddress
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, ValidationError

from factcheck import fs, names, web
from factcheck.errors import InsecureUrl, ServerError, UsageError

HOST, EVERYWHERE = "127.0.0.1", "0.0.0.0"  # noqa: S104 - refused without a proxy's address
_FILE = "serving.json"
_HTTPS = 443


class Serving(BaseModel):
    """`host` is the address it listens on, `public_url` the https address of the proxy before it, if there is one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = HOST
    public_url: str | None = None

    @property
    def own_host(self) -> str:
        """Where this machine itself reaches the server, past any proxy."""
        return HOST if self.host == EVERYWHERE else self.host

    def variables(self) -> dict[str, str]:
        """What Label Studio's process is told beyond the settings of a server for this machine alone."""
        hosts = dict.fromkeys([HOST, "localhost", self.own_host])
        if self.public_url is None:
            return {"LABEL_STUDIO_ALLOWED_HOSTS": ",".join(hosts)}
        return {
            "LABEL_STUDIO_ALLOWED_HOSTS": ",".join([*hosts, _bracketed(web.host(self.public_url))]),
            "LABEL_STUDIO_HOST": self.public_url,
            # Django sees http from the proxy and would take the browser's https origin for a stranger's.
            "LABEL_STUDIO_CSRF_TRUSTED_ORIGINS": self.public_url,
            # 1, not true: one of the two places that read it takes a number only.
            "LABEL_STUDIO_SESSION_COOKIE_SECURE": "1",
            "LABEL_STUDIO_CSRF_COOKIE_SECURE": "1",
        }


def checked(host: str | None, public_url: str | None) -> Serving:
    """The wish as it may be served.

    Raises UsageError where passwords would cross a network in the open or the address cannot be one, InsecureUrl for
    a public address without https.
    """
    host = HOST if host is None else host
    try:
        address = ipaddress.IPv4Address(host)
    except ValueError as error:
        hint = f"{HOST} for a proxy on this machine, {EVERYWHERE} for one on another"
        raise UsageError("is not an IPv4 address", subject=f"--host {names.shown(host)}", hint=hint) from error
    if public_url is None:
        if not address.is_loopback:
            raise UsageError(
                "would send passwords over the network unencrypted",
                subject=f"--host {host}",
                hint="put a proxy with TLS before it and give its address: --public-url https://...",
            )
        return Serving(host=host)
    return Serving(host=host, public_url=_public(public_url))


def remember(folder: Path, chosen: Serving) -> None:
    """Keep it in the server's folder for later starts."""
    fs.write_private(folder / _FILE, chosen.model_dump_json().encode())


def remembered(folder: Path) -> Serving:
    """How the server of this folder was served last; for this machine alone where nobody said otherwise.

    Raises ServerError for a file that cannot be read: serving otherwise than asked would lock people out or let
    strangers in.
    """
    path = folder / _FILE
    try:
        return Serving.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return Serving()
    except ValidationError as error:
        hint = "delete it, then run `factcheck studio up` with --host and --public-url again"
        raise ServerError("is damaged", subject=str(path), hint=hint) from error


def _public(url: str) -> str:
    subject = f"--public-url {names.shown(url)}"
    parts = web.parts(url)
    if parts is None:
        raise UsageError("is not a web address", subject=subject, hint="write it as https://studio.desk.example")
    if parts.has_user:
        raise UsageError(
            "contains a user name or password", subject=f"--public-url {parts.host}", hint="leave them out"
        )
    if parts.scheme != "https":
        raise InsecureUrl(
            "passwords would be sent unencrypted",
            subject=subject,
            hint="put a proxy with TLS before it and give its https:// address",
        )
    split = urlsplit(url)
    if split.path.strip("/") or split.query or split.fragment:
        raise UsageError(
            "has something after the host name",
            subject=subject,
            hint=f"give Label Studio a host name of its own: --public-url https://{split.netloc}",
        )
    if not parts.host.isascii():
        raise UsageError("has letters that no browser sends", subject=subject, hint=_ascii(parts.host))
    # As browsers name it: without the port that goes without saying.
    return f"https://{_bracketed(parts.host)}" + ("" if parts.port == _HTTPS else f":{parts.port}")


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _ascii(host: str) -> str:
    try:
        return f"write it as browsers do: --public-url https://{host.encode('idna').decode('ascii')}"
    except UnicodeError:
        return "write the host name in its ASCII form, which begins with xn--"
