"""WhatsApp's export of a chat (.txt): one candidate for each message, without who sent it.

Senders are people: neither their names and numbers nor the file's own name, which holds the name of a chat, get into
an article or a rejection. Both are named after a digest of the content.
"""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Iterator
from typing import NamedTuple

from factcheck.articles.draft import Candidate, Draft, Origin, reject
from factcheck.errors import Rejected
from factcheck.text import digits_of_any_script

_MARKS = "\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c"
_SPACE = "[ \u00a0\u202f]"
_HALF = r"(?:[AaPp]\.?\s?[Mm]\.?|صباحا|مساء|ص|م|ق\.\s?ظ\.?|ب\.\s?ظ\.?|قبل‌?ازظهر|بعدازظهر)"
_DATE = rf"\d{{1,4}}(?:[{_MARKS}]{{0,4}}[/.\-][{_MARKS}]{{0,4}}\d{{1,4}}){{2}}"
_CLOCK = r"\d{1,2}[:.٫]\d{2}(?:[:.٫]\d{2})?"
_GAP = rf"[ \u00a0\u202f{_MARKS}]"
_WHEN = rf"{_GAP}{{0,8}}{_DATE}{_GAP}{{0,8}}[,،]?{_GAP}{{1,8}}{_CLOCK}(?:{_GAP}{{0,8}}{_HALF})?{_GAP}{{0,8}}"
_PARTS = re.compile(rf"(?P<date>{_DATE})\D+?(?P<clock>{_CLOCK})(?:{_GAP}{{0,8}}(?P<half>{_HALF}))?")
_OPENING = re.compile(rf"[{_MARKS}\ufeff]{{0,8}}(?:\[{_WHEN}\]{_SPACE}{{0,8}}|{_WHEN}[-–]{_SPACE}{{1,8}})")
_MESSAGE = re.compile(rf"^{_OPENING.pattern}", re.MULTILINE)
_SENDER = re.compile(rf"[{_MARKS}~ \u00a0\u202f]*[^:\n]{{1,120}}?:(?:{_SPACE}|(?=\n)|\Z)[{_MARKS}]*")
_NO_TEXT = re.compile(
    rf"[{_MARKS}\s]*(?:<[^<>\n]{{3,80}}>|[\w ]{{3,30}} omitted|.{{1,120}}\((?:file attached|فایل پیوست شد|الملف مرفق)\)"
    r"|(?:This|You deleted this) message(?: was deleted)?\.?|null|این پیام حذف شد\.?|تم حذف هذه الرسالة\.?"
    rf"|Waiting for this message\.?)[{_MARKS}\s]*"
)
_NOTICE = re.compile(
    r"[\"“”«»].*\b(?:changed|created)\b|\b(?:changed|created)\b.*[\"“”«»]|تغییر داد|غي[ّ]?ر|أنشأ|ایجاد کرد"
)
"""Somebody did something to the group: what stands before the colon is no sender."""
_IN_DATES = re.compile(f"[{_MARKS}]")
_PM = ("p", "م", "ب", "بعد")
_NOON, _MONTHS = 12, 12


class _Stamp(NamedTuple):
    first: int
    second: int
    third: int
    clock: str


def is_whatsapp(text: str) -> bool:
    """Whether the text opens with the date, clock and dash (or brackets) of an exported message."""
    opening = text[:2000].lstrip("\ufeff \r\n")
    return bool(_OPENING.match(opening)) and bool(_SENDER.search(opening) or len(_MESSAGE.findall(opening)) > 1)


def whatsapp_candidates(text: str, origin: Origin) -> list[Candidate]:
    """The messages with text, each a slice of the file; raises Rejected EMPTY or TOO_LARGE."""
    source = f"whatsapp-{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}.txt"
    matches = list(_MESSAGE.finditer(text))
    if len(matches) > origin.limits.max_rows:
        raise Rejected(
            "TOO_LARGE", f"has more than {origin.limits.max_rows} messages", hint="export less", subject=source
        )
    stamps = [_stamp(match) for match in matches]
    order = _order(stamps)
    found: list[Candidate] = []
    system = 0
    spans = list(_spans(text, matches, stamps))
    senders = [_sender(text, start, end) for start, end, _, _ in spans]
    longer = _names_with_a_colon(text, [sender for sender in senders if sender is not None])
    for (_, end, raw, stamp), sender in zip(spans, senders, strict=True):
        if sender is None:
            system += 1  # "Messages are end-to-end encrypted", who joined
            continue
        begin = sender.end() + longer.get(sender[0], 0)
        body = text[begin:end].rstrip()
        begin += len(body) - len(body.lstrip())
        body = body.lstrip()
        subject = f"{source}#{begin}"
        if not body or _NO_TEXT.fullmatch(body):
            found.append(reject("NO_TEXT", subject, "is a message without text: write down what its picture says"))
            continue
        found.append(
            Draft(source=subject, text=body, source_start=begin, published_raw=raw, dated=_dated(stamp, order))
        )
    origin.notes.append(
        f"{source}: a WhatsApp export; senders, their numbers and the file's own name were not read"
        + (f", {system} notices of the program were skipped" if system else "")
    )
    if order is None and found:
        origin.notes.append(f"{source}: its dates may be day or month first, so they were left out of the articles")
    if not found:
        raise Rejected("EMPTY", "is a WhatsApp export with no messages", hint="export the chat again", subject=source)
    return found


