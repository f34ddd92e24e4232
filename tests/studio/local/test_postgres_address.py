from __future__ import annotations

from pathlib import Path

import pytest

from factcheck.errors import ConfigError, TokenExposed, UsageError
from factcheck.studio.local import postgres, server

URL = "postgresql://desk@db.example:5433/checks"
SECRET = "pass:wo\\rd"


def test_the_password_comes_from_the_environment_and_is_never_shown() -> None:
    found = postgres.database(URL, {"PGPASSWORD": SECRET, "HOME": "/nonexistent"})
    assert (found.host, found.port, found.name, found.user) == ("db.example", 5433, "checks", "desk")
    assert found.variables()["POSTGRE_PASSWORD"] == SECRET
    assert SECRET not in repr(found)
    assert found.url == URL


@pytest.mark.parametrize(
    ("line", "password"),
    [
        ("db.example:5433:checks:desk:pass\\:wo\\\\rd", SECRET),
        ("# note\n*:*:*:desk:first\n*:*:*:*:second", "first"),
        ("other.example:5433:checks:desk:no\n*:5433:checks:*:yes", "yes"),
        ("db.example:5432:checks:desk:another port", ""),
        ("nonsense", ""),
    ],
)
def test_or_from_a_password_file(tmp_path: Path, line: str, password: str) -> None:
    (tmp_path / ".pgpass").write_text(line, "utf-8")
    (tmp_path / ".pgpass").chmod(0o600)
    assert postgres.database(URL, {"HOME": str(tmp_path)}).password == password
    assert postgres.database(URL, {"PGPASSFILE": str(tmp_path / ".pgpass")}).password == password


def test_a_password_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".pgpass").write_text("*:*:*:*:x", "utf-8")
    (tmp_path / ".pgpass").chmod(0o644)
    with pytest.raises(TokenExposed, match="other users"):
        postgres.database(URL, {"HOME": str(tmp_path)})


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://desk:geheim@db.example/checks",
        "mysql://desk@db.example/checks",
        "postgresql://db.example/checks",
        "postgresql://desk@db.example/",
        "postgresql://desk@db.example:port/checks",
    ],
)
def test_a_wrong_address_is_refused_without_repeating_a_password(url: str) -> None:
    with pytest.raises(ConfigError) as caught:
        postgres.database(url, {})
    assert "geheim" not in str(caught.value) + caught.value.hint


def test_data_do_not_silently_go_elsewhere(tmp_path: Path) -> None:
    chosen = postgres.database(URL, {})
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "label_studio.sqlite3").touch()
    with pytest.raises(UsageError, match="SQLite"):
        server.up(tmp_path, tmp_path / "environment", database=chosen, progress=print)
    other = tmp_path / "other"
    other.mkdir()
    postgres.remember(other, chosen)
    assert postgres.remembered(other) == URL
    with pytest.raises(UsageError, match=r"db\.example"):
        server.up(other, tmp_path / "environment", progress=print)
