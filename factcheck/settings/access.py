"""What the way to Label Studio needs: its token and an address that the token may travel to.

A token never stands in factcheck.toml nor on a command line: it comes from FACTCHECK_TOKEN or a file that only its
owner can read.
"""

from __future__ import annotations

from collections.abc import Mapping

from factcheck import fs, names, web
from factcheck.errors import AuthError, ConfigError, InsecureUrl
from factcheck.settings.model import Settings

TOKEN_VARIABLE = "FACTCHECK_TOKEN"  # noqa: S105 - the name of a variable, not a token


def token(settings: Settings, environment: Mapping[str, str]) -> str:
    """The Label Studio token: from FACTCHECK_TOKEN, else from the token file.

    Raises TokenExposed where others can read the file, AuthError where there is no token.
    """
    if value := environment.get(TOKEN_VARIABLE, "").strip():
        if not _is_token(value):
            raise AuthError("is not a token", subject=TOKEN_VARIABLE, hint="set it to the token and nothing else")
        return value
    path = settings.root / settings.studio.token_file
    try:
        value = fs.read_private(path).decode("ascii").strip()
    except FileNotFoundError as error:
        raise AuthError(
            "no Label Studio token is set",
            subject=str(path),
            hint=f"set {TOKEN_VARIABLE}, or write the token into that file and `chmod 600 {path}`; "
            "`factcheck studio up` makes a local server with its own token",
        ) from error
    except UnicodeDecodeError as error:
        raise AuthError("is not a token", subject=str(path), hint="write only the token into that file") from error
    if not value:
        raise AuthError("is empty", subject=str(path), hint="write the token into that file")
    if not _is_token(value):
        raise AuthError("is not a token", subject=str(path), hint="write only the token into that file")
    return value


def _is_token(text: str) -> bool:
    """Whether a header can carry it."""
    return text.isascii() and text.isprintable() and " " not in text


def check_url(url: str, *, allow_http: bool) -> str:
    """The server's address without a trailing slash; raises InsecureUrl for plain http to another machine."""
    parts = web.parts(url)
    if parts is None:
        raise ConfigError("is not an http(s) address", subject=names.shown(url), hint="write it as https://host")
    if parts.has_user:
        raise ConfigError(
            "contains a password", subject=parts.host, hint="remove the user name and password from the URL"
        )
    if web.can_be_overheard(url) and not allow_http:
        raise InsecureUrl(
            "the token would be sent unencrypted",
            subject=url,
            hint="use https://, or set allow_http = true under [studio] in factcheck.toml",
        )
    return url.rstrip("/")
