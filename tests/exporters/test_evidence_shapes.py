"""Evidence in the forms of others: everything that a desk has of it is read back, and nothing that it has not."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck import web_archives
from factcheck.evidence import KINDS, Kind
from factcheck.exporters import Exported, Profile, render
from factcheck.exporters.addresses import sources_of
from factcheck.exporters.as_evidence import AVERITEC_LABELS
from factcheck.languages import SPOKEN
from factcheck.models import Reason, Verdict
from tests.exporters.evidence_reader import Read, averitec, efcsn
from tests.exporters.export_rows import CONTEXT, MOMENT, TEXTS, appearance, row, rows
from tests.exporters.test_export_feeds import HOSTILE

READERS = {"averitec": averitec, "efcsn": efcsn}
PAGE = "https://stats.example/t?y=1404"
WAYBACK = f"https://web.archive.org/web/20260102030405/{PAGE}"
LINES = [
    f"{WAYBACK} | data | table 3",
    "https://archive.ph/AbC12",
    "own check | we asked",
    "p. 12",
    "https://a.example/b.PDF",
]


def exported(shape: str, *items: dict[str, Any], **options: Any) -> Exported:
    profile = Profile.model_validate(
        {"name": "mine", "format": "evidence", "evidence": {"shape": shape}, "claimreview": options}
    )
    return render(rows(*items), profile, CONTEXT)


def read(shape: str, done: Exported) -> list[Read]:
    return READERS[shape](done.files[0].content)


def wanted(line: str) -> list[dict[str, Any]]:
    """The parts of a line as the desk knows them, in the words of the reader."""
    return [
        {
            "question": None,
            "quote": part["quote"],
            "url": part["url"],
            "archived_url": part["archived_url"],
            "kind": part["kind"],
            "archived_on": (taken := web_archives.taken(part["archived_url"] or "")) and taken.date().isoformat(),
        }
        for part in sources_of(line)
    ]


@pytest.mark.parametrize("shape", READERS)
def test_what_stands_in_a_record(shape: str) -> None:
    item = row(claimant="A minister", evidence=LINES, rationales=["Counted.", "Twice."], quote="It has 12 arches.")
    (one,) = read(shape, exported(shape, item))
    assert (one.claim, one.speaker, one.said_on) == ("It has 12 arches.", "A minister", MOMENT.date())
    assert one.why == "Counted.\n\nTwice."
    assert one.lines == [
        [{"question": None, "quote": "table 3", "url": PAGE, "archived_url": WAYBACK, "kind": "data",
          "archived_on": "2026-01-02"}],
        [{"question": None, "quote": None, "url": "https://archive.ph/AbC12", "kind": None,
          "archived_url": "https://archive.ph/AbC12", "archived_on": None}],
        [{"question": None, "quote": "we asked", "url": None, "archived_url": None, "kind": "own_check",
          "archived_on": None}],
        [{"question": None, "quote": "p. 12", "url": None, "archived_url": None, "kind": None, "archived_on": None}],
        [{"question": None, "quote": None, "url": "https://a.example/b.PDF", "archived_url": None, "kind": None,
          "archived_on": None}],
    ]  # fmt: skip


KIND_WORDS = st.sampled_from([by_language[language][0] for by_language in KINDS.values() for language in SPOKEN])
ADDRESSES = st.sampled_from(
    [PAGE, WAYBACK, "https://archive.ph/20260203040506/https://b.example/ب", "http://web.archive.org/web/2020/c.example",
     "https://خبر.example/پیوست?a=1&b=2#c", "https://archive.ph/AbC12", "https://a.example/x.pdf"]
)  # fmt: skip
QUOTES = st.text(st.sampled_from("abc سلام۱۲\u200c.,»«<>&\"'"), min_size=1, max_size=20)
TYPED = st.one_of(
    st.tuples(ADDRESSES, KIND_WORDS, QUOTES).map(" | ".join),
    st.tuples(ADDRESSES, ADDRESSES).map(" ".join),
    st.tuples(KIND_WORDS, QUOTES).map(" | ".join),
    ADDRESSES, QUOTES, TEXTS,
)  # fmt: skip


MOMENTS = st.datetimes(datetime(1, 1, 1), datetime(9999, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@settings(max_examples=200)
@given(
    st.sampled_from(sorted(READERS)), st.lists(TYPED, max_size=5), TEXTS, st.none() | TEXTS,
    st.lists(TEXTS, max_size=3), st.none() | MOMENTS,
)  # fmt: skip
def test_everything_is_read_back(
    shape: str, lines: list[str], quote: str, claimant: str | None, reasons: list[str], when: datetime | None
) -> None:
    item = row(
        quote=quote, claimant=claimant, evidence=lines, rationales=reasons, appearances=[appearance(published_at=when)]
    )
    (one,) = read(shape, exported(shape, item))
    assert one.lines == [wanted(line) for line in lines]
    assert (one.claim, one.speaker, one.why) == (quote, claimant, "\n\n".join(reasons) if reasons else None)
    assert one.said_on == (when and when.date())


@pytest.mark.parametrize("shape", READERS)
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_read_back_equal(shape: str, text: str) -> None:
    item = row(quote=text, claimant=text, evidence=[text], rationales=[text])
    done = exported(shape, item)
    (one,) = read(shape, done)
    assert (one.claim, one.speaker, one.why, one.lines) == (text, text, text, [wanted(text)])
    assert b"<" not in done.files[0].content


LABELS = {
    ("verified", None): "Supported", ("disputed", None): "Refuted", ("disputed", "false"): "Refuted",
    ("disputed", "doctored"): "Refuted", ("disputed", "outdated"): "Refuted",
    ("disputed", "misleading"): "Conflicting Evidence/Cherrypicking",
    ("disputed", "partly_true"): "Conflicting Evidence/Cherrypicking",
    ("disputed", "out_of_context"): "Conflicting Evidence/Cherrypicking",
}  # fmt: skip


@pytest.mark.parametrize("said", LABELS)
def test_a_verdict_has_the_label_that_the_documents_name(said: tuple[str, str | None]) -> None:
    verdict, reason = said
    (one,) = read("averitec", exported("averitec", row(verdict=verdict, reason=reason)))
    assert one.label == LABELS[said]


def test_every_verdict_but_an_opinion_has_a_label() -> None:
    assert set(AVERITEC_LABELS) == {*map(str, Verdict), *map(str, Reason), "unproven"} - {"opinion"}


@pytest.mark.parametrize("shape", READERS)
def test_what_is_no_finding_of_ours_is_left_out_and_counted(shape: str) -> None:
    items = [
        row(claim_id="clm_" + "1" * 20, verdict="opinion"),
        row(claim_id="clm_" + "2" * 20, status="contested", verdict=None),
        row(claim_id="clm_" + "3" * 20, status="unproven", verdict=None),
        row(claim_id="clm_" + "4" * 20, verdict_origin="import", verdict_source="Desk X"),
    ]
    done = exported(shape, *items, opinion=True)
    assert done.rejected["code"].to_list() == ["OPINION", "NO_VERDICT", "UNPROVEN", "IMPORTED"]
    assert (done.seen, done.accepted) == (4, 0)
    (one,) = read(shape, exported(shape, items[2], unproven=True))
    assert one.label == ("Not Enough Evidence" if shape == "averitec" else "اثبات‌نشدنی")


def test_what_a_desk_does_not_know_is_null() -> None:
    bare = row(claimant=None, appearances=[appearance(url=None, publisher=None, published_at=None)], evidence=["p. 3"])
    (record,) = json.loads(exported("averitec", bare).files[0].content)
    known = {"claim", "claim_as_said", "label", "questions", "claim_id", "claim_language", "fact_checking_article"}
    assert {name for name, value in record.items() if value is not None} == known
    (answer,) = record["questions"][0]["answers"]
    assert {name for name, value in answer.items() if value is not None} == {"answer"}
    assert set(record) >= {
        "claim", "required_reannotation", "label", "justification", "claim_date", "speaker", "original_claim_url",
        "cached_original_claim_url", "fact_checking_article", "reporting_source", "location_ISO_code", "claim_types",
        "fact_checking_strategies", "questions",
    }  # fmt: skip
    assert set(answer) >= {
        "answer", "answer_type", "boolean_explanation", "source_url", "cached_source_url", "source_medium",
    }  # fmt: skip


def test_a_pdf_is_one_and_a_claim_read_in_an_archive_has_both_addresses() -> None:
    item = row(evidence=["https://a.example/b.PDF?x=1"], appearances=[appearance(url=WAYBACK)])
    (record,) = json.loads(exported("averitec", item).files[0].content)
    assert record["questions"][0]["answers"][0]["source_medium"] == "PDF"
    assert (record["original_claim_url"], record["cached_original_claim_url"]) == (PAGE, WAYBACK)


def test_the_file_beside_says_what_it_shows() -> None:
    about = exported("efcsn", row()).files[1]
    assert about.name == "mine-v7.json.txt"
    assert about.content.decode().splitlines() == [
        "file: mine-v7.json",
        "format: evidence efcsn",
        "desk: Fact-checking desk",
        "dataset_version: 7",
        "dataset_tag: week-47",
        f"dataset_hash: {'ab' * 32}",
        "dataset_committed_at: 2026-11-20T09:30:00+00:00",
        "profile: mine",
    ]


def test_reasons_can_be_kept_back() -> None:
    done = exported("averitec", row(rationales=["internal"]), rationale=False)
    assert b"internal" not in done.files[0].content


def test_kinds_are_the_desks() -> None:
    for kind in Kind:
        (one,) = read("efcsn", exported("efcsn", row(evidence=[f"{PAGE} | {KINDS[kind]['en'][0]}"])))
        assert one.lines[0][0]["kind"] == kind


@pytest.mark.parametrize(
    ("address", "day"),
    [
        (WAYBACK, "2026-01-02"),
        ("https://web.archive.org/web/20260102030405id_/https://a.example", "2026-01-02"),
        ("https://archive.today/2026.03.04-050607/https://a.example", "2026-03-04"),
        ("https://web.archive.org/web/20260231000000/https://a.example", None),
        ("https://web.archive.org/web/2026/https://a.example", None),
        ("https://archive.ph/AbC12", None),
        (PAGE, None),
    ],
)
def test_when_a_copy_was_made_stands_in_its_address(address: str, day: str | None) -> None:
    found = web_archives.taken(address)
    assert (found and found.date().isoformat()) == day
