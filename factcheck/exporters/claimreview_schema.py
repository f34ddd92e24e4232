"""The outside contract of the ClaimReview export as JSON Schema 2020-12: one document, or the DataFeed of them.

It says what every file of ours holds; a later one may hold more. Rules that a schema cannot say are those of the lint.
"""

from __future__ import annotations

from typing import Any

VERSION = 1
Schema = dict[str, Any]

_TEXT: Schema = {"type": "string", "pattern": r"\S"}
_LICENCE: Schema = {"type": "string", "minLength": 1, "description": "address of the licence, else its SPDX expression"}
_ADDRESS: Schema = {"type": "string", "pattern": r"^[Hh][Tt][Tt][Pp][Ss]?://[^\s\"<>\\]+$"}
_MOMENT: Schema = {
    "type": "string",
    "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(Z|[+-]\d{2}:\d{2})$",
    "description": "ISO 8601 with its zone",
}
_LANGUAGE: Schema = {"type": "string", "pattern": "^[a-z]{2,3}$"}
_VERSION: Schema = {"type": "integer", "minimum": 1, "description": "the dataset's version that the file shows"}


def schema() -> Schema:
    """The schema of a file that the format `claimreview` writes."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:factcheck:schema:claimreview:{VERSION}",
        "title": "ClaimReview export",
        "description": "schema.org markup of a desk's verdicts: a ClaimReview for a page, or a DataFeed of them.",
        "type": "object",
        "required": ["@context", "@type"],
        "properties": {"@context": {"const": "https://schema.org"}, "@type": {"enum": ["ClaimReview", "DataFeed"]}},
        "if": {"properties": {"@type": {"const": "DataFeed"}}},
        "then": {"$ref": "#/$defs/feed"},
        "else": {"$ref": "#/$defs/review"},
        "$defs": {
            "feed": _object(
                "DataFeed",
                ["name", "url", "inLanguage", "dateModified", "version", "identifier", "dataFeedElement"],
                name=_TEXT,
                alternateName=_TEXT | {"description": "the version's tag"},
                url=_ADDRESS,
                inLanguage=_LANGUAGE,
                license=_LICENCE,
                dateModified=_MOMENT,
                version=_VERSION,
                identifier=_TEXT | {"description": "the version's hash"},
                dataFeedElement={"type": "array", "items": {"$ref": "#/$defs/element"}},
            ),
            "element": _object(
                "DataFeedItem",
                ["dateCreated", "dateModified", "item"],
                dateCreated=_MOMENT,
                dateModified=_MOMENT,
                item={"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/review"}},
            ),
            "review": _review(),
            "rating": _rating(),
            "claim": _claim(),
            "work": _object(
                "CreativeWork",
                [],
                url=_ADDRESS,
                archivedAt=_ADDRESS,
                headline=_TEXT,
                datePublished=_MOMENT,
                inLanguage=_LANGUAGE,
                publisher=_named("Organization"),
            ),
        },
    }


def _review() -> Schema:
    return _object(
        "ClaimReview",
        ["url", "identifier", "claimReviewed", "inLanguage", "datePublished", "dateModified", "author", "reviewRating"],
        url=_ADDRESS,
        identifier={"type": "string", "pattern": "^clm_[0-9a-f]{20}$"},
        claimReviewed=_TEXT,
        headline=_TEXT | {"description": "an editor's, of the page"},
        inLanguage=_LANGUAGE,
        datePublished=_MOMENT,
        dateModified=_MOMENT,
        sdDatePublished=_MOMENT,
        sdLicense=_LICENCE,
        version=_VERSION,
        author=_object("Organization", ["name", "url"], name=_TEXT, url=_ADDRESS, logo=_ADDRESS),
        reviewRating={"$ref": "#/$defs/rating"},
        itemReviewed={"$ref": "#/$defs/claim"},
        reviewBody=_TEXT,
        citation={"type": "array", "minItems": 1, "items": {"anyOf": [_ADDRESS, {"$ref": "#/$defs/work"}]}},
    )


def _rating() -> Schema:
    """A word, and either no number or one with its whole scale."""
    scale = ["bestRating", "ratingValue", "worstRating"]
    return _object(
        "Rating",
        ["alternateName"],
        alternateName=_TEXT,
        **{name: {"type": "integer", "minimum": 1} for name in scale},
    ) | {"dependentRequired": {name: [other for other in scale if other != name] for name in scale}}


def _claim() -> Schema:
    return _object(
        "Claim",
        [],
        author={"anyOf": [_named("Organization"), _named("Person")]},
        datePublished=_MOMENT,
        inLanguage=_LANGUAGE,
        firstAppearance={"$ref": "#/$defs/work"},
        appearance={"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/work"}},
    )


def _named(kind: str) -> Schema:
    return _object(kind, ["name"], name=_TEXT)


def _object(kind: str, required: list[str], **properties: Schema) -> Schema:
    """An object of the type, with what it must and may hold."""
    return {
        "type": "object",
        "required": ["@type", *required],
        "properties": {"@type": {"const": kind}, **properties},
    }
