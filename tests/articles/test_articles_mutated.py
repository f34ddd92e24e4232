"""Bytes of every format, mutated: a result or a named rejection, and soon."""

from __future__ import annotations

import io
import json
import time
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factcheck.articles.documents import is_document
from factcheck.articles.draft import Limits, Origin
from factcheck.articles.sniff import candidates, document_candidates
from factcheck.errors import Rejected

WRITTEN = Path(__file__).with_name("documents")
LONGEST = 5.0
TEXT = "The minister said that output rose by 12 per cent, وزیر گفت."


def _parquet() -> bytes:
    buffer = io.BytesIO()
    pl.DataFrame({"title": ["a"] * 20, "text": [TEXT] * 20}).write_parquet(buffer, compression="uncompressed")
    return buffer.getvalue()


def _stored(data: bytes) -> bytes:
    """The same zip without compression, so that a mutation reaches the XML."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for info in old.infolist():
            if not info.filename.startswith("Thumbnails"):
                new.writestr(info.filename, old.read(info))
    return buffer.getvalue()


CHAT = {
    "name": "n",
    "type": "public_channel",
    "id": 1,
    "messages": [{"id": 1, "type": "message", "text": [TEXT, {"text": "x"}]}],
}
FEED = {"version": "https://jsonfeed.org/version/1.1", "items": [{"content_html": f"<p>{TEXT}</p>"}]}
SEEDS = {
    ".csv": f'title,text\na,"{TEXT}"\nb,"{TEXT}"\n'.encode(),
    ".jsonl": (json.dumps({"text": TEXT}) + "\n").encode() * 3,
    ".json": json.dumps(CHAT).encode(),
    "feed.json": json.dumps(FEED).encode(),
    ".parquet": _parquet(),
    ".txt": f"23/11/2025, 13:30 - Sara: {TEXT}\n[24/11/2025, 09:00:00] Ali: {TEXT}\n".encode(),
    ".srt": f"1\n00:00:01,000 --> 00:00:02,000\n{TEXT}\n\n2\n00:00:03,000 --> 00:00:04,000\n<i>x</i>\n".encode(),
    ".vtt": f"WEBVTT\n\n00:01.000 --> 00:02.000\n<v A>{TEXT}\n".encode(),
    ".docx": _stored((WRITTEN / "fa.docx").read_bytes()),
    ".odt": _stored((WRITTEN / "ar.odt").read_bytes()),
    ".pdf": (WRITTEN / "en.pdf").read_bytes(),
    ".doc": (WRITTEN / "en.doc").read_bytes(),
}
PIECES = st.one_of(
    st.binary(max_size=12),
    st.sampled_from([b"<!DOCTYPE x [", b"&a;", b"\x00" * 40, b"\xff" * 8, b'"', b"[" * 400, b"9" * 5000, b"<p>" * 300,
                     b"\n" * 50,
                     b"\xe2\x80\x8f" * 500, b" " * 2000, b"-->", b":", b"PK\x03\x04", b"endobj", b"<<", b"/Kids"]),
)  # fmt: skip
EDITS = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), PIECES), min_size=1, max_size=4)


def mutated(data: bytes, edits: list[tuple[float, int, bytes]]) -> bytes:
    for place, length, piece in edits:
        at = int(place * len(data))
        data = data[:at] + piece + data[at + length :]
    return data


def check(data: bytes, suffix: str) -> None:
    origin = Origin(source="a", suffix=suffix, now=datetime(2026, 11, 22, tzinfo=UTC), limits=Limits())
    began = time.process_time()
    try:
        file = io.BytesIO(data)
        is_zip = data.startswith(b"PK") and is_document(file)
        found = document_candidates(file, origin) if is_zip else candidates(data, origin)
        assert found
    except Rejected:
        pass
    assert time.process_time() - began < LONGEST


@pytest.mark.parametrize("name", SEEDS)
@settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(edits=EDITS)
def test_mutated_bytes_are_read_or_rejected(name: str, edits: list[tuple[float, int, bytes]]) -> None:
    check(mutated(SEEDS[name], edits), Path(f"a{name}").suffix)


@pytest.mark.chaos
@pytest.mark.parametrize("name", SEEDS)
@settings(max_examples=1500, deadline=None, suppress_health_check=list(HealthCheck))
@given(edits=EDITS)
def test_many_mutations_are_read_or_rejected(name: str, edits: list[tuple[float, int, bytes]]) -> None:
    check(mutated(SEEDS[name], edits), Path(f"a{name}").suffix)
