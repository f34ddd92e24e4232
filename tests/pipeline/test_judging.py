"""The desk's own commands on a dataset with votes: policies, corrections, queue, agreement, keeping it whole."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

import factcheck
from factcheck import dataset, frames, models, settings
from factcheck.cli import app
from factcheck.dataset import annotators
from factcheck.models import AnnotationEvent, AnnotationState, Choice
from factcheck.pipeline.claims import claims
from factcheck.pipeline.decide import changed_verdicts
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.ingest import ingest
from factcheck.pipeline.init import init
from factcheck.pipeline.rule import settings_rule
from tests.answers import answer

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TEXT = (
    "وزیر نیرو گفت: تولید برق در سال ۱۴۰۳ به ۳۸۰ میلیارد کیلووات‌ساعت رسید.\n"
    "شمار کارگران این شرکت در پنج سال گذشته ۴۰ درصد کاهش یافته است.\n"
    "The ministry said exports rose by 12 percent to 3.4 billion dollars in 2025.\n"
)
PEOPLE = {1: "sara@desk.example", 2: "omid@desk.example", 3: "layla@desk.example"}
V, D, OP = Choice.VERIFIED, Choice.DISPUTED, Choice.OPINION


class Team:
    """A desk whose votes are put into the dataset as a pull would put them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        init(folder, name="میز", language="fa", url="https://desk.example", force=False)
        (folder / "a.txt").write_text(TEXT, "utf-8")
        ingest(self.settings, [str(folder / "a.txt")], now=NOW)
        claims(self.settings, show=0, now=NOW)
        self.claims = Desk(self.settings).staging.claims()["claim_id"].to_list()
        self.states: dict[tuple[str, int], int] = {}

    @property
    def settings(self) -> settings.Settings:
        return settings.load(self.folder, {})

    def configure(self, old: str, new: str) -> None:
        path = self.folder / "factcheck.toml"
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")

    def vote(self, choices: Mapping[tuple[int, int], Choice | None], *, hours: int) -> None:
        """Commit one version; keys are (place of the claim, user), None is a skip."""
        desk = Desk(self.settings)
        when = NOW + timedelta(hours=hours)
        rows = [self._event(desk, self.claims[claim], user, choice, when) for (claim, user), choice in choices.items()]
        events = frames.from_records(AnnotationEvent, rows)
        known = pl.DataFrame([{"user_id": user, "name": "", "email": email} for user, email in PEOPLE.items()])
        annotators.remember(desk.dataset, "local", known)
        dataset.commit(
            desk.dataset,
            articles=desk.staging.articles(),
            claims=desk.staging.claims(),
            events=events,
            verdicts=changed_verdicts(desk, events, settings_rule(desk)),
            cause="pull",
            policy=desk.rule(),
            now=when,
        )

    def _event(self, desk: Desk, claim: str, user: int, choice: Choice | None, when: datetime) -> AnnotationEvent:
        seq = self.states[claim, user] = self.states.get((claim, user), 0) + 1
        key = f"main:{claim}:{user}"
        content = models.digest(choice, seq)
        return AnnotationEvent(
            event_id=models.event_id(annotation_key=key, seq=seq, content_hash=content),
            claim_id=claim,
            annotation_key=key,
            seq=seq,
            project="main",
            task_id=1,
            annotation_id=user,
            annotator_id=annotators.annotator_id(desk.dataset, "local", user),
            state=AnnotationState.SKIPPED if choice is None else AnnotationState.SUBMITTED,
            choice=choice,
            rationale=f"دلیل {user}",
            evidence=[f"https://evidence.example/{user}"],
            created_at=NOW,
            updated_at=when,
            observed_at=when,
            content_hash=content,
        )

    def run(self, *arguments: str, exit_code: int = 0) -> str:
        result = CliRunner().invoke(app, ["--desk", str(self.folder), *arguments])
        assert result.exit_code == exit_code, result.output
        return result.output

    def verdicts(self, as_of: str | None = None) -> dict[str, str | None]:
        rows = factcheck.open(str(self.folder / "dataset")).verdicts(as_of).collect()
        return {row["claim_id"]: row["verdict"] for row in rows.iter_rows(named=True)}


