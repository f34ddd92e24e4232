"""Settings: environment > factcheck.toml > default; built once and passed down.

A token never stands in factcheck.toml nor on a command line: it comes from FACTCHECK_TOKEN or a file that only its
owner can read.
"""

from __future__ import annotations

import difflib
import json
import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from factcheck import names
from factcheck.errors import AuthError, ConfigError, InsecureUrl, TokenExposed
from factcheck.languages import Language
from factcheck.notation import json_value, toml_table
from factcheck.text import is_one_line, match_key

FILE_NAME = "factcheck.toml"
TOKEN_VARIABLE = "FACTCHECK_TOKEN"  # noqa: S105 - the name of a variable, not a token
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _line(text: str) -> str:
    if not is_one_line(text):
        raise ValueError("has a line end, a control character or a direction control in it")
    if not match_key(text):
        raise ValueError("has no letter or digit in it")
    return text


def _web_address(url: str) -> str:
    try:
        parts = urlsplit(url)
        good = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
        # urlsplit takes out tabs and line ends by itself, and lets most other things stand in a host.
        good = good and is_one_line(url) and not any(char.isspace() or char in '"<>\\^`{|}' for char in url)
    except ValueError:
        good = False
    if not good:
        raise ValueError("is not a web address; write it as https://desk.example")
    if parts.username is not None:
        raise ValueError("carries a user name; readers would see it")
    return url


MANY_HOURS, MANY_VOTES = 1_000_000, 10**12
"""More than any desk means; what is larger does not fit into what is counted with it."""

Line = Annotated[str, AfterValidator(_line)]
"""A text that people read on one line, also on terminals: a name, a title."""


def _place(text: str) -> str:
    if "\0" in text:
        raise ValueError("has a character in it (NUL) that no file name can have")
    return text


Place = Annotated[str, AfterValidator(_place)]
"""A path, or the address of an object store."""

TITLE_SHORTEST, TITLE_LENGTH = 3, 50
"""Characters that Label Studio takes as a project's title."""


class Desk(_Section):
    """Who publishes the verdicts, and in which language its people work."""

    name: Line = Field("Fact-checking desk", max_length=200, description="The desk's name, as readers know it.")
    url: Annotated[str, AfterValidator(_web_address)] = Field(
        "https://example.org", description="The desk's own address; reviews are published below it."
    )
    language: Language = Field("en", description="Language of the annotators' labels and hints.")
    languages: list[str] = Field(["fa", "ar", "en"], description="Languages the articles may be in (ISO 639).")
    licence: str = Field("CC-BY-4.0", description="Licence of what is released: an SPDX expression or a URL.")


class DatasetSettings(_Section):
    """Where the versioned dataset lies: a folder (relative to factcheck.toml) or an object-store URI."""

    path: Place = Field("dataset", description="A folder, or an object-store URI such as s3://bucket/dataset.")


class Studio(_Section):
    """The Label Studio server. Without `url` it is the local one of `factcheck studio up`."""

    url: str | None = Field(None, description="Address of the server; without it, the local one of `studio up`.")
    token_file: Place = Field(".factcheck/token", description="File with the token; only its owner may read it.")
    allow_http: bool = Field(default=False, description="Let the token travel unencrypted to another machine.")
    allow_unsafe_version: bool = Field(default=False, description="Work with a server version that has known holes.")
    environment: Place = Field(".factcheck/label-studio", description="Where the local server is installed.")
    full_pull_hours: float = Field(
        24.0,
        ge=0,
        le=MANY_HOURS,
        description="How long after the last one a pull reads every task again; some changes leave no sign.",
    )
    missing_votes: int = Field(
        10, ge=0, le=MANY_VOTES, description="More votes than this that vanish in one pull wait for a person's word,"
    )
    missing_share: float = Field(0.05, ge=0, le=1, description="if they are also more than this share of the votes.")


class Project(_Section):
    """One Label Studio project that gets claims; several projects feed one dataset."""

    title: Line = Field(
        "Fact check",
        min_length=TITLE_SHORTEST,
        max_length=TITLE_LENGTH,
        description="The project's title in Label Studio, free to change.",
    )
    languages: list[str] = Field([], description="Only claims in these languages; empty for all.")
    annotators_per_claim: int = Field(2, ge=1, le=100, description="How many people check each claim.")
    annotators_when_contested: int = Field(
        0, ge=0, le=100, description="How many once a claim is contested; 0 for no more than before."
    )
    annotators_when_worthy: int = Field(
        0, ge=0, le=100, description="How many check the claims of `worthy_from` or more; 0 for no more than others."
    )
    worthy_from: float = Field(0.9, ge=0, le=1, description="Check-worthiness from which a claim gets them.")
    predictions: bool = Field(
        default=False, description="Show annotators the verdict a claim has already, as a suggestion; it biases them."
    )


