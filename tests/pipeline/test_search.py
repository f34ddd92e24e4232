"""`factcheck search`: what stands is found however it is typed, what was taken back is not; the index only grows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from factcheck.matching import lexical_index, lexical_store
from factcheck.models import Choice
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.earlier_index import earlier_index
from tests.dataset import desks
from tests.pipeline.test_judging import Team

V, D = Choice.VERIFIED, Choice.DISPUTED
CSV = """claim,verdict,date,decided_at,reviewer,review_url
کتاب‌های درسی در سال ۱۴۰۲ رایگان شد,false,2026-01-05,2026-01-09,میز نمونه,https://old.example/1
أعلنت الوزارة أن الكهرباء انقطعت عن المدينة,true,2026-01-06,2026-01-09,مكتب التحقق,https://old.example/2
The bridge cost 40 million dollars in 2019.,false,2026-01-05,2026-01-09,Desk X,https://old.example/3
"""
GOOGLE = {
    "claims": [
        {
            "text": "سد بزرگ شهر خشک شده است",
            "claimant": "یک کانال",
            "claimDate": "2026-01-03T00:00:00Z",
            "claimReview": [
                {
                    "publisher": {"name": "میز نمونه", "site": "old.example"},
                    "url": "https://old.example/g",
                    "title": "سد خشک نیست",
                    "reviewDate": "2026-01-05T00:00:00Z",
                    "textualRating": "نادرست",
                    "languageCode": "fa",
                }
            ],
        }
    ],
    "nextPageToken": "x",
}
FEED = {
    "@context": "https://schema.org",
    "@type": "DataFeed",
    "dataFeedElement": [
        {
            "@type": "DataFeedItem",
            "dateCreated": "2026-01-05",
            "item": [
                {
                    "@type": "ClaimReview",
                    "url": "https://old.example/feed",
                    "claimReviewed": "Two lions walked through the market.",
                    "author": {"@type": "Organization", "name": "Desk Y"},
                    "datePublished": "2026-01-05",
                    "itemReviewed": {"@type": "Claim", "author": {"@type": "Person", "name": "A channel"}},
                    "reviewRating": {"@type": "Rating", "alternateName": "False", "ratingValue": 1, "bestRating": 5},
                }
            ],
        }
    ],
}


def found(desk: Path, question: str, *more: str) -> list[dict[str, Any]]:
    done = desks.run(desk, "search", question, *more)
    assert done.code == 0, done.text
    rows: list[dict[str, Any]] = done.said["found"]
    return rows


def bring(desk: Path, name: str, text: str) -> None:
    (desk / name).write_text(text, "utf-8")
    done = desks.run(desk, "import", str(desk / name), "--source", "Old desk")
    assert (done.code, done.said["rejected"]) == (0, 0), done.text


@pytest.fixture
def team(tmp_path: Path) -> Team:
    """Three claims of the desk's own: two users verify the first, the second has one vote, the third none."""
    team = Team(tmp_path / "desk")
    team.vote({(0, 1): V, (0, 2): V, (1, 1): V}, hours=1)
    return team


def test_imported_and_own_verdicts_are_found_however_they_are_typed(team: Team) -> None:
    bring(team.folder, "old.csv", CSV)
    (own,) = found(team.folder, "توليد برق ١٤٠٣", "--limit", "1")
    assert (own["claim_id"], own["verdict"], own["origin"]) == (team.claims[0], "verified", "votes")
    for typed in ("كتاب هاي درسي", "کتابهای درسى", "كِتابهای درسی ۱۴۰۲"):
        first = found(team.folder, typed)[0]
        assert first["verdict"] == "disputed"
        assert (first["outlet"], first["url"]) == ("Old desk", "https://old.example/1")
    assert found(team.folder, "الكَهْرباء", "--lang", "ar")[0]["url"] == "https://old.example/2"
    assert found(team.folder, "الكهرباء", "--lang", "fa") == []
    assert found(team.folder, "bridges")[0]["score"] > 0.5
    # Nobody has decided it: there is nothing to tell of it.
    assert team.claims[2] not in {row["claim_id"] for row in found(team.folder, "ministry exports rose 12 percent")}
    assert team.claims[1] not in {row["claim_id"] for row in found(team.folder, "شمار کارگران شرکت ۴۰ درصد")}


def test_answers_of_claim_search_and_feeds_of_data_commons_are_searched(team: Team) -> None:
    bring(team.folder, "google.json", json.dumps(GOOGLE, ensure_ascii=False))
    bring(team.folder, "feed.json", json.dumps(FEED))
    assert found(team.folder, "سد شهر خشك")[0]["url"] == "https://old.example/g"
    assert found(team.folder, "lion in a market")[0]["url"] == "https://old.example/feed"


def test_what_was_taken_back_is_not_offered(team: Team) -> None:
    assert found(team.folder, "تولید برق")
    team.vote({(0, 2): D}, hours=2)  # contested
    assert found(team.folder, "تولید برق") == []
    team.vote({(0, 1): D}, hours=3)
    assert found(team.folder, "تولید برق")[0]["verdict"] == "disputed"
    assert desks.run(team.folder, "withdraw", team.claims[0], "--reason", "satire", "--yes").code == 0
    assert found(team.folder, "تولید برق") == []
    assert desks.run(team.folder, "undo", "--yes").code == 0
    assert found(team.folder, "تولید برق")[0]["verdict"] == "disputed"


def test_the_index_grows_by_what_is_new_and_says_what_one_made_at_once_says(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert found(team.folder, "تولید برق")
    built: list[int] = []
    build = lexical_index.build

    def noted(ids: pl.Series, texts: pl.Series) -> lexical_index.Segment:
        built.append(ids.len())
        return build(ids, texts)

    monkeypatch.setattr(lexical_index, "build", noted)
    bring(team.folder, "old.csv", CSV)
    asked = ("کتاب درسی", "برق", "bridge million", "الوزارة")
    grown = [found(team.folder, question) for question in asked]
    assert built == [3]
    assert [found(team.folder, question) for question in asked] == grown
    assert built == [3], "an index of this version is there"
    desk = Desk(team.settings)
    for path in (desk.settings.state / "matching").rglob("*.lex"):
        path.unlink()
    assert [found(team.folder, question) for question in asked] == grown
    assert built == [3, 4]


def test_an_index_of_another_history_is_not_believed(team: Team) -> None:
    assert found(team.folder, "تولید برق")
    desk = Desk(team.settings)
    (folder,) = (desk.settings.state / "matching").iterdir()
    kept = lexical_store.load(folder)
    lexical_store.save(folder, kept._replace(mark="1 " + "0" * 64, segments=[]))
    data = desk.readable()
    head = data.version()
    assert head is not None
    assert earlier_index(desk, data).mark == f"{head.version} {head.version_hash}"
    assert found(team.folder, "تولید برق")


def test_an_empty_desk_and_a_question_without_words_say_so_in_words(tmp_path: Path) -> None:
    team = Team(tmp_path / "own")
    nothing = desks.run(team.folder, "search", "برق")
    assert (nothing.code, nothing.said["searched"], nothing.said["found"]) == (0, 0, [])
    refused = desks.run(team.folder, "search", "!?")
    assert refused.said["error"]["code"] == "USAGE"