@pytest.fixture
def team(tmp_path: Path) -> Team:
    team = Team(tmp_path)
    team.vote({(0, 1): V, (0, 2): V, (0, 3): D, (1, 1): V, (1, 2): D, (2, 1): None, (2, 2): OP}, hours=1)
    team.vote({(0, 1): D, (2, 1): OP}, hours=2)
    return team


def test_votes_become_verdicts_and_ties_are_contested(team: Team) -> None:
    first, second, third = team.claims
    assert team.verdicts("1") == {first: "verified", second: None, third: None}
    assert team.verdicts() == {first: "disputed", second: None, third: "opinion"}


def test_a_correction_says_when_what_and_why(team: Team) -> None:
    assert answer(team.run("corrections", "--json"))["changes"] == []
    assert "no published verdict has changed" in team.run("corrections")
    team.run("release", "weekly-47", "--as-of", "1")
    (correction,) = answer(team.run("corrections", "--json"))["changes"]
    assert correction["published_in"] == "weekly-47"
    assert "weekly-47" in team.run("corrections")
    assert (correction["before"], correction["after"], correction["version"]) == ("verified", "disputed", 2)
    assert "دلیل" in correction["reason"]
    assert answer(team.run("corrections", "--as-of", "1", "--json"))["changes"] == []


def test_the_history_has_every_change_and_says_how_many_readers_saw(team: Team) -> None:
    changes = answer(team.run("history", "--json"))["changes"]
    told = [(row["claim_id"], row["before"], row["after"], row["version"]) for row in changes]
    assert sorted(told) == sorted(
        [(team.claims[0], "verified", "disputed", 2), (team.claims[2], "single", "opinion", 2)]
    )
    assert "none of them changed a published verdict" in team.run("history")
    team.run("release", "weekly-47", "--as-of", "1")
    assert "1 published verdict changed" in team.run("history")


def test_a_policy_whose_results_are_equal_makes_no_rows(team: Team) -> None:
    team.configure("min_votes = 2", "min_votes = 1")
    before = answer(team.run("history", "--json"))["changes"]
    decided = answer(team.run("decide", "--json"))
    assert decided["version"]["version"] == 3
    (newest, *_) = answer(team.run("log", "--json"))["versions"]
    assert newest["counts"].get("verdicts", 0) == 0
    assert "min_votes=1" in newest["policy"]
    assert answer(team.run("history", "--json"))["changes"] == before


def test_another_policy_is_a_version_of_its_own_with_its_diff(team: Team) -> None:
    team.configure('policy = "majority"', 'policy = "unanimous"')
    decided = answer(team.run("decide", "--json"))
    assert (decided["version"]["version"], decided["version"]["cause"]) == (3, "policy")
    (row,) = answer(team.run("diff", "2", "3", "--json"))["changes"]
    assert (row["claim_id"], row["change"]) == (team.claims[0], "withdrawn")
    assert "no version" in team.run("decide")
    team.configure('policy = "unanimous"', 'policy = "majority"')
    team.run("decide")
    assert team.verdicts() == team.verdicts("2")


def test_a_roster_limits_who_votes_and_is_part_of_the_rule(team: Team) -> None:
    team.configure("roster = []", 'roster = ["omid@desk.example", "LAYLA@desk.example"]')
    team.run("decide")
    assert team.verdicts()[team.claims[0]] is None
    assert "people:" in answer(team.run("log", "--json"))["versions"][0]["policy"]


def test_answers_that_do_not_count_are_told(team: Team) -> None:
    assert "roster" not in team.run("status")
    team.configure("roster = []", 'roster = ["omid@desk.example", "layla@desk.exampel"]')
    assert "because their addresses are not in verdicts.roster: 2" in team.run("status")


def test_the_queue_shows_what_was_said_and_not_who(team: Team) -> None:
    output = team.run("queue", "--json")
    (claim,) = answer(output)["claims"]
    assert claim["claim_id"] == team.claims[1]
    assert [vote["voter"] for vote in claim["votes"]] == ["A", "B"]
    assert "ant_" not in output
    assert "desk.example" not in output.replace("evidence.example", "")


def test_agreement_is_told_in_text_and_json(team: Team) -> None:
    found = answer(team.run("agreement", "--by", "lang", "--json"))
    assert found["overall"]["n_claims"] == 3
    assert {row["lang"] for row in found["groups"]} <= {"fa", "en", None}
    assert len(found["annotators"]) == 3
    assert "alpha" in team.run("agreement")


