"""The steps of the demo, each timed; everything it makes lies in one folder."""

from __future__ import annotations

import re
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from factcheck import settings
from factcheck.demo.checkers import Checker, reconsider, work
from factcheck.errors import ProtocolError, UsageError
from factcheck.models import Report
from factcheck.pipeline.claims import claims
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.export import asks_since, export, export_names
from factcheck.pipeline.history import diff as pipeline_diff
from factcheck.pipeline.history import tag
from factcheck.pipeline.ingest import ingest
from factcheck.pipeline.init import init
from factcheck.pipeline.pull import pull
from factcheck.pipeline.push import push
from factcheck.samples import articles_folder
from factcheck.settings import Settings
from factcheck.studio.local import server, users
from factcheck.text import isolate

MARKER = ".factcheck-demo"
TAG = "demo-edition"
SEED = 20_261_122
CHECKERS = {"Sara": 0.92, "Omid": 0.85, "Layla": 0.78}
_KEPT = ".factcheck/label-studio"
Say = Callable[[str], None]


@dataclass
class Demo:
    """What the demo did: where things are, how long each step took."""

    folder: Path
    url: str = ""
    email: str = ""
    password_file: Path = field(default_factory=Path)
    seconds: dict[str, float] = field(default_factory=dict)
    reports: dict[str, dict[str, Any]] = field(default_factory=dict)
    versions: list[int] = field(default_factory=list)
    diff: list[dict[str, Any]] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)


def run(folder: Path, *, keep: bool, say: Say) -> Demo:
    """What the demo did; with `keep` its Label Studio goes on running, else it is stopped, also after an error."""
    demo = Demo(folder.resolve())
    desk = _fresh_desk(demo, say)
    try:
        _loop(demo, desk, say)
    except BaseException:
        server.down(desk.studio_folder)
        raise
    if not keep:
        server.down(desk.studio_folder)
    return demo


def _fresh_desk(demo: Demo, say: Say) -> Desk:
    """A desk in an empty folder; what an earlier demo left there goes, anything else is refused."""
    folder = demo.folder
    if folder.is_symlink() or (folder.exists() and any(folder.iterdir()) and not (folder / MARKER).is_file()):
        raise UsageError(
            "is not empty and does not hold a demo", subject=str(folder), hint="choose another one: --folder FOLDER"
        )
    if (folder / MARKER).is_file():
        server.down(folder / ".factcheck" / "studio")
        for path in folder.iterdir():
            if path.name not in {MARKER, ".factcheck"}:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        for path in (folder / ".factcheck").glob("*"):
            if path != folder / _KEPT:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARKER).touch()
    path = init(folder, name="Demo desk", language="fa", url="https://desk.example", force=False)
    text = path.read_text("utf-8")
    path.write_text(re.sub("annotators_per_claim = .*", f"annotators_per_claim = {len(CHECKERS)}", text), "utf-8")
    say(f"everything is in {folder}")
    return Desk(settings.load(folder, settings.process_environment()))


def _loop(demo: Demo, desk: Desk, say: Say) -> None:
    own = desk.settings
    with _step(demo, say, "1 ingest the bundled articles"):
        _tell(demo, say, ingest(own, [str(articles_folder())], now=_now()))
    with _step(demo, say, "2 extract the claims"):
        report, best = claims(own, show=3, now=_now())
        _tell(demo, say, report)
        for row in best.iter_rows(named=True):
            say(f"    {row['check_worthiness']:.2f}  {isolate(row['claimant'] or '–')}: {isolate(row['quote'])}")
    with _step(demo, say, "3 start Label Studio and push"):
        running = server.up(
            desk.studio_folder, own.root / own.studio.environment, progress=lambda text: say(f"  {text}")
        )
        demo.url, demo.email, demo.password_file = running.url, running.email, desk.studio_folder / "credentials.json"
        _tell(demo, say, push(own, project=None, now=_now(), say=lambda text: say(f"  {text}")))
    with _step(demo, say, "4 three simulated checkers work (made-up answers, real requests)"):
        people = _hire(running)
        _check(desk, running.url, people, say)
    with _step(demo, say, "5 pull version 1"):
        demo.versions.append(_pull(demo, own, say))
    with _step(demo, say, "6 the checkers reconsider: revisions and a deletion"):
        _second_thoughts(running.url, people, say)
    with _step(demo, say, "7 pull version 2, tag it, show what changed"):
        demo.versions.append(_pull(demo, own, say))
        tag(own, TAG, version=None, note="made by the demo", force=False, now=_now())
        demo.diff = pipeline_diff(own, str(demo.versions[0]), str(demo.versions[1]))
        for row in demo.diff:
            before, after = (row[f"{side}_verdict"] or row[f"{side}_status"] or "none" for side in ("before", "after"))
            say(f"  {row['change']:<9} {before} → {after}  {isolate(row['quote'])}")
    with _step(demo, say, "8 write every export"):
        for name in export_names(own):
            since = str(demo.versions[0]) if asks_since(own, name) else None
            done = export(own, name, as_of=TAG, out=own.root / "exports" / name, force=False, since=since)
            demo.files += [path for path, _ in done.files]
            say(f"  {name:<18} {len(done.files)} files in exports/{name}")


def _hire(running: server.Server) -> list[Checker]:
    people = []
    for name, care in CHECKERS.items():
        email = f"{name.lower()}@checkers.example"
        user = users.make_user(running.url, running.token, email=email, password=users.new_password(), name=name)
        people.append(Checker(name, email, user.token, care))
    return people


def _check(desk: Desk, url: str, people: list[Checker], say: Say) -> None:
    with desk.client() as client, _http(url) as http:
        project = client.find_projects(desk.mark("main"))[0].project_id
        for checker in people:
            say(f"  {checker.name}: {_counted(work(http, project, checker, seed=SEED))}")


def _second_thoughts(url: str, people: list[Checker], say: Say) -> None:
    with _http(url) as http:
        for checker, deletions in zip(people, (0, 0, 1), strict=True):
            say(f"  {checker.name}: {_counted(reconsider(http, checker, revisions=3, deletions=deletions, seed=SEED))}")


def _pull(demo: Demo, own: Settings, say: Say) -> int:
    report = pull(own, project=None, full=False, now=_now(), say=lambda text: say(f"  {text}"))
    _tell(demo, say, report)
    if report.version is None:
        raise ProtocolError(
            "the checkers' answers did not produce a version", subject=own.dataset_uri, hint="see the lines above"
        )
    return report.version


def _tell(demo: Demo, say: Say, report: Report) -> None:
    demo.reports[f"{len(demo.reports) + 1} {report.stage}"] = report.model_dump(mode="json", exclude={"rejections"})
    totals = f"{report.accepted:,} accepted + {report.rejected:,} rejected = {report.seen:,} seen"
    say(f"  {totals}  ({_counted(report.counts)})")


def _counted(counts: Counter[str] | dict[str, int]) -> str:
    return ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in counts.items() if count)


@contextmanager
def _step(demo: Demo, say: Say, title: str) -> Iterator[None]:
    say(title)
    began = time.monotonic()
    yield
    demo.seconds[title] = round(time.monotonic() - began, 2)
    say(f"  took {demo.seconds[title]:.1f} s")


def _http(url: str) -> Any:
    import httpx

    # Without keep-alive, as in studio/api/client.py: 44 ms a request are saved.
    limits = httpx.Limits(max_keepalive_connections=0)
    return httpx.Client(base_url=url, timeout=30.0, limits=limits, trust_env=False)


def _now() -> datetime:
    return datetime.now(UTC)
