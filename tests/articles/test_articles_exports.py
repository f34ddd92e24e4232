from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.articles import Ingested, Limits
from factcheck.articles.assemble import finish
from factcheck.articles.draft import Origin
from factcheck.articles.subtitles import subtitle_draft
from factcheck.days import moment_in
from factcheck.errors import Rejected
from factcheck.models import Rejection
from factcheck.text import strip_controls

Ingest = Callable[..., Ingested]
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
CLAIM = "وزیر نیرو گفت: تولید برق به ۳۸۰ میلیارد کیلووات‌ساعت رسید."


def telegram(*messages: dict[str, Any], kind: str = "public_channel", **more: Any) -> str:
    chat = {"name": "کانال خبر", "type": kind, "id": 1234567890, "messages": list(messages)} | more
    return json.dumps(chat, ensure_ascii=False)


def message(number: int = 7, text: Any = CLAIM, **more: Any) -> dict[str, Any]:
    return {
        "id": number, "type": "message", "date": "2025-11-23T13:30:00", "date_unixtime": "1763892000",
        "from": "Sara Ahmadi", "from_id": "user77", "text": text, "text_entities": [],
    } | more  # fmt: skip


def test_a_message_of_a_channel_has_its_text_joined_its_link_and_its_moment(ingest: Ingest) -> None:
    text = ["گفت: ", {"type": "bold", "text": "تولید برق"}, " ", {"type": "link", "text": "https://a.example"}]
    forwarded: dict[str, Any] = {"forwarded_from": "خبرگزاری", "forwarded_from_id": "channel9"}
    (row,) = ingest(telegram(message(text=text, **forwarded)), "result.json").articles.to_dicts()
    assert row["text"] == "گفت: تولید برق https://a.example"
    assert row["url"] == "https://t.me/c/1234567890/7"
    assert row["publisher"] == "کانال خبر"
    assert row["source_chain"] == ["کانال خبر", "خبرگزاری"]
    assert row["published_at"] == datetime(2025, 11, 23, 10, 0, tzinfo=UTC)
    assert row["published_raw"] == "2025-11-23T13:30:00"
    assert row["source"].endswith("result.json#1234567890/7")


@pytest.mark.parametrize("kind", ["personal_chat", "private_group", "public_supergroup", "saved_messages"])
def test_people_of_a_chat_are_not_read(ingest: Ingest, kind: str) -> None:
    forwarded: dict[str, Any] = {"forwarded_from": "Ali Karimi", "forwarded_from_id": "user5"}
    found = ingest(telegram(message(**forwarded), message(8, ""), kind=kind, name="Sara Ahmadi"), "result.json")
    (row,) = found.articles.to_dicts()
    assert row["publisher"] is None
    assert row["source_chain"] == []
    told = f"{found.articles.to_dicts()} {found.rejected.to_dicts()} {found.warnings}"
    assert "Sara" not in told
    assert "Karimi" not in told


def test_what_of_an_export_is_no_text_is_rejected_or_counted(ingest: Ingest) -> None:
    found = ingest(telegram(message(), message(8, "", photo="a.jpg"), {"id": 9, "type": "service"}), "result.json")
    assert found.articles.height == 1
    assert found.rejected["code"].to_list() == ["NO_TEXT"]
    assert any("1 service messages" in warning for warning in found.warnings)


def test_an_account_gives_the_messages_of_all_its_chats(ingest: Ingest) -> None:
    chats = [json.loads(telegram(message(), id=1)), json.loads(telegram(message(8, "another one"), id=2))]
    found = ingest(json.dumps({"about": "x", "chats": {"list": chats}}), "result.json")
    assert found.articles["url"].to_list() == ["https://t.me/c/1/7", "https://t.me/c/2/8"]


def test_an_export_in_html_is_refused_with_the_way_to_make_one_in_json(ingest: Ingest) -> None:
    page = "<!DOCTYPE html><html><head><title>Exported Data</title></head><body><div class='page_wrap'>"
    page += f"<div class='message default'><div class='text'>{CLAIM * 5}</div></div></div></body></html>"
    found = ingest(page, "messages.html")
    assert found.rejected["code"].to_list() == ["UNSUPPORTED"]
    assert "Machine-readable JSON" in found.rejected["reason"][0]


FORMS = {
    "android": "23/11/2025, 13:30 - Sara Ahmadi: {}\n24/11/2025, 09:00 - +98 912 000 0000: {}2\n",
    "android, American": "11/23/25, 1:30 PM - Sara Ahmadi: {}\n11/24/25, 9:00 AM - +98 912 000 0000: {}2\n",
    "android, no-break space": "11/23/25, 1:30\u202fPM - Sara Ahmadi: {}\n11/24/25, 9:00\u202fAM - +98 912: {}2\n",
    "iOS": "[23/11/2025, 13:30:00] Sara Ahmadi: {}\n\u200e[24/11/2025, 09:00:00] ~\u202fSara: {}2\n",
    "iOS, dots": "[23.11.25, 13:30:00] Sara Ahmadi: {}\r\n[24.11.25, 09:00:00] Sara: {}2\r\n",
    "Persian digits": "۲۰۲۵/۱۱/۲۳،\u200f ۱۳:۳۰ - Sara Ahmadi: {}\n۲۰۲۵/۱۱/۲۴، ۰۹:۰۰ - Sara: {}2\n",
    "Arabic digits": "\u200f٢٣\u200f/١١\u200f/٢٠٢٥، ١:٣٠ م - Sara Ahmadi: {}\n٢٤/١١/٢٠٢٥، ٩:٠٠ ص - Sara: {}2\n",
}


