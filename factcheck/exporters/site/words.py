"""What the site says to its readers in fa, ar and en; the words for verdicts are those of `exporters.labels`."""

from __future__ import annotations

from collections.abc import Mapping

from factcheck.exporters import labels
from factcheck.exporters.labels import Label
from factcheck.languages import Language
from factcheck.models import Reason, Status, Verdict


def _label(en: str, fa: str, ar: str) -> Label:
    return {"en": en, "fa": fa, "ar": ar}


MEANINGS: dict[str, Label] = {
    Verdict.VERIFIED: _label(
        "The evidence we found supports the claim as it was said.",
        "شواهدی که یافتیم، ادعا را همان‌گونه که گفته شده است تأیید می‌کند.",
        "الأدلة التي وجدناها تؤيد الادعاء كما قيل.",
    ),
    Verdict.DISPUTED: _label(
        "The evidence contradicts the claim, or the claim misleads.",
        "شواهد با ادعا نمی‌خواند، یا ادعا گمراه‌کننده است.",
        "الأدلة تخالف الادعاء، أو أن الادعاء مضلل.",
    ),
    Verdict.OPINION: _label(
        "A judgement or a wish, which no evidence can show to be true or false.",
        "قضاوت یا خواسته است و هیچ شاهدی درستی یا نادرستی آن را نشان نمی‌دهد.",
        "حكم أو رغبة لا يثبت دليل صحتها ولا خطأها.",
    ),
    Status.UNPROVEN: _label(
        "We checked, and the evidence settles it neither way.",
        "بررسی کردیم، اما شواهد نه درستی آن را نشان می‌دهد و نه نادرستی‌اش را.",
        "تحققنا، ولم تحسم الأدلة صحته ولا خطأه.",
    ),
    Reason.FALSE: _label("What the claim says is not so.", "آنچه ادعا شده، چنین نیست.", "ما يقوله الادعاء غير صحيح."),
    Reason.MISLEADING: _label(
        "There is something true in it, and it leaves a wrong impression.",
        "چیزی از واقعیت در آن هست، اما برداشتی نادرست می‌سازد.",
        "فيه شيء من الصحة، لكنه يترك انطباعاً خاطئاً.",
    ),
    Reason.PARTLY_TRUE: _label(
        "A part of it is true and a part is not.",
        "بخشی از آن درست و بخشی نادرست است.",
        "جزء منه صحيح وجزء غير صحيح.",
    ),
    Reason.OUT_OF_CONTEXT: _label(
        "The words or pictures are real, and come from another place, time or context.",
        "گفته یا تصویر واقعی است، اما از جا، زمان یا بافت دیگری آمده است.",
        "الكلام أو الصورة حقيقيان، لكنهما من مكان أو زمن أو سياق آخر.",
    ),
    Reason.OUTDATED: _label(
        "It was true once and is not any more.", "زمانی درست بوده و دیگر نیست.", "كان صحيحاً ولم يعد كذلك."
    ),
    Reason.DOCTORED: _label(
        "A picture, a recording or a document was changed or made up.",
        "تصویر، صدا یا سند دستکاری یا ساخته شده است.",
        "صورة أو تسجيل أو وثيقة جرى التلاعب بها أو اختلاقها.",
    ),
}
"""What each rating means, by its key: a reason, a verdict or `unproven`."""

