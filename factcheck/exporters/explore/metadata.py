"""What datasette shows beside the tables: titles, licence, descriptions, the search. Pure."""

from __future__ import annotations

import html
from typing import Any, Final
from urllib.parse import quote

from factcheck import licences
from factcheck.exporters import fields
from factcheck.exporters.contract import ExportContext
from factcheck.exporters.explore import schema, search
from factcheck.exporters.profiles import Profile
from factcheck.languages.texts import table

_WORDS: Final = table("labels", "explore")


def metadata(profile: Profile, context: ExportContext, names: list[str], columns: list[str]) -> dict[str, Any]:
    """The metadata of datasette for the file under each of its `names`; `columns` are those of the claims."""
    language = profile.language or context.language
    held = licences.of(context.licence)
    one = {
        "title": context.desk_name,
        "source": context.desk_name,
        "source_url": context.desk_url,
        **({"license": held.name} if held else {}),
        **({"license_url": held.url} if held and held.url else {}),
        "tables": {name: _table(flat, name, columns) for flat, name in schema.NAMES.items()}
        | {
            "folding": {"hidden": True},
            "about": {"description": "Which version this is, by which profile and rule."},
        },
        "queries": {
            "search": {
                "title": _WORDS["search"][language],
                "description": _WORDS["how"][language],
                "sql": search.FIND,
                "hide_sql": True,
            }
        },
    }
    return {
        "title": context.desk_name,
        "description_html": _opening(context, names[0], language),
        **({"license": held.name} if held else {}),
        **({"license_url": held.url} if held and held.url else {}),
        "databases": dict.fromkeys(names, one),
    }


def _opening(context: ExportContext, name: str, language: str) -> str:
    """The first page's text: which version it is, and a form to search."""
    tag = f" ({context.tag})" if context.tag else ""
    said = html.escape(f"Version {context.version}{tag}, {context.committed_at.isoformat()}")
    words, how = (html.escape(_WORDS[key][language]) for key in ("search", "how"))
    return (
        f'<p>{said}</p><form action="/{quote(name)}/search" method="get"><label>{words} '
        f'<input type="search" name="q" dir="auto"></label> <input type="submit" value="{words}"></form><p>{how}</p>'
    )


def _table(flat: str, name: str, columns: list[str]) -> dict[str, Any]:
    """A table's description and those of its columns."""
    held = columns if name == "claims" else list(schema.schemas({})[name])
    found: dict[str, Any] = {
        "description": fields.TABLES[flat],
        "columns": {column: fields.described(column, flat) for column in held},
    }
    if name == "claims":
        facets = [column for column in ("verdict", "status", "lang") if column in held]
        order = {"sort_desc": "published_at"} if "published_at" in held else {}
        label = {"label_column": "quote"} if "quote" in held else {}
        found |= {"facets": facets, **order, **label}
    return found
