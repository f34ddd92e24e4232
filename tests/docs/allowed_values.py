"""docs/values.md and docs/environment.md: what may stand in a column, in a setting and behind an option."""

from __future__ import annotations

import ast
import inspect
import types
import typing
from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Annotated, Any, Literal

import typer.main
from annotated_types import Ge, Gt, Le, MaxLen, MinLen
from pydantic import AfterValidator, BaseModel

from factcheck import licences, models
from factcheck.cli import app
from factcheck.exporters import labels
from factcheck.languages import SPOKEN
from factcheck.settings import values
from factcheck.settings.model import NAMED, Settings
from factcheck.settings.variables import OTHERS
from tests.docs.data_dictionary import TABLES

FORMS: dict[Callable[..., Any], str] = {
    values._place: "a path",
    values._line: "a text on one line",
    values.language: "a language's code in ISO 639, such as `fa`",
    values._languages: "languages' codes in ISO 639, such as `fa`",
    values._emails: "e-mail addresses",
    values._trimmed: "texts",
    values.server: "an address, http or https",
    values._web_address: "a web address, without a user name",
    values._time_zone: "a time zone of IANA, such as `Asia/Tehran`",
    licences.check: "an SPDX id, a web address, or empty",
}
"""What the settings' validators take."""
STORES = {"dataset.path", "publish.to"}
"""Settings that take the address of an object store too."""
ELSEWHERE = {
    "SSL_CERT_FILE": "File of the authorities that every client trusts, in place of the machine's.",
    "SSL_CERT_DIR": "Folder of such files.",
    "AWS_ACCESS_KEY_ID": "Of the object store: who we are.",
    "AWS_SECRET_ACCESS_KEY": "Of the object store: the secret.",
    "AWS_SESSION_TOKEN": "Of the object store: for credentials that end.",
    "AWS_REGION": "Of the object store: its region.",
    "AWS_ENDPOINT_URL": "Address of an object store of your own.",
    "AWS_ALLOW_HTTP": "`true` for such a store without TLS, as on this machine.",
    "PGPASSWORD": "Password of the local server's PostgreSQL.",
    "PGPASSFILE": "File with that password, as PostgreSQL's own programs read it.",
}
"""Variables of others that change what factcheck does."""
_MADE = "Made from the program by `make generate`; do not edit."


def values_page() -> str:
    """Every value that a column, a setting or an option may have, where these are few or have a form."""
    lines = ["# Allowed values", "", _MADE, "", "## In columns", ""]
    for kind, places in _enums().items():
        lines += [f"### {kind.__name__}", "", " ".join((kind.__doc__ or "").split()), ""]
        lines += [f"In {', '.join(f'`{place}`' for place in places)}.", ""]
        told = _said_of(kind)
        lines += [f"| value | {' | '.join(SPOKEN)} | |", f"| --- {'| --- ' * len(SPOKEN)}| --- |"]
        for one in kind:
            words = labels.VERDICTS.get(one) or labels.STATUSES.get(one) or labels.REASONS.get(one) or {}
            shown = words if kind in {models.Verdict, models.Status, models.Reason, models.Choice} else {}
            lines.append(f"| `{one}` | {' | '.join(shown.get(it, '') for it in SPOKEN)} | {told.get(one.name, '')} |")
        lines.append("")
    lines += ["## In settings", "", "What each is for: [configuration](configuration.md).", ""]
    lines += ["| setting | may be |", "| --- | --- |"]
    lines += [f"| `{name}` | {_form(field, name)} |" for name, field in settings()]
    lines += [
        "",
        "## Behind options",
        "",
        "Options that take one of a few words; all others: [command line](cli.md).",
        "",
    ]
    lines += ["| command | option | may be |", "| --- | --- | --- |"]
    lines += [f"| `{command}` | `{option}` | {_listed(words)} |" for command, option, words in options()]
    return "\n".join(lines) + "\n"


