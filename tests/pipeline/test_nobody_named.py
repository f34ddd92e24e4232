"""Nothing a reader gets leads back to a checker: every user number, e-mail and name is tried on everything there is."""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import random
import re
import shutil
import sqlite3
import zipfile
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from typer.testing import CliRunner

from factcheck import dataset, frames, models, settings
from factcheck.cli import app
from factcheck.dataset import annotators
from factcheck.exporters import formats
from factcheck.models import AnnotationEvent, AnnotationState, Choice, Rejection
from factcheck.pipeline.claims import claims as pipeline_claims
from factcheck.pipeline.decide import changed_verdicts
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.ingest import ingest
from factcheck.pipeline.init import init
from factcheck.pipeline.rule import settings_rule
from factcheck.reading.standing import QUEUE

NOW = datetime(2026, 11, 22, 9, 0, 0, 123457, tzinfo=UTC)
TEXT = (
    "وزیر نیرو گفت: تولید برق در سال ۱۴۰۳ به ۳۸۰ میلیارد کیلووات‌ساعت رسید.\n"
    "شمار کارگران این شرکت در پنج سال گذشته ۴۰ درصد کاهش یافته است.\n"
    "The ministry said exports rose by 12 percent to 3.4 billion dollars in 2025.\n"
)
NUMBERS = range(1, 10_001)


class Person:
    """A checker as the server knows one."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.name = f"Sara-{number} Ahmadi"
        self.email = f"sara.{number}@desk.example"


PEOPLE = [Person(number) for number in random.Random(3).sample(NUMBERS, 100)]
TRIED = [person.number for person in PEOPLE]
"""An attacker tries all ten thousand numbers; only those that are somebody's can hit, and these take less time."""
LEAD = PEOPLE[0]
EDITOR = "Mina-Editor Kamali"
"""Who writes and signs what is published; known by a name alone."""


