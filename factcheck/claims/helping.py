"""Claims that a helper proposes beside those of the rules: what is accepted of them, and in whose place they stand.

A helper is asked about the sentences that the rules hold for candidates, and nothing it says is believed: a quote
that stands in none of them, or a claimant that the article does not name, is not taken. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple, Protocol

import polars as pl

from factcheck import frames, names
from factcheck.claims.extract import STAGE, Extracted
from factcheck.claims.lexicon import language_of
from factcheck.claims.worthiness import Amounts, score, shipped
from factcheck.folding import fold_with_offsets
from factcheck.models import Claim, Rejection, claim_id
from factcheck.text import is_one_line

REASONS: Final = {
    "NOT_IN_TEXT": "the helper quotes words that stand in none of the sentences it was asked about",
    "SAME": "the helper proposes what the rules cut already",
    "OVERLAPS": "the helper proposes what overlaps another of its proposals",
    "TOO_SHORT": "the helper proposes fewer than three words",
    "REPLACED": "the helper cuts this sentence otherwise",
}
"""Why a proposal is not taken, or a claim of the rules given up, by the stable code of its rejection."""
FAILURES: Final = ("BAD_ANSWER", "NO_ANSWER", "BUDGET")
"""The codes of what a helper was asked in vain; the claims of the rules stay."""

_AT_ONCE = 12_000
"""Code points of sentences in one question; more would not fit beside the answer in a small model's window."""
_LONGEST_NAME = 120
_MIN_WORDS = 3
_MARKS = " \t\n\u00a0\"'«»“”‘’.,;:!?،؛؟۔…()[]"


class Asked(NamedTuple):
    """What a helper is told of an article: its text, its language, and spans of the sentences in question."""

    article_id: str
    text: str
    lang: str | None
    sentences: tuple[tuple[int, int], ...]


class Proposal(NamedTuple):
    """A claim as a helper sees it: the number of the sentence from 0, words of it, and who says so."""

    sentence: int
    quote: str
    claimant: str | None = None


class Answer(NamedTuple):
    """What a helper said of one `Asked`; `malformed` is how many of its proposals had another form.

    `failure` is a code of FAILURES and a reason, where there is no answer.
    """

    proposals: tuple[Proposal, ...] = ()
    malformed: int = 0
    failure: tuple[str, str] | None = None


class Helper(Protocol):
    """What proposes claims; `name` is what these say of themselves in `extractor`."""

    @property
    def name(self) -> str:
        """Which helper, which model and which version of the question."""

    def propose(self, asked: Sequence[Asked]) -> list[Answer]:
        """An answer for each, in order."""


def questions(articles: pl.DataFrame, cut: Extracted) -> list[Asked]:
    """What a helper is asked about the articles (a frame of models.Article), of which the claims were cut."""
    spans = _by_article(cut.claims)
    rows = articles.select("article_id", "text", "lang").unique("article_id", keep="first", maintain_order=True)
    return [
        Asked(article_id, text, lang, part)
        for article_id, text, lang in rows.iter_rows()
        for part in _parts([(row["start"], row["end"]) for row in spans.get(article_id, [])])
    ]


def helped(asked: Sequence[Asked], cut: Extracted, helper: Helper, *, amounts: Amounts | None = None) -> Extracted:
    """The claims of the rules and those that the helper proposed to the questions.

    A proposal for a part of a sentence takes the place of the rules' claim; one for all of it tells the claimant where
    the rules know none. What is seen is what `cut` saw, and each proposal; the rest of the law is that of `extract`.
    """
    spans = _by_article(cut.claims)
    found: list[dict[str, Any]] = []
    rejected: list[Rejection] = []
    given_up: set[str] = set()
    for one, answer in zip(asked, helper.propose(asked), strict=True):
        if answer.failure is not None:
            code, why = answer.failure
            rejected.append(Rejection(stage=STAGE, code=code, subject=one.article_id, reason=why))
            continue
        why = "one proposal of the helper has another form than it was asked for"
        bad = Rejection(stage=STAGE, code="BAD_ANSWER", subject=one.article_id, reason=why)
        rejected += [bad] * answer.malformed
        mine = {(row["start"], row["end"]): row for row in spans.get(one.article_id, [])}
        for row, old in _taken(one, answer.proposals, mine, helper.name, rejected):
            found.append(row)
            if old["claim_id"] not in given_up:
                given_up.add(old["claim_id"])
                rejected.append(_refused("REPLACED", one, (old["start"], old["end"]), old["quote"]))
    new = _scored(found, amounts or shipped())
    kept = cut.claims.filter(~pl.col("claim_id").is_in(list(given_up)))
    order = {article_id: number for number, article_id in enumerate(dict.fromkeys(cut.claims["article_id"]))}
    claims = pl.concat([kept, new]).sort(
        pl.col("article_id").replace_strict(order, return_dtype=pl.Int64), "start", maintain_order=True
    )
    every = pl.concat([cut.rejected, frames.from_records(Rejection, rejected)])
    return Extracted(claims, every, claims.height + every.height)


