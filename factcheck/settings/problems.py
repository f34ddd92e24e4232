"""What a person is told of a wrong setting: where, what, and what the setting is for."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping

from pydantic import ValidationError

from factcheck import names
from factcheck.errors import ConfigError
from factcheck.settings.model import NAMED, section
from factcheck.settings.variables import Key


def explain(error: ValidationError, path: str, variables: Mapping[Key, str]) -> ConfigError:
    """The error of factcheck.toml at `path`, or of the variable that has the setting, for a person to put right."""
    first = error.errors()[0]
    where = [str(part) for part in first["loc"]]
    name = ".".join(where)
    path = next((variable for key, variable in variables.items() if tuple(where[: len(key)]) == key), path)
    if where[-1] == "[key]":
        why, _, hint = str(first["ctx"]["error"]).partition("; ")
        what = f"the name '{names.shown(where[-2])}' under [{where[0]}] is not valid: {why}"
        return ConfigError(what, subject=path, hint=hint)
    if first["type"] == "extra_forbidden":
        near = difflib.get_close_matches(where[-1], _known(where[:-1]), n=1, cutoff=0.0)
        hint = f"did you mean '{'.'.join([*where[:-1], near[0]])}'?" if near else "remove it"
        return ConfigError(f"unknown key '{name}'", subject=path, hint=hint)
    return ConfigError(f"'{name}': {said(error)}", subject=path, hint=_meaning(where))


def said(error: ValidationError) -> str:
    """What is wrong with a value, in words."""
    first = error.errors()[0]
    match first["type"]:
        case "string_too_long":
            return f"is longer than {first['ctx']['max_length']} characters"
        case "string_too_short":
            return f"is shorter than {first['ctx']['min_length']} characters"
    return str(first["msg"]).removeprefix("Value error, ")


def _meaning(where: list[str]) -> str:
    """What a key is for, and its default; how to see all of them where the place is no key."""
    depth = 2 if where[0] in NAMED else 1
    field = section(where[:depth]).model_fields.get(where[depth]) if len(where) > depth else None
    if field is None:
        return "`factcheck init` in an empty folder writes a file that explains every key"
    default = "" if field.default is None else f" Default: {json.dumps(field.default, ensure_ascii=False)}"
    return f"{field.description}{default}"


def _known(where: list[str]) -> list[str]:
    return [name for name in section(where).model_fields if name != "root"]
