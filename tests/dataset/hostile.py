"""Release folders that somebody made to hurt whoever verifies them: by name, what is done to a good one, and what is
to be said of it."""

from __future__ import annotations

import json
import os
import shutil
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from factcheck.models import digest

EIGHT_GB: Final = 8 << 30
Change = Callable[[dict[str, Any]], object]


def _rewritten(change: Change, *, resealed: bool = True) -> Callable[[Path], None]:
    def make(folder: Path) -> None:
        path = folder / "manifest.json"
        manifest = json.loads(path.read_text())
        change(manifest)
        if resealed:
            manifest.pop("digest", None)
            manifest["digest"] = digest(manifest)
        text = json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
        path.write_bytes(text.encode("utf-8", "surrogatepass"))

    return make


def _file(**changes: Any) -> Callable[[Path], None]:
    return _rewritten(lambda manifest: manifest["files"][0].update(changes))


def _text(change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    def make(folder: Path) -> None:
        path = folder / "manifest.json"
        path.write_bytes(change(path.read_bytes()))

    return make


def _instead(name: str, put: Callable[[Path], object]) -> Callable[[Path], None]:
    """Something else in the place of a file; `votes` is the Parquet file of that part."""

    def make(folder: Path) -> None:
        path = next(folder.glob("votes-*")) if name == "votes" else folder / name
        path.unlink(missing_ok=True)
        put(path)

    return make


def _sparse(path: Path, size: int = EIGHT_GB) -> None:
    with path.open("wb") as file:
        file.truncate(size)


def _socket(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # the path of a socket is short
    try:
        with socket.socket(socket.AF_UNIX) as one:
            one.bind(path.name)
    finally:
        os.chdir(here)


def _linked_outside(folder: Path) -> None:
    path = next(folder.glob("votes-*"))
    outside = folder.parent / "outside.parquet"
    path.rename(outside)
    path.symlink_to(outside)


def _moved_up(folder: Path) -> None:
    """The file of the right digest lies above, and the manifest says so."""
    path = next(folder.glob("votes-*"))
    path.rename(folder.parent / "votes.parquet")
    _rewritten(
        lambda manifest: next(file for file in manifest["files"] if file["part"] == "votes").update(
            path="../votes.parquet"
        )
    )(folder)


def _large_and_hollow(folder: Path) -> None:
    path = next(folder.glob("votes-*"))
    _sparse(path)
    _rewritten(
        lambda manifest: next(file for file in manifest["files"] if file["part"] == "votes").update(size=EIGHT_GB)
    )(folder)


def _crowd(folder: Path) -> None:
    for number in range(12_000):
        (folder / f"{number}.txt").touch()


def _a_file(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.touch()


def _nested(opening: bytes, closing: bytes) -> Callable[[bytes], bytes]:
    return lambda _: opening * 100_000 + b"0" + closing * 100_000


def _twice(manifest: dict[str, Any]) -> None:
    manifest["files"].append(dict(manifest["files"][0], part="more"))


HOSTILE: Final[dict[str, tuple[Callable[[Path], object], str]]] = {
    "not json": (_text(lambda _: b"hello"), "not JSON"),
    "empty manifest": (_text(lambda _: b""), "not JSON"),
    "cut manifest": (_text(lambda data: data[: len(data) // 2]), "not JSON"),
    "a list": (_text(lambda _: b"[]"), "not an object"),
    "null": (_text(lambda _: b"null"), "not an object"),
    "an empty object": (_text(lambda _: b"{}"), "field required"),
    "100,000 lists": (_text(_nested(b"[", b"]")), "nested too deeply"),
    "100,000 objects": (_text(_nested(b'{"a":', b"}")), "nested too deeply"),
    "not utf-8": (_text(lambda data: data.replace(b"Desk", b"De\xffk")), "not Unicode"),
    "utf-16": (_text(lambda data: data.decode().encode("utf-16")), "not Unicode"),
    "a byte order mark": (_text(lambda data: b"\xef\xbb\xbf" + data), "not JSON"),
    "NaN": (_text(lambda data: data.replace(b": 0.71", b": NaN")), "NaN is not a number"),
    "Infinity": (_text(lambda data: data.replace(b": 0.71", b": Infinity")), "Infinity is not a number"),
    "too large a float": (_text(lambda data: data.replace(b": 0.71", b": 1e999")), "finite"),
    "5,000 digits": (_text(lambda data: data.replace(b'"version": 3', b'"version": ' + b"9" * 5000)), "limit"),
    "a key twice": (_text(lambda data: data.replace(b"{\n", b'{\n  "name": "other",\n', 1)), "twice: name"),
    "100,000 keys": (
        _text(lambda _: b"{" + b",".join(b'"%d": 0' % number for number in range(100_000)) + b"}"),
        "field required|not permitted",
    ),
    "other spaces": (_text(lambda data: data.replace(b'": ', b'":  ', 1)), "differs from what was published"),
    "not sealed again": (
        _rewritten(lambda m: m.update(name="other"), resealed=False),
        "differs from what was published",
    ),
    "no digest": (_rewritten(lambda m: m.pop("digest"), resealed=False), "digest: field required"),
    "a field too many": (_rewritten(lambda m: m.update(run="rm -rf")), "run: extra inputs"),
    "a later format": (_rewritten(lambda m: m.update(format=2)), "upgrade factcheck"),
    "an enormous format": (_rewritten(lambda m: m.update(format=10**4000)), "upgrade factcheck"),
    "a format in words": (_rewritten(lambda m: m.update(format="1")), "format: input should be 1"),
    "a name that is a list": (_rewritten(lambda m: m.update(name=[])), "name: "),
    "a name of a million": (_rewritten(lambda m: m.update(name="x" * 1_000_000)), "name: "),
    "files as an object": (_rewritten(lambda m: m.update(files={})), "files: "),
    "no files": (_rewritten(lambda m: m.update(files=[])), "part articles is missing"),
    "a part less": (_rewritten(lambda m: m["files"].pop(2)), "part votes is missing"),
    "20,000 files": (_rewritten(lambda m: m.update(files=m["files"] * 3_000)), "files: |too large"),
    "a file twice": (_rewritten(_twice), "twice"),
    "a part twice": (
        _rewritten(lambda m: m["files"].append(dict(m["files"][0], path="x"))),
        "articles is listed twice",
    ),
    "a path up": (_file(path="../../../etc/passwd"), "path: "),
    "a path from the root": (_file(path="/etc/passwd"), "path: "),
    "a path into a folder": (_file(path="sub/x.parquet"), "path: "),
    "a path to the folder": (_file(path=".."), "path: "),
    "a path of nothing": (_file(path=""), "path: "),
    "a path with NUL": (_file(path="a\0b"), "path: "),
    "a path with a line break": (_file(path="a\n"), "path: "),
    "a path with escape codes": (_file(path="\x1b[31m"), "path: "),
    "a lone surrogate in a path": (_file(path="a\ud800"), "not Unicode"),
    "a lone surrogate in a name": (_text(lambda data: data.replace(b'"Desk"', b'"\\ud800"')), "not Unicode"),
    "the manifest as its file": (_file(path="manifest.json"), "one of its own"),
    "the signature as its file": (_file(path="manifest.sig"), "one of its own"),
    "a number for a path": (_file(path=7), "path: "),
    "a text for a size": (_file(size="10"), "size: "),
    "a truth for a size": (_file(size=True), "size: "),
    "a size below zero": (_file(size=-1), "size: "),
    "an enormous size": (_file(size=10**30), "size: "),
    "a digest of another length": (_file(sha256="00"), "sha256: "),
    "a digest in capitals": (_file(sha256="A" * 64), "sha256: "),
    "no size": (_rewritten(lambda m: m["files"][0].pop("size")), "size: field required"),
    "manifest a link": (_instead("manifest.json", lambda path: path.symlink_to("/etc/hostname")), "a link"),
    "manifest a link to zeros": (_instead("manifest.json", lambda path: path.symlink_to("/dev/zero")), "a link"),
    "manifest a pipe": (_instead("manifest.json", os.mkfifo), "a pipe"),
    "manifest a folder": (_instead("manifest.json", Path.mkdir), "a folder"),
    "manifest a socket": (_instead("manifest.json", _socket), "a socket"),
    "manifest of 8 GB": (_instead("manifest.json", _sparse), "too large"),
    "no manifest": (_instead("manifest.json", lambda _: None), "manifest.json is missing"),
    "file a link outside": (_linked_outside, "votes-.* is a link"),
    "file moved up": (_moved_up, "path: "),
    "file a link to zeros": (_instead("votes", lambda path: path.symlink_to("/dev/zero")), "is a link"),
    "file a link in a circle": (_instead("votes", lambda path: path.symlink_to(path.name)), "is a link"),
    "file a pipe": (_instead("votes", os.mkfifo), "is a pipe"),
    "file a folder": (_instead("votes", Path.mkdir), "is a folder"),
    "file a socket": (_instead("votes", _socket), "is a socket"),
    "file of 8 GB": (_instead("votes", _sparse), "8,589,934,592 bytes instead of"),
    "file of 8 GB that says so": (_large_and_hollow, "a sparse file"),
    "file empty": (_instead("votes", Path.touch), "0 bytes instead of"),
    "file gone": (_instead("votes", lambda _: None), "votes-.* is missing"),
    "a file more": (
        lambda folder: (folder / "votes-more.parquet").touch(),
        "votes-more.parquet is not in the manifest",
    ),
    "a hidden file more": (lambda folder: (folder / ".hidden").touch(), ".hidden is not in the manifest"),
    "a link more": (lambda folder: (folder / "more").symlink_to("/"), "more is not in the manifest"),
    "a folder more": (lambda folder: (folder / "more").mkdir(), "more is not in the manifest"),
    "a file with escape codes": (
        lambda folder: (folder / "\x1b[31m\u202e").touch(),
        r"\\x1b\[31m\\u202e is not in the manifest",
    ),
    "a file that is no text": (
        lambda folder: Path(os.fsdecode(bytes(folder) + b"/\xff")).touch(),
        "is not in the manifest",
    ),
    "12,000 files more": (_crowd, "more than 10,000 files"),
    "signature a pipe": (_instead("manifest.sig", os.mkfifo), "manifest.sig is a pipe"),
    "signature a link": (_instead("manifest.sig", lambda path: path.symlink_to("/dev/zero")), "manifest.sig is a link"),
    "signature of 8 GB": (_instead("manifest.sig", _sparse), "manifest.sig is too large"),
    "folder gone": (shutil.rmtree, "No such file"),
    "folder a file": (_a_file, "Not a directory"),
}
"""Of each: what makes it out of a good release's folder, and a pattern of what is said."""


def main(root: str) -> None:
    """Verify each folder under `root` in this process, with little memory; one JSON line for each."""
    import resource
    import time

    def peak_kb() -> int:
        """The most memory this program had; ru_maxrss is that of the process it was started from, if that had more."""
        status = Path("/proc/self/status")
        if not status.exists():
            return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return next(int(line.split()[1]) for line in status.read_text("ascii").splitlines() if "VmHWM" in line)

    from typer.testing import CliRunner

    from factcheck.cli import app

    resource.setrlimit(resource.RLIMIT_DATA, (1 << 30, 1 << 30))
    CliRunner().invoke(app, ["verify", str(Path(root) / "nothing")])  # what is imported once counts for none of them
    before = peak_kb()
    for folder in sorted(Path(root).iterdir()):
        began = time.monotonic()
        done = CliRunner().invoke(app, ["--desk", "/", "verify", str(folder / "release")])
        seconds = time.monotonic() - began
        peak = peak_kb()
        result = {"case": folder.name, "exit_code": done.exit_code, "said": done.output, "seconds": seconds}
        sys.stdout.write(json.dumps(result | {"peak_mb": peak / 1024, "more_mb": (peak - before) / 1024}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
