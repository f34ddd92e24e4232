"""`factcheck spread`: a claim, its copies and other figures of it, through a desk's own articles."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

import factcheck
from factcheck.errors import OutputExists, UnknownClaim, UsageError
from factcheck.matching.spread import SPREAD
from factcheck.models import Choice
from factcheck.pipeline.claims import claims
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.ingest import ingest
from tests.answers import answer
from tests.pipeline.test_judging import NOW, Team

POWER = "وزیر نیرو گفت: تولید برق در سال ۱۴۰۳ به ۳۸۰ میلیارد کیلووات‌ساعت رسید."
MORE = (
    "او افزود که مصرف برق خانه‌ها در تابستان گذشته نسبت به تابستان پیش از آن ده درصد بیشتر شده است.\n"
    "به گفتهٔ او نیروگاه‌های تازه در جنوب کشور تا پایان سال آینده به شبکهٔ سراسری پیوند خواهند خورد.\n"
    "این گزارش می‌گوید که قیمت برق برای خانه‌های پرمصرف از اول فروردین سال آینده دو برابر خواهد شد.\n"
)
NAMES = ("خبرگزاری یک", "روزنامهٔ دو", "سایت سه")


def put(team: Team, name: str, text: str, *, outlet: str, day: int) -> None:
    path = team.folder / f"{name}.json"
    path.write_text(
        json.dumps(
            {"text": text, "publisher": outlet, "published_at": f"2026-11-{day:02}", "url": f"https://{name}.example/1"}
        ),
        "utf-8",
    )
    ingest(team.settings, [str(path)], now=NOW)


@pytest.fixture
def team(tmp_path: Path) -> Team:
    team = Team(tmp_path / "desk")
    put(team, "two", f"{POWER}\n{MORE}", outlet=NAMES[1], day=18)
    put(team, "one", f"{POWER}\n{MORE}", outlet=NAMES[0], day=16)
    put(team, "three", POWER.replace("۳۸۰", "۴۲۰"), outlet=NAMES[2], day=19)
    claims(team.settings, show=0, now=NOW)
    return team


def travelled(team: Team, *arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = answer(team.run("spread", team.claims[0], *arguments, "--json"))
    return found


def test_who_was_first_who_copied_whom_and_what_else_is_reported(team: Team) -> None:
    found = travelled(team)
    told = [(row["publisher"], row["copied_from"], row["first"]) for row in found["appearances"]]
    assert told == [(NAMES[0], None, True), (NAMES[1], NAMES[0], False), (None, None, False)]
    assert found["first"] == [NAMES[0]]
    (other,) = found["tension"]
    assert other["publisher"] == NAMES[2]
    assert any("380" in reason and "420" in reason for reason in other["reasons"])
    text = team.run("spread", team.claims[0])
    assert "3 appearances, 2 outlets, 1 language, 1 of them in copies" in text
    assert f"copy of \u2068{NAMES[0]}\u2069" in text


def test_the_words_in_a_copy_count_without_a_claim_and_not_where_the_claim_was_withdrawn(team: Team) -> None:
    staging = Desk(team.settings).staging
    before = travelled(team)["appearances"]
    mine = staging.claims().filter(group_id=travelled(team)["claim_id"])
    (copy,) = mine.filter(mine["claim_id"].is_in([before[1]["claim_id"]]))["claim_id"]
    team.vote({(0, 1): Choice.VERIFIED, (0, 2): Choice.VERIFIED}, hours=1)
    assert travelled(team)["appearances"] == before
    team.run("withdraw", copy, "--reason", "cut wrongly", "--yes")
    assert [row["publisher"] for row in travelled(team)["appearances"]] == [NAMES[0], None]
    assert travelled(team, "--as-of", "1")["appearances"] == before


def test_a_claim_of_a_version_knows_nothing_of_later_articles(team: Team) -> None:
    team.vote({}, hours=1)
    now = travelled(team)
    assert travelled(team, "--as-of", "1") == now
    put(team, "four", f"{POWER}\n{MORE}", outlet="سایت چهار", day=20)
    assert [row["publisher"] for row in travelled(team)["appearances"]][2] == "سایت چهار"
    (late,) = [row for row in travelled(team)["appearances"] if row["publisher"] == "سایت چهار"]
    assert (late["claim_id"], late["copied_from"], late["quote"]) == (None, NAMES[0], POWER)
    assert travelled(team, "--as-of", "1") == now
    claims(team.settings, show=0, now=NOW)
    (late,) = [row for row in travelled(team)["appearances"] if row["publisher"] == "سایت چهار"]
    assert late["claim_id"] is not None


def test_a_merge_of_other_figures_says_which_figures_changed(team: Team) -> None:
    team.vote({}, hours=1)
    (other,) = travelled(team)["tension"]
    team.run("claim", "merge", travelled(team)["claim_id"], other["claim_id"], "--yes")
    found = travelled(team)
    assert found["tension"] == []
    (changed,) = [row for row in found["appearances"] if row["changed"]]
    assert changed["publisher"] == NAMES[2]
    ((before, now),) = [(one["before"], one["now"]) for one in changed["changed"]]
    assert ("380" in before, "420" in now) == (True, True)
    assert f"changed: \u2068{before} → {now}\u2069" in team.run("spread", team.claims[0])


def test_show_says_that_another_figure_is_reported_until_the_pair_is_refused(team: Team) -> None:
    (beside,) = answer(team.run("show", team.claims[0], "--json"))["tension"]
    assert (beside["beside"], beside["publisher"]) == (travelled(team)["claim_id"], NAMES[2])
    assert "another figure is reported" in team.run("show", team.claims[0])
    assert [row["claim_id"] for row in answer(team.run("show", beside["claim_id"], "--json"))["tension"]] == [
        beside["beside"]
    ]
    team.run("match", "--refuse", beside["claim_id"], beside["beside"])
    assert answer(team.run("show", team.claims[0], "--json"))["tension"] == []
    assert "another figure is reported" not in team.run("show", team.claims[0])
    assert travelled(team)["tension"] == []


def test_the_picture_shows_every_place_and_is_written_twice_when_told(team: Team, tmp_path: Path) -> None:
    path = tmp_path / "spread.svg"
    assert f"wrote {path}" in team.run("spread", team.claims[0], "--svg", str(path))
    first = path.read_bytes()
    root = ET.fromstring(first)
    assert root.get("direction") == "rtl"
    names = {"s": "http://www.w3.org/2000/svg"}
    kinds = [(one.get("class") or "").split()[-1] for one in root.findall("s:g/s:path", names)]
    assert kinds == ["own", "copy", "beside"]
    described = root.findtext("s:desc", "", names)
    assert all(name in described for name in NAMES)
    assert POWER in root.findtext("s:title", "", names)
    team.run("spread", team.claims[0], "--svg", str(path))
    path.write_text("something else", "utf-8")
    assert "--force" in team.run("spread", team.claims[0], "--svg", str(path), exit_code=OutputExists.exit_code)
    assert path.read_text("utf-8") == "something else"
    team.run("spread", team.claims[0], "--svg", str(path), "--force")
    assert path.read_bytes() == first


def test_what_cannot_be_meant_is_refused_with_what_to_do(team: Team) -> None:
    article = travelled(team)["appearances"][0]["article_id"]
    assert "factcheck show" in team.run("spread", article, exit_code=UsageError.exit_code)
    assert "no such claim" in team.run("spread", "clm_0000000000", exit_code=UnknownClaim.exit_code)
    assert "--svg" in team.run("spread", team.claims[0], "--force", exit_code=UsageError.exit_code)


def test_the_frame_in_python_says_the_same_of_a_version(team: Team) -> None:
    team.vote({}, hours=1)
    found = travelled(team)
    frame = factcheck.open(team.folder).spread(found["claim_id"])
    assert frame["publisher"].to_list() == [row["publisher"] for row in found["appearances"]]
    assert frame["first"].to_list() == [True, False, False]
    assert frame["copy_of"].to_list() == [row["copy_of"] for row in found["appearances"]]
    assert frame.schema == SPREAD
    put(team, "late", f"{POWER}\n{MORE}", outlet="سایت دیگر", day=21)
    assert factcheck.open(team.folder).spread(found["appearances"][1]["claim_id"], as_of=1).equals(frame)
    with pytest.raises(UnknownClaim):
        factcheck.open(team.folder).spread("clm_00000000000000000000")


def pages(team: Team, name: str) -> dict[str, bytes]:
    team.run("export", "public-site", "--out", str(team.folder / name))
    root = team.folder / name / "public-site-pages"
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_the_site_tells_the_way_and_the_other_figure_and_a_tombstone_neither(team: Team) -> None:
    (other,) = travelled(team)["tension"]
    mine = travelled(team)["claim_id"]
    places = Desk(team.settings).staging.claims()["claim_id"].to_list()
    team.claims = [mine, other["claim_id"], *(one for one in places if one not in {mine, other["claim_id"]})]
    both = {(0, 1): Choice.VERIFIED, (0, 2): Choice.VERIFIED, (1, 1): Choice.DISPUTED, (1, 2): Choice.DISPUTED}
    team.vote(both, hours=1)
    first = pages(team, "first")
    page = first[f"claims/{mine}.html"].decode()
    way = page.split('<h2 id="spread">')[1].split("</section>")[0]
    assert [way.index(name) for name in NAMES[:2]] == sorted(way.index(name) for name in NAMES[:2])
    assert f"بازنشر از \u2068{NAMES[0]}\u2069" in way
    assert f"claims/{other['claim_id']}.html" in page.split('<h2 id="another">')[1].split("<h2")[0]
    assert pages(team, "again") == first
    put(team, "late", f"{POWER}\n{MORE}", outlet="سایت دیگر", day=21)
    travelled(team)  # the desk's index of copies knows the new article, the version does not
    assert pages(team, "later") == first
    team.run("match", "--refuse", mine, other["claim_id"])
    assert 'id="another"' not in pages(team, "refused")[f"claims/{mine}.html"].decode()
    team.run("withdraw", mine, "--reason", "satire", "--yes")
    gone = pages(team, "gone")
    assert not [name for name in NAMES[:2] if name in gone[f"claims/{mine}.html"].decode()]
    assert 'id="another"' not in gone[f"claims/{other['claim_id']}.html"].decode()
