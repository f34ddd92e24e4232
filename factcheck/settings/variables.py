"""The environment variables of factcheck: those of settings, and those that other parts read for themselves."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator, Mapping

from factcheck import names
from factcheck.errors import ConfigError
from factcheck.settings.access import EMBEDDING_VARIABLE, KEY_VARIABLE, TOKEN_VARIABLE
from factcheck.settings.model import Project, Section, Settings

PREFIX = "FACTCHECK_"
Key = tuple[str, ...]
"""Where a setting stands in factcheck.toml: ("desk", "name") or ("projects", "main", "title")."""

OTHERS = {
    TOKEN_VARIABLE: "The Label Studio token; overrides the file `studio.token_file`.",
    KEY_VARIABLE: "The key of the language model's endpoint; overrides the file `llm.key_file`.",
    EMBEDDING_VARIABLE: "The key of the embeddings' endpoint; overrides the file `matching.key_file`.",
    "FACTCHECK_DESK": "Folder of the desk, like `--desk`.",
    "FACTCHECK_STUDIO_POSTGRES": "Address of the local server's PostgreSQL, like `studio up --postgres`.",
    "FACTCHECK_TRACEBACK": "Set to 1 to see the traceback of a bug in factcheck.",
    "FACTCHECK_CHROMIUM": "Path of the browser for factcheck's own tests.",
    "FACTCHECK_EXHAUSTIVE": "Set to 1 to run the long forms of factcheck's own tests.",
}
"""What is no setting, and what it is for."""

_OF_PROJECT = re.compile(rf"({PREFIX}PROJECTS__(.+?)__)(.+)", re.DOTALL)


def settings(environment: Mapping[str, str], projects: Collection[str]) -> dict[Key, str]:
    """The variable of each setting that the environment has.

    `projects` are those of factcheck.toml: a variable cannot have a small letter or a hyphen, so MAIN is the project
    of that name there however it is written, and `main` where there is none. Raises ConfigError for a variable that
    begins with FACTCHECK_ and is not one of ours, naming the nearest.
    """
    known = {f"{PREFIX}{section}_{key}".upper(): (section, key) for section, key in _keys()}
    written = {_as_variable(name): name for name in projects}
    found: dict[Key, str] = {}
    for variable in sorted(environment):
        if not variable.startswith(PREFIX) or variable in OTHERS:
            continue
        of_project = _OF_PROJECT.fullmatch(variable)
        if variable in known:
            found[known[variable]] = variable
        elif of_project and of_project[3].lower() in Project.model_fields and of_project[3].isupper():
            name = written.get(of_project[2], of_project[2].lower())
            found["projects", name, of_project[3].lower()] = variable
        else:
            start = of_project[1] if of_project else f"{PREFIX}PROJECTS__{next(iter(written), 'MAIN')}__"
            raise _unknown(variable, [*known, *OTHERS, *(f"{start}{key.upper()}" for key in Project.model_fields)])
    return found


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
