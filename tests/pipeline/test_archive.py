"""Evidence that a pull archives: through the guard, once each, whole after any kill, and nobody's name in it."""

from __future__ import annotations

import gzip
import os
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from factcheck import dataset, frames
from factcheck.articles.draft import Limits
from factcheck.articles.warc_writing import Kept
from factcheck.articles.warc_writing import opened as archive_of
from factcheck.cli import app
from factcheck.errors import Corrupt
from factcheck.models import AnnotationEvent, AnnotationState, Choice
from factcheck.pipeline.archive import FIRST_PAUSE, MOST_TRIES, Archived, archive, fill, shelf, standing
from factcheck.pipeline.archive_shelf import ArchiveShelf, Entry
from factcheck.pipeline.decide import changed_verdicts
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.rule import settings_rule
from factcheck.settings.model import EvidenceSettings
from tests.answers import answer
from tests.fake_studio.props import result
from tests.pipeline.test_judging import NOW, Team
from tests.pipeline.test_rules import Newsroom

BODY = ("<html><body><article><p>" + "شهرداری امسال ۱۲۰۰۰ درخت کاشت. " * 9).encode()


class Site:
    """A web site of a few pages on this machine; it counts what was asked for."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.home = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self.asked: list[str] = []
        self.heard = b""
        self.down = False
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._socket.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection:
                try:
                    self._answer(connection)
                except OSError:  # who asked was killed
                    continue

    def _answer(self, connection: socket.socket) -> None:
        request = connection.recv(65536)
        self.heard += request
        path = request.split(b" ")[1].decode()
        self.asked.append(path)
        status, headers, body = "200 OK", "Content-Type: text/html; charset=utf-8\r\n", BODY + path.encode()
        if self.down:
            status = "503 Service Unavailable"
        elif path == "/moved":
            status, headers, body = "302 Found", "Location: /page\r\n", b""
        elif path == "/packed":
            headers, body = f"{headers}Content-Encoding: gzip\r\n", gzip.compress(body)
        elif path == "/large":
            body = b"x" * 20_000_001
        elif path == "/chunked":
            headers, body = f"{headers}Transfer-Encoding: chunked\r\n", b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
        if "chunked" not in headers:
            headers += f"Content-Length: {len(body)}\r\n"
        connection.sendall(f"HTTP/1.1 {status}\r\n{headers}\r\n".encode() + body)


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.close()


@pytest.fixture
def team(tmp_path: Path) -> Team:
    team = Team(tmp_path)
    team.vote({(0, 1): None}, hours=0)
    return team


def name(team: Team, *lines: str, state: AnnotationState = AnnotationState.SUBMITTED, hours: int = 1) -> None:
    desk = Desk(team.settings)
    when = NOW + timedelta(hours=hours)
    said = {"evidence": list(lines), "state": state, "rationale": "Sara Karimi saw it"}
    rows = [team._event(desk, team.claims[0], user, Choice.VERIFIED, when).model_copy(update=said) for user in (1, 2)]
    events = frames.from_records(AnnotationEvent, rows)
    verdicts = changed_verdicts(desk, events, settings_rule(desk))
    dataset.commit(desk.dataset, events=events, verdicts=verdicts, cause="pull", policy=desk.rule(), now=when)


def run(team: Team, now: datetime = NOW, **more: float) -> Archived:
    return archive(Desk(team.settings), now=now, say=lambda _: None, allow_private_addresses=True, **more)


def failing(team: Team, *arguments: str) -> str:
    result = CliRunner().invoke(app, ["--desk", str(team.folder), *arguments])
    assert result.exit_code not in {0, 1}, result.output
    return result.output


def entries(team: Team) -> dict[str, Entry]:
    return shelf(Desk(team.settings)).entries()


def page_of(team: Team, address: str) -> bytes:
    return shelf(Desk(team.settings)).read(entries(team)[address]).data


def test_each_address_of_a_submitted_answer_is_fetched_once_and_read_back(team: Team, site: Site) -> None:
    pages = [f"{site.home}/{path}" for path in ("page", "packed", "chunked", "moved")]
    name(team, *(f"{page} | data | table 3" for page in pages), "own check | we asked")
    assert run(team) == Archived({"archived": 4}, [])
    assert {page: page_of(team, page) for page in pages} == {
        page: BODY + path.encode() for page, path in zip(pages, ("/page", "/packed", "/chunked", "/page"), strict=True)
    }
    assert entries(team)[pages[3]].url == pages[0]
    asked = list(site.asked)
    assert run(team, NOW + timedelta(days=9)) == Archived({}, [])
    assert site.asked == asked


def test_answers_that_are_no_longer_given_are_not_fetched_for(team: Team, site: Site) -> None:
    name(team, f"{site.home}/page", state=AnnotationState.DELETED)
    assert run(team) == Archived({}, [])
    assert (site.asked, shelf(Desk(team.settings)).folder.exists()) == ([], False)


def test_only_the_owner_can_read_it_and_nobody_is_named_in_it(team: Team, site: Site) -> None:
    os.umask(before := os.umask(0))
    os.umask(0)
    try:
        name(team, f"{site.home}/page")
        run(team)
    finally:
        os.umask(before)
    folder = shelf(Desk(team.settings)).folder
    (copy,) = folder.glob("????-??/*.warc.gz")
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (folder, copy.parent, copy, folder / "index.json")}
    assert list(modes.values()) == [0o700, 0o700, 0o600, 0o600]
    held = gzip.decompress(copy.read_bytes()) + (folder / "index.json").read_bytes() + site.heard
    assert BODY in held
    people = [b"Sara", b"ant_", b"clm_", os.uname().nodename.encode(), b"@"]
    assert not [word for word in people if word in held.replace(BODY, b"")]


def test_the_archive_is_one_that_others_read(team: Team, site: Site, tmp_path: Path) -> None:
    """Put one behind the other, too; by the reader of `ingest`, which knows nothing of the writer."""
    from factcheck import articles

    name(team, *(f"{site.home}/{path}" for path in ("packed", "chunked", "moved")))
    run(team)
    copies = sorted(shelf(Desk(team.settings)).folder.glob("????-??/*.warc.gz"))
    (tmp_path / "all.warc.gz").write_bytes(b"".join(copy.read_bytes() for copy in copies))
    found = articles.read([tmp_path / "all.warc.gz"], now=NOW, languages=["fa"])
    assert found.rejected.is_empty()
    assert {*found.articles["url"]} == {f"{site.home}/{one}" for one in ("packed", "chunked", "page")}


def test_the_guard_refuses_this_machine_for_good_and_fails_nothing(team: Team, site: Site) -> None:
    name(team, f"{site.home}/page")
    done = archive(Desk(team.settings), now=NOW, say=lambda _: None)
    assert done.counts == {"not_archived": 1}
    (told,) = done.warnings
    assert "is loopback" in told
    assert told.endswith("(not tried again)")
    assert site.asked == []


def test_what_fails_is_tried_again_later_and_not_for_ever(team: Team, site: Site) -> None:
    name(team, f"{site.home}/page")
    site.down = True
    now = NOW
    for tries in range(1, MOST_TRIES + 1):
        done = run(team, now)
        assert done.counts == {"not_archived": 1}
        assert "answered with HTTP 503" in done.warnings[0]
        assert run(team, now + FIRST_PAUSE * 4 ** (tries - 1) - timedelta(seconds=1)) == Archived({}, [])
        now += FIRST_PAUSE * 4 ** (tries - 1)
    assert site.asked.count("/page") == MOST_TRIES
    assert run(team, now + timedelta(days=900)) == Archived({}, [])
    assert standing(Desk(team.settings)).failed == 1


def test_a_page_that_is_up_again_is_archived(team: Team, site: Site) -> None:
    name(team, f"{site.home}/page")
    site.down = True
    run(team)
    site.down = False
    assert run(team, NOW + FIRST_PAUSE).counts == {"archived": 1}
    assert page_of(team, f"{site.home}/page") == BODY + b"/page"


def test_a_page_that_is_too_large_is_not_kept_and_not_asked_for_again(team: Team, site: Site) -> None:
    name(team, f"{site.home}/large")
    (told,) = run(team).warnings
    assert "is larger than 20000000 bytes (not tried again)" in told


def test_what_does_not_fit_into_the_time_waits_for_the_next_pull(team: Team, site: Site) -> None:
    name(team, *(f"{site.home}/{number}" for number in range(5)))
    assert run(team, seconds=0.0) == Archived(
        {"left_to_archive": 5}, ["5 more addresses of evidence are archived with the next pull"]
    )
    assert run(team).counts == {"archived": 5}


@pytest.mark.parametrize("damage", ["index", "copy", "gone", "folder"])
def test_what_is_damaged_is_mended_or_said_and_the_pull_goes_on(team: Team, site: Site, damage: str) -> None:
    address = f"{site.home}/page"
    name(team, address)
    run(team)
    folder = shelf(Desk(team.settings)).folder
    (copy,) = folder.glob("????-??/*.warc.gz")
    if damage == "index":
        (folder / "index.json").write_bytes(b"[{")
        assert run(team) == Archived({}, [])  # found by its name
    elif damage == "copy":
        copy.write_bytes(copy.read_bytes()[:-40].replace(b"\x1f", b"\x1e"))
        said = failing(team, "evidence", "read", address, "--out", str(team.folder / "x"))
        assert "is not as it was written" in said
        return
    elif damage == "gone":
        copy.unlink()
        assert run(team).counts == {"archived": 1}
    else:
        copy.unlink()
        copy.parent.rmdir()
        copy.parent.write_bytes(b"")
        assert run(team).warnings[0].startswith("evidence could not be archived: ")
        return
    assert page_of(team, address) == BODY + b"/page"


KILLED = """
import os, signal, sys
from datetime import datetime, UTC
from pathlib import Path
from factcheck import fs
from factcheck.pipeline.archive import fill
from factcheck.pipeline.archive_shelf import ArchiveShelf
from tests.answers import answer

