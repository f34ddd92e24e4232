"""A newspaper's words through the whole house: ingest, claims, task, vote, dataset, exports; not a byte another."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from factcheck import settings
from factcheck.pipeline.claims import claims as pipeline_claims
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.export import export
from factcheck.pipeline.ingest import ingest
from factcheck.pipeline.init import init
from factcheck.pipeline.pull import pull
from factcheck.pipeline.push import push
from factcheck.pipeline.status import status
from factcheck.studio.api.client import Client
from factcheck.text import for_display
from tests.fake_studio.answers import ADMIN_TOKEN, FakeStudio
from tests.fake_studio.props import NOW, Checker

PARAGRAPHS = {
    "arabic letters in persian": "وزير نيرو گفت توليد برق كشور در سال ۱۴۰۳ به ٣٨٠ ميليارد كيلووات\u200cساعت رسيد.",
    "persian letters": "وزیر نیرو گفت مصرف برق کشور در سال ۱۴۰۲ به ۳۶۰ میلیارد کیلووات\u200cساعت رسید.",
    "tatweel and diacritics": "وزیر گفت شمـــارِ کارگرانِ مُحَمَّدیه در سال ۱۴۰۱ به ۴۵ هزار نفر رسید.",
    "ligature": "سخنگو گفت در سال ۱۴۰۰ شمار زائران حرم پیامبر ﷺ و ﷲ به ۱۲ میلیون نفر رسید.",
    "astral": "😀👩\u200d🚀 𝒜 وزیر گفت صادرات گاز در سال ۱۳۹۹ به ۱۷ میلیارد دلار رسید 🦊.",
    "arabic": "أكّد الوزيرُ أنّ ٣٥٪ من السكّان تلقّوا اللقاحَ في عام ٢٠٢٣ وأنّ ١٢٣ مستشفى أُعيد بناؤها.",
    "decomposed": "Re\u0301sume\u0301 \u2014 the ministry said exports rose by 12% to ﬁve billion dollars in 2025.",
    "latin digits in persian": "وزیر گفت بودجه سال 1403 برابر با 45.5 هزار میلیارد تومان \u2067(ABC)\u2069 بود.",
    "no-break space": "وزیر گفت 12\u00a0500 خانه در سال ۱۳۹۸ با ۳٫۵ میلیارد تومان ساخته شد.",
}
SOURCE = "😀🦊 خبر روز\n\n" + "\n\n".join(PARAGRAPHS.values()) + "\n"
_FORMATS = ("csv", "jsonl", "parquet", "xlsx", "claimreview")
NOT_AN_ADDRESS = "کتاب آمار ۱۴۰۳، ص ۱۲"


class House:
    """A desk, its Label Studio, and checkers who answer there."""

    def __init__(self, own: settings.Settings, people: list[Checker]) -> None:
        self.settings, self.people = own, people

    def vote(self) -> None:
        project = self.project()
        for task in self.people[0].task_ids(project).values():
            for person in self.people[1:3]:
                person.submit(
                    task, "verified", rationale="دیدم كه ٣٨٠ 🦊", evidence=f"https://a.example/\n{NOT_AN_ADDRESS}"
                )

    def project(self) -> int:
        desk = Desk(self.settings)
        with desk.client() as client:
            return client.find_projects(desk.mark("main"))[0].project_id


@pytest.fixture(params=["fake", pytest.param("live", marks=pytest.mark.live)])
def house(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    init(tmp_path, name="میز", language="fa", url="https://desk.example", force=False)
    if request.param == "fake":
        fake = FakeStudio()

        @contextmanager
        def client(_desk: Desk, **patience: Any) -> Iterator[Client]:
            made = Client("http://127.0.0.1:9", ADMIN_TOKEN, transport=fake, **patience)
            try:
                yield made
            finally:
                made.close()

        monkeypatch.setattr(Desk, "client", client)
        tokens = ["1" * 40, "2" * 40]
        for number, token in enumerate(tokens):
            fake.store.add_user(f"Checker {number}", token)
        people = [Checker("http://127.0.0.1:9", token, fake) for token in (ADMIN_TOKEN, *tokens)]
        own = settings.load(tmp_path, {"FACTCHECK_CLAIMS_MIN_CHECK_WORTHINESS": "0"})
    else:
        server = request.getfixturevalue("label_studio")
        tokens = [server.make_user(name).token for name in ("Anahita", "Basma")]
        people = [Checker(server.url, token, None) for token in (server.token, *tokens)]
        monkeypatch.setenv(settings.TOKEN_VARIABLE, server.token)
        own = settings.load(
            tmp_path, {"FACTCHECK_STUDIO_URL": server.url, "FACTCHECK_CLAIMS_MIN_CHECK_WORTHINESS": "0"}
        )
    try:
        yield House(own, people)
    finally:
        for person in people:
            person.close()


def exported(own: settings.Settings, what: str) -> bytes:
    (path, _size), *_ = export(own, what, as_of=None, out=None, force=True).files
    return path.read_bytes()


def test_every_byte_of_a_claim_comes_out_as_it_came_in(house: House, tmp_path: Path) -> None:
    own = house.settings
    path = tmp_path / "news.txt"
    path.write_text(SOURCE, "utf-8")
    ingest(own, [str(path)], now=NOW)
    pipeline_claims(own, show=0, now=NOW)
    claims = Desk(own).staging.claims().filter(pl.col("check_worthiness") >= own.claims.min_check_worthiness)
    (article,) = Desk(own).staging.articles().to_dicts()
    assert article["text"] == SOURCE
    quotes = {row["claim_id"]: row["quote"] for row in claims.iter_rows(named=True)}
    for row in claims.iter_rows(named=True):
        assert SOURCE[row["start"] : row["end"]] == row["quote"]
    for name, paragraph in PARAGRAPHS.items():
        assert any(quote in paragraph and len(quote) > 40 for quote in quotes.values()), name

    push(own, project=None, now=NOW, say=lambda _: None)
    project = house.project()
    tasks = house.people[0].task_ids(project)
    assert set(tasks) == set(quotes)
    for claim, task in tasks.items():
        data = house.people[0].task(project, task)["data"]
        shown = data["claim"]
        lang = claims.row(by_predicate=pl.col("claim_id") == claim, named=True)["lang"]
        assert shown == for_display(quotes[claim], lang)
        assert quotes[claim] in shown

    house.vote()
    pull(own, project=None, full=False, now=NOW, say=lambda _: None)
    committed = Desk(own).dataset.claims().collect()
    assert {row["claim_id"]: row["quote"] for row in committed.iter_rows(named=True)} == quotes
    text = Desk(own).dataset.articles().collect()["text"][0]
    assert all(text[row["start"] : row["end"]] == row["quote"] for row in committed.iter_rows(named=True))
    told = Desk(own).dataset.annotations().collect()
    assert set(told["rationale"]) == {"دیدم كه ٣٨٠ 🦊"}
    assert told["evidence"].to_list() == [["https://a.example/", NOT_AN_ADDRESS]] * len(told)

    for name, found in exported_quotes(own).items():
        assert found == quotes, name
    for what in ("csv", "jsonl"):  # as bytes, not only as texts that compare equal
        content = exported(own, what)
        for quote in quotes.values():
            assert (quote if what == "csv" else json.dumps(quote, ensure_ascii=False)[1:-1]).encode() in content
    notes = export(own, "csv", as_of=None, out=None, force=True).notes
    assert any("name no web address" in note and NOT_AN_ADDRESS in note for note in notes)
    assert any(NOT_AN_ADDRESS in sentence for sentence in status(own).evidence_as_text)


def exported_quotes(own: settings.Settings) -> dict[str, dict[str, str]]:
    """The claims by id as each format has them."""
    table = csv.DictReader(io.StringIO(exported(own, "csv").decode("utf-8-sig"), newline=""))
    lines = [json.loads(line) for line in exported(own, "jsonl").decode().splitlines()]
    frame = pl.read_parquet(io.BytesIO(exported(own, "parquet")))
    sheet = openpyxl.load_workbook(io.BytesIO(exported(own, "xlsx"))).worksheets[0]
    header, *rows = [[str(cell) for cell in line] for line in sheet.iter_rows(values_only=True)]
    at, said = header.index("claim_id"), header.index("quote")
    done = export(own, "claimreview", as_of=None, out=None, force=True)
    reviews = [json.loads(path.read_text("utf-8")) for path, _ in done.files if path.suffix == ".jsonld"]
    single = [review for review in reviews if review.get("@type") == "ClaimReview"]
    return {
        "csv": {row["claim_id"]: row["quote"] for row in table},
        "jsonl": {row["claim_id"]: row["quote"] for row in lines},
        "parquet": dict(frame["claim_id", "quote"].iter_rows()),
        "xlsx": {row[at]: row[said] for row in rows},
        "claimreview": {review["url"].rpartition("/")[2]: review["claimReviewed"] for review in single},
    }