def test_a_claims_life_names_every_vote_and_change(team: Team) -> None:
    text = team.run("show", team.claims[0][:12])
    assert "verified → disputed" in text
    assert "disputed (changed)" in text
    assert "برق" in text
    assert "desk.example" not in text.replace("evidence.example", "")


def test_a_claim_is_shown_with_its_evidence_reason_and_provenance(team: Team) -> None:
    text = team.run("show", team.claims[0])
    assert "rationale: \u2068دلیل" in text
    assert "evidence: \u2068https://evidence.example" in text
    assert "cut out by " in text
    article = answer(team.run("show", team.claims[0], "--json"))["groups"][0]["articles"][0]["article_id"]
    shown = [one["claims"][0] for one in answer(team.run("show", article, "--json"))["groups"]]
    assert {one["claim_id"] for one in shown} == set(team.claims)
    assert [one["start"] for one in shown] == sorted(one["start"] for one in shown)


def test_an_article_is_shown_with_its_claims_marked_and_written_as_a_page(team: Team, tmp_path: Path) -> None:
    row = Desk(team.settings).claims().sort("start").row(0, named=True)
    page = tmp_path / "article.html"
    text = team.run("show", row["article_id"][:12], "--html", str(page))
    assert f"⟦1 {row['quote']}⟧" in text
    assert f"1  {row['check_worthiness']:.2f}  {row['claim_id'][:12]}  " in text
    assert ", ".join(row["reasons"]) in text
    assert f"next:\n  factcheck show {row['claim_id']}" in text
    made = page.read_text("utf-8")
    assert f'<u class="worth">{row["quote"]}</u>' in made
    assert all(claim in made for claim in team.claims)
    assert team.run("show", row["article_id"], "--html", str(page)) is not None  # the same again is no error
    page.write_text("mine", "utf-8")
    team.run("show", row["article_id"], "--html", str(page), exit_code=2)
    team.run("show", row["article_id"], "--html", str(page), "--force")
    team.run("show", row["claim_id"], "--html", str(page), exit_code=2)


def test_a_staged_claim_is_shown_before_there_is_a_version(tmp_path: Path) -> None:
    desk = tmp_path / "desk"
    init(desk, name="Desk", language="en", url="https://desk.example", force=False)
    (desk / "a.txt").write_text(TEXT, "utf-8")
    ingest(settings.load(desk, {}), [str(desk / "a.txt")], now=NOW)
    claims(settings.load(desk, {}), show=0, now=NOW)
    staged = Desk(settings.load(desk, {})).staging.claims()["claim_id"].to_list()
    result = CliRunner().invoke(app, ["--desk", str(desk), "show", staged[0]])
    assert result.exit_code == 0, result.output
    assert "staged" in result.output
    assert "votes: none yet" in result.output


def test_a_claim_of_subtitles_is_shown_with_its_time(tmp_path: Path) -> None:
    desk = tmp_path / "desk"
    init(desk, name="Desk", language="en", url="https://desk.example", force=False)
    early, late = "The ministry said 380 schools were closed.", "Inflation rose by 12 percent in 2025."
    srt = f"1\n00:00:02,000 --> 00:00:04,000\n{early}\n\n2\n01:02:03,900 --> 01:02:06,000\n{late}\n"
    (desk / "talk.srt").write_text(srt, "utf-8")
    ingest(settings.load(desk, {}), [str(desk / "talk.srt")], now=NOW)
    claims(settings.load(desk, {}), show=0, now=NOW)
    times = {row["quote"]: row["claim_id"] for row in Desk(settings.load(desk, {})).staging.claims().to_dicts()}
    for quote, shown, seconds in ((early, " at 0:00:02 [", 2.0), (late, " at 1:02:03 [", 3723.9)):
        assert shown in CliRunner().invoke(app, ["--desk", str(desk), "show", times[quote]]).output
        (told,) = answer(CliRunner().invoke(app, ["--desk", str(desk), "show", times[quote], "--json"]).output)[
            "groups"
        ]
        assert [claim["seconds"] for claim in told["claims"]] == [seconds]


