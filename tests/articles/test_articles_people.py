"""Exports of chats hold people: nothing of them is kept, also where an export cannot be read."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from factcheck import articles
from factcheck.articles.draft import Limits

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PEOPLE = ("Ali Rezaei", "Karimi", "+98 912", "user5")
CHAT = "01/02/2024, 10:20 - Ali Rezaei: The mayor said that the bridge cost 7 million.\n"
ACCOUNT = {
    "personal_information": {"first_name": "Sara", "last_name": "Karimi", "phone_number": "+98 912 000 0000"},
    "chats": {"list": [{"name": "Ali Rezaei", "type": "personal_chat", "id": 5, "messages": [
        {"id": n, "type": "message", "from": "Ali Rezaei", "from_id": "user5", "text": "Prices rose by 5 percent."}
        for n in range(3)]}]},
}  # fmt: skip


def zipped(**members: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


VCF = {"Ali Rezaei.vcf": b"BEGIN:VCARD\nFN:Ali Rezaei\nTEL:+98 912 1\nEND:VCARD\n"}
FILES: dict[str, tuple[str, bytes]] = {
    "too many messages": ("result.json", json.dumps(ACCOUNT).encode()),
    "cut off": ("result.json", json.dumps(ACCOUNT).encode()[:200]),
    "without messages": ("r.json", json.dumps(ACCOUNT | {"chats": {"list": []}}).encode()),
    "a cut line": ("lines.jsonl", json.dumps(ACCOUNT)[:150].encode() + b"\n" + b'{"text": "x"}'),
    "a chat with a bad byte": ("WhatsApp Chat with Ali Rezaei.txt", CHAT.encode() + b"\x81\xfe\x98\n" + CHAT.encode()),
    "the same under another name": ("tip.txt", CHAT.encode() + b"\x81\xfe\x98\n" + CHAT.encode()),
    "an archive": (
        "WhatsApp Chat with Ali Rezaei.zip",
        zipped(**{"WhatsApp Chat with Ali Rezaei.txt": CHAT.encode()} | VCF | {"IMG-1.jpg": b"\xff\xd8"}),
    ),
    "an archive of a phone": (
        "WhatsApp Chat - Ali Rezaei.zip",
        zipped(**{"_chat.txt": CHAT.encode(), "../Ali Rezaei.txt": b"x", ".hidden": b"x"}),
    ),
    "a contact": ("contacts.zip", zipped(**VCF)),
    "a date of another form": (
        "chat.txt", b"1/2/24 at 10:20 - Ali Rezaei: The mayor said so.\n1/2/24 at 10:21 - Ali Rezaei: Again.\n",
    ),
    "a date of a third form": (
        "chat.txt", b"2024-02-01 10.20.33: Ali Rezaei: hello there\n2024-02-01 10.21.33: Ali Rezaei: and again\n",
    ),
    "a notice": (
        "chat.txt",
        CHAT.encode() + b'01/02/2024, 10:21 - Ali Rezaei changed the subject from "A" to "News: today"\n',
    ),
    "a name with a colon": ("chat.txt", 2 * CHAT.encode().replace(b"- Ali", b"- Tip: Ali")),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_nothing_of_people_is_kept_whatever_becomes_of_their_export(name: str, tmp_path: Path) -> None:
    called, data = FILES[name]
    (tmp_path / called).write_bytes(data)
    limits = Limits(max_rows=2) if name == "too many messages" else Limits()
    found = articles.read([str(tmp_path / called)], now=NOW, languages=["en"], limits=limits)
    kept = json.dumps(
        [found.articles.to_dicts(), found.rejected.to_dicts(), found.warnings], default=str, ensure_ascii=False
    )
    assert found.articles.height + found.rejected.height
    assert [person for person in PEOPLE if person in kept] == []
    assert "today" not in kept


def test_lines_of_a_timeline_are_no_chat(tmp_path: Path) -> None:
    path = tmp_path / "day.txt"
    path.write_text(
        "How the day went, by our own correspondent in the city.\n"
        "On 2024-02-01 at 10:20 the minister said: prices rose by 5 percent.\nMore follows.\n"
    )
    assert articles.read([str(path)], now=NOW, languages=["en"]).articles.height == 1