class Claims(_Section):
    """Which claims are worth a checker's time."""

    min_check_worthiness: float = Field(0.5, ge=0, le=1, description="Claims below are kept, but not pushed.")


def _trimmed(addresses: list[str]) -> list[str]:
    return [address.strip() for address in addresses if address.strip()]


Addresses = Annotated[list[str], AfterValidator(_trimmed)]


class Verdicts(_Section):
    """How votes become a verdict; docs/policies.md says what each policy is for."""

    policy: Literal["majority", "unanimous", "weighted", "dawid_skene", "one_coin"] = Field(
        "majority", description="How votes become a verdict."
    )
    min_votes: int = Field(2, ge=1, le=MANY_VOTES, description="Fewer votes give no verdict.")
    margin: int = Field(
        1, ge=1, le=MANY_VOTES, description="By how many votes the first must lead the second (majority)."
    )
    threshold: float | None = Field(
        None, gt=0.5, le=1, description="Weight or posterior that a choice needs (weighted, dawid_skene, one_coin)."
    )
    roster: Addresses = Field([], description="E-mail addresses of those whose votes count; empty for everybody.")
    leads: Addresses = Field([], description="E-mail addresses of those who decide contested claims in the queue.")


class Queue(_Section):
    """The Label Studio project in which a lead decides contested claims; `factcheck push --queue` fills it."""

    title: Line = Field(
        "Contested claims",
        min_length=TITLE_SHORTEST,
        max_length=TITLE_LENGTH,
        description="The project's title in Label Studio.",
    )


class Exports(_Section):
    """Where exports are written, relative to factcheck.toml."""

    path: Place = Field("exports", description="Folder that exports are written to.")


class Settings(_Section):
    """Everything a run needs to know; `root` is the folder of factcheck.toml."""

    root: Path
    desk: Desk = Desk()
    dataset: DatasetSettings = DatasetSettings()
    studio: Studio = Studio()
    projects: dict[names.ProjectName, Project] = {"main": Project()}
    claims: Claims = Claims()
    verdicts: Verdicts = Verdicts()
    queue: Queue = Queue()
    exports: Exports = Exports()

    @property
    def state(self) -> Path:
        """The folder of what is not the dataset: staging, ledger, quarantine, the local server."""
        return self.root / ".factcheck"

    @property
    def dataset_uri(self) -> str:
        """The dataset's folder as an absolute path, or its URI as it is."""
        return self.dataset.path if "://" in self.dataset.path else str(self.root / self.dataset.path)


def load(root: Path, environment: Mapping[str, str]) -> Settings:
    """The settings of the desk in `root`.

    Environment variables are FACTCHECK_<SECTION>_<KEY>. Raises ConfigError for an unknown key (naming the nearest
    one) or a wrong value.
    """
    path = root / FILE_NAME
    data: dict[str, Any] = {}
    if path.is_file():
        try:
            data = _parsed(path.read_text("utf-8"), path)
        except UnicodeDecodeError as error:
            raise ConfigError(f"is not valid TOML: {error}", subject=str(path), hint="mend the named line") from error
    for section, key, value in _from_environment(environment):
        if isinstance(data.setdefault(section, {}), dict):  # another value is refused below
            data[section][key] = value
    return _settings(data, root, path)


def check(text: str, root: Path) -> Settings:
    """The settings that a factcheck.toml of this text would give in `root`, without the environment.

    Raises ConfigError as `load` does, so that nothing is written that `load` would refuse.
    """
    path = root / FILE_NAME
    return _settings(_parsed(text, path), root, path)


def problem_of_desk(key: str, value: str) -> str | None:
    """What is wrong with a value for a key of [desk], in words; None where nothing is."""
    try:
        Desk.model_validate({key: value})
    except ValidationError as error:
        return _said(error)
    return None


def _parsed(text: str, path: Path) -> dict[str, Any]:
    try:
        return toml_table(text)
    except ValueError as error:
        raise ConfigError(f"is not valid TOML: {error}", subject=str(path), hint="mend the named line") from error


def _settings(data: dict[str, Any], root: Path, path: Path) -> Settings:
    try:
        return Settings(root=root.resolve(), **data)
    except ValidationError as error:
        raise _explain(error, str(path)) from error
    except TypeError as error:  # `root` is ours
        raise ConfigError("has an unknown key 'root'", subject=str(path), hint="take the line out") from error


