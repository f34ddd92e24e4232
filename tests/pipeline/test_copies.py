"""Copies of articles in a desk: found once, named with who was first, and asked about before other pairs."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from factcheck import frames
from factcheck.matching import copies, copies_store
from factcheck.models import Article
from factcheck.pipeline.claims import claims
from factcheck.pipeline.copies import copies_of, pairs_of_copies
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.ingest import ingest
from factcheck.pipeline.match import match
from tests.answers import answer
from tests.dataset import desks
from tests.pipeline.test_judging import NOW, Team

FIRST = (
    "وزیر نیرو گفت: در سال ۱۴۰۳ تولید برق کشور به ۳۸۰ میلیارد کیلووات‌ساعت رسید و از سال پیش بیشتر بود.\n"
    "او افزود که مصرف برق خانه‌ها در تابستان گذشته نسبت به تابستان پیش از آن ده درصد بیشتر شده است.\n"
    "به گفتهٔ او نیروگاه‌های تازه در جنوب کشور تا پایان سال آینده به شبکهٔ سراسری پیوند خواهند خورد.\n"
    "این گزارش می‌گوید که قیمت برق برای خانه‌های پرمصرف از اول فروردین سال آینده دو برابر خواهد شد.\n"
)
COPY = FIRST + "\nهمهٔ حقوق این سایت برای خبرگزاری نمونه محفوظ است و بازنشر آن با نام بردن از منبع آزاد است.\n"
OTHER = (
    "The ministry of health said on Monday that twelve hospitals in the north had closed since January.\n"
    "A spokesman for the union disputed the figure and said that nine of them were only being rebuilt.\n"
)


@pytest.fixture
def team(tmp_path: Path) -> Team:
    team = Team(tmp_path / "desk")
    for name, text in (("first.txt", FIRST), ("copy.txt", COPY), ("other.txt", OTHER)):
        (team.folder / name).write_text(text, "utf-8")
        ingest(team.settings, [str(team.folder / name)], now=NOW)
    claims(team.settings, show=0, now=NOW)
    return team


def test_an_article_and_its_copy_are_found_also_after_a_commit_and_read_once(team: Team) -> None:
    found = pairs_of_copies(Desk(team.settings))
    assert found.height == 1
    assert found["kind"].to_list() == ["copy"]
    team.vote({}, hours=1)
    again = Desk(team.settings)
    assert pairs_of_copies(again).equals(found)

    def nothing(*_asked: object) -> None:
        raise AssertionError("a text was read again")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("factcheck.pipeline.copies._texts", nothing)
        assert pairs_of_copies(again).equals(found)
    folder = team.settings.state / "matching" / "copies"
    for path in folder.iterdir():
        path.write_bytes(b"damaged")
    assert pairs_of_copies(again).equals(found)


def test_show_names_the_copies_and_who_was_first(team: Team) -> None:
    (pair,) = pairs_of_copies(Desk(team.settings)).to_dicts()
    (of_copy,) = copies_of(Desk(team.settings), pair["copy"])
    (of_original,) = copies_of(Desk(team.settings), pair["original"])
    assert (of_copy["article_id"], of_copy["is_original"]) == (pair["original"], True)
    assert (of_original["article_id"], of_original["is_original"]) == (pair["copy"], False)
    said = team.run("show", pair["copy"])
    assert "\ncopies\n" in said
    assert "was there first" in said
    assert "was there first" not in team.run("show", pair["original"])
    told = answer(team.run("show", pair["copy"], "--json"))["copies"]
    assert [one["article_id"] for one in told] == [pair["original"]]


def test_an_article_without_copies_says_nothing_of_them(team: Team) -> None:
    pairs = pairs_of_copies(Desk(team.settings))
    alone = [one for one in Desk(team.settings).article_ids() if one not in {*pairs["copy"], *pairs["original"]}]
    assert len(alone) == 2
    for article in alone:
        assert copies_of(Desk(team.settings), article) == []
        assert "\ncopies\n" not in team.run("show", article)


def test_claims_in_an_article_and_its_copy_are_asked_about_first(tmp_path: Path) -> None:
    team = Team(tmp_path / "desk")
    changed = FIRST.replace("ده درصد بیشتر شده است", "به اندازهٔ ده درصد بالا رفته است")
    for name, text in (("first.txt", FIRST), ("copy.txt", changed)):
        (team.folder / name).write_text(text, "utf-8")
        ingest(team.settings, [str(team.folder / name)], now=NOW)
    claims(team.settings, show=0, now=NOW)
    rows, _ = match(team.settings)
    assert rows
    assert "is a copy of the other's" in rows[0]["reasons"][0]
    assert all("ده درصد" in quote for quote in rows[0]["quotes"])
    done = desks.run(team.folder, "match", "--review")
    assert done.code == 0, done.text


SENTENCES = [line for line in (FIRST + OTHER).split("\n") if line]


@examples(max_examples=100, deadline=None)
@given(
    st.lists(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=5), min_size=2, max_size=6),
    st.randoms(use_true_random=False),
    st.integers(1, 3),
)
def test_pairs_do_not_depend_on_the_order_of_articles_or_on_batches(
    texts: list[list[str]], chance: object, size: int
) -> None:
    rows = [
        Article(article_id=f"art_{number:020x}", source="s", text="\n".join(text), fetched_at=NOW)
        for number, text in enumerate(texts)
    ]
    frame = frames.from_records(Article, rows)
    _, wanted = copies.add(copies.Index(), frame)
    chance.shuffle(rows)  # type: ignore[attr-defined]
    kept = copies_store.nothing()
    for some in frames.from_records(Article, rows).iter_slices(size):
        grown, found = copies.add(kept.seen, some)
        kept = copies_store.Kept(grown, found.vstack(kept.pairs).sort("copy", "original"))
    assert kept.pairs.equals(wanted)
    _, nothing_new = copies.add(kept.seen, frame)
    assert nothing_new.is_empty()
