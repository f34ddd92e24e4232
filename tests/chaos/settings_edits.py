"""Random edits of a factcheck.toml and of the environment, as people make them: typed wrong, left blank, half done."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from typing import Any

Table = dict[str, dict[str, Any]]

_POLICIES = ("majority", "unanimous", "weighted", "dawid_skene", "one_coin")
_BLANK = ("", " ", "\t", "\u200c")


def values(people: list[str], leads: list[str]) -> dict[str, tuple[Any, ...]]:
    """What each setting may be set to, some of it wrong; `people` and `leads` are addresses."""
    groups: tuple[Any, ...] = (
        [], ["  "], [""], people, people[:2], people[:1], [people[0].upper(), f" {people[1]} "],
        [*people, "x@desk.example"], ["x@desk.example"], [people[0][1:]], [people[0], people[0]],
        ", ".join(people), ",", people[0], "nobody", *_BLANK,
    )  # fmt: skip
    return {
        "verdicts.policy": (*_POLICIES, *_POLICIES, "Majority", "most", "weighed", "", 3, ["majority"]),
        "verdicts.min_votes": (1, 2, 3, 4, 10**12, 0, -1, "2", "two", "", 2.0, 2.5, True, [2]),
        "verdicts.margin": (1, 2, 3, 0, "", "1", None, True),
        "verdicts.threshold": (0.51, 0.6, 0.75, 0.9, 1, 0.5, 1.1, "0.7", "", "most", True),
        "verdicts.roster": groups,
        "verdicts.leads": (*groups, leads, leads, [leads[0].upper()], [*leads, people[0]], [leads[0][:-1]]),
        "desk.languages": ([], ["fa"], ["farsi"], "fa, ar", "", ["xx1"]),
        "desk.language": ("fa", "ar", "en", "tr", "de", ""),
        "desk.time_zone": ("UTC", "Asia/Tehran", "Tehran", ""),
        "desk.licence": ("", "CC0-1.0", "CC BY"),
        "dataset.path": ("dataset", "./dataset", "elsewhere", *_BLANK, "../dataset", "a\0b"),
        "studio.missing_votes": (0, 10, 10**12, "", -1),
        "studio.missing_share": (0, 0.05, 1, 2, ""),
        "studio.full_pull_hours": (0, 24, "", "a day"),
        "projects.main.annotators_per_claim": (1, 2, 3, 100, 0, "", "two"),
        "projects.main.annotators_when_contested": (0, 3, ""),
        "projects.main.languages": ([], ["fa"], "fa,ar", ["farsi"], ""),
        "projects.main.title": ("Main", "x", ""),
        "projects.city.title": ("City desk", ""),
        "projects.queue.title": ("Queue", ""),
        "claims.min_check_worthiness": (0, 0.5, 1, 2, ""),
        "claims.amounts": ("", "amounts/own.json"),
        "queue.title": ("Contested", ""),
        "publish.profiles": ([], ["newsroom-xlsx"], ""),
        "exports.path": ("exports", ""),
        "matching.embedding": ("off", "of", ""),
        "wording.unproven": ("Not proven", ""),
    }


def edited(seed: int, base: Mapping[str, Any], possible: dict[str, tuple[Any, ...]]) -> tuple[str, dict[str, str]]:
    """The text of a factcheck.toml and an environment: `base` after one to four edits, the same for the same seed."""
    dice = random.Random(seed)
    held, environment = dict(base), {}
    for _ in range(dice.randint(1, 4)):
        # Half of the edits are about verdicts: the rest has to leave them alone.
        keys = [key for key in possible if key.startswith("verdicts.") or dice.random() < 0.25]
        key = dice.choice(keys)
        value = dice.choice(possible[key])
        match dice.randrange(10):
            case 0:
                held.pop(key, None)
            case 1:
                held[_misspelt(key, dice)] = value
            case 2:
                held = {other: one for other, one in held.items() if other.partition(".")[0] != key.partition(".")[0]}
            case 3 | 4 | 5:
                environment[_variable(key)] = _as_text(value, dice)
            case 6:
                environment[_misspelt(_variable(key), dice)] = _as_text(value, dice)
            case _:
                held[key] = value
    return written(held), environment


def _variable(key: str) -> str:
    parts = key.upper().split(".")
    return "FACTCHECK_" + ("__" if len(parts) > 2 else "_").join(parts)


def _as_text(value: Any, dice: random.Random) -> str:
    if isinstance(value, list):
        return json.dumps(value) if dice.random() < 0.5 else ",".join(map(str, value))
    return "" if value is None else str(value)


def _misspelt(name: str, dice: random.Random) -> str:
    place = dice.randrange(max(1, name.rfind(".") + 1), len(name))
    return name[:place] + name[place + 1 :] if dice.random() < 0.5 else name[:place] + name[place] + name[place:]


def written(held: Mapping[str, Any]) -> str:
    """The settings, by key with its section, as a factcheck.toml; None is left out."""
    lines = []
    for key, value in sorted(held.items()):
        section, _, name = key.rpartition(".")
        if value is not None:
            lines.append((section, f"{name} = {json.dumps(value, ensure_ascii=True)}"))
    text = ""
    for section in dict.fromkeys(section for section, _ in lines):
        text += f"[{section}]\n" if section else ""
        text += "".join(f"{line}\n" for where, line in lines if where == section)
    return text
