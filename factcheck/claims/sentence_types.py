"""What each sentence is: a candidate, or a heading, dateline, question, boilerplate; and whose turn it is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from factcheck.claims.lexicon import Lexicon, turn_labels
from factcheck.claims.reporting import holds_verb
from factcheck.claims.sentences import AND_SO_ON, Paragraph, Span
from factcheck.folding import Folded, fold_with_offsets, match_key

REASONS = {
    "QUESTION": "a question states nothing that could be checked",
    "HEADING": "a heading; the body says it in full",
    "DATELINE": "place, date or agency of the article",
    "BYLINE": "names who wrote or made something, not what happened",
    "BOILERPLATE": "belongs to the page, not to the article",
    "GREETING": "a greeting or thanks",
    "TOO_SHORT": "fewer than three words",
    "REPEATED": "says again what another sentence of the article says, which has its place",
    "TRUNCATED": "breaks off: the text ends in the middle of a sentence",
    "TOO_LONG": "no sentence end within 2,000 characters; probably a list or a table",
}
"""Why a sentence is no candidate, by the stable code of its rejection."""

_MAX_SENTENCE = 2000
_MIN_WORDS = 3
_HEADING_WORDS = 20
_BEGINNING = 300
_SHORT_LINE_WORDS = 10
_MAX_QUESTION = 900
_MAX_LABEL_WORDS = 4

_WORD = re.compile(r"[^\W\d_](?:[\w'’-]*\w)?")
_CLOSERS = "\"'”’»)] \u00a0"
_STOPS = ".!?؟…۔।:؛"
_ADDRESS = re.compile(r"https?://\S+|www\.\S+|[\w.+-]+@[\w-]+\.\w{2,}")
_PLACE_DASH_AGENCY = re.compile(r"^\W*[^\W\d]+(?: [^\W\d]+){0,3}\s*[-–—/|]\s*[^\W\d]+(?: [^\W\d]+){0,3}\W*$")
_GOES_ON = (",", "،", "-", "–", "—", "(", "[")
_AFTER_THE_TEXT = frozenset({"BOILERPLATE", "BYLINE", "DATELINE", "GREETING", "TOO_SHORT"})
"""What may stand below an article: its last sentence is above them."""
_OF_ADDRESSES = ("://", "www.", "@")
_ENDS_OF_AGENCIES = ("-", "–", "—", ":")
_AGENCY_DASH = re.compile(r"^[A-Z][\w ,./]{2,40} ?\([A-Z]\w+\) ?[-–—]$|[^\W\d] [-–] [^\W\d][\w ]{1,30}:$")
_CLOCK_OR_DATE = re.compile(r"\d{1,2}[:٫.]\d{2}|\b(?:1[34]|19|20)\d\d\b|\b\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}\b")
_LABEL = re.compile(r"^\W{0,3}([^\W\d][^:؛.!?؟،,«»\"“”]{1,40}):\s+\S")


class Turns(NamedTuple):
    """Who speaks in a paragraph of an interview; `name` is None where the article does not say."""

    is_answer: bool
    name: str | None


@dataclass(frozen=True)
class Part:
    """One sentence: its span, its paragraph, its folded text, the code it is rejected with, whose turn it is.

    `follows` marks a second fact of one sentence: what reports the first reports it too.
    """

    span: Span
    paragraph: int
    folded: Folded
    code: str | None
    turn: Turns | None
    follows: bool = False


def outline(text: str, title: str | None, paragraphs: Sequence[Paragraph], lexicon: Lexicon) -> list[Part]:
    """Every sentence of the article in order, marked."""
    whole = [fold_with_offsets(text[paragraph.start : paragraph.end]) for paragraph in paragraphs]
    folded = [
        [line.piece(start - paragraph.start, end - paragraph.start) for start, end in paragraph.sentences]
        for line, paragraph in zip(whole, paragraphs, strict=True)
    ]
    headings = _headings(text, title, paragraphs)
    turns = _turns(text, paragraphs, folded, whole, lexicon)
    parts = []
    for number, paragraph in enumerate(paragraphs):
        for span, sentence in zip(paragraph.sentences, folded[number], strict=True):
            code = _code(sentence.text, lexicon, alone=len(paragraph.sentences) == 1, heading=number in headings)
            parts.append(Part(span, number, sentence, code, turns[number]))
    last = next((at for at in range(len(parts) - 1, -1, -1) if parts[at].code not in _AFTER_THE_TEXT), 0)
    # One sentence alone is no text that breaks off: its dots are its writer's.
    others = any(part.code is None and _is_closed(part.folded.text) for part in parts[:last])
    if others and parts[last].code is None and _breaks_off(parts[last].folded.text, lexicon):
        parts[last] = replace(parts[last], code="TRUNCATED")
    return parts


def _breaks_off(sentence: str, lexicon: Lexicon) -> bool:
    """Whether the last sentence of a text was cut: it ends in dots, a comma or a word that ends no sentence."""
    end = sentence.rstrip(_CLOSERS + "]›>")
    if end.endswith(("...", "…")):
        return not AND_SO_ON.search(end)
    return end.endswith(_GOES_ON) or lexicon.unfinished_end.search(end) is not None


def is_question(sentence: str, lexicon: Lexicon) -> bool:
    """Whether the folded sentence asks; a question inside quotation marks of a statement does not count."""
    return sentence.rstrip(_CLOSERS + ".!…۔").endswith(("?", "؟")) or (
        lexicon.question.match(sentence) is not None and not sentence.rstrip(_CLOSERS).endswith((".", "۔"))
    )


def _code(sentence: str, lexicon: Lexicon, *, alone: bool, heading: bool) -> str | None:
    words = _words(sentence)
    code: str | None = None
    if len(sentence) > _MAX_SENTENCE:
        code = "TOO_LONG"
    elif _is_boilerplate(sentence, words, lexicon):
        code = "BOILERPLATE"
    elif is_question(sentence, lexicon):
        code = "QUESTION"
    elif _is_agency(sentence) or (alone and _is_dateline(sentence, words, lexicon)):
        code = "DATELINE"
    elif alone and words <= _SHORT_LINE_WORDS and lexicon.byline.match(sentence) and not _is_closed(sentence):
        code = "BYLINE"
    elif words < _MIN_WORDS:
        code = "TOO_SHORT"
    elif words <= _SHORT_LINE_WORDS and lexicon.greeting.match(sentence):
        code = "GREETING"
    elif alone and (heading or _announces(sentence, lexicon)):
        code = "HEADING"
    return code


def _is_boilerplate(sentence: str, words: int, lexicon: Lexicon) -> bool:
    """Short, and asks for something that only a page asks for; a long sentence that holds such words is text."""
    # What a sentence may say too ("he wrote on Telegram") is of the page where it stands in a line without a stop.
    is_line = words <= _SHORT_LINE_WORDS and not _is_closed(sentence)
    if is_line and (lexicon.boilerplate_opener.match(sentence) or lexicon.furniture.search(sentence)):
        return True
    return _mostly_address(sentence) or (words <= _HEADING_WORDS and lexicon.boilerplate.search(sentence) is not None)


def _mostly_address(sentence: str) -> bool:
    if not any(sign in sentence for sign in _OF_ADDRESSES):
        return False
    rest = _ADDRESS.sub("", sentence)
    return rest != sentence and _words(rest) < _MIN_WORDS


def _words(text: str) -> int:
    """How many words the text has; of a long one those of its beginning, where they are more than any rule asks for."""
    found = len(_WORD.findall(text, 0, _BEGINNING))
    return found if found > _HEADING_WORDS or len(text) <= _BEGINNING else len(_WORD.findall(text))


def _is_agency(sentence: str) -> bool:
    return sentence.endswith(_ENDS_OF_AGENCIES) and _AGENCY_DASH.search(sentence) is not None


def _is_closed(sentence: str) -> bool:
    return sentence.rstrip(_CLOSERS)[-1:] in _STOPS


def _is_dateline(sentence: str, words: int, lexicon: Lexicon) -> bool:
    if words > _SHORT_LINE_WORDS or _is_closed(sentence.rstrip(" :")):
        return False
    dated = _CLOCK_OR_DATE.search(sentence) and (lexicon.date.search(sentence) or words < _MIN_WORDS)
    return bool(dated) or _PLACE_DASH_AGENCY.match(sentence.rstrip(" :")) is not None


def _announces(sentence: str, lexicon: Lexicon) -> bool:
    if not sentence.rstrip(_CLOSERS).endswith(":"):
        return False
    return (lexicon.interview_header.search(sentence) or lexicon.talk.search(sentence)) is not None


def _headings(text: str, title: str | None, paragraphs: Sequence[Paragraph]) -> set[int]:
    """Numbers of the paragraphs that are headings: no stop, and the title, the first line, said twice, or short."""
    lines = [text[paragraph.start : paragraph.end] for paragraph in paragraphs]
    is_open = [len(p.sentences) == 1 and not _is_closed(line) for p, line in zip(paragraphs, lines, strict=True)]
    if (sum(is_open) * 2 > len(lines) and len(lines) > 1) or len(lines) == 1:
        # A text that uses no stops at all: its lines are its sentences, only the title is known to be one.
        keys = {match_key(title)} if title else set()
        return {number for number, line in enumerate(lines) if is_open[number] and match_key(line) in keys}
    words = {number: _words(lines[number]) for number in range(len(lines) - 1) if is_open[number]}
    found = {number for number, count in words.items() if count <= (_SHORT_LINE_WORDS if number else _HEADING_WORDS)}
    long = {number for number, count in words.items() if count <= _HEADING_WORDS} - found
    if not long:
        return found
    keys_of = [match_key(line) for line in lines]
    seen = Counter(keys_of)
    wanted = match_key(title) if title else None
    return found | {number for number in long if keys_of[number] == wanted or seen[keys_of[number]] > 1}


def _turns(
    text: str,
    paragraphs: Sequence[Paragraph],
    folded: Sequence[Sequence[Folded]],
    whole: Sequence[Folded],
    lexicon: Lexicon,
) -> list[Turns | None]:
    """Whose turn each paragraph is; None outside an interview."""
    labelled = _labelled_turns(text, paragraphs, whole, lexicon)
    if any(labelled):
        return labelled
    asks = [_asks(sentences, paragraph, lexicon) for sentences, paragraph in zip(folded, paragraphs, strict=True)]
    if not any(asks):
        return _talk(text, paragraphs, whole, lexicon)
    interviewer, interviewee = _parties(text, paragraphs, whole, lexicon)
    announced = interviewee is not None or any(lexicon.interview_header.search(line.text) for line in whole)
    if not announced:
        return _talk(text, paragraphs, whole, lexicon)
    first = asks.index(True)
    turns: list[Turns | None] = [None] * first
    turns += [Turns(not asking, interviewer if asking else interviewee) for asking in asks[first:]]
    return turns


def _talk(text: str, paragraphs: Sequence[Paragraph], whole: Sequence[Folded], lexicon: Lexicon) -> list[Turns | None]:
    """The turns of a talk that is given in full: all that follows its announcement is the speaker's.

    It ends where the article reports again: with a paragraph that opens with a pronoun or a bare verb ("he added").
    """
    turns: list[Turns | None] = []
    speaker: str | None = None
    for paragraph, line in zip(paragraphs, whole, strict=True):
        if line.text.rstrip(_CLOSERS).endswith(":") and (match := lexicon.talk.search(line.text)):
            start, end = line.span(*match.span(match.lastgroup or 0))
            speaker = text[paragraph.start + start : paragraph.start + end].strip(" ،,.:؛")
            turns.append(None)
            continue
        if speaker and lexicon.reports_again.match(line.text):
            speaker = None
        turns.append(Turns(is_answer=True, name=speaker) if speaker else None)
    return turns


def _asks(sentences: Sequence[Folded], paragraph: Paragraph, lexicon: Lexicon) -> bool:
    """Whether a paragraph is an interviewer's: it ends in a question, and at least half of it asks."""
    questions = [is_question(sentence.text, lexicon) for sentence in sentences]
    short = paragraph.end - paragraph.start <= _MAX_QUESTION
    return short and ((questions[-1] and sum(questions) * 2 >= len(questions)) or _labelled_question(sentences[0]))