@pytest.mark.parametrize("form", FORMS)
def test_messages_of_every_form_are_read_without_who_sent_them(ingest: Ingest, form: str) -> None:
    data = FORMS[form].format(CLAIM, CLAIM)
    found = ingest(data, "WhatsApp Chat with Sara Ahmadi.txt")
    assert found.articles["text"].to_list() == [CLAIM, CLAIM + "2"]
    assert found.articles["published_at"].to_list() == [
        datetime(2025, 11, 23, 13, 30, tzinfo=UTC), datetime(2025, 11, 24, 9, tzinfo=UTC),
    ]  # fmt: skip
    told = f"{found.articles.to_dicts()} {found.rejected.to_dicts()} {found.warnings}"
    assert "Sara" not in told
    assert "912" not in told
    assert found.articles["publisher"].to_list() == [None, None]
    for start, text in found.articles["source_start", "text"].iter_rows():
        assert data[start : start + len(text)] == text


def test_a_message_of_several_lines_is_one_and_media_and_notices_are_none(ingest: Ingest) -> None:
    data = (
        "23/11/2025, 13:29 - Messages and calls are end-to-end encrypted.\n"
        f"23/11/2025, 13:30 - Sara: {CLAIM}\nدر خط دوم: ۱۲ درصد\n\n"
        "23/11/2025, 13:31 - Sara: <Media omitted>\n"
        "23/11/2025, 13:32 - Ali: IMG-1.jpg (file attached)\n"
        "23/11/2025, 13:33 - Ali: This message was deleted\n"
    )
    found = ingest(data, "chat.txt")
    assert found.articles["text"].to_list() == [f"{CLAIM}\nدر خط دوم: ۱۲ درصد"]
    assert found.rejected["code"].to_list() == ["NO_TEXT"] * 3
    assert found.rejected["payload"].to_list() == [None] * 3
    assert any("1 notices" in warning for warning in found.warnings)
    digest = hashlib.sha256(data.encode()).hexdigest()[:8]
    assert found.articles["source"][0].startswith(f"whatsapp-{digest}.txt#")


def test_a_date_that_may_be_day_or_month_first_is_left_out_and_told(ingest: Ingest) -> None:
    found = ingest(f"05/06/2025, 13:30 - Sara: {CLAIM}\n", "chat.txt")
    assert found.articles["published_at"].to_list() == [None]
    assert any("day or month first" in warning for warning in found.warnings)


def test_messages_go_forward_in_time_which_tells_the_order_of_day_and_month(ingest: Ingest) -> None:
    found = ingest(f"05/06/2025, 13:30 - Sara: {CLAIM}\n04/07/2025, 13:30 - Sara: {CLAIM}2\n", "chat.txt")
    assert [at.month for at in found.articles["published_at"]] == [6, 7]


def test_an_article_with_a_clock_in_its_dateline_is_no_chat(ingest: Ingest) -> None:
    text = f"2025/11/23 - 13:30\n{CLAIM}\n"
    assert ingest(text).articles["text"].to_list() == [text]


SRT = """1
00:00:01,000 --> 00:00:03,000
<i>وزیر نیرو گفت:</i>

2
00:00:03,200 --> 00:00:05,000
{\\an8}تولید برق به ۳۸۰
میلیارد رسید.

3
00:00:10,000 --> 00:00:12,000
خبر بعدی
"""
VTT = """WEBVTT - news

NOTE written by nobody

STYLE
::cue { color: red }

intro
00:01.000 --> 00:03.000 align:start
<v Sara Ahmadi>The minister said:

00:03.100 --> 00:05.000
The minister said:
output rose by 12 &amp; 3 per cent.
"""


def test_subtitles_are_read_as_what_is_shown(ingest: Ingest) -> None:
    shown = ingest(SRT, "a.srt").articles["text"].to_list()
    assert shown == ["وزیر نیرو گفت: تولید برق به ۳۸۰ میلیارد رسید.\nخبر بعدی"]
    assert ingest(SRT.replace("\n", "\r\n"), "a.txt").articles["text"].to_list() == shown
    assert ingest(VTT, "a.vtt").articles["text"].to_list() == ["The minister said: output rose by 12 & 3 per cent."]