def _spans(text: str, matches: list[re.Match[str]], stamps: list[_Stamp]) -> Iterator[tuple[int, int, str, _Stamp]]:
    for n, (match, stamp) in enumerate(zip(matches, stamps, strict=True)):
        end = matches[n + 1].start() if n + 1 < len(matches) else len(text)
        yield match.end(), end, _raw(match), stamp


def _sender(text: str, start: int, end: int) -> re.Match[str] | None:
    """Whom a message is from; None for a notice."""
    sender = _SENDER.match(text, start, end)
    return None if sender is None or _NOTICE.search(sender[0]) else sender


def _names_with_a_colon(text: str, senders: list[re.Match[str]]) -> dict[str, int]:
    """How much longer a sender's name is than to its first colon: a contact saved as "Tip: Ali Rezaei".

    Told by what all messages of that sender begin with, if there are two or more.
    """
    begun: dict[str, list[str]] = {}
    for sender in senders:
        following = _SENDER.match(text, sender.end())
        begun.setdefault(sender[0], []).append(following[0] if following else "")
    return {name: len(rest[0]) for name, rest in begun.items() if len(rest) > 1 and rest[0] and len(set(rest)) == 1}


def _raw(match: re.Match[str]) -> str:
    """The date as it stands; of the two forms (brackets, dash) one has matched."""
    return match[0].strip(" []-–\u200e\u200f\ufeff\u00a0\u202f")


def _stamp(match: re.Match[str]) -> _Stamp:
    parts = _PARTS.search(_IN_DATES.sub("", digits_of_any_script(match[0])))
    assert parts is not None  # `_OPENING` has the same form
    hour, minute, second = (int(part or 0) for part in re.split(r"[:.٫]", parts["clock"] + ":0")[:3])
    half = (parts["half"] or "").lower()
    if half:
        hour = hour % _NOON + (_NOON if half.startswith(_PM) else 0)
    first, middle, last = (int(part) for part in re.split(r"[/.\-]", parts["date"]))
    return _Stamp(first, middle, last, f"{hour:02}:{minute:02}:{second:02}")


def _order(stamps: list[_Stamp]) -> str | None:
    """`ymd`, `dmy` or `mdy`, by all dates of the file: the one order in which each is a date; None where two are."""
    if all(stamp.first > 31 for stamp in stamps):  # noqa: PLR2004 - no day
        return "ymd"
    day_first = all(stamp.second <= _MONTHS for stamp in stamps)
    month_first = all(stamp.first <= _MONTHS for stamp in stamps)
    if day_first != month_first:
        return "dmy" if day_first else "mdy"
    if not day_first:
        return None
    # Messages come in the order of time: the order of parts that never goes back, if the other one does.
    forward = [name for name in ("dmy", "mdy") if _never_back([_day(stamp, name) for stamp in stamps])]
    return forward[0] if len(forward) == 1 else None


def _never_back(days: list[tuple[int, int, int]]) -> bool:
    return all(one <= other for one, other in itertools.pairwise(days))


def _day(stamp: _Stamp, order: str) -> tuple[int, int, int]:
    if order == "ymd":
        return stamp.first, stamp.second, stamp.third
    year = stamp.third + (2000 if stamp.third < 100 else 0)  # noqa: PLR2004 - WhatsApp is younger than 2000
    return (year, stamp.second, stamp.first) if order == "dmy" else (year, stamp.first, stamp.second)


def _dated(stamp: _Stamp, order: str | None) -> str | None:
    """The moment in ISO 8601 without a zone, because an export has none; Jalali years stay what they are."""
    if order is None:
        return "day or month first"  # read by nobody as a date: the article says date_unreadable
    year, month, day = _day(stamp, order)
    return f"{year:04}-{month:02}-{day:02} {stamp.clock}"