root, home, points = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
whole = fs._write_all
for point in range(points):
    if not (child := os.fork()):
        written = 0
        def half(descriptor, data):
            global written
            written += 1
            if written * 2 - 1 == point:
                whole(descriptor, data[: len(data) // 2])
                os.kill(os.getpid(), signal.SIGKILL)
            whole(descriptor, data)
            if written * 2 == point:
                os.kill(os.getpid(), signal.SIGKILL)
        fs._write_all = half
        fill(ArchiveShelf(root / str(point)), [f"{home}/{n}" for n in range(2)], now=datetime(2026, 11, 27, tzinfo=UTC),
             say=lambda _: None, allow_private_addresses=True)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    print(status)
"""


def test_a_kill_in_the_middle_of_writing_leaves_whole_copies_and_the_next_run_goes_on(
    site: Site, tmp_path: Path
) -> None:
    """Killed in the middle of each write and behind it: two pages, each a copy and then the index."""
    points = 10
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path), site.home, str(points)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.split() == ["0", *["9"] * 8, "0"], done.stderr
    addresses = [f"{site.home}/{number}" for number in range(2)]
    for point in range(points):
        kept = ArchiveShelf(tmp_path / str(point))
        copies = list(kept.folder.glob("????-??/*.warc.gz"))
        whole = [kept._entry("x", copy) for copy in copies]  # raises where one is not
        assert len(whole) >= len([one for one in kept.entries().values() if one.state == "archived"])
        site.asked.clear()
        fill(kept, addresses, now=NOW, say=lambda _: None, allow_private_addresses=True)
        assert len(site.asked) == 2 - len(whole), "what is whole is not fetched again"
        assert [kept.read(kept.entries()[address]).data for address in addresses] == [
            BODY + f"/{number}".encode() for number in range(2)
        ]
        assert not [path.name for path in kept.folder.rglob(".*")]


def test_a_pull_goes_on_where_nothing_can_be_archived_and_archives_only_if_asked(tmp_path: Path, site: Site) -> None:
    desk = Newsroom(tmp_path)
    given = next(iter(desk.store.annotations.values()))
    given["result"] = result("verified", evidence=f"{site.home}/page")
    off = desk.pull()
    folder = desk.settings.state / "evidence"
    assert (off.version, folder.exists(), [name for name in off.counts if "archive" in name]) == (1, False, [])
    on = desk.pull(desk.asking(FACTCHECK_EVIDENCE_ARCHIVE="true"))
    assert (on.version, on.counts["not_archived"], site.asked) == (None, 1, [])
    assert [told for told in on.warnings if told.startswith(f"evidence {site.home}/page was not archived: 127.0.0.1")]
    desk.players.close()


def test_a_page_whose_copy_cannot_be_read_back_costs_itself_alone(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def opened(copy: bytes, subject: str, limits: Limits) -> Kept:
        if subject.endswith("/0"):
            raise Corrupt("is damaged", subject=subject)
        return archive_of(copy, subject, limits)

    monkeypatch.setattr("factcheck.pipeline.archive.opened", opened)
    kept = ArchiveShelf(tmp_path)
    addresses = [f"{site.home}/{number}" for number in range(2)]
    told = fill(kept, addresses, now=NOW, say=lambda _: None, allow_private_addresses=True)
    assert told.counts == {"archived": 1, "not_archived": 1}
    entries = kept.entries()
    assert [(entries[one].state, entries[one].code) for one in addresses] == [
        ("failed", "UNREADABLE"), ("archived", None),
    ]  # fmt: skip


def test_two_runs_do_not_fill_at_once(team: Team, site: Site) -> None:
    name(team, f"{site.home}/page")
    with shelf(Desk(team.settings)).filling():
        assert run(team).warnings == ["another run is archiving evidence; what it leaves is fetched with the next pull"]
    assert site.asked == []


def test_the_commands_list_and_read_it(team: Team, site: Site, tmp_path: Path) -> None:
    address, gone = f"{site.home}/page", "http://127.0.0.1:1/gone"
    assert "nothing archived" in team.run("evidence", "list")
    name(team, address, gone)
    run(team)
    found = {one["address"]: one["state"] for one in answer(team.run("evidence", "list", "--json"))["addresses"]}
    assert found == {address: "archived", gone: "failed"}
    out = tmp_path / "page.html"
    assert str(out) in team.run("evidence", "read", address, "--out", str(out))
    assert (out.read_bytes(), stat.S_IMODE(out.stat().st_mode)) == (BODY + b"/page", 0o600)
    assert "exists already" in failing(team, "evidence", "read", address, "--out", str(out))
    assert "is not archived: " in failing(team, "evidence", "read", gone, "--out", str(tmp_path / "y"))
    status = answer(team.run("status", "--json"))
    assert (status["evidence_archived"], status["evidence_failed"]) == (1, 0)
    assert "1 addresses archived (0.0 MB)" in team.run("status")


def test_no_export_has_anything_of_it(team: Team, site: Site, tmp_path: Path) -> None:
    name(team, f"{site.home}/page")
    run(team)
    out = tmp_path / "out"
    for what in ("jsonl", "parquet", "csv"):
        team.run("export", what, "--out", str(out / what))
    written = b"".join(path.read_bytes() for path in out.rglob("*") if path.is_file())
    assert f"{site.home}/page".encode() in written
    assert b"warc" not in written


def test_it_is_off_until_asked_for() -> None:
    assert EvidenceSettings().archive is False