def test_subtitles_keep_their_times(ingest: Ingest) -> None:
    article = ingest(SRT, "a.srt").articles.row(0, named=True)
    heard = [(article["text"][cue["start"] :][:5], cue["seconds"]) for cue in article["cues"]]
    assert heard == [("وزیر ", 1.0), ("تولید", 3.2), ("خبر ب", 10.0)]
    assert [moment_in(article["cues"], at) for at in (0, article["text"].index("میلیارد"))] == [1.0, 3.2]
    rolled = ingest(VTT, "a.vtt").articles.row(0, named=True)
    assert [cue["seconds"] for cue in rolled["cues"]] == [1.0, 3.1]
    assert rolled["text"][rolled["cues"][1]["start"] :].startswith("output rose")
    assert ingest("Only words, no subtitles at all.\n", "a.txt").articles["cues"].to_list() == [None]


LINES = st.lists(st.text(st.sampled_from("ab ب.\x02\u200f"), min_size=1, max_size=6), min_size=1, max_size=3)


@given(st.lists(st.tuples(st.integers(0, 5), LINES), min_size=1, max_size=6))
def test_every_cue_points_at_its_words(spoken: list[tuple[int, list[str]]]) -> None:
    """Also where controls are taken out of the text afterwards."""
    rows, at = [], 0
    for gap, lines in spoken:
        at += gap
        rows.append(f"00:00:{at:02},000 --> 00:00:{at + 1:02},000\n" + "\n".join(lines) + "\n")
        at += 1
    origin = Origin(source="a.vtt", now=NOW, limits=Limits())
    try:
        draft = subtitle_draft("WEBVTT\n\n" + "\n".join(rows), origin)
    except Rejected:
        return
    article = finish(draft, now=NOW, languages=["en"], limits=Limits())
    if isinstance(article, Rejection):
        return
    assert article.text == strip_controls(draft.text)[0]
    assert [cue.start for cue in article.cues or []] == [
        len(strip_controls(draft.text[: cue.start])[0]) for cue in draft.cues
    ]
    starts = [cue.start for cue in draft.cues]
    assert starts == sorted({*starts})
    assert starts[0] == 0
    for start, end in zip(starts, [*starts[1:], len(draft.text) + 1], strict=True):
        passage = draft.text[start : end - 1]
        assert any(passage.startswith(line.strip(" \t")) for _, lines in spoken for line in lines if line.strip(" \t"))


def test_a_file_without_cues_is_no_subtitles(ingest: Ingest) -> None:
    assert ingest("Only words.\n", "a.srt").rejected["code"].to_list() == ["UNSUPPORTED"]
    assert ingest("WEBVTT\n\nNOTE nothing\n", "a.vtt").rejected["code"].to_list() == ["NO_TEXT"]


def test_a_json_feed_gives_its_items(ingest: Ingest) -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1", "title": "روزنامه",
        "items": [
            {"id": "1", "url": "https://a.example/1", "title": "برق", "content_html": f"<p>{CLAIM}</p>",
             "date_published": "2025-11-23T10:00:00Z", "authors": [{"name": "Sara"}]},
            {"id": "2", "url": "https://a.example/2", "content_text": "x < y, he said."},
            {"id": "3", "title": "only a title"},
        ],
    }  # fmt: skip
    found = ingest(json.dumps(feed), "feed.json")
    assert found.articles["text"].to_list() == [CLAIM, "x < y, he said."]
    assert found.articles["publisher"].to_list() == ["روزنامه"] * 2
    assert found.articles["published_at"][0] == datetime(2025, 11, 23, 10, tzinfo=UTC)
    assert found.rejected["code"].to_list() == ["NO_TEXT"]
    assert "Sara" not in str(found.articles.to_dicts())


def test_a_blank_line_inside_of_a_cue_takes_nothing_away(ingest: Ingest) -> None:
    srt = (
        "1\n00:00:01,000 --> 00:00:03,000\nThe mayor did not say\n\nthat taxes will fall.\n\n"
        "2\n00:00:04,000 --> 00:00:06,000\nShe said they rise.\n\n3\n00:00:07,000 --> 00:00:08,000\n\n2024\n"
    )
    told = ingest(srt, "a.srt").articles.row(0, named=True)["text"]
    assert told == "The mayor did not say that taxes will fall.\nShe said they rise.\n2024"
    vtt = "WEBVTT - news\n\nNOTE by hand\n\nname\n00:01.000 --> 00:03.000\nThe mayor said\n\nthat taxes will fall.\n"
    assert "subtitle_lines_without_time" in ingest(vtt, "a.vtt").articles["warnings"][0]


def test_html_of_a_feed_is_read_as_html_however_little_there_is_of_it(ingest: Ingest) -> None:
    html = "Tom &amp; Jerry said 5 &lt; 6 &nbsp;in May."
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "content_html": html}]}
    article = ingest(json.dumps(feed), "feed.json").articles.row(0, named=True)
    assert " ".join(article["text"].split()) == "Tom & Jerry said 5 < 6 in May."
    assert "markup_removed" in article["warnings"]
