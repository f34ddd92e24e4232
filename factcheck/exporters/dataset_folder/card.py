"""The folder's README: a dataset card, whose front matter dataset hubs and `datasets.load_dataset` read. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, Final

from factcheck.exporters.commonmark import LOST
from factcheck.exporters.dataset_folder.croissant import cite, describe
from factcheck.exporters.dataset_folder.facts import Facts, File, agreed
from factcheck.exporters.dataset_folder.hub_licences import OTHER, hub_identifier
from factcheck.exporters.fields import TABLES, described

_SIZES: Final = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
_LARGEST: Final = "1M<n<10M"
_NOT_IN_YAML: Final = re.compile("<(?=[A-Za-z/!?])|[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def card(facts: Facts, files: Sequence[File]) -> str:
    """The page as Markdown, with front matter in YAML."""
    context = facts.context
    rows = "\n".join(f"| `{file.name}` | {file.frame.height:,} | {TABLES[file.table]} |" for file in files)
    columns = "\n\n".join(_columns(file) for file in files)
    checkers = context.measured.get("checkers")
    who = "" if checkers is None else f" {int(checkers):,} checkers answered in this version."
    held = facts.licence
    licence = f"\n| licence | {_plain(held.name)} |" if held else ""
    return f"""---
{_front(facts, files)}---

# {_plain(facts.title)}

{_plain(describe(facts))}

| file | rows | what |
| --- | ---: | --- |
{rows}

`croissant.json` (Croissant 1.1, a schema.org Dataset too) and `datapackage.json` (Data Package 2.0) describe the same
tables to programs, with a SHA-256 of each.

## Load it

```python
import datasets, polars, duckdb

datasets.load_dataset("path/to/this/folder", "verdicts")
polars.read_parquet("path/to/this/folder/verdicts.parquet")
duckdb.read_parquet("path/to/this/folder/verdicts.parquet")
```

`datasets` keeps what it has read under the folder's own name: give a second folder of that name a `cache_dir`.

## How it was made

Claims were cut out of articles by rules and checked by people, each without seeing the answers of others. A rule turned
the answers into verdicts (`policy`); ties went to people.{who} {agreed(facts)}

## What is not in it

Checkers and editors, not even by a pseudonym. Texts of articles, which belong to their publishers. A verdict that was
withdrawn stands in no table but the status history, which says what was shown and that it stands no more.

## What it is not for

Judging an outlet or a person by claims that were chosen because they looked worth checking. A claim without a verdict
is not a false one.

## Version

| | |
| --- | --- |
| version | {context.version} |
| tag | {_plain(context.tag or "")} |
| hash | `{context.version_hash}` |
| committed | {context.committed_at.isoformat()} |
| profile | {_plain(facts.profile.name)} |
| rule in force | {_plain(context.policy)} |{licence}

Cite as: {_plain(cite(facts))}

## Columns

{columns}
"""


def _columns(file: File) -> str:
    rows = "\n".join(f"| `{name}` | {described(name, file.table)} |" for name in file.frame.columns)
    return f"### {file.table}\n\n| column | what |\n| --- | --- |\n{rows}"


def _front(facts: Facts, files: Sequence[File]) -> str:
    """The front matter: what a hub shows, filters by, and loads."""
    size = next((name for bound, name in _SIZES if facts.n_claims < bound), _LARGEST)
    lines: list[tuple[str, Any]] = [
        ("pretty_name", facts.title),
        ("language", facts.languages),
    ]
    if facts.licence is not None:
        lines.append(("license", hub := hub_identifier(facts.licence)))
        if hub == OTHER:
            lines += [("license_name", facts.licence.name), ("license_link", facts.licence.url)]
    lines += [
        ("size_categories", [size]),
        ("task_categories", ["text-classification"]),
        ("tags", ["fact-checking", "claims", "misinformation"]),
        ("dataset_version", facts.context.version),
        ("configs", [_config(file) for file in files if file.frame.height or file.table == "verdicts"]),
    ]
    return "".join(f"{key}: {_yaml(value)}\n" for key, value in lines if value not in ("", []))


def _config(file: File) -> dict[str, Any]:
    return {
        "config_name": file.table,
        "data_files": [{"split": "train", "path": file.name}],
        **({"default": True} if file.table == "verdicts" else {}),
    }


def _yaml(value: Any) -> str:
    """The value in JSON, which YAML reads as its own, but for what only YAML forbids and what opens HTML.

    A reader of Markdown that knows no front matter would show it as a part of the page.
    """
    text = json.dumps(value, ensure_ascii=False)
    return _NOT_IN_YAML.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _plain(text: str) -> str:
    """The text as a line that is no markup."""
    return re.sub(r"([\\`*_<>\[\]#|&~])", r"\\\1", LOST.sub("\ufffd", " ".join(text.split())))