def test_an_unknown_id_is_refused_with_the_nearest_ones(team: Team) -> None:
    first = team.claims[0]
    wrong = first[:10] + ("0" if first[10] != "0" else "1") + first[11:]
    text = team.run("show", wrong, exit_code=7)
    assert "no such claim" in text
    assert first in text
    assert "too short" in team.run("show", "clm_", exit_code=7)
    assert "no such article" in team.run("show", "art_" + "0" * 20, exit_code=7)


def test_times_that_people_read_are_the_desks(team: Team) -> None:
    assert "1405/09/01" in team.run("log"), "a Persian desk reads Jalali dates"
    team.configure('time_zone = "UTC"', 'time_zone = "Asia/Tehran"\ncalendar = "gregorian"')
    assert "2026-11-22 13:30" in team.run("log")
    assert answer(team.run("log", "--json"))["versions"][0]["committed_at"].startswith("2026-11-22T1")
    team.configure("Asia/Tehran", "Asia/Teheran")
    assert "did you mean 'Asia/Tehran'" in team.run("log", exit_code=4)


def test_restore_fork_compact_and_verify_keep_every_version(team: Team, tmp_path: Path) -> None:
    team.run("restore", "1")
    assert team.verdicts() == team.verdicts("1")
    assert team.verdicts("2")[team.claims[0]] == "disputed"
    team.run("compact")
    team.run("vacuum", "--days", "0")
    assert answer(team.run("verify", "--json"))["ok"]
    team.run("fork", str(tmp_path / "copy"), "--as-of", "2")
    assert factcheck.open(str(tmp_path / "copy")).head == 2
    team.run("fork", str(tmp_path / "copy"), exit_code=2)


