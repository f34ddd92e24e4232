"""One tree of errors, grouped by what the caller does next: skip the input, try again, or stop.

FactcheckError
├── Rejected            one input is put aside with a reason; the run goes on (skip)
├── Unavailable         the other side may answer later (retry)
│   ├── Busy            another run of ours holds the workspace
│   ├── StoreUnreachable
│   ├── ProxyUnreachable
│   └── Unanswered      a request to Label Studio that may have been carried out or not
└── Stop                the run ends
    ├── UsageError      the command line or the configuration is wrong
    │   ├── ConfigError
    │   │   ├── InstallError
    │   │   └── PluginBroken
    │   └── OutputExists
    ├── SystemRefused   the machine refused something: a full disk, no permission
    ├── AccessError     who we are, or how we would get there, is not acceptable
    │   ├── AuthError
    │   ├── TokenExposed
    │   ├── Untrusted
    │   ├── InsecureUrl
    │   └── WebhookRefused
    ├── ServerError     Label Studio is there but cannot be used as it is
    │   ├── UnsafeServer
    │   ├── LabelConfigChanged
    │   ├── VotesMissing
    │   ├── ProjectGone
    │   ├── ProtocolError
    │   ├── NotOnServer
    │   └── TooLarge
    ├── DatasetError    the versioned dataset cannot be read or written
    │   ├── NoDataset
    │   ├── Corrupt
    │   ├── NotFound    what was named is not in the dataset
    │   │   ├── UnknownVersion
    │   │   ├── UnknownClaim
    │   │   └── UnknownAnnotator
    │   ├── NewerFormat
    │   └── Conflict
    └── Interrupted     SIGINT or SIGTERM; what was finished is kept

An error that no other module catches may be defined where it is raised, below one of these. Each can be pickled.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, ClassVar

_SHOWN = 200  # code points of a foreign message


class FactcheckError(Exception):
    """What happened (`what`), to which input (`subject`), and the next thing to do (`hint`)."""

    code: ClassVar[str] = "ERROR"
    exit_code: ClassVar[int] = 1

    def __init__(self, what: str, *, subject: str = "", hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.subject = subject
        self.hint = hint

    def __str__(self) -> str:
        subject = f"{self.subject}: " if self.subject else ""
        return f"{subject}{self.what}"

    def as_dict(self, *, exit_code: int | None = None) -> dict[str, Any]:
        """The error as the member `error` of an answer; `exit_code` where a command ends with another than its own."""
        code = self.exit_code if exit_code is None else exit_code
        said = {"code": self.code, "exit_code": code, "message": self.what}
        return said | {"subject": self.subject, "hint": self.hint}

    def __reduce__(self) -> tuple[Any, ...]:
        """For pickle: not through `__init__`, whose arguments differ from class to class."""
        return _again, (type(self), self.args, self.__dict__)


class Rejected(FactcheckError):
    """One input that is put aside; `reason_code` is the stable code of docs/errors.md (EMPTY, ENCODING ...)."""

    code = "REJECTED"
    exit_code = 3

    def __init__(self, reason_code: str, what: str, *, subject: str = "", hint: str = "") -> None:
        super().__init__(what, subject=subject, hint=hint)
        self.reason_code = reason_code


class Unavailable(FactcheckError):
    """The server or the store did not answer, or asked us to come back later."""

    code = "UNAVAILABLE"
    exit_code = 5


class Busy(Unavailable):
    """Another run holds the workspace."""

    code = "BUSY"
    exit_code = 8


class StoreUnreachable(Unavailable):
    """The object store does not answer; what it holds is not known, and never taken for empty or damaged."""

    code = "STORE_UNREACHABLE"
    exit_code = 11


class ProxyUnreachable(Unavailable):
    """The proxy that the settings name does not answer, or lets nobody through."""

    code = "PROXY"
    exit_code = 12


class Unanswered(Unavailable):
    """The request may have been carried out or not; `retry_after` are the seconds the server asked us to wait.

    `stumbled` tells that the server is there and fell over this very request (500): asked again it may do so for ever.
    """

    def __init__(
        self,
        what: str,
        *,
        subject: str = "",
        hint: str = "",
        retry_after: float | None = None,
        stumbled: bool = False,
    ) -> None:
        super().__init__(what, subject=subject, hint=hint)
        self.retry_after = retry_after
        self.stumbled = stumbled


class Stop(FactcheckError):
    """The run cannot go on."""


class UsageError(Stop):
    """The command line is wrong."""

    code = "USAGE"
    exit_code = 2


class ConfigError(UsageError):
    """factcheck.toml or an environment variable is wrong."""

    code = "CONFIG"
    exit_code = 4


class InstallError(ConfigError):
    """A library is not installed, or not in a version that factcheck works with; the hint is the line to type."""

    code = "INSTALL"


class PluginBroken(ConfigError):
    """What another distribution adds cannot be loaded or used; `subject` names it and the distribution."""

    code = "PLUGIN"


class OutputExists(UsageError):
    """The output is already there, or is a link."""

    code = "OUTPUT_EXISTS"


class SystemRefused(Stop):
    """The machine refused something: the disk is full, permission is missing; `subject` is the path."""

    code = "OS"


class AccessError(Stop):
    """Who we are, or the way there, is not acceptable."""

    code = "ACCESS"
    exit_code = 6


class AuthError(AccessError):
    """The server does not accept our token, or answered with its login page."""

    code = "AUTH"


class TokenExposed(AccessError):
    """A file with a token, a password or a key can be read by other users of this machine, or belongs to one."""

    code = "TOKEN_EXPOSED"


class Untrusted(AccessError):
    """The other side's certificate is signed by nobody whom this machine trusts."""

    code = "CERTIFICATE"
    exit_code = 13


