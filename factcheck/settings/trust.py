"""Whom every client of the desk trusts, and through which proxy it goes: one TLS context for all of them.

Trusted are the authorities that httpx brings and those of the machine; where SSL_CERT_FILE or SSL_CERT_DIR is set, what
it names in their place. `[studio] ca_file` comes on top. Proxies are what the settings say, and never HTTP_PROXY or
HTTPS_PROXY, which would send a token where nobody of the desk meant it to go.
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from pathlib import Path

from factcheck.errors import ConfigError
from factcheck.settings.model import Settings
from factcheck.web import Route

FILES = ("SSL_CERT_FILE", "SSL_CERT_DIR")


def context(settings: Settings | None, environment: Mapping[str, str]) -> ssl.SSLContext:
    """The TLS context of every client; raises ConfigError where a file of authorities cannot be read."""
    import httpx

    named = [name for name in FILES if environment.get(name)]
    if named:
        found = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        for name in named:
            _add(found, environment[name], name)
    else:
        found = httpx.create_ssl_context(trust_env=False)
        found.load_default_certs()
    if settings is not None and settings.studio.ca_file is not None:
        _add(found, str(settings.root / settings.studio.ca_file), "studio.ca_file")
    return found


def to_studio(settings: Settings | None, environment: Mapping[str, str]) -> Route:
    """How Label Studio is asked."""
    return Route(context(settings, environment), settings.studio.proxy if settings else None)


def to_articles(settings: Settings, environment: Mapping[str, str]) -> Route:
    """How articles, feeds and pages of evidence are fetched."""
    return Route(context(settings, environment), settings.articles.proxy)


def _add(found: ssl.SSLContext, path: str, name: str) -> None:
    try:
        if Path(path).is_dir():
            found.load_verify_locations(capath=path)
        else:
            found.load_verify_locations(cafile=path)
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        why = "holds no certificate in PEM form" if isinstance(error, ssl.SSLError) else f"cannot be read: {error}"
        raise ConfigError(f"{name} {why}", subject=path, hint="name a file of certificates in PEM form") from error
