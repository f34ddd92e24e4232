"""The local server on PostgreSQL: its address is remembered; its password is not, nor is it ever an option."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from factcheck import fs
from factcheck.errors import ConfigError

_FILE = "postgres"
_FORM = "write it as postgresql://user@host:5432/database; the database must already exist"


@dataclass(frozen=True)
class Database:
    """A PostgreSQL database; `password` is empty where the server asks for none."""

    host: str
    port: int
    name: str
    user: str
    password: str = field(default="", repr=False)

    @property
    def url(self) -> str:
        """The address without the password."""
        return f"postgresql://{self.user}@{self.host}:{self.port}/{self.name}"

    def variables(self) -> dict[str, str]:
        """What Label Studio's process is told (it spells the names so)."""
        return {
            "DJANGO_DB": "default",
            "POSTGRE_HOST": self.host,
            "POSTGRE_PORT": str(self.port),
            "POSTGRE_NAME": self.name,
            "POSTGRE_USER": self.user,
            "POSTGRE_PASSWORD": self.password,
        }


def database(url: str, environment: Mapping[str, str]) -> Database:
    """The database at that address, with the password of PGPASSWORD, else of the password file as libpq reads it.

    That is PGPASSFILE or ~/.pgpass (PostgreSQL documentation, 34.16). Raises ConfigError for an address of another
    form or with a password in it, TokenExposed where others can read the file.
    """
    parts = urlsplit(url)
    shown = f"postgresql://{parts.hostname}"
    if parts.password is not None:
        hint = "remove it from the address and put it into PGPASSWORD or a password file (~/.pgpass, mode 0600)"
        raise ConfigError("contains a password, which other users of this machine could see", subject=shown, hint=hint)
    try:
        port = parts.port or 5432
    except ValueError as error:
        raise ConfigError("has an invalid port", subject=shown, hint=_FORM) from error
    name = unquote(parts.path.removeprefix("/"))
    if parts.scheme not in {"postgres", "postgresql"} or not (parts.hostname and parts.username and name):
        raise ConfigError("is not the address of a PostgreSQL database", subject=shown, hint=_FORM)
    found = Database(parts.hostname, port, name, unquote(parts.username))
    password = environment.get("PGPASSWORD") or _from_file(found, environment)
    return Database(found.host, found.port, found.name, found.user, password)


def remember(folder: Path, chosen: Database) -> None:
    """Keep the address in the server's folder, so that the next start finds it."""
    fs.write_private(folder / _FILE, chosen.url.encode())


def remembered(folder: Path) -> str | None:
    """The address that the server of this folder runs on; None for SQLite."""
    try:
        return (folder / _FILE).read_text("utf-8").strip()
    except FileNotFoundError:
        return None


def _from_file(wanted: Database, environment: Mapping[str, str]) -> str:
    path = Path(environment.get("PGPASSFILE") or Path(environment.get("HOME", "/")) / ".pgpass")
    try:
        lines = fs.read_private(path).decode("utf-8").splitlines()
    except FileNotFoundError:
        return ""
    values = (wanted.host, str(wanted.port), wanted.name, wanted.user)
    for line in lines:
        # host:port:database:user:password, where a backslash makes the next sign plain
        fields = [re.sub(r"\\(.)", r"\1", part) for part in re.split(r"(?<!\\):", line, maxsplit=4)]
        if line.startswith("#") or len(fields) != len(values) + 1:
            continue
        if all(given in {"*", value} for given, value in zip(fields, values, strict=False)):
            return fields[-1]
    return ""
