"""Rows of articles or claims (CSV, TSV, JSON, Parquet) to drafts: which column holds what, by name or as told."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from importlib.resources import files
from typing import Any

from factcheck.articles import markup
from factcheck.articles.draft import Candidate, Draft, Origin, reject
from factcheck.articles.links import web_link
from factcheck.errors import Rejected
from factcheck.folding import fold_in_place
from factcheck.text import strip_controls

FIELDS = ("text", "title", "publisher", "date", "url", "lang", "claim", "claimant")
"""What a column can be read as; `claim` and `claimant` in a table whose rows are claims, which has no `text`."""
_OF_CLAIMS = ("claim", "claimant")
_MARKUP = re.compile(r"</(?:p|div|span|a|b|i|em|strong|h[1-6]|li|ul|br)\s*>|<(?:br|p|div)[\s/>]", re.IGNORECASE)
_SHOWN = 20
_LANG = re.compile(r"[a-z]{2,3}", re.IGNORECASE)
_SECONDS = (100_000_000, 100_000_000_000)  # 1973 to 5138 in seconds since 1970; above them, milliseconds
_THOUSAND = 1000


def row_candidates(
    rows: Sequence[Mapping[str, Any] | Candidate], names: Iterable[str], origin: Origin
) -> list[Candidate]:
    """One candidate for each row; a row that its reader has rejected stays what it is.

    `names` are the columns. Raises Rejected: COLUMNS where no column holds the text or one that was asked for is
    missing, EMPTY without rows, TOO_LARGE for too many.
    """
    if not rows:
        raise Rejected("EMPTY", "contains no rows", hint="save it again with its rows")
    if len(rows) > origin.limits.max_rows:
        raise Rejected("TOO_LARGE", f"has more than {origin.limits.max_rows} rows", hint="split it")
    chosen = chosen_columns(list(names), origin)
    return [
        _row(row, f"{origin.source}#{n}", chosen, origin) if isinstance(row, Mapping) else row
        for n, row in enumerate(rows, 1)
    ]


def chosen_columns(names: list[str], origin: Origin) -> dict[str, str]:
    """The column of each field, of which one is `text` or `claim`; says in the notes what was guessed.

    A table with a column of claims and none of texts is one of claims; so is one whose column of claims was named and
    none of texts. Raises Rejected COLUMNS.
    """
    by_key: dict[str, str] = {}
    for name in names:
        by_key.setdefault(_key(name), name)
    chosen = {field: _asked(asked, names, by_key) for field, asked in origin.columns.items()}
    for field, known in known_names().items():
        if found := next((by_key[key] for key in known if key in by_key and by_key[key] not in chosen.values()), None):
            chosen.setdefault(field, found)
    asked_for_claims = "claim" in origin.columns and "text" not in origin.columns
    others = ("text", "title") if "claim" in chosen and (asked_for_claims or "text" not in chosen) else _OF_CLAIMS
    chosen = {field: name for field, name in chosen.items() if field not in others}
    if not {"text", "claim"} & set(chosen):
        raise _without_text(names, chosen.get("url"))
    if guessed := [f"{field}={chosen[field]}" for field in FIELDS if field in chosen and field not in origin.columns]:
        origin.notes.append(f"{origin.source}: columns guessed: {', '.join(guessed)} (change them with --columns)")
    return chosen


def _asked(asked: str, names: list[str], by_key: Mapping[str, str]) -> str:
    found = asked if asked in names else by_key.get(_key(asked))
    if found is None:
        raise Rejected("COLUMNS", f"has no column {asked!r} (it has {_listed(names)})", hint=_hint(names))
    return found


def _without_text(names: list[str], url: str | None) -> Rejected:
    if url is not None:
        hint = f"save that column as a text file and read it with `factcheck ingest --urls FILE`, or {_hint(names)}"
        return Rejected("COLUMNS", f"has addresses in column {url!r} and no column of texts", hint=hint)
    return Rejected("COLUMNS", f"has no column of texts (it has {_listed(names)})", hint=_hint(names))


def looks_like_table(line: str) -> bool:
    """Whether a line is the header of a table of articles: two names of columns or more, one of them a text's."""
    known = known_names()
    for separator in ("\t", ",", ";", "|"):
        keys = {_key(name.strip('" ')) for name in line.split(separator)}
        found = [field for field, names in known.items() if keys & set(names)]
        if len(keys) > 1 and len(found) > 1 and {"text", "claim"} & set(found):
            return True
    return False


