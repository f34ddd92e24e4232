"""The search of the site: an index for MiniSearch, made here and cut by language and year into scripts.

A browser loads only the parts that a filter leaves. Words are folded here, once, by `match_key`; the page folds what is
typed with the same table. Nothing is fetched: each part is a script that calls `factcheckShard`.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from factcheck.days import own_digits
from factcheck.exporters.contract import Page
from factcheck.exporters.site import words
from factcheck.exporters.site.entries import Entry
from factcheck.exporters.site.frame import Site, digest
from factcheck.folding import match_key
from factcheck.languages.order import in_order

FIELDS = ("words", "names")
"""Fields of the index: the claim, and who said and who carried it."""
_FORMAT = 2
"""`serializationVersion` of MiniSearch 7."""


def pages(site: Site, entries: Sequence[Entry]) -> Iterator[Page]:
    """The parts, and `search/shards.js`, which names them."""
    parts: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for one in entries:
        parts[one.lang, one.year].append(one)
    order = sorted(parts, key=lambda part: (part[1], part[0]), reverse=True)  # what is new is asked for most
    names = [{"name": _name(lang, year), "lang": lang, "year": year} for lang, year in order]
    listed = f"var factcheckShards = {_json(names)};\n".encode()
    yield Page("search/shards.js", site.inputs(names), lambda: listed)
    for part, inside in zip(names, (parts[key] for key in order), strict=True):
        name = str(part["name"])
        yield Page(
            f"search/{name}.js",
            site.inputs(name, inside),
            lambda name=name, inside=inside: shard(name, inside),  # type: ignore[misc]
        )


def _name(lang: str, year: str) -> str:
    plain = f"{lang or 'und'}-{year or 'undated'}"
    return plain if re.fullmatch(r"[A-Za-z]{2,8}-\w{1,10}", plain, re.ASCII) else digest(lang, year)[:12]


def shard(name: str, entries: Sequence[Entry]) -> bytes:
    """One part as a script: the index, and what a result shows, by the number of the claim in both."""
    folded = [(match_key(one.words), match_key(" ".join([*one.claimants, *one.outlets]))) for one in entries]
    shown = [
        [one.claim_id, one.words, one.lang, one.who, one.outlets, one.key, one.rating, one.day, one.topic]
        for one in entries
    ]
    return f"factcheckShard({_json(name)},{_json(shown)},{_json(index(folded))});\n".encode()


def index(documents: Sequence[Sequence[str]]) -> dict[str, Any]:
    """The documents (folded texts of `FIELDS`) as `MiniSearch.loadJS` takes an index; ids are their numbers."""
    terms: dict[str, dict[str, dict[str, int]]] = {}
    lengths: dict[str, dict[str, int]] = {}
    totals = [0] * len(FIELDS)
    for number, texts in enumerate(documents):
        own, length = str(number), {}
        for field, text in enumerate(texts):
            name, said = str(field), text.split()
            for term in said:
                counts = terms.setdefault(term, {}).setdefault(name, {})
                counts[own] = counts.get(own, 0) + 1
            length[name] = len(set(said))
            totals[field] += length[name]
        lengths[own] = length
    return {
        "documentCount": len(documents),
        "nextId": len(documents),
        "documentIds": {str(number): number for number in range(len(documents))},
        "fieldIds": {field: number for number, field in enumerate(FIELDS)},
        "fieldLength": lengths,
        "averageFieldLength": [total / len(documents) for total in totals] if documents else [],
        "storedFields": {},
        "dirtCount": 0,
        "index": [[term, fields] for term, fields in terms.items()],
        "serializationVersion": _FORMAT,
    }


def filters(site: Site, entries: Sequence[Entry]) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """The filters of the search: field, label, and the values with their words."""
    w, language = site.words, site.language
    ratings = {one.key: one.rating for one in entries}
    years = sorted({one.year for one in entries if one.year}, reverse=True)
    codes = sorted({one.lang for one in entries if one.lang})
    outlets = Counter(name for one in entries for name in one.outlets)
    topics = Counter(one.topic for one in entries if one.topic)
    by_outlet = [(name, name) for name in sorted(outlets, key=lambda one: (-outlets[one], in_order(one, language)))]
    by_topic = [(name, name) for name in sorted(topics, key=lambda one: (-topics[one], in_order(one, language)))]
    return [
        ("verdict", w["verdict"], [(key, ratings[key]) for key in words.MEANINGS if key in ratings]),
        ("lang", w["language"], [(code, words.language_name(code, language)) for code in codes]),
        ("outlet", w["outlet"], by_outlet),
        *([("topic", w["topic"], by_topic)] if by_topic else []),
        ("year", w["year"], [(year, own_digits(year, language)) for year in years]),
    ]


def _json(value: Any) -> str:
    """The value as a script has it; U+2028 and U+2029 may stand in texts of scripts since 2019, and are escaped."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").replace("<", "\\u003c")
