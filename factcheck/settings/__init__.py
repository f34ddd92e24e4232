"""Settings: environment > factcheck.toml > default; built once and passed down."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ValidationError

from factcheck import distribution
from factcheck.errors import ConfigError
from factcheck.notation import toml_table
from factcheck.settings import variables
from factcheck.settings.access import TOKEN_VARIABLE, check_url, embedding_key, llm_key, token
from factcheck.settings.model import NAMED, TITLE_LENGTH, TITLE_SHORTEST, Desk, Project, Settings, Source
from factcheck.settings.problems import explain, said
from factcheck.settings.trust import context, to_articles, to_studio

__all__ = [
    "FILE_NAME", "TITLE_LENGTH", "TITLE_SHORTEST", "TOKEN_VARIABLE", "Project", "Settings", "Source", "check",
    "check_url", "context", "embedding_key", "is_named", "llm_key", "load", "problem_of", "process_environment",
    "to_articles", "to_studio", "token",
]  # fmt: skip

FILE_NAME = "factcheck.toml"
_MODELS: dict[str, type[BaseModel]] = {"desk": Desk, "projects": Project}


def load(root: Path, environment: Mapping[str, str]) -> Settings:
    """The settings of the desk in `root`.

    Environment variables are FACTCHECK_<SECTION>_<KEY>, FACTCHECK_PROJECTS__<NAME>__<KEY> and the same of SOURCES.
    A folder without a factcheck.toml has what they say, and defaults. Raises ConfigError for
    an unknown key or variable (naming the nearest one) or a wrong value.
    """
    path = root / FILE_NAME
    table: dict[str, Any] = {}
    if path.is_file():
        try:
            table = _parsed(path.read_text("utf-8"), path)
        except UnicodeDecodeError as error:
            raise ConfigError(f"is not valid TOML: {error}", subject=str(path), hint="fix that line") from error
    found = variables.settings(environment, {name: _table(table, name) for name in NAMED})
    return _settings(table, root, path, {key: (name, environment[name]) for key, name in found.items()})


def check(text: str, root: Path) -> Settings:
    """The settings that a factcheck.toml of this text would give in `root`, without the environment.

    Raises ConfigError as `load` does, so that nothing is written that `load` would refuse.
    """
    path = root / FILE_NAME
    return _settings(_parsed(text, path), root, path, {})


def problem_of(section: Literal["desk", "projects"], key: str, value: str) -> str | None:
    """What is wrong with a value for a key of that section, in words; None where nothing is."""
    try:
        _MODELS[section].model_validate({key: value})
    except ValidationError as error:
        return said(error)
    return None


def is_named(environment: Mapping[str, str]) -> bool:
    """Whether the environment alone makes a desk of a folder without a factcheck.toml: it names the desk."""
    return bool(environment.get(f"{variables.PREFIX}DESK_NAME", "").strip())


def process_environment() -> Mapping[str, str]:
    """The environment of this process, for `load` and `token`."""
    return os.environ


def _parsed(text: str, path: Path) -> dict[str, Any]:
    try:
        return toml_table(text)
    except ValueError as error:
        raise ConfigError(f"is not valid TOML: {error}", subject=str(path), hint="fix that line") from error


def _settings(
    table: dict[str, Any], root: Path, path: Path, given: Mapping[variables.Key, tuple[str, str]]
) -> Settings:
    """The settings of factcheck.toml's `table` under what is `given` by variables: their names and values."""
    if "root" in table:  # it is ours
        raise ConfigError("has an unknown key 'root'", subject=str(path), hint="remove that line")
    try:
        # No variable hides that what has its setting in the file is no table.
        if not given or not all(_are_tables(table, key[:-1]) for key in given):
            return Settings(root=root.resolve(), **table)
        with distribution.needing("all", "a setting in the environment"), distribution.inner("pydantic-settings"):
            from factcheck.settings.layers import layered
        return layered(root.resolve(), {key: value for key, (_, value) in given.items()}, table)
    except ValidationError as error:
        raise explain(error, str(path), {key: name for key, (name, _) in given.items()}) from error


def _table(table: dict[str, Any], name: str) -> dict[str, Any]:
    found = table.get(name)
    return found if isinstance(found, dict) else {}


def _are_tables(table: dict[str, Any], where: Sequence[str]) -> bool:
    inside: Any = table
    for name in where:
        inside = inside.get(name, {})
        if not isinstance(inside, dict):
            return False
    return True
