"""What a reader sees in place of a stable name: verdicts, statuses and column headers in fa, ar and en.

The words for verdicts are those of the labeling config, so that editors and annotators speak of the same thing.
"""

from __future__ import annotations

from collections.abc import Mapping

from factcheck.evidence import KINDS
from factcheck.languages import Language
from factcheck.models import Choice, EditorialState, Reason, Status, Verdict

Label = dict[Language, str]


def _label(en: str, fa: str, ar: str) -> Label:
    return {"en": en, "fa": fa, "ar": ar}


VERDICTS: dict[str, Label] = {
    Verdict.VERIFIED: _label("Verified", "درست / تأیید شد", "صحيح / ثبتت صحته"),
    Verdict.DISPUTED: _label("False or misleading", "نادرست یا گمراه‌کننده", "غير صحيح أو مضلل"),
    Verdict.OPINION: _label("Opinion", "اظهار نظر", "رأي"),
}

RATINGS: dict[str, Label] = {
    Verdict.VERIFIED: _label("Verified", "درست", "صحيح"),
    Verdict.DISPUTED: _label("False or misleading", "نادرست یا گمراه‌کننده", "غير صحيح أو مضلل"),
    Verdict.OPINION: _label("Opinion", "اظهار نظر", "رأي"),
}
"""The rating words of ClaimReview, which other desks' programs and `import` know."""

REASONS: dict[str, Label] = {
    Reason.FALSE: _label("False", "نادرست", "زائف"),
    Reason.MISLEADING: _label("Misleading", "گمراه‌کننده", "مضلل"),
    Reason.PARTLY_TRUE: _label("Partly true", "نیمه‌درست", "صحيح جزئياً"),
    Reason.OUT_OF_CONTEXT: _label("Out of context", "خارج از متن", "خارج السياق"),
    Reason.OUTDATED: _label("Outdated", "قدیمی", "قديم"),
    Reason.DOCTORED: _label("Doctored", "دستکاری‌شده", "متلاعَب به"),
}
"""In what way a disputed claim is wrong: the rating that desks print."""

STATUSES: dict[str, Label] = {
    Status.UNREVIEWED: _label("Not checked", "بررسی نشده", "لم يُفحص"),
    Status.SINGLE: _label("Awaiting another checker", "در انتظار بررسی‌کنندهٔ دیگر", "بانتظار مدقق آخر"),
    Status.CONTESTED: _label("Contested", "اختلاف نظر", "اختلاف بين المدققين"),
    Status.UNPROVEN: _label("Unproven", "اثبات‌نشدنی", "غير مثبت"),
    Status.NOT_A_CLAIM: _label("Not a checkable claim", "ادعای قابل بررسی نیست", "ليس ادعاءً يمكن التحقق منه"),
    Status.DECIDED: _label("Decided", "نتیجه‌گیری شد", "محسوم"),
}

PUBLISHED: dict[str, Label] = {str(key): text for key, text in (STATUSES | REASONS | RATINGS).items()}
"""The words of results that readers see: of a verdict, of a reason, and of a status where there is no verdict."""

CHOICES: dict[str, Label] = {
    **VERDICTS,
    Choice.UNPROVEN: STATUSES[Status.UNPROVEN],
    Choice.NOT_A_CLAIM: STATUSES[Status.NOT_A_CLAIM],
}
"""What one checker may say."""

EDITORIAL_STATES: dict[str, Label] = {
    EditorialState.DRAFT: _label("Draft", "پیش‌نویس", "مسودة"),
    EditorialState.APPROVED: _label("Approved", "تأیید دبیر", "معتمد"),
    EditorialState.PUBLISHED: _label("Published", "منتشرشده", "منشور"),
    EditorialState.NEEDS_REVIEW: _label("Needs review", "نیازمند بازبینی", "يحتاج إلى مراجعة"),
    EditorialState.WITHDRAWN: _label("Withdrawn", "پس‌گرفته", "مسحوب"),
}
"""How far the desk's own words on a claim are."""