class Newsroom:
    """A desk on which a hundred people voted, a lead decided, and something was put aside."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        init(folder, name="میز", language="fa", url="https://desk.example", force=False)
        (folder / "a.txt").write_text(TEXT, "utf-8")
        self._name_people()
        ingest(self.settings, [str(folder / "a.txt")], now=NOW)
        pipeline_claims(self.settings, show=0, now=NOW)
        desk = Desk(self.settings)
        users = pl.DataFrame([vars(person) for person in PEOPLE]).rename({"number": "user_id"})
        annotators.remember(desk.dataset, "local", users)
        self.ids = {annotators.annotator_id(desk.dataset, "local", person.number): person.number for person in PEOPLE}
        events = frames.from_records(AnnotationEvent, list(self._events(desk)))
        dataset.commit(
            desk.dataset, articles=desk.staging.articles(), claims=desk.staging.claims(), events=events,
            verdicts=changed_verdicts(desk, events, settings_rule(desk)), cause="pull", policy=desk.rule(), now=NOW,
        )  # fmt: skip
        self.times = set(events["created_at"]) | set(events["updated_at"])
        put_aside = Rejection(
            stage="pull", code="NO_CHOICE", subject="main: task 1, annotation 1", reason="no choice",
            payload=json.dumps({"id": 1, "completed_by": LEAD.number}),
        )  # fmt: skip
        with desk.workspace.writing("pull", now=NOW):
            desk.workspace.quarantine(frames.from_records(Rejection, [put_aside]), now=NOW)
        for claim, state in zip(desk.committed_claims()["claim_id"][:2], ("published", "draft"), strict=True):
            self.run("write", claim, "--headline", f"تیتر {state}", "--state", state, "--editor", EDITOR)
        (self.editor,) = annotators.people(desk.dataset).filter(name=EDITOR)["annotator_id"]

    @property
    def settings(self) -> settings.Settings:
        return settings.load(self.folder, {})

    def run(self, *arguments: str) -> str:
        result = CliRunner().invoke(app, ["--desk", str(self.folder), *arguments])
        assert result.exit_code == 0, result.output
        return result.output

    def _name_people(self) -> None:
        path = self.folder / "factcheck.toml"
        text = path.read_text("utf-8")
        assert "leads = []" in text
        path.write_text(text.replace("leads = []", f'leads = ["{LEAD.email}"]'), "utf-8")

    def _events(self, desk: Desk) -> Iterable[AnnotationEvent]:
        claims = desk.staging.claims()["claim_id"].to_list()
        chance = random.Random(5)
        for place, person in enumerate(PEOPLE):
            for claim in claims[place % 2 :]:
                when = NOW + timedelta(seconds=chance.randrange(80_000), microseconds=chance.randrange(1, 999_999))
                yield self._event(desk, claim, person, chance.choice(list(Choice)), when, "main")
        yield self._event(desk, claims[0], LEAD, Choice.DISPUTED, NOW + timedelta(days=1, seconds=7.654321), QUEUE)

    def _event(
        self, desk: Desk, claim: str, person: Person, choice: Choice, when: datetime, project: str
    ) -> AnnotationEvent:
        number = int(hashlib.sha256(f"{claim}{person.number}{project}".encode()).hexdigest()[:6], 16)
        key = f"{project}:{number}:{when.isoformat()}"
        own = annotators.annotator_id(desk.dataset, "local", person.number)
        content = models.digest(claim, {"choice": choice, "annotator_id": own})
        return AnnotationEvent(
            event_id=models.event_id(annotation_key=key, seq=1, content_hash=content), claim_id=claim,
            annotation_key=key, seq=1, project=project, task_id=1, annotation_id=number, annotator_id=own,
            state=AnnotationState.SUBMITTED, choice=choice, rationale=f"دلیل {choice}",
            evidence=["https://evidence.example/"], lead_time=number / 7, created_at=when, updated_at=when,
            observed_at=when + timedelta(minutes=1), content_hash=content,
        )  # fmt: skip


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    return Newsroom(tmp_path_factory.mktemp("newsroom"))


def everything(*folders: Path) -> str:
    """All that is in the files, also in Parquet and zip (XLSX), as one text."""
    found: list[str] = []
    files = [(folder, path) for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    for folder, path in files:
        data = path.read_bytes()
        found += [str(path.relative_to(folder.parent)), data.decode("latin-1"), data.decode("utf-8", "replace")]
        if path.suffix == ".parquet":
            found.append(json.dumps(pl.read_parquet(path).to_dicts(), default=str, ensure_ascii=False))
        if path.suffix == ".sqlite":
            with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as base:
                found.append("\n".join(base.iterdump()))
        if data[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                found += [archive.read(name).decode("utf-8", "replace") for name in archive.namelist()]
    return "\n".join(found)


def short(data: bytes) -> str:
    return data.hex()[:20]


def identified(text: str, ids: dict[str, int]) -> set[int]:
    """The people whom the text gives away, and with `ids` those behind these ids of an older text."""
    people = {person.number for person in PEOPLE if person.name in text or person.email in text}
    shown = set(re.findall(r"(?:ant|chk)_([0-9a-f]{20})", text))
    releases = set(re.findall(r"november-[a-z]+", text))
    for key in {bytes.fromhex(one) for one in re.findall(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])", text)} | {b""}:
        public = [hmac.new(key, f"release|{name}".encode(), hashlib.sha256).digest() for name in releases]
        for number in TRIED:
            own = short(hmac.new(key, f"local|{number}".encode(), hashlib.sha256).digest())
            tried = [own, *(short(hmac.new(one, f"ant_{own}".encode(), hashlib.sha256).digest()) for one in public)]
            if not shown.isdisjoint(tried):
                people.add(number)
    # Digests of addresses, alone and as lists, and of numbers, whole and cut short.
    for person in PEOPLE:
        said = (person.email, person.name, str(person.number), f"local|{person.number}")
        digests = [hashlib.new(kind, one.encode()).hexdigest() for kind in ("md5", "sha1", "sha256") for one in said]
        digests += [models.digest(one) for one in (person.email, [person.email])]
        digests += [models.digest([], [person.email]), models.digest([person.email], [])]
        if any(one[:12] in text for one in digests):
            people.add(person.number)
    return people | {number for own, number in ids.items() if own in text}


def test_the_search_finds_everybody_in_the_dataset_itself(newsroom: Newsroom) -> None:
    text = everything(newsroom.folder / "dataset")
    assert len(identified(text, {})) == 100
    assert any(str(moment) in text for moment in newsroom.times)


def test_nobody_is_found_in_a_fork_a_release_exports_and_logs(newsroom: Newsroom, tmp_path: Path) -> None:
    newsroom.run("release", "november-one", "--out", str(tmp_path / "gets"))
    newsroom.run("release", "november-two", "--out", str(tmp_path / "gets"))
    newsroom.run("fork", str(tmp_path / "gets" / "fork"))
    newsroom.run("tag", "week-47")
    newsroom.run("export")
    for what in ("weekly-changes", "newsroom-xlsx"):
        newsroom.run("export", what, "--since", "beginning", "--reader", "web")
    for what in formats():
        newsroom.run("export", what, *(["--since", "beginning"] if what == "changes" else []))
    for what in ("verdict-feed", "corrections-feed", "claimreview-labeler", "claimreview-duke", "evidence-efcsn"):
        newsroom.run("export", what)
    said = [newsroom.run(*command, "--json") for command in (("log",), ("diff", "0", "1"), ("corrections",))]
    said += [newsroom.run("log"), newsroom.run("diff", "0", "1", "--html", str(tmp_path / "gets" / "diff.html"))]
    text = everything(tmp_path / "gets", newsroom.folder / "exports") + "\n".join(said)
    assert "november-two" in text
    made = {path.suffix for path in (newsroom.folder / "exports").iterdir()}
    assert made >= {".rss", ".atom", ".json", ".md", ".jsonl", ".xlsx", ".csv", ".parquet", ".jsonld", ".sqlite"}
    assert (newsroom.folder / "exports" / "dataset-v3" / "status_history.parquet").is_file()
    assert len(set(re.findall(r"chk_[0-9a-f]{20}", text))) == 200
    assert len(set(re.findall(r"ant_[0-9a-f]{20}", text))) == 100
    assert identified(text, newsroom.ids) == set()
    given = everything(tmp_path / "gets")
    assert not [moment for moment in newsroom.times if str(moment) in given or moment.isoformat() in given]
    assert not [own for own in newsroom.ids if own in text]
    assert "تیتر published" in text
    assert not [one for one in (EDITOR, "Kamali", newsroom.editor) if one in text]
    drafts = [path for path in (newsroom.folder / "exports").rglob("*.*") if path.suffix != ".xlsx" and path.is_file()]
    assert not [path for path in drafts if "تیتر draft" in path.read_text("utf-8", "replace")]
    assert "تیتر" not in given


def test_keys_of_a_wrong_kind_are_refused_in_words(newsroom: Newsroom, tmp_path: Path) -> None:
    """Also what is no file at all; no release, and no tag, is left."""
    junk = tmp_path / "junk"
    junk.write_bytes(b"junk")
    junk.chmod(0o600)
    for path in (junk, tmp_path, Path("/dev/null"), tmp_path / "absent"):
        for command in (["release", "april-one", "--sign-with"], ["verify", str(tmp_path), "--signed-by"]):
            result = CliRunner().invoke(app, ["--desk", str(newsroom.folder), *command, str(path)])
            assert (result.exit_code, "[CONFIG]" in result.output) == (4, True), result.output
    assert "april-one" not in newsroom.run("log", "--json")
    assert not (newsroom.folder / "releases" / "april-one").exists()


def test_a_desk_s_trusted_keys_are_asked_of_a_release(newsroom: Newsroom, tmp_path: Path) -> None:
    private = Ed25519PrivateKey.generate()
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (tmp_path / "key").write_bytes(pem)
    (tmp_path / "key").chmod(0o600)
    newsroom.run("release", "may-one", "--out", str(tmp_path), "--sign-with", str(tmp_path / "key"))
    newsroom.run("release", "may-two", "--out", str(tmp_path))
    assert "the signature was not checked" in newsroom.run("verify", str(tmp_path / "may-one"))
    assert "not signed" in newsroom.run("verify", str(tmp_path / "may-two"))
    trusted = newsroom.folder / "trusted-keys.pem"
    trusted.write_bytes(b"# The Desk\n" + public)
    try:
        assert "signed by The Desk" in newsroom.run("verify", str(tmp_path / "may-one"))
        result = CliRunner().invoke(app, ["--desk", str(newsroom.folder), "verify", str(tmp_path / "may-two")])
        assert (result.exit_code, "the release is not signed" in result.output) == (7, True)
    finally:
        trusted.unlink()


def test_a_forgotten_person_is_not_found_in_a_copy_of_the_whole_desk(newsroom: Newsroom, tmp_path: Path) -> None:
    copy = tmp_path / "desk"
    shutil.copytree(newsroom.folder, copy)
    again = Newsroom.__new__(Newsroom)
    again.folder = copy
    gone = PEOPLE[1:6]  # not the lead: factcheck.toml names one, and the rule of old versions holds a digest of that
    for person in gone:
        assert "erased" in again.run("forget", person.email)
    assert "erased" in again.run("forget", EDITOR)
    assert again.run("verify").count("damaged") == 0
    text = everything(copy)
    left = identified(text, {})
    assert left & {person.number for person in gone} == set()
    assert {
        person.number for person in PEOPLE if person not in gone
    } <= left  # they are in the table of people, where they should be
    assert "completed_by" not in text
    assert EDITOR not in text
    assert all(own in text for own, number in newsroom.ids.items() if number in {person.number for person in gone})
