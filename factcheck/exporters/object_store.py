"""The edge that brings a folder into an object store: what changed is sent, pointers and first pages last."""

from __future__ import annotations

import contextlib
import itertools
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

from factcheck import fs, web
from factcheck.distribution import needing
from factcheck.errors import AccessError, FactcheckError, NotFound, StoreUnreachable, Untrusted, UsageError
from factcheck.exporters.contract import POINTER
from factcheck.exporters.media_types import media_type

EXTRA = "s3"
_AT_ONCE = 16
"""Files on their way at the same time: a site has thousands, and each waits for its answer."""
_CONNECT, _SHORT_ANSWER, _ANSWER = "4s", "4s", "60s"
"""A store that hangs is found out by a small question; a large file may take its time."""
_RETRIES: Any = {"max_retries": 3, "retry_timeout": timedelta(seconds=15)}
_FEW_RETRIES: Any = {"max_retries": 1, "retry_timeout": timedelta(seconds=8)}
_ENTRANCES = {"index.html", "manifest.json"}


def upload(files: Mapping[str, str], folder: Path, uri: str, before: Mapping[str, str]) -> None:
    """Brings `files` (path below `folder` to digest) below the URI, where `before` was put by an earlier run.

    What has the digest it had is not sent again. A pointer (`latest.*`) and a folder's first page are sent after all
    that they lead to, and what is in `before` alone goes at the very end; so whoever reads meanwhile finds what the
    pointer says. Nothing else that lies there is touched. Raises UsageError for an address that is none, NotFound
    where there is no such bucket, AccessError where we are not let in, StoreUnreachable where nobody answers.
    """
    with needing(EXTRA, f"publishing to {uri}"):
        import obstore
        from obstore import exceptions
    store = _store(uri, _ANSWER)
    changed = sorted((name for name in files if before.get(name) != files[name]), key=_turn)

    def put(name: str) -> None:
        attributes = {"Content-Type": media_type(name), "Cache-Control": "no-cache"}
        obstore.put(store, name, folder / name, attributes=attributes)

    try:
        with contextlib.suppress(FileNotFoundError):
            obstore.head(_store(uri, _SHORT_ANSWER), next(iter([*files, *before]), POINTER))
        with ThreadPoolExecutor(_AT_ONCE) as several:
            for _, names in itertools.groupby(changed, key=lambda name: _turn(name)[0]):
                list(several.map(put, names))  # all of one turn are there before the next begins
        if gone := [name for name in before if name not in files]:
            obstore.delete(store, gone)
    except (exceptions.BaseError, OSError) as error:
        raise _named(error, uri) from error


def _turn(name: str) -> tuple[int, str]:
    last = name.rpartition("/")[2]
    return (2 if last.startswith(POINTER) else 1 if last in _ENTRANCES else 0), name


def _store(uri: str, answer: str) -> Any:
    from obstore import exceptions
    from obstore.store import from_url

    plain = os.environ.get("AWS_ALLOW_HTTP", "").lower() in {"1", "true", "yes"}
    client: Any = {"allow_http": plain, "connect_timeout": _CONNECT, "timeout": answer}
    try:
        return from_url(uri, client_options=client, retry_config=_FEW_RETRIES if answer == _SHORT_ANSWER else _RETRIES)
    except (exceptions.BaseError, ValueError) as error:
        raise UsageError(
            f"is no address of an object store: {_first_line(error)}",
            subject=uri,
            hint="write it as s3://bucket/path, gs://bucket/path or az://container/path",
        ) from error


def _named(error: Exception, uri: str) -> FactcheckError:
    from obstore import exceptions

    said = _first_line(error)
    match error:
        case exceptions.PermissionDeniedError() | exceptions.UnauthenticatedError() | PermissionError():
            hint = "check the credentials in the environment (AWS_ACCESS_KEY_ID ...) and their rights on this bucket"
            return AccessError(f"the object store does not let us in: {said}", subject=uri, hint=hint)
        case FileNotFoundError():  # what the library makes of a 404
            return NotFound(f"there is no such place: {said}", subject=uri, hint="create the bucket, or name another")
    if web.is_untrusted(fs.plain(str(error))):
        hint = "if the authority is your own, name its certificate with SSL_CERT_FILE in the environment"
        return Untrusted(f"the object store's certificate is not trusted here: {said}", subject=uri, hint=hint)
    return StoreUnreachable(
        f"the object store could not be reached: {said}", subject=uri, hint="try again with `factcheck publish`"
    )


def _first_line(error: Exception) -> str:
    """What the library says, without the account of its insides that it adds."""
    return fs.plain(str(error).partition("\n")[0].partition(": <?xml")[0])[:300]
