"""A factcheck.toml with one value more: comments, blank lines and quotes of the rest stay as a person wrote them."""

from __future__ import annotations

from typing import Any

from factcheck.notation import toml_table


def with_item(text: str, section: str, key: str, value: str) -> str:
    """The file's text with the value at the end of the list `[section] key`; what is missing of it is added.

    Raises ValueError where the text is no TOML, or where that cannot be done without changing anything else.
    """
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    before = toml_table(text)
    there = before.get(section, {})
    if not isinstance(there, dict) or not isinstance(there.get(key, []), list):
        raise ValueError(f"[{section}] {key} is no list")  # noqa: TRY004 - one error for what cannot be done
    wanted = before | {section: there | {key: [*there.get(key, []), value]}}
    try:
        document: Any = tomlkit.parse(text)
        if section not in document:
            document.add(section, tomlkit.table())
        if key in document[section]:
            document[section][key].append(value)
        else:
            document[section][key] = [value]
        made = tomlkit.dumps(document)
        right = toml_table(made) == wanted
    except (TOMLKitError, TypeError, AttributeError, ValueError, RecursionError) as error:
        raise ValueError(f"[{section}] {key} cannot be set") from error
    if not right:
        raise ValueError(f"[{section}] {key} cannot be set")
    return made
