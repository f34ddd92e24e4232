"""How well pages are read and languages told: invented page forms of newspapers, and sentences of ntrex.

`python -m tests.eval.articles_eval` prints a table; with JSON=1 in the environment one object a line.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

from factcheck.articles.assemble import finish
from factcheck.articles.draft import Draft, Limits, Origin
from factcheck.articles.lang import language
from factcheck.articles.sniff import candidates
from factcheck.errors import Rejected
from factcheck.models import Article
from tests.articles.page_forms import FORMS, Form
from tests.eval.claims_eval import DATA
from tests.measures import Measure, emit

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LANGUAGES = {"fas": "fa", "prs": "fa", "arb": "ar", "urd": "ur", "eng": "en", "rus": "ru", "tur": "tr"}
_EVERY = 2  # sentence of ntrex: with all of them it takes twice as long and says the same
_LENGTHS = (("full", None, 0.999), ("5_words", 5, 0.99), ("2_words", 2, 0.92))


def forms() -> Iterator[Measure]:
    """Text by words, and how many of the pages have the right day, title and publisher."""
    wanted = [form() for form in FORMS]
    read = [article(form) for form in wanted]
    pairs = list(zip(wanted, read, strict=True))
    number = len(pairs)
    texts = [text_f1(form, found.text if found else "") for form, found in pairs]
    yield Measure("articles.text_f1", sum(texts) / number, "F1", 0.962, "higher", n=number)
    days = sum(found is not None and _day(found) == form.day for form, found in pairs)
    yield Measure("articles.dates", days / number, "right", 0.88, "higher", n=number)
    titles = sum(found is not None and found.title == form.title for form, found in pairs)
    yield Measure("articles.titles", titles / number, "right", 105 / 117, "higher", n=number)
    publishers = sum(found is not None and found.publisher == form.publisher for form, found in pairs)
    yield Measure("articles.publishers", publishers / number, "right", n=number)


def article(form: Form) -> Article | None:
    """What is read of the page; None where it is rejected."""
    origin = Origin(source="page.html", now=NOW, limits=Limits(), suffix=".html")
    try:
        (found,) = candidates(form.html.encode(), origin)
    except Rejected:
        return None
    if not isinstance(found, Draft):
        return None
    made = finish(found, now=NOW, languages=("fa", "ar", "en"), limits=Limits())
    return made if isinstance(made, Article) else None


def text_f1(form: Form, text: str) -> float:
    """F1 of the words; the headline and the day may stand in the text or not."""
    gold, found = Counter(" ".join(form.paragraphs).split()), Counter(text.split())
    found -= Counter((form.title or "").split()) - gold
    both = (gold & found).total()
    return 2 * both / (gold.total() + found.total()) if gold or found else 1.0


def _day(found: Article) -> str | None:
    return found.published_day.isoformat() if found.published_day else None


def languages() -> Iterator[Measure]:
    """The share of sentences whose language is told, whole and by their first words."""
    rows = [
        (line, code)
        for name, code in LANGUAGES.items()
        for line in (DATA / "ntrex" / f"{name}.txt").read_text("utf-8").splitlines()[::_EVERY]
        if line.strip()
    ]
    among = sorted(set(LANGUAGES.values()))
    for name, words, floor in _LENGTHS:
        right = sum(language(" ".join(line.split()[:words]), among).code == code for line, code in rows)
        yield Measure(f"articles.language_{name}", right / len(rows), "right", floor, "higher", n=len(rows))


def main() -> int:
    """Print the rows; 1 where one is below its floor."""
    rows = [*forms(), *(languages() if (DATA / "ntrex").exists() else ())]
    emit(rows)
    return int(not all(row.reached for row in rows))


if __name__ == "__main__":
    sys.exit(main())