COLUMNS: dict[str, Label] = {
    "claim_id": _label("Claim ID", "شناسهٔ ادعا", "معرّف الادعاء"),
    "quote": _label("Claim", "متن ادعا", "نص الادعاء"),
    "lang": _label("Language", "زبان", "اللغة"),
    "claimant": _label("Claimant", "گوینده", "القائل"),
    "claimant_role": _label("Claimant's role", "سمت گوینده", "صفة القائل"),
    "claimant_organisation": _label("Claimant speaks for", "نهاد گوینده", "الجهة التي يمثلها القائل"),
    "state": _label("State", "حالت ادعا", "حالة الادعاء"),
    "status": _label("Status code", "کد وضعیت", "رمز الحالة"),
    "status_label": _label("Status", "وضعیت بررسی", "حالة التحقق"),
    "verdict": _label("Verdict code", "کد نتیجه", "رمز النتيجة"),
    "verdict_label": _label("Verdict", "نتیجه", "النتيجة"),
    "reason": _label("Reason code", "کد دلیل نادرستی", "رمز سبب النتيجة"),
    "reason_label": _label("In what way", "چگونگی نادرستی", "وجه الخطأ"),
    "n_votes": _label("Checkers", "شمار بررسی‌کنندگان", "عدد المدققين"),
    "n_verified": _label("Checkers: verified", "شمار «درست»", "عدد «صحيح»"),
    "n_disputed": _label("Checkers: false or misleading", "شمار «نادرست یا گمراه‌کننده»", "عدد «غير صحيح أو مضلل»"),
    "n_opinion": _label("Checkers: opinion", "شمار «اظهار نظر»", "عدد «رأي»"),
    "n_unproven": _label("Checkers: unproven", "شمار «اثبات‌نشدنی»", "عدد «غير مثبت»"),
    "n_not_a_claim": _label("Checkers: not a claim", "شمار «ادعای قابل بررسی نیست»", "عدد «ليس ادعاءً»"),
    "agreement": _label("Agreement", "میزان توافق", "نسبة الاتفاق"),
    "rationales": _label("Rationale", "دلیل", "التفسير"),
    "evidence": _label("Evidence", "شواهد", "الأدلة"),
    "evidence_urls": _label("Evidence: links", "نشانی شواهد", "روابط الأدلة"),
    "evidence_kinds": _label("Evidence: kinds", "نوع شواهد", "أنواع الأدلة"),
    "sources": _label("Evidence in parts", "شواهد به تفکیک", "الأدلة مفصلة"),
    "decided_at": _label("Decided at (UTC)", "زمان نتیجه‌گیری (UTC)", "وقت الحسم (UTC)"),
    "policy": _label("Policy", "قاعدهٔ نتیجه‌گیری", "قاعدة الحسم"),
    "verdict_origin": _label("Decided by", "مرجع نتیجه‌گیری", "جهة الحسم"),
    "verdict_source": _label("Verdict taken from", "منبع نتیجهٔ واردشده", "مصدر النتيجة المستوردة"),
    "check_worthiness": _label("Check-worthiness", "ارزش بررسی", "أولوية التحقق"),
    "article_id": _label("Article ID", "شناسهٔ خبر", "معرّف الخبر"),
    "title": _label("Article", "عنوان خبر", "عنوان الخبر"),
    "publisher": _label("Outlet", "رسانه", "الوسيلة الإعلامية"),
    "source_chain": _label("Source chain", "زنجیرهٔ منبع", "سلسلة المصادر"),
    "url": _label("Link", "نشانی", "الرابط"),
    "published_at": _label("Article date (UTC)", "تاریخ خبر (UTC)", "تاريخ الخبر (UTC)"),
    "published_raw": _label("Date as written", "تاریخ به شکل نوشته‌شده", "التاريخ كما ورد"),
    "published_on": _label("Article date", "تاریخ خبر", "تاريخ الخبر"),
    "decided_on": _label("Decided on", "تاریخ نتیجه‌گیری", "تاريخ الحسم"),
    "said": _label("What the checkers said", "نظر بررسی‌کنندگان", "ما قاله المدققون"),
    "appearances": _label("Appearances", "بازنشرها", "مواضع الظهور"),
    "n_appearances": _label("Appearances", "شمار بازنشرها", "عدد مرات الظهور"),
    "publishers": _label("Carried by", "رسانه‌های بازنشر", "الوسائل الناقلة"),
    "appearance_urls": _label("All links", "همهٔ نشانی‌ها", "كل الروابط"),
    "first_published_at": _label("Verdict first committed (UTC)", "نخستین ثبت نتیجه (UTC)", "أول تسجيل للنتيجة (UTC)"),
    "modified_at": _label("Verdict last changed (UTC)", "آخرین تغییر نتیجه (UTC)", "آخر تعديل للنتيجة (UTC)"),
    "n_corrections": _label("Corrections", "شمار اصلاح‌ها", "عدد التصحيحات"),
    "corrected_at": _label("Last correction (UTC)", "آخرین اصلاح (UTC)", "آخر تصحيح (UTC)"),
    "claim_reviewed": _label("Claim in our words", "ادعا به بیان ما", "الادعاء بصياغتنا"),
    "headline": _label("Page headline", "تیتر صفحه", "عنوان الصفحة"),
    "summary": _label("Page summary", "خلاصهٔ صفحه", "ملخص الصفحة"),
    "page_url": _label("Page address", "نشانی صفحه", "رابط الصفحة"),
    "topic": _label("Topic", "موضوع", "الموضوع"),
    "editorial_state": _label("Editorial state code", "کد وضعیت انتشار", "رمز حالة النشر"),
    "editorial_state_label": _label("Editorial state", "وضعیت انتشار", "حالة النشر"),
    "licence": _label("Licence", "پروانهٔ استفاده", "الترخيص"),
    "dataset_version": _label("Dataset version", "نسخهٔ داده", "إصدار البيانات"),
    "dataset_tag": _label("Dataset tag", "برچسب نسخه", "وسم الإصدار"),
    "dataset_hash": _label("Version hash", "کد یکتای نسخه", "الرمز الفريد للإصدار"),
    "dataset_committed_at": _label("Version committed (UTC)", "زمان ثبت نسخه (UTC)", "وقت تسجيل الإصدار (UTC)"),
}
"""Every column that a profile may name, in the order of a full export."""