def _by_article(claims: pl.DataFrame) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in claims.iter_rows(named=True):
        found.setdefault(row["article_id"], []).append(row)
    return found


def _parts(spans: Sequence[tuple[int, int]]) -> Iterator[tuple[tuple[int, int], ...]]:
    part: list[tuple[int, int]] = []
    length = 0
    for start, end in spans:
        if part and length + end - start > _AT_ONCE:
            yield tuple(part)
            part, length = [], 0
        part.append((start, end))
        length += end - start
    if part:
        yield tuple(part)


def _taken(
    asked: Asked,
    proposals: Sequence[Proposal],
    mine: dict[tuple[int, int], dict[str, Any]],
    name: str,
    rejected: list[Rejection],
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Each proposal that is taken, as a claim, with the claim of the rules that it replaces; adds the rejections."""
    there: list[tuple[int, int]] = []
    for proposal in proposals:
        place = _place(asked, proposal)
        if place is None:
            rejected.append(_refused("NOT_IN_TEXT", asked, None, proposal.quote))
            continue
        span, sentence = place
        old = mine[sentence]
        claimant = _claimant(asked.text, proposal.claimant)
        code = None
        if any(start < span[1] and span[0] < end for start, end in there):
            code = "OVERLAPS"
        elif len(asked.text[slice(*span)].split()) < _MIN_WORDS:
            code = "TOO_SHORT"
        elif span == sentence and (claimant is None or old["claimant"] is not None):
            code = "SAME"
        there.append(span)
        if code is not None:
            rejected.append(_refused(code, asked, span, proposal.quote))
            continue
        yield _claim(asked, span, old, claimant, name), old


def _place(asked: Asked, proposal: Proposal) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """Where the quote stands and in which sentence: the one it names, else the only one that has it."""
    quote = proposal.quote.strip()
    if not quote.strip(_MARKS):
        return None
    named = asked.sentences[proposal.sentence] if 0 <= proposal.sentence < len(asked.sentences) else None
    if named is not None and (span := _inside(asked.text, named, quote)):
        return span, named
    found = [(span, sentence) for sentence in asked.sentences if (span := _inside(asked.text, sentence, quote))]
    return found[0] if len(found) == 1 else None


def _inside(text: str, sentence: tuple[int, int], quote: str) -> tuple[int, int] | None:
    """The quote's span in the sentence, cut at words; the sentence's own where only marks are left out."""
    start = text.find(quote, *sentence)
    while start >= 0:
        end = start + len(quote)
        before, after = text[sentence[0] : start], text[end : sentence[1]]
        if not before.strip(_MARKS) and not after.strip(_MARKS):
            return sentence
        if not (_wordlike(before[-1:]) and _wordlike(quote[:1])) and not (
            _wordlike(after[:1]) and _wordlike(quote[-1:])
        ):
            return start, end
        start = text.find(quote, start + 1, sentence[1])
    return None


def _wordlike(char: str) -> bool:
    """Whether the character is part of a word; a half-space and a vowel sign are."""
    return char.isalnum() or char in {"\u200c", "\u200d", "_"} or "\u064b" <= char <= "\u0655"


def _claimant(text: str, said: str | None) -> str | None:
    """The claimant, if the article has these words and they could be a name."""
    name = (said or "").strip()
    return name if name and len(name) <= _LONGEST_NAME and is_one_line(name) and name in text else None


def _claim(asked: Asked, span: tuple[int, int], old: dict[str, Any], claimant: str | None, name: str) -> dict[str, Any]:
    quote = asked.text[slice(*span)]
    own = claim_id(article_id=asked.article_id, start=span[0], end=span[1], quote=quote)
    kept = old if claimant in {None, old["claimant"]} else old | {"claimant_role": None, "claimant_organisation": None}
    whole = {} if span == (old["start"], old["end"]) else {"claim_in_words": None, "repeated": None, "dates": None}
    return kept | whole | {
        "claim_id": own, "group_id": own, "start": span[0], "end": span[1], "quote": quote, "extractor": name,
        "claimant": claimant or old["claimant"], "folded": fold_with_offsets(quote).text,
        "lexicon": language_of(asked.text, asked.lang),
    }  # fmt: skip


def _scored(rows: list[dict[str, Any]], amounts: Amounts) -> pl.DataFrame:
    schema = pl.Schema({**frames.schema(Claim), "folded": pl.String(), "lexicon": pl.String()})
    return score(pl.DataFrame(rows, schema=schema), amounts).select(list(frames.schema(Claim)))


def _refused(code: str, asked: Asked, span: tuple[int, int] | None, quote: str) -> Rejection:
    place = f":{span[0]}-{span[1]}" if span else ""
    said = names.shown(quote.encode("utf-8", "backslashreplace").decode()) if code == "NOT_IN_TEXT" else quote
    subject = f"{asked.article_id}{place}"
    return Rejection(stage=STAGE, code=code, subject=subject, reason=REASONS[code], payload=said)