def _labelled_question(sentence: Folded) -> bool:
    return turn_labels().question.match(sentence.text) is not None


def _labelled_turns(
    text: str, paragraphs: Sequence[Paragraph], whole: Sequence[Folded], lexicon: Lexicon
) -> list[Turns | None]:
    """Turns of a transcript in which each paragraph opens with the speaker's name, or with Q and A."""
    labels: list[str | None] = []
    for paragraph, line in zip(paragraphs, whole, strict=True):
        match = _LABEL.match(line.text)
        label = None
        # "وقال جلالي: ..." reports speech; a label is the name alone.
        if match and len(match.group(1).split()) <= _MAX_LABEL_WORDS and not holds_verb(match.group(1), lexicon):
            start, end = line.span(*match.span(1))
            label = text[paragraph.start + start : paragraph.start + end].strip()
        labels.append(label)
    counts = Counter(label for label in labels if label)
    speakers = {label for label, count in counts.items() if count > 1}
    asking = _asking_speakers(labels, whole)
    if len(speakers) < 2 or not speakers & asking:  # noqa: PLR2004 - a talk has two sides, and one of them asks
        return [None] * len(paragraphs)
    turns: list[Turns | None] = []
    current: Turns | None = None
    for label, line in zip(labels, whole, strict=True):
        if label in speakers:
            named = not (turn_labels().question.match(line.text) or turn_labels().answer.match(line.text))
            current = Turns(label not in asking, label if named else None)
        turns.append(current)
    return turns


def _asking_speakers(labels: Sequence[str | None], whole: Sequence[Folded]) -> set[str]:
    total = Counter(label for label in labels if label)
    asked = Counter(
        label for label, line in zip(labels, whole, strict=True) if label and line.text.rstrip(_CLOSERS)[-1:] in "?؟"
    )
    return {label for label, count in asked.items() if count * 2 > total[label]}


def _parties(
    text: str, paragraphs: Sequence[Paragraph], whole: Sequence[Folded], lexicon: Lexicon
) -> tuple[str | None, str | None]:
    """Interviewer and interviewee as written where the article introduces them."""
    for pattern in lexicon.interview_parties:
        for paragraph, line in zip(paragraphs, whole, strict=True):
            if match := pattern.search(line.text):
                names = dict.fromkeys(("interviewer", "interviewee"), "")
                for role in match.groupdict():
                    start, end = line.span(*match.span(role))
                    names[role] = text[paragraph.start + start : paragraph.start + end].strip(" ،,.:؛")
                return names["interviewer"] or None, names["interviewee"] or None
    return None, None
