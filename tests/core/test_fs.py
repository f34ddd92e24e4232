"""Files are whole or not there, secrets are closed from their first moment and judged by what was opened."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from factcheck import fs, locks
from factcheck.errors import Busy, ConfigError, DatasetError, TokenExposed
from factcheck.studio.local import server_files
from factcheck.studio.webhook.hook_secret import hook_secret

OLD, NEW = b"old", b"new content"

REPLACING: dict[str, Callable[[Path], None]] = {
    "replace": lambda path: fs.replace(path, NEW),
    "write_private": lambda path: fs.write_private(path, NEW),
    "copy_private": lambda path: fs.copy_private(_source(path), path),
}
MAKING: dict[str, Callable[[Path], None]] = REPLACING | {
    "write_private new": lambda path: fs.write_private(path, NEW, new=True),
    "write_new": lambda path: fs.write_new(path, NEW),
}
PRIVATE = ("write_private", "copy_private", "write_private new")


def _source(path: Path) -> Path:
    source = path.parent.with_name("source")
    source.write_bytes(NEW)
    source.chmod(0o644)
    return source


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "folder"
    made.mkdir()
    return made


@pytest.fixture
def open_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("writer", MAKING)
def test_a_name_appears_only_over_bytes_that_are_on_disk_and_is_on_disk_itself(
    folder: Path, monkeypatch: pytest.MonkeyPatch, writer: str
) -> None:
    path = folder / "file"
    if writer in REPLACING:
        path.write_bytes(OLD)
    seen: list[tuple[str, int, bytes | None]] = []
    real = os.fsync

    def fsync(descriptor: int) -> None:
        found = os.fstat(descriptor)
        kind = "folder" if stat.S_ISDIR(found.st_mode) else "file"
        seen.append((kind, found.st_size if kind == "file" else 0, path.read_bytes() if path.exists() else None))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    MAKING[writer](path)
    before = OLD if writer in REPLACING else None
    wanted = [("file", len(NEW), before), ("folder", 0, NEW)]
    if writer == "write_new":  # in place, in a folder that nobody reads yet and that is synced as a whole
        wanted = [("file", len(NEW), NEW)]
    assert seen == wanted
    assert [entry.name for entry in folder.iterdir()] == ["file"]


@pytest.mark.parametrize("writer", MAKING)
@pytest.mark.parametrize("call", ["write", "fsync"])
def test_a_disk_that_is_full_is_named_and_leaves_what_was_there(
    folder: Path, monkeypatch: pytest.MonkeyPatch, writer: str, call: str
) -> None:
    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    path = folder / "file"
    if writer in REPLACING:
        path.write_bytes(OLD)
    with monkeypatch.context() as patch:
        patch.setattr(os, call, full)
        with pytest.raises(OSError, match="No space left") as raised:
            MAKING[writer](path)
    assert raised.value.filename == str(path)
    left = {entry.name: entry.read_bytes() for entry in folder.iterdir()}
    assert left == ({"file": OLD} if writer in REPLACING else {})


@pytest.mark.parametrize("writer", MAKING)
@pytest.mark.usefixtures("open_umask")
def test_under_no_umask_at_all_it_is_closed_from_its_first_moment(
    folder: Path, monkeypatch: pytest.MonkeyPatch, writer: str
) -> None:
    modes: list[int] = []
    real = os.open

    def opened(path: Any, flags: int, *rest: Any, **named: Any) -> int:
        descriptor = real(path, flags, *rest, **named)
        if flags & os.O_CREAT:
            modes.append(stat.S_IMODE(os.fstat(descriptor).st_mode))
        return descriptor

    monkeypatch.setattr(os, "open", opened)
    folder.chmod(0o777 if writer in PRIVATE else 0o755)
    MAKING[writer](folder / "file")
    assert modes == [0o600]
    assert mode(folder / "file") == 0o600


@pytest.mark.parametrize("writer", MAKING)
def test_a_group_that_shares_the_folder_gets_the_file_and_never_a_secret(folder: Path, writer: str) -> None:
    folder.chmod(0o770)
    MAKING[writer](folder / "file")
    assert mode(folder / "file") == (0o600 if writer in PRIVATE else 0o660)


@pytest.mark.parametrize("writer", REPLACING)
@pytest.mark.parametrize("place", ["file", "draft"])
def test_a_link_in_the_way_is_replaced_and_where_it_leads_nothing_is_written(
    folder: Path, tmp_path: Path, writer: str, place: str
) -> None:
    trap = tmp_path / "trap"
    trap.write_bytes(b"")
    trap.chmod(0o666)
    name = place if place == "file" else f".file.{os.getpid()}.tmp"
    (folder / name).symlink_to(trap)
    REPLACING[writer](folder / "file")
    assert trap.read_bytes() == b""
    assert not (folder / "file").is_symlink()
    assert (folder / "file").read_bytes() == NEW
    assert [entry.name for entry in folder.iterdir()] == ["file"]


@pytest.mark.parametrize("there", ["file", "link", "dangling"])
@pytest.mark.parametrize("writer", ["write_private new", "write_new"])
def test_what_refuses_to_replace_leaves_file_and_link_alone(
    folder: Path, tmp_path: Path, writer: str, there: str
) -> None:
    path, other = folder / "file", tmp_path / "other"
    if there == "file":
        path.write_bytes(OLD)
    else:
        path.symlink_to(other)
        if there == "link":
            other.write_bytes(OLD)
    with pytest.raises(FileExistsError):
        MAKING[writer](path)
    assert other.exists() == (there == "link")
    assert not path.exists() or path.read_bytes() == OLD
    assert [entry.name for entry in folder.iterdir()] == ["file"]


@pytest.mark.parametrize("taken", [False, True])
def test_without_hard_links_a_file_is_still_not_replaced(
    folder: Path, monkeypatch: pytest.MonkeyPatch, taken: bool
) -> None:
    def refused(source: Any, target: Any) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM), str(source), None, str(target))

    monkeypatch.setattr(os, "link", refused)
    path = folder / "file"
    if taken:
        path.write_bytes(OLD)
    with pytest.raises(FileExistsError) if taken else contextlib.nullcontext():
        fs.write_private(path, NEW, new=True)
    assert [(entry.name, entry.read_bytes()) for entry in folder.iterdir()] == [("file", OLD if taken else NEW)]


def test_of_many_that_make_the_same_file_one_does(folder: Path) -> None:
    code = (
        "import sys, pathlib; from factcheck import fs\n"
        "try: fs.write_private(pathlib.Path(sys.argv[1]), sys.argv[2].encode(), new=True)\n"
        "except FileExistsError: sys.exit(3)\n"
        "print(sys.argv[2])"
    )
    command = [sys.executable, "-c", code, str(folder / "file")]
    running = [subprocess.Popen([*command, str(n)], stdout=subprocess.PIPE, text=True) for n in range(4)]
    said = [one.communicate()[0].strip() for one in running]
    assert sorted(one.returncode for one in running) == [0, 3, 3, 3]
    assert (folder / "file").read_text() == "".join(said)
    assert [entry.name for entry in folder.iterdir()] == ["file"]


def test_an_interrupted_write_leaves_the_old_content(folder: Path) -> None:
    path = folder / "f"
    fs.replace(path, OLD)
    with pytest.raises(TypeError):
        fs.replace(path, "not bytes")  # type: ignore[arg-type]
    assert path.read_bytes() == OLD
    assert [entry.name for entry in folder.iterdir()] == ["f"]


def test_what_is_being_written_is_no_leftover(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.fsync

    def meanwhile(handle: int) -> None:
        fs.sweep(folder)
        real(handle)

    monkeypatch.setattr(os, "fsync", meanwhile)
    fs.replace(folder / "a", b"whole")
    assert [(path.name, path.read_bytes()) for path in folder.iterdir()] == [("a", b"whole")]


KILLED = """
import os, sys
from pathlib import Path
from factcheck import fs
os.getpid = lambda: 1
folder = Path(sys.argv[1])
if sys.argv[2] == "new":
    fs.write_private(folder / "file", b"new content", new=True)
