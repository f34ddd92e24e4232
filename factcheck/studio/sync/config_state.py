"""Whether a labeling config is one that we wrote, one that a person edited, or one that turns answers around.

What we wrote is known by a digest in the project's description, beside our mark. Pure.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from typing import Literal, NamedTuple
from xml.etree.ElementTree import Element, ParseError, fromstring, indent, tostring

from factcheck.models import digest
from factcheck.studio.page.label_config import ADDED, STORED, VERDICT
from factcheck.studio.page.translations import WORDINGS

ConfigState = Literal["ours", "older", "edited", "meaning"]

WRITTEN = frozenset(
    {
        "08d0ce2324b7", "0ec86d883f95", "6c601a365cd6",  # before the queue: ar, en, fa
        "9375d89fdb23", "30c41f1b11a1", "52131ffcb6ea", "30dcffd890c9", "89e8778b38ee", "59c7e7f5e98b",
        "6cc62ed806b2", "6799f66666a9", "627093699ddf", "79660bfe11c8", "b49106f75c8e", "440ba9150e02",  # two columns
        "eeb1157f1390", "d7f4b1179099", "d3f24b0a03bc", "7946f655a403",  # tr, ur
    }
)  # fmt: skip
"""Digests of all labeling configs that any release wrote, in each language: projects older than the digest in their
description are known by them. A release that changes the config adds its own, and takes none away."""

_STAMP = re.compile(r"(?<![\w:-])config:([0-9a-f]{12})(?![\w:-])")


class Control(NamedTuple):
    """A control of a config: its kind, what it is about, and the answers with the texts that stand for them."""

    kind: str
    about: str
    answers: tuple[tuple[str, str], ...]


def config_state(ours: str, theirs: str, description: str) -> ConfigState:
    """What the server's labeling config `theirs` is, beside the one it should have, `ours`.

    "ours": they differ at most in white space. "older": a release or a language of ours wrote it, and nobody has
    changed it since. "edited": a person changed it, and an answer is still what it would be under ours. "meaning": an
    answer may stand under another text than ours, a question is about something else, or answers go by other names.
    """
    if config_digest(ours) == (found := config_digest(theirs)):
        return "ours"
    stamp = _STAMP.search(description)
    if found in WRITTEN or (stamp is not None and stamp[1] == found):
        return "older"
    return "meaning" if _means_something_else(_controls(ours), _controls(theirs)) else "edited"


def config_digest(config: str) -> str:
    """12 hex digits that are the same for configs that differ in white space alone."""
    return digest(_lines(config))[:12]


def stamped(description: str, mark: str, config: str) -> str:
    """The description with our mark and the digest of the config in it, each once; a person's own words stay."""
    return beside(mark, description, stamp=f"config:{config_digest(config)}", before=_STAMP)


def beside(mark: str, description: str, *, stamp: str, before: re.Pattern[str]) -> str:
    """The description with the stamp in place of the one `before`, or else right after our mark."""
    if before.search(description):
        return before.sub(stamp, description)
    return description.replace(mark, f"{mark} {stamp}", 1)


def config_diff(ours: str, theirs: str) -> str:
    """What differs between two labeling configs as a unified diff; empty where only white space differs."""
    mine, other = _lines(ours), _lines(theirs)
    return "\n".join(difflib.unified_diff(other, mine, "in Label Studio", "ours", lineterm="", n=1))


def _means_something_else(ours: dict[str, Control], theirs: dict[str, Control]) -> bool:
    lost, gained = ours.keys() - theirs.keys(), theirs.keys() - ours.keys()
    if not theirs.keys() & {*ADDED}:  # from before there were any: nobody took them away
        lost -= {*ADDED}
    if VERDICT in lost or (lost and gained):
        return True
    return any(_differs(control, theirs[name]) for name, control in ours.items() if name in theirs)


def _differs(ours: Control, theirs: Control) -> bool:
    """A choice that was only added or taken away leaves the others what they are; one that was renamed does not."""
    if (ours.kind, ours.about) != (theirs.kind, theirs.about):
        return True
    known = {stored for stored, _ in ours.answers}
    offered = {stored for stored, _ in theirs.answers}
    if known - offered and offered - known:
        return True
    allowed = {*ours.answers, *_TRANSLATED}
    return any(answer not in allowed for answer in theirs.answers if answer[0] in known)


_FORMER = frozenset(
    {
        ("disputed", "Disputed"), ("disputed", "محل مناقشه"), ("disputed", "محل خلاف"),
        ("verified", "تأیید شد"), ("verified", "ثبتت صحته"),
        ("low", "قليل"), ("medium", "متوسط"), ("high", "كبير"),
    }
)  # fmt: skip
"""What answers were called in earlier releases; they mean what they mean now."""

_TRANSLATED = _FORMER | {
    answer
    for words in WORDINGS.values()
    for answer in [
        *words.choices.items(),
        *((STORED[reason], label) for reason, label in words.reasons.items()),
        *words.levels.items(),
    ]
}


def _controls(config: str) -> dict[str, Control]:
    """The controls of a config by name; none where it is no XML."""
    try:
        tree = fromstring(config)  # noqa: S314 - our own config and the one of the server we trust with our token
    except ParseError:
        return {}
    # Label Studio's page does not mind how the name of an attribute is capitalised.
    tags = [(element, {name.lower(): value for name, value in element.items()}) for element in tree.iter()]
    shown = {said.get("name", ""): said.get("value", "") for _, said in tags if "toname" not in said}
    return {
        said.get("name", ""): Control(element.tag, shown.get(said["toname"], ""), tuple(_answers(element)))
        for element, said in tags
        if "toname" in said
    }


def _answers(control: Element) -> Iterator[tuple[str, str]]:
    """The answers that a control stores, with the text a checker sees beside each."""
    for choice in control.iter("Choice"):
        said = {name.lower(): " ".join(value.split()) for name, value in choice.items()}
        text = said.get("html") or said.get("value", "")
        chosen_before = " (already chosen)" if said.get("selected", "false").lower() == "true" else ""
        yield said.get("alias") or said.get("value", ""), text + chosen_before


def _lines(config: str) -> list[str]:
    try:
        tree = fromstring(config)  # noqa: S314 - our own config and the one of the server we trust with our token
    except ParseError:
        return config.splitlines()
    _strip(tree)
    indent(tree)
    return tostring(tree, encoding="unicode").splitlines()


def _strip(element: Element) -> None:
    element.text = "\n".join(line.strip() for line in (element.text or "").strip().splitlines()) or None
    element.tail = None
    for child in element:
        _strip(child)