WORDS: dict[str, Label] = {
    "skip": _label("Skip to the content", "رفتن به متن", "انتقل إلى المحتوى"),
    "navigation": _label("Parts of the site", "بخش‌های سایت", "أقسام الموقع"),
    "home": _label("Checks", "بررسی‌ها", "التحققات"),
    "outlets": _label("Outlets", "رسانه‌ها", "وسائل الإعلام"),
    "claimants": _label("Claimants", "گویندگان", "القائلون"),
    "topics": _label("Topics", "موضوع‌ها", "المواضيع"),
    "topic": _label("Topic", "موضوع", "الموضوع"),
    "corrections": _label("Corrections", "اصلاح‌ها", "التصحيحات"),
    "method": _label("How we work", "روش کار", "منهجية العمل"),
    "data": _label("Data", "داده‌ها", "البيانات"),
    "claim": _label("The claim", "ادعا", "الادعاء"),
    "claimant": _label("Claimant", "گوینده", "القائل"),
    "unknown": _label("not named", "نامشخص", "غير مذكور"),
    "first": _label("First seen", "نخستین جا", "أول ظهور"),
    "appearances": _label("Where it appeared", "جاهایی که آمده است", "مواضع الظهور"),
    "verdict": _label("Verdict", "نتیجه", "النتيجة"),
    "rationale": _label("Why", "دلیل", "التفسير"),
    "evidence": _label("Evidence", "شواهد", "الأدلة"),
    "archived": _label("archived copy", "نسخهٔ بایگانی‌شده", "نسخة مؤرشفة"),
    "no_rationale": _label("No reason was written.", "دلیلی نوشته نشده است.", "لم يُكتب تفسير."),
    "no_evidence": _label("No source was named.", "منبعی نام برده نشده است.", "لم يُذكر مصدر."),
    "how": _label("How it was decided", "این نتیجه چگونه به دست آمد", "كيف حُسمت النتيجة"),
    "checkers": _label("Checkers", "شمار بررسی‌کنندگان", "عدد المدققين"),
    "credits": _label("Among those who checked it", "از بررسی‌کنندگان", "من بين المدققين"),
    "agreement": _label("Agreement", "میزان توافق", "نسبة الاتفاق"),
    "policy": _label("Policy", "قاعدهٔ نتیجه‌گیری", "قاعدة الحسم"),
    "source": _label("Verdict taken from", "منبع نتیجه", "مصدر النتيجة"),
    "version": _label("Dataset version of the verdict", "نسخهٔ دادهٔ این نتیجه", "إصدار البيانات لهذه النتيجة"),
    "published": _label("Published", "انتشار", "نُشر في"),
    "modified": _label("Last changed", "آخرین تغییر", "آخر تعديل"),
    "decided": _label("Decided", "نتیجه‌گیری", "تاريخ الحسم"),
    "changes": _label("What changed, and why", "چه تغییر کرد و چرا", "ما الذي تغيّر ولماذا"),
    "no_changes": _label(
        "Nothing has changed since it was published.",
        "از زمان انتشار چیزی تغییر نکرده است.",
        "لم يتغير شيء منذ النشر.",
    ),
    "withdrawn": _label("Withdrawn", "پس‌گرفته", "سُحب"),
    "withdrawn_title": _label("This check was withdrawn", "این بررسی پس گرفته شد", "سُحب هذا التحقق"),
    "withdrawn_why": _label(
        "We published a verdict here and took it back. The address stays, so that nobody who was sent here is left "
        "without an answer.",
        "اینجا نتیجه‌ای منتشر کرده بودیم و آن را پس گرفتیم. نشانی می‌ماند تا هر که به اینجا فرستاده شده، پاسخی بیابد.",
        "نشرنا هنا نتيجة ثم سحبناها. يبقى العنوان كي يجد من أُرسل إليه جواباً.",
    ),
    "again": _label(
        "The claim is being checked again; there is no verdict now.",
        "این ادعا دوباره در دست بررسی است و اکنون نتیجه‌ای ندارد.",
        "يجري التحقق من الادعاء من جديد، ولا نتيجة له الآن.",
    ),
    "moved_title": _label("This check stands elsewhere", "این بررسی جای دیگری است", "هذا التحقق في مكان آخر"),
    "moved": _label(
        "The same claim is answered on one page:",
        "به همین ادعا در یک صفحه پاسخ داده شده است:",
        "يُجاب عن الادعاء نفسه في صفحة واحدة:",
    ),
    "latest": _label("Latest checks", "تازه‌ترین بررسی‌ها", "أحدث التحققات"),
    "older": _label("Older", "قدیمی‌تر", "الأقدم"),
    "newer": _label("Newer", "تازه‌تر", "الأحدث"),
    "pages": _label("Pages", "صفحه‌ها", "الصفحات"),
    "nothing": _label("There is nothing here yet.", "هنوز چیزی اینجا نیست.", "لا شيء هنا بعد."),
    "no_corrections": _label(
        "No published verdict has changed.", "هیچ نتیجهٔ منتشرشده‌ای تغییر نکرده است.", "لم تتغير أي نتيجة منشورة."
    ),
    "search": _label("Search the checks", "جست‌وجو در بررسی‌ها", "ابحث في التحققات"),
    "search_words": _label("Words, a name or an outlet", "واژه، نام یا رسانه", "كلمات أو اسم أو وسيلة إعلام"),
    "any": _label("any", "همه", "الكل"),
    "language": _label("Language", "زبان", "اللغة"),
    "outlet": _label("Outlet", "رسانه", "الوسيلة الإعلامية"),
    "year": _label("Year", "سال", "السنة"),
    "found": _label("{} checks found", "{} بررسی یافت شد", "عدد النتائج: {}"),
    "loading": _label("Loading …", "در حال بارگذاری …", "جارٍ التحميل …"),
    "reset": _label("Clear", "پاک کردن", "مسح"),
    "meaning": _label("What our verdicts mean", "معنای نتیجه‌های ما", "معاني نتائجنا"),
    "selection": _label("How claims are chosen", "ادعاها چگونه برگزیده می‌شوند", "كيف نختار الادعاءات"),
    "deciding": _label("How a verdict is reached", "نتیجه چگونه به دست می‌آید", "كيف نصل إلى النتيجة"),
    "correcting": _label("How we correct", "چگونه اصلاح می‌کنیم", "كيف نصحح"),
    "contact": _label("Contact", "تماس", "اتصل بنا"),
    "funding": _label("Funding", "منابع مالی", "التمويل"),
    "licence": _label("Licence", "پروانهٔ استفاده", "الترخيص"),
    "site_version": _label("Dataset version", "نسخهٔ داده", "إصدار البيانات"),
    "site_hash": _label("Version hash", "کد یکتای نسخه", "الرمز الفريد للإصدار"),
    "site_date": _label("Version committed", "زمان ثبت نسخه", "وقت تسجيل الإصدار"),
    "site_tag": _label("Dataset tag", "برچسب نسخه", "وسم الإصدار"),
    "count": _label("Checks", "شمار بررسی‌ها", "عدد التحققات"),
    "table": _label("Checks by verdict", "بررسی‌ها به تفکیک نتیجه", "التحققات بحسب النتيجة"),
    "download": _label("All checks as a table (CSV)", "همهٔ بررسی‌ها در یک جدول (CSV)", "كل التحققات في جدول (CSV)"),
    "charts": _label("In figures", "آمار", "بالأرقام"),
    "as_table": _label("As a table", "به شکل جدول", "في جدول"),
    "chart_verdicts": _label("Verdicts", "نتیجه‌ها", "النتائج"),
    "chart_verdicts_about": _label(
        "How many claims had their first verdict, by what it is now.",
        "شمار ادعاهایی که نخستین نتیجهٔ خود را گرفتند، بر پایهٔ نتیجهٔ کنونی.",
        "عدد الادعاءات التي صدرت نتيجتها الأولى، بحسب نتيجتها الحالية.",
    ),
    "chart_days": _label("Days to a verdict", "روز تا نتیجه", "الأيام حتى النتيجة"),
    "chart_days_about": _label(
        "Days from the article to the verdict; half of the claims took longer.",
        "شمار روزها از انتشار خبر تا نتیجه؛ نیمی از ادعاها بیشتر زمان برده‌اند.",
        "عدد الأيام من نشر الخبر حتى النتيجة؛ استغرق نصف الادعاءات أكثر من ذلك.",
    ),
    "chart_agreement": _label("Agreement in per cent", "میزان توافق به درصد", "نسبة الاتفاق بالمئة"),
    "chart_agreement_about": _label(
        "How many of the checkers of a claim agreed with its verdict, on average.",
        "به طور میانگین چه سهمی از بررسی‌کنندگان یک ادعا با نتیجهٔ آن هم‌نظر بوده‌اند.",
        "متوسط حصة المدققين الذين اتفقوا مع نتيجة الادعاء.",
    ),
    "chart_undecided": _label("Without a verdict", "بدون نتیجه", "من دون نتيجة"),
    "chart_undecided_about": _label(
        "Claims that have no verdict yet, by when their article appeared.",
        "ادعاهایی که هنوز نتیجه ندارند، بر پایهٔ زمان انتشار خبر.",
        "ادعاءات بلا نتيجة بعد، بحسب وقت نشر الخبر.",
    ),
    "chart_corrected": _label("Corrections", "اصلاح‌ها", "التصحيحات"),
    "chart_corrected_about": _label(
        "How many published verdicts were changed or withdrawn.",
        "شمار نتیجه‌های منتشرشده‌ای که عوض یا پس گرفته شدند.",
        "عدد النتائج المنشورة التي تغيرت أو سُحبت.",
    ),
    "day": _label("Day", "روز", "اليوم"),
    "week": _label("Week from", "هفته از", "الأسبوع من"),
    "month": _label("Month", "ماه", "الشهر"),
    "by_day": _label("Counted by day.", "روزانه.", "يومياً."),
    "by_week": _label("Counted by week.", "هفتگی.", "أسبوعياً."),
    "by_month": _label("Counted by month.", "ماهانه.", "شهرياً."),
    "by_year": _label("Counted by year.", "سالانه.", "سنوياً."),
    "embed": _label("Show this check on your page", "نمایش این بررسی در صفحهٔ شما", "اعرض هذا التحقق في صفحتك"),
    "embed_how": _label(
        "Copy this HTML. The card follows us: it says so when the verdict changes or is withdrawn.",
        "این HTML را کپی کنید. کارت با ما به‌روز می‌شود و اگر نتیجه عوض یا پس گرفته شود، همان را می‌گوید.",
        "انسخ هذا الرمز. تتجدد البطاقة معنا، وتذكر ذلك إذا تغيرت النتيجة أو سُحبت.",
    ),
    "embed_see": _label("See the card", "دیدن کارت", "عرض البطاقة"),
    "from_claim": _label("All checks", "همهٔ بررسی‌ها", "كل التحققات"),
}

