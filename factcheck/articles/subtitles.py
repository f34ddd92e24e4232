"""SRT and WebVTT: what is shown, as one text, and when; cue numbers, tags and notes are not shown and not read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from factcheck.articles import layout
from factcheck.articles.draft import Draft, Origin
from factcheck.errors import Rejected
from factcheck.models import Cue

_TIME = r"(?:\d{1,3}:)?\d{1,2}:\d{2}[,.]\d{1,3}"
_TIMING = re.compile(rf"[ \t\u200e\u200f]*({_TIME})[ \t]*-->[ \t]*({_TIME})[^\n]*")
_SRT = re.compile(rf"\s*\d{{1,7}}[ \t]*\r?\n[ \t]*{_TIME}[ \t]*-->")
_TAG = re.compile(r"</?[a-zA-Z][^<>\n]{0,200}>|<\d[\d:.]{4,15}>|\{\\[^{}\n]{0,200}\}")
_REFERENCES = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&nbsp;": "\u00a0", "&lrm;": "\u200e", "&rlm;": "\u200f"}
_REFERENCE = re.compile("|".join(_REFERENCES))
_STOP = re.compile(r"[.!?؟…»\"”][\"”»)\]]?$")
_PAUSE = 3.0  # seconds of silence that end a paragraph


class _Shown(NamedTuple):
    start: float
    end: float
    lines: list[str]


def is_subtitles(text: str) -> bool:
    """Whether the text opens as WebVTT or SRT does."""
    return text.lstrip("\ufeff")[:6] == "WEBVTT" or _SRT.match(text[:200].lstrip("\ufeff")) is not None


def subtitle_draft(text: str, origin: Origin) -> Draft:
    """The transcript: cues follow one another in a line until a sentence ends or nobody speaks for three seconds.

    A line that is shown again in the next cue (rolling captions) is taken once, with the time of the first. Raises
    Rejected NO_TEXT.
    """
    vtt = text.lstrip("\ufeff").startswith("WEBVTT")
    shown, cues = _transcript(_shown(text, vtt=vtt))
    if not shown.strip():
        raise Rejected("NO_TEXT", "has no subtitles with text", hint="save them again")
    warnings = ("subtitle_lines_without_time",) if vtt and _outside(text) else ()
    return Draft(
        source=origin.source, text=shown, url=origin.url, title=layout.headline(shown), cues=cues, warnings=warnings
    )


def _transcript(shown: Iterator[_Shown]) -> tuple[str, tuple[Cue, ...]]:
    pieces: list[str] = []
    cues: list[Cue] = []
    length = 0
    before: _Shown | None = None
    for cue in shown:
        fresh = [line for line in cue.lines if before is None or line not in before.lines]
        for line in fresh:
            apart = before is not None and cue.start - before.end > _PAUSE and line is fresh[0]
            ends = apart or (pieces and _STOP.search(pieces[-1])) or line.startswith(("-", "–", "—"))
            gap = ("\n" if ends else " ") if pieces else ""
            if line is fresh[0]:
                cues.append(Cue(start=length + len(gap), seconds=cue.start))
            pieces.append(gap + line)
            length += len(gap) + len(line)
        before = cue
    return "".join(pieces), tuple(cues)


def _shown(text: str, *, vtt: bool) -> Iterator[_Shown]:
    rows = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    at = 0
    while at < len(rows):
        timing = _TIMING.fullmatch(rows[at])
        at += 1
        if timing is None:
            continue  # the header, a cue's number, a note, a style
        lines = []
        # A blank line ends a cue, and so does the next one's time where the blank line was forgotten. In SRT a blank
        # line may as well be one of the text: what follows it then is neither a time nor a number before one.
        while at < len(rows) and not _TIMING.fullmatch(rows[at]) and (rows[at].strip() or _goes_on(rows, at, vtt=vtt)):
            line = _TAG.sub("", rows[at])
            line = _REFERENCE.sub(lambda match: _REFERENCES[match[0]], line) if vtt else line
            lines.append(line.strip(" \t"))
            at += 1
        if at < len(rows) and rows[at].strip() and lines and lines[-1].isdecimal():
            lines.pop()
        yield _Shown(_seconds(timing[1]), _seconds(timing[2]), [line for line in lines if line])


def _goes_on(rows: list[str], at: int, *, vtt: bool) -> bool:
    """Whether the blank row is one of the text of an SRT cue."""
    while at < len(rows) and not rows[at].strip():
        at += 1
    if vtt or at == len(rows) or _TIMING.fullmatch(rows[at]):
        return False
    following = rows[at + 1] if at + 1 < len(rows) else ""
    return not (rows[at].strip().isdecimal() and (_TIMING.fullmatch(following) or at + 1 >= len(rows)))


def _outside(text: str) -> bool:
    """Whether a WebVTT file has lines that are shown nowhere: no header, note, style, region or name of a cue."""
    blocks = re.split(r"\n[ \t]*\n", text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n"))
    return any(
        block.strip()
        and not re.match(r"\s*(?:NOTE|STYLE|REGION)\b", block)
        and not any(_TIMING.fullmatch(row) for row in block.split("\n"))
        for block in blocks[1:]
    )


def _seconds(clock: str) -> float:
    whole, _, part = clock.replace(",", ".").partition(".")
    total = 0
    for number in whole.split(":"):
        total = total * 60 + int(number)
    return total + float(f"0.{part}")