def test_a_damaged_file_is_named_and_fails(team: Team) -> None:
    victim = next((team.folder / "dataset" / "verdicts").glob("*.parquet"))
    data = bytearray(victim.read_bytes())
    data[len(data) // 2] ^= 1
    victim.write_bytes(data)
    assert victim.name in team.run("verify", exit_code=7)


def test_a_forgotten_person_is_gone_and_the_votes_stay(team: Team) -> None:
    before = team.verdicts()
    assert "5 annotation events" in team.run("forget", "sara@desk.example")
    assert team.verdicts() == before
    assert answer(team.run("verify", "--json"))["ok"]
    held = b"".join(path.read_bytes() for path in (team.folder / "dataset").rglob("*") if path.is_file())
    assert b"sara@" not in held
    team.run("forget", "nobody@desk.example", exit_code=7)


def test_a_diff_page_runs_in_the_desks_direction_and_escapes(team: Team, tmp_path: Path) -> None:
    page = tmp_path / "diff.html"
    team.run("diff", "1", "2", "--html", str(page))
    text = page.read_text("utf-8")
    assert '<html lang="fa" dir="rtl">' in text
    assert "برق" in text
    assert "<script" not in text
    assert re.search(r"نسخهٔ داده: 1 \(\u2068\d{4}/\d\d/\d\d\u2069\) ← 2 \(\u2068", text)
    assert "<small>\u2068وزیر نیرو\u2069</small>" in text
    assert "\u2068\u2069" not in text
    assert 'href="https://desk.example/claims/clm_' in text
    team.run("diff", "1", "2", "--html", str(page))  # the same again is no error
    team.run("diff", "2", "1", "--html", str(page), exit_code=2)


def test_the_sites_own_folder_shows_no_older_version(team: Team, tmp_path: Path) -> None:
    """A verdict taken back since would stand on the site again."""
    assert "--out" in team.run("export", "public-site", "--as-of", "1", exit_code=2)
    team.run("export", "public-site")
    team.run("export", "public-site", "--as-of", "1", "--out", str(tmp_path / "as it was"))
    assert "stand in the place of newer ones" in team.run("export", "public-site", "--as-of", "1", exit_code=2)


def test_versions_are_named_by_how_long_ago_they_were(team: Team) -> None:
    whole = answer(team.run("diff", "0", "2", "--json"))["changes"]
    assert answer(team.run("diff", "--since", "9999d", "--json"))["changes"] == whole
    assert answer(team.run("diff", "--since", "500 weeks ago", "--as-of", "2", "--json"))["changes"] == whole
    assert answer(team.run("diff", "2", "--json"))["changes"] == []
    everything = answer(team.run("log", "--json"))["versions"]
    assert answer(team.run("log", "--since", "1", "--json"))["versions"] == everything[:-1]
    assert answer(team.run("log", "--since", "0h", "--json"))["versions"] == []
    assert "is before the first version" in team.run("log", "--as-of", "9999d", exit_code=7)
    assert "--since 7d" in team.run("diff", exit_code=2)
    assert "leave one of them out" in team.run("diff", "1", "--since", "2", exit_code=2)


def test_no_export_names_a_checker(team: Team) -> None:
    for name in (one["name"] for one in answer(team.run("export", "--json"))["exports"]):
        since = ["--since", "beginning"] if name in {"changes", "weekly-changes"} else []
        done = answer(team.run("export", name, *since, "--out", str(team.folder / "out" / name), "--json"))
        for file in done["files"]:
            content = Path(file["path"]).read_bytes()
            assert re.search(rb"(?<!claim)ant_", content) is None, file["path"]
            assert b"sara@" not in content


def test_a_release_stands_alone_and_is_verified_alone(team: Team, tmp_path: Path) -> None:
    made = answer(team.run("release", "november-2026", "--out", str(tmp_path / "public"), "--json"))
    folder = Path(made["folder"])
    assert made["manifest"]["version"] == 2
    assert made["manifest"]["licence"] == "CC-BY-4.0"
    assert "krippendorff_alpha" in made["manifest"]["agreement"]
    assert "every file matches the manifest" in team.run("verify", str(folder))
    held = b"".join(path.read_bytes() for path in folder.iterdir())
    assert b"sara@" not in held
    assert re.search(rb"(?<!claim)ant_", held) is None  # an id; a column begins with claimant_
    assert {tag for entry in answer(team.run("log", "--json"))["versions"] for tag in entry["tags"]} == {
        "november-2026"
    }
    team.run("release", "november-2026", "--out", str(tmp_path / "public"), exit_code=2)
    victim = next(folder.glob("verdicts-*.parquet"))
    victim.write_bytes(victim.read_bytes() + b" ")
    assert victim.name in team.run("verify", str(folder), exit_code=7)


def test_a_release_is_signed_with_a_private_key_only_its_owner_can_read(team: Team, tmp_path: Path) -> None:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    secret = Ed25519PrivateKey.generate()
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    private, public = tmp_path / "key.pem", tmp_path / "key.pub"
    private.write_bytes(secret.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
    public.write_bytes(secret.public_key().public_bytes(pem, serialization.PublicFormat.SubjectPublicKeyInfo))
    private.chmod(0o644)
    assert "chmod 600" in team.run("release", "r", "--sign-with", str(private), exit_code=6)
    private.chmod(0o600)
    folder = answer(team.run("release", "r", "--sign-with", str(private), "--json"))["folder"]
    team.run("verify", folder, "--signed-by", str(public))
    (Path(folder) / "manifest.sig").write_text("00" * 64 + "\n", "ascii")
    team.run("verify", folder, "--signed-by", str(public), exit_code=7)


def test_show_tells_what_readers_are_told(tmp_path: Path) -> None:
    team = Team(tmp_path)
    team.vote({(0, 1): V, (0, 2): V}, hours=1)
    claim = team.claims[0]
    assert "for readers" not in team.run("show", claim)
    team.run("write", claim, "--headline", "تیتر", "--state", "draft", "--editor", "Mina")
    assert "for readers: draft, shown to the desk alone" in team.run("show", claim)
    team.run("write", claim, "--state", "approved", "--editor", "Mina")
    said = team.run("show", claim)
    assert "for readers: approved, shown to readers" in said
    assert "  headline: \u2068تیتر\u2069" in said
    assert "Mina" not in said
    team.vote({(0, 1): D, (0, 2): D}, hours=2)
    assert "for readers: needs review, shown to the desk alone, until a person approves it again" in team.run(
        "show", claim
    )
    (group,) = answer(team.run("show", claim, "--json"))["groups"]
    assert group["editorial"] == [
        {
            "claim_reviewed": None, "headline": "تیتر", "summary": None, "page_url": None, "topic": None,
            "editorial_state": "needs_review",
        }
    ]  # fmt: skip
    assert "for readers" not in team.run("show", claim, "--as-of", "1")
