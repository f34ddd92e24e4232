"""The written corpus of markup: every rule broken twice, each time beside a twin that only lacks the mistake.

`corpus/cases.jsonl` has a case a line: the rule, the document to start from, and what is changed in it for the bad one
and for its twin (a dotted path and its value; `__absent__` takes a property away). `form` says what the file is.
"""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent / "corpus"
CASES: list[dict[str, Any]] = [json.loads(line) for line in (HERE / "cases.jsonl").read_text("utf-8").splitlines()]
BASES: dict[str, Any] = json.loads((HERE / "bases.json").read_text("utf-8"))
USUAL = {"fa": {"RATING_SCRIPT"}, "answer_ar": {"RATING_SCRIPT"}}
"""What the good documents to start from are told: their rating is in Arabic script."""


def patched(base: str, changes: dict[str, Any]) -> dict[str, Any]:
    """The base document with the changes."""
    document: dict[str, Any] = copy.deepcopy(BASES[base])
    for path, value in changes.items():
        *way, last = path.split(".")
        inside: Any = document
        for step in way:
            inside = inside[int(step) if step.isdigit() else step]
        if value == "__absent__":
            inside.pop(last, None)
        else:
            inside[last] = value
    return document


def file_of(case: dict[str, Any], which: str) -> tuple[str, str]:
    """The name and text of the file of the `bad` case or its `clean` twin."""
    form, base, made = case["form"], case["base"], case[which]
    if form in {"page", "script"}:
        own = [_json(patched(base, {})), made] if form == "script" else [_json(patched(base, one)) for one in made]
        return "page.html", page(BASES[base]["url"], own)
    if form == "twice":
        text = _json(patched(base, {"claimReviewed": "__absent__"} if "claimReviewed" in made else {}))
        return "one.json", f"{text[:-1]}, {made}}}"
    return "some.json", _json(_document(form, base, made, bare=which == "bad"))


def _document(form: str, base: str, made: Any, *, bare: bool) -> Any:
    if form in {"review", "answer"}:
        return patched(base, made)
    if form == "graph":
        document = patched(base, {})
        inside = {name: value for name, value in document.items() if name != "@context"}
        others = [{"@type": "WebPage", "url": document["url"]}] * (made - 1)
        return {"@context": "https://schema.org", "@graph": [*others, inside]} if made else document
    several = [patched(base, one) for one in made]
    if form == "bare_feed":
        whole = feed(several)
        return whole | ({"dataFeedElement": [one["item"][0] for one in whole["dataFeedElement"]]} if bare else {})
    return {"list": several, "answers": {"claims": several}, "feed": feed(several)}[form]


def feed(reviews: list[dict[str, Any]]) -> dict[str, Any]:
    """The reviews as a DataFeed."""
    items = [{name: value for name, value in one.items() if name != "@context"} for one in reviews]
    return {
        "@context": "https://schema.org",
        "@type": "DataFeed",
        "dataFeedElement": [{"@type": "DataFeedItem", "dateCreated": "2026-11-20", "item": [one]} for one in items],
    }


def page(address: str, scripts: list[str]) -> str:
    """A page with the scripts of JSON-LD."""
    blocks = "\n".join(f'<script type="application/ld+json">{text}</script>' for text in scripts)
    head = f'<link rel="canonical" href="{address}">'
    return f"<!doctype html>\n<html><head>{head}\n{blocks}\n</head><body><p>Text</p></body></html>\n"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
