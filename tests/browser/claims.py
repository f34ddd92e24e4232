"""Claims of four kinds as a checker meets them; every name and figure is made up."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

import polars as pl

from factcheck.languages import Language
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


def claim_id(sample: Sample) -> str:
    """The id under which the sample is pushed."""
    return f"clm_{SAMPLES.index(sample):020x}"


def desired(language: Language) -> pl.DataFrame:
    """The tasks of all samples, made by the stage that makes them for a push."""
    claims, contexts, articles = [], [], []
    for number, sample in enumerate(SAMPLES):
        ids = {"claim_id": claim_id(sample), "article_id": f"art_{number}"}
        said = {"quote": sample.quote, "lang": sample.lang, "claimant": sample.claimant, "state": "active"}
        claims.append(ids | said | {"group_id": claim_id(sample)})
        contexts.append({"claim_id": claim_id(sample), "before": sample.before, "after": sample.after})
        where = {"publisher": sample.publisher, "title": sample.title, "url": f"https://news.example/{number}"}
        articles.append({"article_id": f"art_{number}", "published_at": datetime(2026, 3, 14, tzinfo=UTC)} | where)
    return tasks(
        pl.DataFrame(claims, infer_schema_length=None),
        pl.DataFrame(contexts),
        pl.DataFrame(articles),
        project="browser",
        language=language,
        overlap=1,
    )