else:
    fs.write_private(folder / "file", b"new content")
print("done", flush=True)
"""


@pytest.mark.slow
@pytest.mark.parametrize("how", ["over", "new"])
def test_killed_at_any_call_a_secret_is_old_or_new_and_no_draft_outlives_the_next_sweep(
    folder: Path, tmp_path: Path, how: str
) -> None:
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed: crash points cannot be injected")
    log, path = tmp_path / "log", folder / "file"
    head = ["strace", "-f", "-qq", "-y", "-o", str(log)]
    command = [sys.executable, "-B", "-c", KILLED, str(folder), how]
    draft = str(folder / ".file.1.tmp")

    def fresh() -> None:
        for one in folder.iterdir():
            one.unlink()
        if how == "over":
            path.write_bytes(OLD)
            path.chmod(0o600)

    fresh()
    calls = "openat,write,fsync,rename,renameat,link,linkat,unlink"
    done = subprocess.run([*head, "-e", f"trace={calls}", *command], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"strace cannot trace here: {done.stderr.strip()[-200:]}")
    lines = [line.split(maxsplit=1)[1] for line in log.read_text().splitlines() if str(folder) in line]
    order = [line.split("(")[0] for line in lines]
    named = "rename" if how == "over" else "link"
    assert order == ["openat", "write", "fsync", named, *(["unlink"] if how == "new" else []), "openat", "fsync"]
    assert "O_EXCL" in lines[0]
    assert lines[0].rstrip().endswith(f"<{draft}>")
    assert re.search(r", 0600\)", lines[0])
    outcomes = set()
    for point, call in enumerate(order):
        fresh()
        place = str(folder) if point >= len(order) - 2 else draft
        subprocess.run(
            [*head, "-P", place, "-e", f"trace={call}", "-e", f"inject={call}:signal=SIGKILL:when=1", *command],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert "killed by SIGKILL" in log.read_text(), call
        found = path.read_bytes() if path.exists() else None
        assert found in {NEW, OLD if how == "over" else None}
        assert not path.exists() or mode(path) == 0o600
        outcomes.add(found)
        fs.sweep(folder)
        assert [entry.name for entry in folder.iterdir()] == (["file"] if path.exists() else [])
    assert len(outcomes) == 2


def test_a_secret_that_others_can_read_is_refused(folder: Path) -> None:
    path = folder / "token"
    fs.write_private(path, b"secret")
    assert fs.read_private(path) == b"secret"
    for open_to in (0o640, 0o620, 0o604, 0o602, 0o610, 0o601):
        path.chmod(open_to)
        with pytest.raises(TokenExposed, match="other users") as caught:
            fs.read_private(path)
        assert caught.value.hint == f"chmod 600 {path}"
    assert fs.read_small(path) == b"secret"
    path.chmod(0o400)
    assert fs.read_private(path) == b"secret"


def test_a_secret_of_somebody_else_is_refused_and_the_administrators_is_not(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = folder / "token"
    fs.write_private(path, b"secret")
    owner = path.stat().st_uid
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert fs.read_private(path) == b"secret", "root acts for the owner, as in a container"
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1)
    if owner:
        with pytest.raises(TokenExposed, match="another user"):
            fs.read_private(path)
        return
    assert fs.read_private(path) == b"secret"
    os.chown(path, 4321, -1)
    with pytest.raises(TokenExposed, match="another user") as caught:
        fs.read_private(path)
    assert "chown 1 " in caught.value.hint


@pytest.mark.parametrize("moment", ["before", "after"])
def test_what_is_judged_is_what_is_read(folder: Path, monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    """Whoever changes what the name leads to, just before or just after it is opened, gets nothing in."""
    path, closed, exposed = folder / "token", folder / "closed", folder / "exposed"
    fs.write_private(closed, b"secret")
    fs.write_private(exposed, b"theirs")
    exposed.chmod(0o644)
    first, second = (closed, exposed) if moment == "before" else (exposed, closed)
    first.rename(path)
    real = os.open

    def swapping(name: Any, flags: int, *rest: Any) -> int:
        if moment == "before":
            second.replace(path)
        descriptor = real(name, flags, *rest)
        if moment == "after":
            second.replace(path)
        return descriptor

    monkeypatch.setattr(os, "open", swapping)
    with pytest.raises(TokenExposed):
        fs.read_private(path)


def test_a_link_is_followed_to_a_file_the_user_named_and_not_to_one_that_is_ours(folder: Path) -> None:
    fs.write_private(folder / "real", b"secret")
    (folder / "link").symlink_to("real")
    assert fs.read_private(folder / "link") == b"secret"
    with pytest.raises(TokenExposed, match="is a link"):
        fs.read_private(folder / "link", ours=True)
    (folder / "real").chmod(0o644)
    with pytest.raises(TokenExposed, match="other users"):
        fs.read_private(folder / "link")


@pytest.mark.parametrize("read", [fs.read_private, fs.read_small])
def test_what_is_no_file_is_not_waited_for(folder: Path, read: Callable[[Path], bytes]) -> None:
    os.mkfifo(folder / "pipe", 0o600)
    for path in (folder / "pipe", folder, Path("/dev/zero")):
        with pytest.raises(ConfigError, match="is not a regular file"):
            read(path)
    with pytest.raises(FileNotFoundError):
        read(folder / "missing")
    fs.write_private(folder / "large", bytes(fs.LARGEST_SECRET + 1))
    with pytest.raises(ConfigError, match="too large"):
        read(folder / "large")


def test_credentials_that_others_can_read_are_refused(tmp_path: Path) -> None:
    server_files.credentials(tmp_path)
    (tmp_path / "credentials.json").chmod(0o644)
    with pytest.raises(TokenExposed, match="other users"):
        server_files.credentials(tmp_path)


@pytest.mark.parametrize("dangling", [True, False])
def test_no_link_stands_for_the_webhook_secret(tmp_path: Path, dangling: bool) -> None:
    state, other = tmp_path / "state", tmp_path / "other"
    state.mkdir()
    if not dangling:
        other.write_text("x" * 40)
        other.chmod(0o600)
    (state / "webhook-secret").symlink_to(other)
    with pytest.raises(TokenExposed, match="is a link"):
        hook_secret(state)
    assert other.exists() != dangling


def test_a_lock_is_told_of_waited_for_and_given_back(tmp_path: Path) -> None:
    path, said = tmp_path / "lock", Busy("is at work")
    with locks.lock(path, busy=lambda: said):
        with pytest.raises(Busy, match="is at work"), locks.lock(path, busy=lambda: said):
            pass
        with pytest.raises(Busy), locks.lock(path, busy=lambda: said, seconds=0.1):
            pass
    taken, done = threading.Event(), threading.Event()

    def other() -> None:
        with locks.lock(path, busy=lambda: said):
            taken.set()
            done.wait(10)

    holder = threading.Thread(target=other)
    holder.start()
    assert taken.wait(10)
    threading.Timer(0.2, done.set).start()
    with locks.lock(path, busy=lambda: said, seconds=10):
        assert done.is_set()
    holder.join()
    with pytest.raises(ZeroDivisionError), locks.lock(path, busy=lambda: said):
        _ = 1 / 0
    with locks.lock(path, busy=lambda: said):
        pass


def test_a_lock_on_a_folder_is_waited_for_and_leaves_nothing(folder: Path) -> None:
    order: list[str] = []
    taken = threading.Event()

    def other() -> None:
        with locks.lock_folder(folder):
            taken.set()
            threading.Event().wait(0.2)
            order.append("first")

    holder = threading.Thread(target=other)
    holder.start()
    assert taken.wait(10)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        assert not locks.hold(descriptor)
        with locks.lock_folder(folder):
            order.append("second")
        assert locks.hold(descriptor, shared=True)
    finally:
        os.close(descriptor)
    holder.join()
    assert order == ["first", "second"]
    assert list(folder.iterdir()) == []


def test_a_folder_is_made_with_its_parents_and_each_name_is_on_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    monkeypatch.setattr(os, "fsync", lambda handle: synced.append(str(Path(f"/proc/self/fd/{handle}").readlink())))
    fs.make_folder(tmp_path / "a" / "b", mode=0o700)
    assert set(synced) == {str(tmp_path), str(tmp_path / "a")}
    assert mode(tmp_path / "a" / "b") == 0o700
    synced.clear()
    fs.make_folder(tmp_path / "a" / "b")
    assert synced == []
    (tmp_path / "a" / "b" / "file").write_bytes(b"")
    (tmp_path / "a" / "b" / "link").symlink_to(tmp_path)
    fs.sync_tree(tmp_path / "a")
    assert sorted(synced) == [str(tmp_path / "a"), str(tmp_path / "a" / "b"), str(tmp_path / "a" / "b" / "file")]


@pytest.mark.parametrize(
    ("error", "reason", "hint"),
    [
        (OSError(errno.ENOSPC, "x"), "No space left", "free some space"),
        (OSError("\x1b[31mobject store:\n ↳ os error 5\x1b[0m"), "Input/output error", "factcheck verify"),
        (OSError("\x1b[31mno such\n ↳ bucket\x1b[0m"), "no such bucket", "fix the cause"),
    ],
)
def test_what_the_system_refuses_is_explained(error: OSError, reason: str, hint: str) -> None:
    with pytest.raises(DatasetError, match=reason) as caught, fs.explained("s3://desk"):
        raise error
    assert hint in caught.value.hint


@pytest.mark.parametrize("how", [fs.replace, fs.write_private])
def test_a_device_or_a_pipe_is_never_replaced(tmp_path: Path, how: Callable[[Path, bytes], None]) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(FileExistsError, match="never replaced"):
        how(tmp_path / "pipe", b"x")
    assert (tmp_path / "pipe").is_fifo()
    assert [path.name for path in tmp_path.iterdir()] == ["pipe"]