METHOD: dict[str, Label] = {
    "selection": _label(
        "We read the news and choose statements that can be checked, that concern many people, and that would do harm "
        "if they were wrong. We choose without regard to who said them.",
        "خبرها را می‌خوانیم و گفته‌هایی را برمی‌گزینیم که قابل بررسی‌اند، به زندگی بسیاری مربوط می‌شوند و اگر نادرست "
        "باشند زیان می‌رسانند. برای ما فرقی نمی‌کند که گوینده کیست.",
        "نقرأ الأخبار ونختار أقوالاً يمكن التحقق منها وتهم كثيرين وتضر إن كانت خاطئة، من غير نظر إلى قائلها.",
    ),
    "method": _label(
        "Several people check each claim and do not see each other's answers. A verdict stands where they agree by "
        "the policy named on its page; where they do not, an editor decides. Each page names its sources.",
        "هر ادعا را چند نفر جداگانه بررسی می‌کنند و پاسخ یکدیگر را نمی‌بینند. نتیجه آن‌گاه می‌ماند که بنا بر قاعده‌ای "
        "که در صفحهٔ ادعا آمده است هم‌نظر باشند؛ وگرنه دبیر نتیجه می‌گیرد. هر صفحه منابع خود را نام می‌برد.",
        "يتحقق عدة أشخاص من كل ادعاء دون أن يرى بعضهم أجوبة بعض. وتثبت النتيجة إذا اتفقوا وفق القاعدة المذكورة في "
        "صفحتها، وإلا حسمها محرر. وتذكر كل صفحة مصادرها.",
    ),
    "corrections": _label(
        "Where a verdict changes, its page says what it was, what it is now, when and why, and the change is listed "
        "among the corrections. The page of a verdict that was withdrawn stays and says so.",
        "اگر نتیجه‌ای تغییر کند، صفحهٔ آن می‌گوید چه بود، اکنون چیست، کی و چرا تغییر کرد، و این تغییر در فهرست اصلاح‌ها "
        "می‌آید. صفحهٔ نتیجهٔ پس‌گرفته می‌ماند و همین را می‌گوید.",
        "إذا تغيرت نتيجة ذكرت صفحتها ما كانت عليه وما صارت إليه ومتى ولماذا، وأُدرج التغيير في قائمة التصحيحات. "
        "وتبقى صفحة النتيجة المسحوبة وتذكر ذلك.",
    ),
}
"""What stands where the desk has written no text of its own, by the setting that replaces it."""