SHEET_VERDICTS = _label("Verdicts", "نتیجه‌ها", "النتائج")
SHEET_LONG_TEXTS = _label("Long texts", "متن‌های بلند", "النصوص الطويلة")
SHEET_ABOUT = _label("About", "درباره", "حول الملف")
PART = _label("Part", "بخش", "جزء")
COLUMN = _label("Column", "ستون", "العمود")
TEXT = _label("Text", "متن", "النص")
ROWS = _label("Claims in this file", "شمار ادعاها در این فایل", "عدد الادعاءات في هذا الملف")
DESK = _label("Desk", "میز راستی‌آزمایی", "مكتب التحقق")
PROFILE = _label("Export profile", "نمایهٔ خروجی", "ملف إعداد التصدير")
CONTINUED = _label("whole text on the sheet", "متن کامل در برگهٔ", "النص الكامل في ورقة")

PRINTED = _label("Columns on paper", "ستون‌های چاپی", "الأعمدة المطبوعة")
PAGE = _label("Page &P of &N", "صفحهٔ &P از &N", "صفحة &P من &N")

CHANGES: dict[str, Label] = {
    "new": _label("New", "تازه", "جديد"),
    "changed": _label("Changed", "تغییرکرده", "تغيّر"),
    "withdrawn": _label("Withdrawn", "پس‌گرفته", "سُحب"),
    "status": _label("Status only", "تنها وضعیت", "الحالة فقط"),
}
KINDS_OF_CHANGE: dict[str, Label] = {
    "claim_withdrawn": _label("Claim withdrawn", "ادعا پس گرفته شد", "سُحب الادعاء"),
    "claim_reworded": _label("Claim has other words now", "متن ادعا عوض شد", "تغيّر نص الادعاء"),
    "verdict_withdrawn": _label("Verdict withdrawn", "نتیجه پس گرفته شد", "سُحبت النتيجة"),
    "left_out": _label("Not shown any more", "دیگر نمایش داده نمی‌شود", "لم يعد معروضاً"),
    "verdict_changed": _label("Verdict changed", "نتیجه عوض شد", "تغيّرت النتيجة"),
    "words_corrected": _label("Details corrected", "مشخصات اصلاح شد", "صُححت البيانات"),
    "grounds_changed": _label("Rationale or evidence changed", "دلیل یا شواهد عوض شد", "تغيّر التفسير أو الأدلة"),
    "verdict_new": _label("New verdict", "نتیجهٔ تازه", "نتيجة جديدة"),
}
"""Kinds of change between two versions, in the order in which an editor has to act on them."""

