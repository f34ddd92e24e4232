"""The environment variables of factcheck: those of settings, and those that other parts read for themselves."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator, Mapping

from factcheck import names
from factcheck.errors import ConfigError
from factcheck.settings.access import EMBEDDING_VARIABLE, KEY_VARIABLE, TOKEN_VARIABLE
from factcheck.settings.model import NAMED, Section, Settings

PREFIX = "FACTCHECK_"
Key = tuple[str, ...]
"""Where a setting stands in factcheck.toml: ("desk", "name") or ("projects", "main", "title")."""

OTHERS = {
    TOKEN_VARIABLE: "The Label Studio token; overrides the file `studio.token_file`.",
    f"{TOKEN_VARIABLE}_FILE": "File with the token, as containers mount a secret: root's, mode 0440 or 0400.",
    KEY_VARIABLE: "The key of the language model's endpoint; overrides the file `llm.key_file`.",
    EMBEDDING_VARIABLE: "The key of the embeddings' endpoint; overrides the file `matching.key_file`.",
    f"{EMBEDDING_VARIABLE}_FILE": "File with that key, as containers mount a secret.",
    "FACTCHECK_DESK": "Folder of the desk, like `--desk`.",
    "FACTCHECK_LOG_LEVEL": "Level of the log, like `--log-level`.",
    "FACTCHECK_LOG_FORMAT": "How its lines look, like `--log-format`.",
    "FACTCHECK_STUDIO_POSTGRES": "Address of the local server's PostgreSQL, like `studio up --postgres`.",
    "FACTCHECK_TRACEBACK": "Set to 1 to see the traceback of a bug in factcheck.",
    "FACTCHECK_CHROMIUM": "Path of the browser for factcheck's own tests.",
    "FACTCHECK_EXHAUSTIVE": "Set to 1 to run the long forms of factcheck's own tests.",
}
"""What is no setting, and what it is for."""

_NAMED = re.compile(rf"({PREFIX}({'|'.join(NAMED).upper()})__(.+?)__)(.+)", re.DOTALL)


def settings(environment: Mapping[str, str], tables: Mapping[str, Collection[str]]) -> dict[Key, str]:
    """The variable of each setting that the environment has.

    `tables` has the names of projects and sources in factcheck.toml: a variable cannot have a small letter or a
    hyphen, so MAIN is the project of that name there however it is written, and `main` where there is none. Raises
    ConfigError for a variable that two of them share, and for one that begins with FACTCHECK_ and is not one of
    ours, naming the nearest.
    """
    known = {f"{PREFIX}{section}_{key}".upper(): (section, key) for section, key in _keys()}
    written = {table: {_as_variable(name): name for name in tables.get(table, ())} for table in NAMED}
    found: dict[Key, str] = {}
    for variable in sorted(environment):
        if not variable.startswith(PREFIX) or variable in OTHERS:
            continue
        named = _NAMED.fullmatch(variable)
        table = named[2].lower() if named else ""
        if variable in known:
            found[known[variable]] = variable
        elif named and named[4].isupper() and named[4].lower() in NAMED[table].model_fields:
            if len(alike := [name for name in tables.get(table, ()) if _as_variable(name) == named[3]]) > 1:
                what = f"may mean any of these in [{table}]: {', '.join(alike)}"
                raise ConfigError(what, subject=variable, hint="rename one of them in factcheck.toml, or set it there")
            found[table, written[table].get(named[3], named[3].lower()), named[4].lower()] = variable
        else:
            raise _unknown(variable, [*known, *OTHERS, *_of_tables(written, named[1] if named else None, table)])
    return found


def _of_tables(written: Mapping[str, Mapping[str, str]], start: str | None, table: str) -> Iterator[str]:
    """The variables that one of a project or source may have meant: of that very one where it is told."""
    starts = (
        {start: table} if start else {f"{PREFIX}{it.upper()}__{next(iter(written[it]), 'MAIN')}__": it for it in NAMED}
    )
    for beginning, it in starts.items():
        yield from (f"{beginning}{key.upper()}" for key in NAMED[it].model_fields)


def _keys() -> Iterator[tuple[str, str]]:
    for section, field in Settings.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, Section):
            yield from ((section, key) for key in field.annotation.model_fields)


def _as_variable(name: str) -> str:
    return name.upper().replace("-", "_")


def _unknown(variable: str, known: list[str]) -> ConfigError:
    """Its value is never told: it may be a token under a wrong name."""
    near = difflib.get_close_matches(variable.upper(), known, n=1, cutoff=0.0)[0]
    hint = f"did you mean {names.shown(near)}?"
    return ConfigError("unknown environment variable", subject=names.shown(variable), hint=hint)
