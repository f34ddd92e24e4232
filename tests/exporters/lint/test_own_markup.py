"""Our own ClaimReview files, whatever the desk's texts are: the lint, the JSON Schema, and as linked data.

The context beside this test is written for it: of schema.org's it names the terms that we use and no others, so that a
term which schema.org does not have is lost on the way to linked data, and found.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Graph, Literal, URIRef

from factcheck.exporters import find, lint, render
from factcheck.exporters.claimreview_schema import schema
from factcheck.exporters.profiles import ClaimReviewOptions, Profile
from tests.exporters.export_rows import CONTEXT, appearance, row, rows

# What rdflib's own parser does inside.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

HERE = Path(__file__).parent
SAMPLE = Path(__file__).parents[3] / "exports" / "claimreview" / "sample"
TERMS: dict[str, Any] = json.loads((HERE / "schema_org_context.json").read_text("utf-8"))
VALID = jsonschema.Draft202012Validator(schema())


def values(node: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Every property with its value, of all objects in the document; objects as values count too."""
    if isinstance(node, list):
        for item in node:
            yield from values(item, name)
    elif isinstance(node, dict):
        if name:
            yield name, None
        for key, inner in node.items():
            if key != "@context":
                yield from values(inner, key)
    else:
        yield name, node


def linked(document: dict[str, Any]) -> Graph:
    """The document as RDF, by the context beside this test."""
    graph = Graph()
    graph.parse(data=json.dumps(document | {"@context": TERMS}), format="json-ld")
    return graph


def faults(document: dict[str, Any]) -> list[str]:
    """What lint, schema or linked data have against a file of ours; ours alone for the lint's advice."""
    found, others = lint.reviews(document)
    judged = lint.together(lint.judge("", None, found, site=CONTEXT.desk_url, page=None))
    said = [one.id for item in judged for one in item.findings if one.rule.exports == "refuse"]
    said += [one.reason for one in others]
    said += [error.message for error in VALID.iter_errors(document)]
    return said + [f"lost: {name}" for name in lost(document)]


def lost(document: dict[str, Any]) -> set[str]:
    """The properties of which some value is not in the linked data."""
    graph = linked(document)
    objects: dict[str, set[str]] = {}
    for _, predicate, value in graph:
        objects.setdefault(str(predicate).rpartition("/")[2].rpartition("#")[2], set()).add(str(value))
    missing = set()
    for name, value in values(document):
        there = objects.get("type" if name == "@type" else name, set())
        told = {one.rpartition("/")[2] for one in there} if name == "@type" else there
        if (value is None and not there) or (value is not None and str(value) not in told):
            missing.add(name)
    return missing


def files(*items: dict[str, Any], **options: Any) -> list[dict[str, Any]]:
    profile = Profile(name="claimreview", format="claimreview", claimreview=ClaimReviewOptions(**options))
    done = render(rows(*items), profile, CONTEXT)
    assert done.accepted, done.rejected["reason"].to_list()
    return [json.loads(file.content) for file in done.files]


@pytest.mark.parametrize("path", sorted(SAMPLE.rglob("*.jsonld")), ids=lambda path: path.name)
def test_the_samples_are_without_fault(path: Path) -> None:
    assert faults(json.loads(path.read_text("utf-8"))) == []


TEXTS = st.text(st.sampled_from("abZ ۱٢ پلجسر\u200c«»<>&\u202e\u2028\"'\\{}@$:%\U0001f30d"), min_size=1, max_size=40)
WORDS = TEXTS.filter(lambda text: any(char.isalpha() for char in text))
ADDRESSES = st.sampled_from(
    ["https://news.example.com/1", "https://خبر.example/پیوست", "http://a.example:8080/x?y=1&z=%20#t", "p. 3"]
)
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2026, 11, 19), timezones=st.just(UTC)).map(  # noqa: DTZ001
    lambda moment: moment.replace(microsecond=0)
)


@given(
    quote=WORDS, claimant=st.none() | WORDS, notes=st.lists(WORDS, max_size=2),
    evidence=st.lists(ADDRESSES, max_size=3), title=st.none() | WORDS, url=st.none() | ADDRESSES,
    when=MOMENTS, scale=st.booleans(),
)  # fmt: skip
def test_any_words_of_a_desk_make_files_without_fault(
    quote: str, claimant: str | None, notes: list[str], evidence: list[str],
    title: str | None, url: str | None, when: datetime, scale: bool,
) -> None:  # fmt: skip
    place = appearance(url=url, title=title, published_at=when)
    item = row(quote=quote, claimant=claimant, rationales=notes, evidence=evidence, appearances=[place])
    for document in files(item, **({"ratings": {"verified": 5, "disputed": 1}} if scale else {})):
        assert faults(document) == []


def test_addresses_and_numbers_are_what_they_are_in_linked_data() -> None:
    document = files(row(evidence=["https://stats.example.org/1"]), ratings={"verified": 5})[1]
    graph = linked(document)
    term = "https://schema.org/"
    (url,) = graph.objects(None, URIRef(f"{term}citation"))
    (value,) = graph.objects(None, URIRef(f"{term}ratingValue"))
    assert url == URIRef("https://stats.example.org/1")
    assert value == Literal(5)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"reviewRatings": {"@type": "Rating", "alternateName": "x"}}, "lost: reviewRatings"),
        ({"@type": "ClaimRevue"}, "is not one of"),
        ({"datePublished": "2026-11-20"}, "does not match"),
        ({"reviewRating": {"@type": "Rating", "alternateName": "x", "ratingValue": 1}}, "is a dependency of"),
        ({"url": "https://elsewhere.example/1"}, "URL_SITE"),
    ],
)
def test_a_fault_is_found(change: dict[str, Any], fault: str) -> None:
    document = files(row())[1]
    assert any(fault in one for one in faults(document | change))


def test_the_builtin_profile_is_the_one_that_is_tested() -> None:
    assert find("claimreview", None).format == "claimreview"