@functools.cache
def known_names() -> dict[str, tuple[str, ...]]:
    """Folded names of columns by field."""
    table = tomllib.loads(files(__package__).joinpath("data/columns.toml").read_text("utf-8"))["columns"]
    return {field: tuple(_key(name) for name in names) for field, names in table.items()}


def _row(row: Mapping[str, Any], subject: str, chosen: Mapping[str, str], origin: Origin) -> Candidate:
    values = {field: row.get(chosen[field]) for field in FIELDS if field in chosen}
    is_claim = "text" not in chosen
    raw = values["claim" if is_claim else "text"]
    if raw is not None and not isinstance(raw, str):
        return reject(
            "UNSUPPORTED", subject, f"has {_kind(raw)} where the text should be: choose another with --columns"
        )
    if raw is None or not raw.strip():
        return reject("NO_TEXT", subject, "has no text in its row", words(values.get("title")))
    if len(raw) > origin.limits.max_text:
        return reject("TOO_LARGE", subject, f"has {len(raw)} characters, more than {origin.limits.max_text}", raw)
    text, warnings = plain(raw)
    if not text.strip():
        return reject("NO_TEXT", subject, "has markup and no text in its row", raw)
    link, dropped = web_link(words(values.get("url")))
    lang = words(values.get("lang"))
    return Draft(
        source=origin.source,  # not the row: rows move, and what moved has not changed its text
        text=text,
        url=link,
        publisher=words(values.get("publisher")),
        title=words(values.get("title")),
        published_raw=moment(values.get("date")),
        lang=lang.lower() if lang and _LANG.fullmatch(lang) else None,
        warnings=(*warnings, *dropped),
        is_claim=is_claim,
        claimant=words(values.get("claimant")),
    )


def plain(text: str) -> tuple[str, tuple[str, ...]]:
    """The text as a reader sees it: what holds HTML is read as such, with the warning `markup_removed`."""
    return rendered(text) if _MARKUP.search(text) else (text, ())


def rendered(html: str) -> tuple[str, tuple[str, ...]]:
    """The text of HTML, with the warning `markup_removed` where that is another one."""
    text = markup.fragment_text(strip_controls(html)[0])
    return text, ("markup_removed",) if text != html else ()


def words(value: Any) -> str | None:
    """The value of a cell as text; of an object its name (schema.org's publisher); None for nothing."""
    if isinstance(value, Mapping):
        value = value.get("name")
    if value is None or isinstance(value, bool | list | bytes):
        return None
    return str(value).strip() or None


def moment(value: Any) -> str | None:
    """The date of a cell as text; a number is seconds or milliseconds since 1970."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, int | float) and not isinstance(value, bool):
        seconds = value / _THOUSAND if value >= _SECONDS[1] else value
        if _SECONDS[0] <= seconds < _SECONDS[1]:
            return datetime.fromtimestamp(seconds, UTC).isoformat()
    return words(value)


def _key(name: str) -> str:
    return " ".join(re.sub(r"[_\-.\s\u200c\u200e\u200f\ufeff]+", " ", fold_in_place(name)).split())


def _kind(value: Any) -> str:
    if isinstance(value, list | Mapping):
        return "a list or an object"
    return "a number" if isinstance(value, int | float) else "no text"


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(repr(name[:40]) for name in names[:_SHOWN]) + more if names else "none"


def _hint(names: Sequence[str]) -> str:
    shown = names[0][:40] if names and names[0].strip() else "NAME"
    return f"say which column holds the text: `--columns text={shown}`"
