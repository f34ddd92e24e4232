"""Claims of four kinds as a checker meets them; every name and figure is made up."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

import polars as pl

from factcheck import frames
from factcheck.days import Clock
from factcheck.languages import Language
from factcheck.models import Article, Calendar, Claim
from factcheck.studio.page.tasks import tasks


class Sample(NamedTuple):
    """A claim in its paragraph."""

    lang: str
    claimant: str | None
    publisher: str
    title: str
    before: str
    quote: str
    after: str


PERSIAN = Sample(
    "fa",
    "رئیس سازمان آب",
    "روزنامهٔ البرز",
    "ذخیرهٔ سدها ۳۰ درصد کم شد",
    "رئیس سازمان آب در نشست خبری روز دوشنبه به پرسش خبرنگاران پاسخ داد. ",
    "ذخیرهٔ سدهای استان نسبت به سال گذشته ۳۰ درصد کاهش یافته و به ۲۱۰ میلیون متر مکعب رسیده است.",
    " او افزود که مردم می‌توانند با صرفه‌جویی از این تابستان بگذرند.",
)
ARABIC = Sample(
    "ar",
    None,
    "صحيفة المرسى",
    "الوزير: صادرات القمح ارتفعت",
    "",  # the paragraph begins with the claim, the claim with a Latin word
    "OPEC: أعلن الوزير أن الصادرات ارتفعت بنسبة 12% خلال العام الماضي.",
    " ولم يذكر الوزير مصدر هذه الأرقام.",
)
HOSTILE = Sample(
    "fa",
    "سخنگوی <b>وزارت</b>",
    'خبرگزاری "دریا" <img src=x onerror=alert(1)>',
    "گزارش </a><script>alert(2)</script>",
    "در متن آمده است: ",
    "تولید روزانه به ۳ میلیون بشکه رسیده است <script>alert(3)</script>",
    "<img src=x onerror=alert(4)>",
)
ENGLISH = Sample(
    "en",
    "Mayor Dana Whitlock",
    "Harbour Courier",
    "Harbour bridge to reopen",
    "The mayor spoke at the site on Friday. ",
    "The bridge carried 41,000 vehicles a day before it closed.",
    " Work began in spring.",
)
SAMPLES = [PERSIAN, ARABIC, HOSTILE, ENGLISH]
PUBLISHED = datetime(2026, 3, 14, tzinfo=UTC)


def claim_id(sample: Sample) -> str:
    """The id under which the sample is pushed."""
    return f"clm_{SAMPLES.index(sample):020x}"


def desired(language: Language) -> pl.DataFrame:
    """The tasks of all samples in their order, made by the stage that makes them for a push."""
    claims, contexts, articles = [], [], []
    for number, sample in enumerate(SAMPLES):
        article = f"art_{number:020x}"
        claims.append(
            Claim(
                claim_id=claim_id(sample),
                article_id=article,
                group_id=claim_id(sample),
                start=len(sample.before),
                end=len(sample.before) + len(sample.quote),
                quote=sample.quote,
                lang=sample.lang,
                claimant=sample.claimant,
                check_worthiness=0.9 - number / 10,
                reasons=["number +0.20", "attributed +0.10", "vague -0.10"],
                extractor="test-1",
            )
        )
        contexts.append({"claim_id": claim_id(sample), "before": sample.before, "after": sample.after})
        articles.append(
            Article(
                article_id=article,
                source=f"{number}.html",
                url=f"https://news.example/{number}",
                publisher=sample.publisher,
                title=sample.title,
                published_at=PUBLISHED,
                published_raw="2026-03-14",
                text=sample.before + sample.quote + sample.after,
                fetched_at=PUBLISHED,
            )
        )
    return tasks(
        frames.from_records(Claim, claims),
        pl.DataFrame(contexts),
        frames.from_records(Article, articles),
        project="browser",
        language=language,
        clock=Clock("Asia/Tehran", Calendar.JALALI) if language == "fa" else Clock(),
        overlap=1,
    )