CAUSES: dict[str, Label] = {
    "pull": _label("The checkers' answers changed.", "پاسخ بررسی‌کنندگان تغییر کرد.", "تغيّرت أجوبة المدققين."),
    "policy": _label("The policy changed.", "قاعدهٔ نتیجه‌گیری تغییر کرد.", "تغيّرت قاعدة الحسم."),
    "restore": _label("An earlier state was put back.", "وضعیت پیشین بازگردانده شد.", "أُعيدت حالة سابقة."),
    "edit": _label("The claim was worded anew.", "متن ادعا اصلاح شد.", "أُعيدت صياغة الادعاء."),
    "split": _label("The claim was split.", "ادعا به چند ادعا بخش شد.", "قُسّم الادعاء."),
    "withdraw": _label("The desk withdrew the claim.", "میز ادعا را پس گرفت.", "سحب المكتب الادعاء."),
}
"""Why a verdict changed, by the cause of the version, where no reason is written beside it."""

LANGUAGES: dict[str, Label] = {
    "fa": _label("Persian", "فارسی", "الفارسية"),
    "ar": _label("Arabic", "عربی", "العربية"),
    "en": _label("English", "انگلیسی", "الإنجليزية"),
}


def of(language: Language) -> dict[str, str]:
    """The words of the site in the language."""
    return {name: label[language] for name, label in WORDS.items()}


def rating_key(verdict: str | None, reason: str | None) -> str:
    """The stable name of a rating: the reason, else the verdict, else `unproven`."""
    return reason or verdict or str(Status.UNPROVEN)


def result(verdict: str | None, status: str | None, language: Language, own: Mapping[str, str]) -> str:
    """What a list of changes calls a result: the verdict, else where the claim stands; `own` words go before ours."""
    key = str(verdict or status)
    if key in labels.PUBLISHED:
        return own.get(key) or labels.PUBLISHED[key][language]
    return WORDS["withdrawn"][language]


def language_name(code: str, language: Language) -> str:
    """The language's name, or its code where we have none."""
    return LANGUAGES[code][language] if code in LANGUAGES else code