def token(settings: Settings, environment: Mapping[str, str]) -> str:
    """The Label Studio token: from FACTCHECK_TOKEN, else from the token file.

    Raises TokenExposed where others can read the file, AuthError where there is no token.
    """
    if value := environment.get(TOKEN_VARIABLE, "").strip():
        if not _is_token(value):
            raise AuthError("is not a token", subject=TOKEN_VARIABLE, hint="set it to the token alone")
        return value
    path = settings.root / settings.studio.token_file
    try:
        mode = path.stat().st_mode
        value = path.read_text("ascii").strip()
    except FileNotFoundError as error:
        raise AuthError(
            "there is no Label Studio token",
            subject=str(path),
            hint=f"set {TOKEN_VARIABLE}, or write the token into that file and `chmod 600 {path}`; "
            "`factcheck studio up` makes a local server with its own token",
        ) from error
    except UnicodeDecodeError as error:
        raise AuthError("is not a token", subject=str(path), hint="write the token alone into that file") from error
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise TokenExposed("can be read by other users", subject=str(path), hint=f"chmod 600 {path}")
    if not value:
        raise AuthError("is empty", subject=str(path), hint="write the token into that file")
    if not _is_token(value):
        raise AuthError("is not a token", subject=str(path), hint="write the token alone into that file")
    return value


def _is_token(text: str) -> bool:
    """Whether a header can carry it."""
    return text.isascii() and text.isprintable() and " " not in text


def check_url(url: str, *, allow_http: bool) -> str:
    """The server's address without a trailing slash; raises InsecureUrl for plain http to another machine."""
    try:
        parts = urlsplit(url)
        good = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0 and is_one_line(url)
        url.encode()  # a byte of the environment that is no UTF-8 has no place in an address
    except ValueError:
        good = False
    if not good or not parts.hostname:
        raise ConfigError("is not an http(s) address", subject=names.shown(url), hint="write it as https://host")
    if parts.username or parts.password:
        raise ConfigError(
            "carries a password", subject=parts.hostname, hint="take the user and password out of the URL"
        )
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK and not allow_http:
        raise InsecureUrl(
            "the token would travel unencrypted",
            subject=url,
            hint="use https://, or set allow_http = true under [studio] in factcheck.toml",
        )
    return url.rstrip("/")


def _from_environment(environment: Mapping[str, str]) -> list[tuple[str, str, Any]]:
    found: list[tuple[str, str, Any]] = []
    for section, field in Settings.model_fields.items():
        if not (isinstance(field.annotation, type) and issubclass(field.annotation, _Section)):
            continue
        for key, inner in field.annotation.model_fields.items():
            raw = environment.get(f"FACTCHECK_{section}_{key}".upper())
            if raw is not None:
                value: Any = _list(raw) if inner.annotation == list[str] else raw
                found.append((section, key, value))
    return found


def _list(raw: str) -> Any:
    """A list as the environment has it: JSON, or texts between commas; a blank around or between them is none."""
    if raw.strip().startswith("["):
        try:
            return json_value(raw)
        except ValueError:
            pass  # a name may begin with a bracket
    return [part.strip() for part in raw.split(",") if part.strip()]


def _explain(error: ValidationError, path: str) -> ConfigError:
    first = error.errors()[0]
    where = [str(part) for part in first["loc"]]
    name = ".".join(where)
    if where[-1] == "[key]":
        why, _, hint = str(first["ctx"]["error"]).partition("; ")
        what = f"'{names.shown(where[-2])}' is no name for one of {where[0]}: {why}"
        return ConfigError(what, subject=path, hint=hint)
    if first["type"] == "extra_forbidden":
        near = difflib.get_close_matches(where[-1], _known(where[:-1]), n=1, cutoff=0.0)
        hint = f"did you mean '{'.'.join([*where[:-1], near[0]])}'?" if near else "take it out"
        return ConfigError(f"unknown key '{name}'", subject=path, hint=hint)
    return ConfigError(f"'{name}': {_said(error)}", subject=path, hint=_meaning(where))


def _said(error: ValidationError) -> str:
    first = error.errors()[0]
    match first["type"]:
        case "string_too_long":
            return f"is longer than {first['ctx']['max_length']} characters"
        case "string_too_short":
            return f"is shorter than {first['ctx']['min_length']} characters"
    return str(first["msg"]).removeprefix("Value error, ")


def _meaning(where: list[str]) -> str:
    """What a key is for, and its default; how to see all of them where the place is no key."""
    depth = 2 if where[0] == "projects" else 1
    field = _section(where[:depth]).model_fields.get(where[depth]) if len(where) > depth else None
    if field is None:
        return "`factcheck init` in an empty folder writes a file that explains every key"
    default = "" if field.default is None else f" Default: {json.dumps(field.default, ensure_ascii=False)}"
    return f"{field.description}{default}"


def _known(where: list[str]) -> list[str]:
    return [name for name in _section(where).model_fields if name != "root"]


def _section(where: list[str]) -> type[BaseModel]:
    """The model of the table of that name: [], [section] or [projects, name]."""
    if where[:1] == ["projects"]:
        return Project
    annotation = Settings.model_fields[where[0]].annotation if where else Settings
    assert isinstance(annotation, type)
    assert issubclass(annotation, BaseModel)
    return annotation


def process_environment() -> Mapping[str, str]:
    """The environment of this process, for `load` and `token`."""
    return os.environ