def environment_page() -> str:
    """Every variable of the environment that factcheck reads."""
    lines = [
        "# Environment", "", _MADE, "",
        "A variable goes before factcheck.toml. A list is texts between commas, or JSON; a blank one is an empty list.",
        "Any other variable that begins with `FACTCHECK_` is refused, with the nearest name. `factcheck config` shows",
        "what holds and from where.", "",
        "## Settings", "", "| variable | setting | may be |", "| --- | --- | --- |",
        *(f"| `{variable(name)}` | `{name}` | {_form(field, name)} |" for name, field in settings()), "",
        "`NAME` is the project's or the source's, in capitals and with `_` for `-`.", "",
        "## Others of factcheck", "", "| variable | what it is for |", "| --- | --- |",
        *(f"| `{name}` | {what} |" for name, what in OTHERS.items()), "",
        "## Of others", "", "| variable | what it is for |", "| --- | --- |",
        *(f"| `{name}` | {what} |" for name, what in ELSEWHERE.items()), "",
        "`HTTP_PROXY` and `HTTPS_PROXY` are used for an object store alone: [network](network.md#a-proxy).",
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def settings() -> Iterator[tuple[str, Any]]:
    """Each setting by its name, `section.key`, with its field."""
    for name, field in Settings.model_fields.items():
        if name == "root":
            continue
        model: Any = NAMED.get(name) or field.annotation
        assert issubclass(model, BaseModel)
        where = f"{name}.NAME" if name in NAMED else name
        yield from ((f"{where}.{key}", inner) for key, inner in model.model_fields.items())


def variable(name: str) -> str:
    """The environment variable of a setting."""
    parts = name.upper().split(".")
    return "FACTCHECK_" + ("__" if len(parts) == 3 else "_").join(parts)


def options() -> Iterator[tuple[str, str, list[str]]]:
    """The options that take one of a few words: command, option, words."""

    def walk(command: Any, path: tuple[str, ...]) -> Iterator[tuple[str, str, list[str]]]:
        for param in command.params:
            if words := _words(param.type_descriptor.annotation):
                yield " ".join(path), param.opts[0], words
        for name, inner in getattr(command, "commands", {}).items():
            yield from walk(inner, (*path, name))

    yield from walk(typer.main.get_command(app), ("factcheck",))


def _words(annotation: Any) -> list[str]:
    for one in _inside(annotation):
        if typing.get_origin(one) is Literal:
            return [str(word) for word in typing.get_args(one)]
        if isinstance(one, type) and issubclass(one, StrEnum):
            return [*one]
    return []


def _enums() -> dict[type[StrEnum], list[str]]:
    """The columns of each enumeration, `table.column`."""
    found: dict[type[StrEnum], list[str]] = {}
    for table, record in TABLES.items():
        for column, field in record.model_fields.items():
            for kind in _inside(field.annotation):
                if isinstance(kind, type) and issubclass(kind, StrEnum):
                    found.setdefault(kind, []).append(f"{table}.{column}")
    return found


def _inside(annotation: Any) -> Iterator[Any]:
    yield annotation
    for one in typing.get_args(annotation):
        yield from _inside(one)


def _said_of(kind: type[StrEnum]) -> dict[str, str]:
    """What stands below each member in the source."""
    (body,) = ast.parse(inspect.getsource(kind)).body
    assert isinstance(body, ast.ClassDef)
    found, last = {}, ""
    for node in body.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            last = node.targets[0].id
        elif last and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            found[last] = " ".join(str(node.value.value).split())
    return found


def _form(field: Any, name: str) -> str:
    """What may be written for a setting."""
    kind, told = field.annotation, list(field.metadata)
    if isinstance(kind, types.UnionType) or typing.get_origin(kind) is typing.Union:
        (kind,) = [one for one in typing.get_args(kind) if one is not type(None)]
    if typing.get_origin(kind) is Annotated:
        kind, *more = typing.get_args(kind)
        told += more
    if typing.get_origin(kind) is Literal:
        return _listed([str(one) for one in typing.get_args(kind)])
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return _listed([*kind])
    if kind is bool:
        return "`true`, `false`"
    if kind in {int, float}:
        return _bounds("a whole number" if kind is int else "a number", told)
    form = next((FORMS[one.func] for one in told if isinstance(one, AfterValidator) and one.func in FORMS), "a text")
    longest = next((one.max_length for one in told if isinstance(one, MaxLen)), None)
    shortest = next((one.min_length for one in told if isinstance(one, MinLen)), None)
    length = f"{shortest} to {longest}" if shortest else f"at most {longest:,}" if longest else ""
    form += ", or the address of an object store, `s3://bucket/path`" if name in STORES else ""
    return f"{form}, {length} characters" if length else form


def _bounds(what: str, told: list[Any]) -> str:
    least = next((f"from {one.ge:,}" for one in told if isinstance(one, Ge)), "")
    above = next((f"above {one.gt}" for one in told if isinstance(one, Gt)), "")
    most = next((f"to {one.le:,}" for one in told if isinstance(one, Le)), "")
    return " ".join(filter(None, (what, least or above, most)))


def _listed(words: list[Any]) -> str:
    return ", ".join(f"`{word}`" for word in words)
