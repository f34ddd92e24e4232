"""What the ways out need, to Label Studio and to a language model: a secret, and an address it may travel to.

A token or key never stands in factcheck.toml nor on a command line: it comes from a variable or a file that
only its owner can read.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from factcheck import fs, names, web
from factcheck.errors import AuthError, ConfigError, InsecureUrl
from factcheck.settings.model import Settings

TOKEN_VARIABLE = "FACTCHECK_TOKEN"  # noqa: S105 - the name of a variable, not a token
KEY_VARIABLE = "FACTCHECK_LLM_KEY"
EMBEDDING_VARIABLE = "FACTCHECK_EMBEDDING_KEY"
_FILE = "_FILE"
"""The end of the variable that names a file with the secret, as Docker and Kubernetes mount one."""


def token(settings: Settings, environment: Mapping[str, str]) -> str:
    """The Label Studio token: from FACTCHECK_TOKEN, from the file FACTCHECK_TOKEN_FILE names, else the token file.

    Raises TokenExposed where others can read the file, AuthError where there is no token.
    """
    path = settings.root / settings.studio.token_file
    value = _secret(environment, TOKEN_VARIABLE, path, "token", settings.root)
    if value is None:
        raise AuthError(
            "no Label Studio token is set",
            subject=str(path),
            hint=f"set {TOKEN_VARIABLE}, or write the token into that file and `chmod 600 {path}`; "
            "`factcheck studio up` makes a local server with its own token",
        )
    return value


def llm_key(settings: Settings, environment: Mapping[str, str]) -> str | None:
    """The key of the language model's endpoint: from FACTCHECK_LLM_KEY, else from the key file.

    None where there is neither and the endpoint is on this machine. Raises TokenExposed where others can read the
    file, AuthError where an endpoint elsewhere has no key.
    """
    path = settings.root / settings.llm.key_file
    return _key(environment, KEY_VARIABLE, path, settings, url=settings.llm.url, of="the language model")


def embedding_key(settings: Settings, environment: Mapping[str, str]) -> str | None:
    """The key of the embeddings' endpoint: from FACTCHECK_EMBEDDING_KEY, else from the key file; as `llm_key`."""
    path = settings.root / settings.matching.key_file
    return _key(environment, EMBEDDING_VARIABLE, path, settings, url=settings.matching.url, of="the embeddings")


def _key(
    environment: Mapping[str, str], variable: str, path: Path, settings: Settings, *, url: str | None, of: str
) -> str | None:
    value = _secret(environment, variable, path, "key", settings.root)
    if value is None and web.host(url or "") not in web.LOOPBACK:
        hint = f"set {variable}, or write the key into that file and `chmod 600 {path}`"
        raise AuthError(f"no key for {of} is set", subject=str(path), hint=hint)
    return value


def _secret(environment: Mapping[str, str], variable: str, path: Path, kind: str, root: Path) -> str | None:
    """The secret in the variable, else in the file that `variable`_FILE names, else in `path`; None for none."""
    if environment.get(variable, "").strip() and environment.get(f"{variable}{_FILE}", "").strip():
        hint = "unset one of the two"
        raise AuthError(f"and {variable}{_FILE} are both set", subject=variable, hint=hint)
    if value := environment.get(variable, "").strip():
        if not _is_token(value):
            raise AuthError(f"is not a {kind}", subject=variable, hint=f"set it to the {kind} and nothing else")
        return value
    if mounted := environment.get(f"{variable}{_FILE}", "").strip():
        path = root / mounted
        read = functools.partial(fs.read_mounted, path)
    else:
        read = functools.partial(fs.read_private, path)
    try:
        value = read().decode("ascii").strip()
    except FileNotFoundError:
        if not mounted:
            return None
        raise AuthError(
            f"names a file that is not there: {path}",
            subject=f"{variable}{_FILE}",
            hint="mount the secret there, or unset the variable",
        ) from None
    except UnicodeDecodeError as error:
        hint = f"write only the {kind} into that file"
        raise AuthError(f"is not a {kind}", subject=str(path), hint=hint) from error
    if not value:
        raise AuthError("is empty", subject=str(path), hint=f"write the {kind} into that file")
    if not _is_token(value):
        raise AuthError(f"is not a {kind}", subject=str(path), hint=f"write only the {kind} into that file")
    return value


def _is_token(text: str) -> bool:
    """Whether a header can carry it."""
    return text.isascii() and text.isprintable() and " " not in text


def check_url(url: str, *, allow_http: bool, section: Literal["studio", "llm"] = "studio") -> str:
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
            "the token would be sent unencrypted" if section == "studio" else "key and text would be sent unencrypted",
            subject=url,
            hint=f"use https://, or set allow_http = true under [{section}] in factcheck.toml",
        )
    return url.rstrip("/")