SHEET_CHANGES = _label("Changes", "تغییرها", "التغييرات")
OF_CHANGES: dict[str, Label] = {
    "kind": _label("What changed", "چه تغییر کرد", "ما الذي تغيّر"),
    "before": _label("Before", "پیش از این", "قبل"),
    "after": _label("Now", "اکنون", "الآن"),
    "why": _label("Why", "چرا", "لماذا"),
    "when": _label("When (UTC)", "کی (UTC)", "متى (UTC)"),
    "version": _label("In version", "در نسخهٔ", "في الإصدار"),
    "page": _label("Page", "صفحه", "الصفحة"),
    "since": _label("Changes since version", "تغییرها از نسخهٔ", "التغييرات منذ الإصدار"),
}
"""Columns of the sheet of changes."""
SECTIONS: dict[str, Label] = {
    "review": _label("Your words wait for a review", "نوشتهٔ شما نیازمند بازبینی است", "نصّكم يحتاج إلى مراجعة"),
    "removed": _label("Take off the site", "از سایت بردارید", "يُزال من الموقع"),
    "changed": _label("Changed", "تغییرکرده", "تغيّر"),
    "new": _label("New", "تازه", "جديد"),
}
"""Headings of a message about changes, in the order of `KINDS_OF_CHANGE`."""
CAUSES: dict[str, Label] = {
    "policy": _label("another policy", "قاعدهٔ دیگر", "قاعدة أخرى"),
    "restore": _label("an earlier version restored", "بازگرداندن نسخه‌ای پیشین", "استعادة إصدار سابق"),
    "import": _label("imported", "واردشده", "مستورَد"),
    "merge": _label("claims merged", "ادغام ادعاها", "دمج ادعاءات"),
    "undo": _label("taken back", "برگردانده شد", "تراجُع"),
    "regroup": _label("claims grouped anew", "گروه‌بندی دوبارهٔ ادعاها", "إعادة تجميع الادعاءات"),
}
"""What made a version, where that says why something changed."""

EVIDENCE_KINDS: dict[str, Label] = {
    kind: {language: words[0] for language, words in by_language.items()} for kind, by_language in KINDS.items()
}
VERDICTS_OF = _label("Verdicts of {}", "نتیجه‌های {}", "نتائج {}")
CORRECTIONS_OF = _label("Corrections of {}", "اصلاح‌های {}", "تصحيحات {}")
WHAT_CHANGED = _label("What changed: {}", "چه تغییر کرد: {}", "ما الذي تغيّر: {}")
NO_CHANGE = _label("No verdict differs", "هیچ نتیجه‌ای تغییر نکرده است", "لم تتغير أي نتيجة")


def label_of(word: str, language: Language) -> str:
    """What a reader sees for a verdict, a status or a kind of change."""
    return (VERDICTS | STATUSES | CHANGES)[word][language]


def rating_of(verdict: str | None, reason: str | None, language: Language, own: Mapping[str, str] | None = None) -> str:
    """The word of a published rating: the precise one where there is a reason; no verdict is `unproven`.

    `own` are words to be used in place of ours, by stable name (`ExportContext.words`).
    """
    key = str((reason or verdict) if verdict is not None else Status.UNPROVEN)
    return (own or {}).get(key) or PUBLISHED[key][language]