class InsecureUrl(AccessError):
    """A token would travel unencrypted to another machine."""

    code = "INSECURE_URL"


class WebhookRefused(AccessError):
    """Label Studio takes no webhook to this address; a watch polls instead."""

    code = "WEBHOOK_REFUSED"


class ServerError(Stop):
    """Label Studio is there but cannot be used as it is."""

    code = "SERVER"
    exit_code = 5


class UnsafeServer(ServerError):
    """The server's version has known holes."""

    code = "UNSAFE_SERVER"


class LabelConfigChanged(ServerError):
    """The project's labeling config is not the one we pushed."""

    code = "LABEL_CONFIG"


class VotesMissing(ServerError):
    """Votes that the dataset has are gone from the server, and no person took them back; they wait for a word."""

    code = "VOTES_MISSING"
    exit_code = 9


class ProjectGone(ServerError):
    """The project that held votes of the dataset is not there; a new one would take them for withdrawn."""

    code = "PROJECT_GONE"


class ProtocolError(ServerError):
    """The server's answer is not what its interface promises."""

    code = "PROTOCOL"


class NotOnServer(ServerError):
    """What was asked for is not on the server (404)."""


class TooLarge(ServerError):
    """The server, or a proxy before it, takes no body or address of this size; nothing was stored."""


class DatasetError(Stop):
    """The dataset cannot be read or written."""

    code = "DATASET"
    exit_code = 7


class NoDataset(DatasetError):
    """There is no dataset at that place yet; never said of one that cannot be reached or read."""

    code = "NO_DATASET"


class Corrupt(DatasetError):
    """A file of the dataset is missing, cut short or changed; `subject` names the version and file."""

    code = "CORRUPT"


class NotFound(DatasetError):
    """What was named is not in the dataset; each kind has its own code."""


class UnknownVersion(NotFound):
    """There is no such version or tag, or no version yet."""

    code = "UNKNOWN_VERSION"


class UnknownClaim(NotFound):
    """The id, or its beginning, names no claim or more than one."""

    code = "UNKNOWN_CLAIM"


class UnknownAnnotator(NotFound):
    """The id or address names no annotator."""

    code = "UNKNOWN_ANNOTATOR"


class NewerFormat(DatasetError):
    """The dataset was written by a newer factcheck; writing is refused."""

    code = "NEWER_FORMAT"


class Conflict(DatasetError):
    """Another writer committed first and the work could not be joined to it."""

    code = "CONFLICT"


class Interrupted(Stop):
    """Ctrl-C or SIGTERM; the command line ends with 130 or 143."""

    code = "INTERRUPTED"
    exit_code = 130


def _again(kind: type[FactcheckError], args: tuple[Any, ...], fields: dict[str, Any]) -> FactcheckError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(fields)
    return error


def failure(error: Exception) -> str:
    """What to say of an exception that nobody foresaw: its class, the line of ours it came through, its message."""
    said = " ".join(str(error).split())[:_SHOWN]
    return f"{type(error).__name__}{_place(error.__traceback__)}{': ' if said else ''}{said}"


def _place(trace: TracebackType | None) -> str:
    """The innermost line of this package that the exception came through."""
    package = Path(__file__).parent
    place = ""
    while trace is not None:
        path = Path(trace.tb_frame.f_code.co_filename)
        if path.is_relative_to(package):
            place = f" in {path.relative_to(package.parent).as_posix()}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place


@contextmanager
def naming(path: object) -> Iterator[None]:
    """A context whose OSErrors name the path: those of `write` and `fsync`, a full disk, know only a number."""
    try:
        yield
    except OSError as error:
        if error.filename is None:
            error.filename = str(path)
        raise
