"""Where each setting that holds comes from: a line of factcheck.toml, a variable of the environment, or a default."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel

from factcheck.notation import toml_table
from factcheck.settings import FILE_NAME, load, variables
from factcheck.settings.access import EMBEDDING_VARIABLE, KEY_VARIABLE, TOKEN_VARIABLE
from factcheck.settings.model import NAMED, Settings

_MANY_LINES = 2000
"""Lines of a factcheck.toml above which the file alone is named; each line is read once for every one after it."""
_USER = re.compile(r"(://)[^/?#\s]*@")
_HIDDEN = "(set, not shown)"


class Held(NamedTuple):
    """A setting as it holds: `origin` says from what kind of place, `where` names the variable or the line."""

    key: str
    value: Any
    origin: Literal["environment", "file", "default"]
    where: str | None


def held(root: Path, environment: Mapping[str, str]) -> tuple[Settings, list[Held]]:
    """The settings of the desk in `root`, and each of them with where it comes from, in the order of the reference.

    A user name or password in an address is hidden. Raises ConfigError as `load` does.
    """
    settings = load(root, environment)
    path = root / FILE_NAME
    text = path.read_text("utf-8") if path.is_file() else ""
    table, lines = toml_table(text), _lines(text)
    given = variables.settings(environment, {name: table.get(name, {}) for name in NAMED})
    found = []
    for key in _keys(settings):
        value = _shown(_value(settings, key))
        if key in given:
            found.append(Held(".".join(key), value, "environment", given[key]))
        elif _has(table, key):
            line = lines.get(key)
            found.append(Held(".".join(key), value, "file", f"{FILE_NAME}:{line}" if line else FILE_NAME))
        else:
            found.append(Held(".".join(key), value, "default", None))
    return settings, found


def secrets(settings: Settings, environment: Mapping[str, str]) -> list[Held]:
    """The token and the keys: whether there is one and from where, never what it is."""
    found = []
    for variable, place in (
        (TOKEN_VARIABLE, settings.studio.token_file),
        (KEY_VARIABLE, settings.llm.key_file),
        (EMBEDDING_VARIABLE, settings.matching.key_file),
    ):
        name = variable.removeprefix(variables.PREFIX).lower()
        if environment.get(variable, "").strip():
            found.append(Held(name, _HIDDEN, "environment", variable))
        elif mounted := environment.get(f"{variable}_FILE", "").strip():
            found.append(Held(name, _HIDDEN, "environment", f"{variable}_FILE={mounted}"))
        elif (settings.root / place).exists():
            found.append(Held(name, _HIDDEN, "file", place))
        else:
            found.append(Held(name, None, "default", None))
    return found


def _keys(settings: Settings) -> Iterator[variables.Key]:
    for section in Settings.model_fields:
        inside = getattr(settings, section)
        if section in NAMED:
            yield from ((section, name, key) for name, one in inside.items() for key in type(one).model_fields)
        elif isinstance(inside, BaseModel):
            yield from ((section, key) for key in type(inside).model_fields)


def _value(settings: Settings, key: variables.Key) -> Any:
    if len(key) == 3:  # noqa: PLR2004 - [projects.NAME] key
        return getattr(getattr(settings, key[0])[key[1]], key[2])
    return getattr(getattr(settings, key[0]), key[1])


def _shown(value: Any) -> Any:
    if isinstance(value, list):
        return [_shown(one) for one in value]
    return _USER.sub(r"\1***@", value) if isinstance(value, str) else value


def _has(table: Any, key: variables.Key) -> bool:
    for name in key:
        if not isinstance(table, dict) or name not in table:
            return False
        table = table[name]
    return True


def _lines(text: str) -> dict[variables.Key, int]:
    """The line on which each key begins.

    What TOML makes of the first lines alone tells which keys they have; where a value goes over several lines the
    text up to the middle of it is none, and the key stands on the line after the last text that was.
    """
    lines = text.split("\n")
    found: dict[variables.Key, int] = {}
    if len(lines) > _MANY_LINES:
        return found
    begins = 1
    for number in range(1, len(lines) + 1):
        try:
            table = toml_table("\n".join(lines[:number]) + "\n")
        except ValueError:
            continue
        for key in _leaves(table):
            found.setdefault(key, begins)
        begins = number + 1
    return found


def _leaves(table: Mapping[str, Any]) -> Iterator[variables.Key]:
    for section, inside in table.items():
        for key, value in inside.items() if isinstance(inside, dict) else ():
            if section in NAMED:
                yield from ((section, key, inner) for inner in (value if isinstance(value, dict) else ()))
            else:
                yield section, key
